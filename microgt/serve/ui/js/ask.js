// The view where questions are asked: database, schema, question, answer, and the answers before it.

import { get, post } from "./api.js";
import { showAnswer } from "./answer.js";
import { busy, by, fill, h, say } from "./dom.js";
import { columnsOf, schemaGraph } from "./schema.js";
import { addData } from "./upload.js";
import { bearsBox } from "./bears.js";

const KEPT = 30;
const BY_SPEC = { confidence: null, values: [], changes: [], intent: "answer" }; // of what no model has read

// What the page remembers of a database: questions in this browser, answers while it is open.
class Session {
  constructor(db) {
    this.db = db;
    this.shown = []; // {answer, asked}; the last is the one on the page
    this.editing = false;
  }
  get key() {
    return `microgt.questions.${this.db}`;
  }
  get questions() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }
  remember(question) {
    localStorage.setItem(this.key, JSON.stringify([question, ...this.questions.filter((other) => other !== question)].slice(0, KEPT)));
  }
}

const sessions = new Map();
let now = null; // what is on the page: {session, schema, graph, ready}; null where no question can be asked

export const leave = () => (now = null);

export async function askView(place, { db, databases, open, reload }) {
  if (!databases.length) {
    fill(place, h("section", { class: "welcome" }, h("h1", {}, "Ask your data"), h("p", {}, "Start with a CSV or Parquet file: it stays on the machine that this server runs on."), addData(null, reload)));
    return;
  }
  const session = sessions.get(db) ?? new Session(db);
  sessions.set(db, session);
  fill(place, h("div", { class: "columns" },
    h("section", { class: "talk" }, askBox(session), h("div", { id: "answer" })),
    h("aside", { class: "data", "aria-label": "The data" },
      h("details", { id: "schema-box", open: matchMedia("(min-width: 60rem)").matches }, h("summary", {}, "Tables and keys"),
        h("div", { id: "schema" }, h("p", { class: "waiting" }, "Reading the schema…"))),
      bearsBox(db),
      h("details", { id: "add-box" }, h("summary", {}, "Add data"), addData(databases.find((one) => one.name === db)?.uploaded ? db : null, reload)))));
  const mine = (now = { session, schema: null, graph: null });
  mine.ready = readSchema(mine);
  if (open) session.shown.push(open);
  await mine.ready;
  if (now !== mine || !mine.schema || by("answer").hasChildNodes()) return;
  if (session.shown.length) await show();
  else empty(mine);
}

async function readSchema(mine) {
  try {
    mine.schema = await get("/schema", { db: mine.session.db });
    if (now !== mine) return;
    mine.graph = schemaGraph(mine.schema, { onPick: pick });
    fill(by("schema"), mine.graph.element);
  } catch (error) {
    if (now === mine) fill(by("schema"), h("p", { class: "wrong" }, error.message));
  }
}

function askBox(session) {
  let place = -1;
  const question = h("input", { id: "question", name: "question", type: "text", autocomplete: "off", maxlength: 1000, required: true, placeholder: `Ask about ${session.db}…`,
    "aria-keyshortcuts": "/", onkeydown: (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      place = Math.max(-1, Math.min(session.questions.length - 1, place + step));
      question.value = session.questions[place] ?? "";
    } });
  return h("form", { class: "ask", role: "search", onsubmit: (event) => {
    event.preventDefault();
    place = -1;
    const text = question.value.trim();
    if (text) busy(event.currentTarget, () => ask(text));
  } }, h("label", { for: "question", class: "hidden" }, "Question"), question, h("button", { type: "submit", class: "main" }, "Ask"));
}

function pick(words) {
  const box = by("question");
  box.value = `${box.value.trimEnd()} ${words}`.trimStart();
  box.focus();
}

async function empty(mine) {
  const recent = mine.session.questions.slice(0, 5);
  const list = (title, questions) => questions.length > 0 && h("section", {}, h("h2", {}, title),
    h("ul", { class: "questions" }, questions.map((one) => h("li", {}, h("button", { type: "button",
      onclick: (event) => busy(event.currentTarget, () => (one.spec ? runSuggested(one) : ask(one))) }, one.question ?? one)))));
  const paint = (suggested) => fill(by("answer"), h("div", { class: "empty-answer" }, list("You can ask", suggested), list("Asked before", recent),
    h("p", { class: "empty" }, "Ask in plain words. A press on a column puts its name into the question.")));
  paint(examples(mine.schema));
  try {
    const found = await get("/suggestions", { db: mine.session.db });
    if (now === mine && !mine.session.shown.length) paint(found.slice(0, 6));
  } catch {
    // Suggestions are extra: without them there are examples of how one asks.
  }
}

// What a suggestion means is known: it needs no model.
async function runSuggested({ question, spec }) {
  const mine = now;
  by("question").value = question;
  mine.session.remember(question);
  waiting("Reading the data…");
  try {
    const found = await post("/spec/run", { db: mine.session.db, spec, question, origin: "suggestion" });
    if (now !== mine) return;
    keep(mine.session, { asked: question, answer: { ...found, spec, question, ...BY_SPEC, origin: "suggested" } });
    await show();
  } catch (error) {
    if (now === mine) problem(error);
  }
}

// Questions in the words of the schema.
function examples({ tables }) {
  const found = tables.flatMap((table) => {
    const of = (type) => table.columns.find((column) => column.type === type && !column.primary && !/\bid\b/.test(column.words))?.words;
    const [number, text, time] = [of("number"), of("text"), of("time")];
    return [number && text && `total ${number} by ${text}`, time && `number of ${table.words} by month`, text && `number of ${table.words} by ${text}`];
  });
  return [...new Set(found.filter(Boolean))].slice(0, 4);
}

function waiting(text) {
  fill(by("answer"), h("div", { class: "card waiting", role: "status" }, h("p", {}, text), h("div", { class: "bones" }, h("i"), h("i"), h("i"))));
}

// Show a problem where the answer stands; the answer before it can be come back to.
function problem(error) {
  const { session } = now;
  fill(by("answer"), h("div", { class: "card problem", role: "alert" }, h("h2", {}, "That did not work"), h("p", {}, error.message),
    error.choices?.length > 0 && h("p", { class: "small" }, `Choices: ${error.choices.slice(0, 8).join(", ")}`),
    session.shown.length > 0 && h("button", { type: "button", onclick: show }, "Back to the answer")));
}

export async function ask(question, choose = null) {
  const mine = now;
  by("question").value = question;
  mine.session.remember(question);
  say("");
  waiting("Thinking…");
  try {
    const answer = await post("/ask", { question, db: mine.session.db, ...(choose ? { choose } : {}) });
    await mine.ready;
    if (now === mine && mine.schema) await take(answer, question, (n) => ask(question, n));
    else if (answer.sql) keep(mine.session, { answer, asked: question }); // for when this page is come back to
  } catch (error) {
    if (now === mine) problem(error);
  }
}

async function take(answer, asked, again, before) {
  const { session } = now;
  if (answer.intent === "clarify") readings(answer, again);
  else if (answer.intent === "unanswerable") cannot(answer, again);
  else {
    keep(session, { answer, asked, before });
    await show();
  }
}

function keep(session, one) {
  session.shown = [...session.shown, one].slice(-KEPT);
}

function readings(answer, again) {
  const buttons = answer.readings.map((reading) => h("li", {}, h("button", { type: "button", onclick: (event) => busy(event.currentTarget, () => again(reading.choose)) },
    h("kbd", {}, reading.choose), ` ${reading.words}`)));
  fill(by("answer"), h("div", { class: "card readings", role: "group", "aria-label": "Readings", onkeydown: (event) => buttons[Number(event.key) - 1]?.firstChild.click() },
    h("p", { class: "asked" }, answer.question), h("h2", {}, "What do you mean?"), h("ol", {}, buttons), back()));
  buttons[0]?.firstChild.focus();
}

function cannot(answer, again) {
  const choices = answer.choices ?? [];
  fill(by("answer"), h("div", { class: "card problem" }, h("p", { class: "asked" }, answer.question), h("h2", {}, "There is no answer"),
    answer.warnings.map((text) => h("p", {}, text)),
    choices.length > 0 && h("ul", { class: "questions" }, choices.map((text) => h("li", {}, h("button", { type: "button", onclick: () => again(null, text) }, text)))), back()));
}

const back = () => now.session.shown.length > 0 && h("button", { type: "button", class: "quiet", onclick: show }, "Back to the answer before");

async function show() {
  const { session, schema, graph } = now;
  const { answer, asked, before } = session.shown.at(-1);
  graph.mark(columnsOf(answer.spec, schema));
  by("heard").textContent = answer.words;
  await showAnswer(by("answer"), answer, schema, actions(session, answer, asked, before));
}

// before: the spec that the model was told of with the question.
function actions(session, answer, asked, before) {
  const told = async (job) => {
    try {
      return (await job()) ?? true;
    } catch (error) {
      say(error.status === 404 ? "This server does not take that." : error.message, "wrong");
      return null;
    }
  };
  async function run(spec) {
    const mine = now;
    const found = await told(() => post("/spec/run", { db: session.db, spec, origin: "by hand", previous: answer.spec }));
    if (!found || now !== mine) return;
    keep(session, { asked, answer: { ...found, spec, question: asked, ...BY_SPEC, origin: "changed by hand" } });
    await show();
  }
  async function refine(words, choose = null) {
    const mine = now;
    const body = { words, spec: answer.spec, db: session.db, ...(choose ? { choose } : {}) };
    const found = await told(() => post("/refine", body));
    if (!found || now !== mine) return;
    await take(found, found.intent === "answer" ? words : asked, (n, other) => refine(other ?? words, n), answer.spec);
  }
  return {
    told, refine, change: run,
    attention: () => told(() => post("/attention", { question: answer.question, spec: answer.spec, db: session.db, ...(before ? { previous: before } : {}) })),
    asked: () => asked,
    title: () => (session.shown.length > 1 && session.shown.at(-2)?.asked === asked ? "" : asked),
    first: () => session.shown.find((one) => one.asked === asked)?.answer.spec ?? null,
    canUndo: () => session.shown.length > 1,
    undo,
    isEditing: () => session.editing,
    editing: (open) => (session.editing = open),
  };
}

export async function undo() {
  if (!now || now.session.shown.length < 2) return;
  now.session.shown.pop();
  by("question").value = now.session.shown.at(-1).asked;
  await show();
}
