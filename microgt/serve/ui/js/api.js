// Calls of the server. A refusal is thrown as `Refused`, with what the server says: code, message, where, choices.

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.message);
    Object.assign(this, { status, code: problem.code, where: problem.where, choices: problem.choices ?? [] });
  }
}

const KEY = "microgt.token";

export const token = {
  get: () => sessionStorage.getItem(KEY),
  set(value) {
    sessionStorage.setItem(KEY, value);
    // Pages and data of products are opened by links, which carry no header.
    document.cookie = `microgt_token=${encodeURIComponent(value)}; Path=/products; SameSite=Strict`;
  },
};

// Called when the server wants a token: returns once there is a new one.
let askForToken = async () => {
  throw new Refused(401, { code: "E_TOKEN", message: "the server wants a token" });
};
export const onToken = (ask) => (askForToken = ask);

async function call(method, address, options = {}) {
  const query = new URLSearchParams(Object.entries(options.query ?? {}).filter(([, value]) => value !== null && value !== undefined));
  const headers = { ...options.headers };
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  let answer;
  try {
    answer = await fetch(query.size ? `${address}?${query}` : address, { method, headers, body: options.body, signal: options.signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { code: "E_OFFLINE", message: "the server cannot be reached: is it still running?" });
  }
  if (answer.status === 401) {
    await askForToken();
    return call(method, address, options);
  }
  const text = await answer.text();
  let said;
  try {
    said = text ? JSON.parse(text) : null;
  } catch {
    said = null;
  }
  if (!answer.ok) throw new Refused(answer.status, said ?? { code: "E_HTTP", message: `the server said ${answer.status}` });
  return said;
}

export const get = (address, query) => call("GET", address, { query });
export const post = (address, body, signal) =>
  call("POST", address, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal });
export const send = (address, query, file) =>
  call("POST", address, { query, body: file, headers: { "Content-Type": "application/octet-stream" } });
