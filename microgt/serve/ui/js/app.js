// What is shown at which address of the page, and the keys that work everywhere.

import { get, onToken, token } from "./api.js";
import { askView, leave, undo } from "./ask.js";
import { by, fill, h, say } from "./dom.js";
import { productsView, productView } from "./products.js";
import { dropAnywhere } from "./upload.js";

const main = by("main");
const CHOSEN = "microgt.db";
let databases = [];

let asking = null; // several calls may wait for one token
onToken(() => (asking ??= new Promise((resolve) => {
  const input = h("input", { id: "token", type: "password", required: true, autocomplete: "off" });
  fill(main, h("form", { class: "welcome", onsubmit: (event) => {
    event.preventDefault();
    token.set(input.value);
    asking = null;
    resolve();
  } }, h("h1", {}, "This server wants a token"), h("p", {}, "Whoever has started it knows it."), h("label", { for: "token" }, "Token"), input,
  h("button", { type: "submit", class: "main" }, "Go on")));
  input.focus();
})));

const chosen = () => {
  const names = databases.map((one) => one.name);
  const kept = sessionStorage.getItem(CHOSEN);
  return names.includes(kept) ? kept : names[0];
};

async function loadDatabases(select) {
  databases = await get("/databases");
  if (select) sessionStorage.setItem(CHOSEN, select);
  const picker = by("db");
  picker.replaceChildren(...databases.map((one) => h("option", { value: one.name, selected: one.name === chosen() }, one.name)));
  picker.disabled = databases.length < 2;
  by("picker").hidden = !databases.length;
}

async function reload(db) {
  await loadDatabases(db);
  location.hash === "#/" || location.hash === "" ? await route() : (location.hash = "#/");
}

async function askOn(product) {
  await loadDatabases(product.db);
  opening = { asked: product.title, answer: { ...product, question: product.title, rows: product.cells, row_count: product.cells.length, confidence: null, values: [],
    changes: [], warnings: [], origin: "from a product", truncated: false, answered_at: product.made, seconds: { total: 0 }, forecast: null } };
  location.hash = "#/";
}
let opening = null;

async function route() {
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  const [, section, name] = path.split("/");
  for (const link of document.querySelectorAll("#views a")) {
    const isHere = link.getAttribute("href") === (section === "products" ? "#/products" : "#/");
    isHere ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  leave();
  try {
    if (section === "products" && name) await productView(main, decodeURIComponent(name), { askOn });
    else if (section === "products") await productsView(main, Object.fromEntries(new URLSearchParams(query)));
    else {
      const open = opening;
      opening = null;
      await askView(main, { db: chosen(), databases, open, reload });
    }
  } catch (error) {
    fill(main, h("section", { class: "welcome", role: "alert" }, h("h1", {}, "That did not work"), h("p", {}, error.message),
      h("button", { type: "button", onclick: route }, "Try again")));
  }
}

addEventListener("hashchange", route);
by("db").addEventListener("change", (event) => {
  sessionStorage.setItem(CHOSEN, event.target.value);
  location.hash === "#/" || location.hash === "" ? route() : (location.hash = "#/");
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing) return;
  if (event.key === "/") {
    event.preventDefault();
    by("question")?.focus();
  } else if (event.key === "r" && !event.ctrlKey && !event.metaKey && by("refine")) {
    event.preventDefault();
    by("refine").focus();
  } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
});
dropAnywhere(reload);

try {
  await loadDatabases();
} catch (error) {
  say(error.message, "wrong");
}
await route();
by("question")?.focus();
