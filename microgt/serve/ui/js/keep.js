// What becomes of an answer: a thumb, a correction, a product.

import { post } from "./api.js";
import { busy, fill, h, say } from "./dom.js";
import { answerOf } from "./spec.js";

export const slug = (text) =>
  text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "") || "answer";

// What the log calls the origin of an answer, where it is not the answer to a question or to words that change one.
const ORIGINS = { suggested: "suggestion", "changed by hand": "by hand", "from a product": "product" };

export function feedback(answer, on) {
  const origin = ORIGINS[answer.origin] ?? "question";
  const isOther = answer.intent === "edit" || ["by hand", "product"].includes(origin); // than what the question as it stands was answered with
  const right = isOther ? `Noted; that alone is not learnt. If it is what “${on.asked()}” means, keep it as a correction.` : "Noted as right.";
  const editor = h("div", { class: "correction" });
  const thumbs = ["up", "down"].map((thumb) => h("button", { type: "button", class: "thumb", "aria-pressed": "false",
    "aria-label": thumb === "up" ? "Yes, it is right" : "No, it is wrong",
    onclick: (event) => busy(event.currentTarget, () => judge(thumb)) }, thumb === "up" ? "Yes" : "No"));
  async function judge(thumb) {
    if (await on.told(() => post("/feedback", { question: answer.question, db: answer.db, spec: answer.spec, origin, thumb }))) {
      thumbs.forEach((button, i) => button.setAttribute("aria-pressed", String(["up", "down"][i] === thumb)));
      say(thumb === "up" ? right : "Noted as wrong. Say below what is right.");
    }
    fill(editor, (thumb === "down" || isOther) && correction(answer, on, () => fill(editor)));
  }
  return h("section", { class: "feedback", "aria-label": "Is it right?" }, h("div", { class: "thumbs" }, h("span", {}, "Is it right?"), thumbs), editor);
}

// The spec as text: it counts only when it can be run.
function correction(answer, on, close) {
  const text = h("textarea", { id: "spec-text", rows: 12, spellcheck: "false", "aria-describedby": "spec-said" }, JSON.stringify(answerOf(answer.spec), null, 1));
  const told = h("p", { id: "spec-said", role: "status", class: "small" }, "Change the spec, or change the answer above by hand first. It counts only when it runs.");
  const read = () => {
    try {
      return JSON.parse(text.value);
    } catch (error) {
      fill(told, `This is not JSON: ${error.message}`);
      return null;
    }
  };
  async function check() {
    const spec = read();
    if (!spec) return null;
    try {
      const found = await post("/spec/check", { db: answer.db, spec });
      fill(told, found.ok ? `It says: ${found.words}` : found.errors.map((error) => `${error.where}: ${error.message}`).join("; "));
      return found.ok ? spec : null;
    } catch (error) {
      fill(told, `${error.where ? `${error.where}: ` : ""}${error.message}`);
      return null;
    }
  }
  async function keep() {
    const spec = await check();
    const kept = spec && (await on.told(() => post("/corrections", { question: on.asked(), db: answer.db, spec, was: on.first() })));
    if (!kept) return;
    close();
    await on.change(spec); // first: what is typed into the answer that stands until then would be lost with it
    say(`Kept: “${on.asked()}” means: ${kept.words} It is correction ${kept.corrections} of this database.`);
  }
  return h("form", { onsubmit: (event) => {
    event.preventDefault();
    busy(event.currentTarget, keep);
  } }, h("label", { for: "spec-text" }, `What “${on.asked()}” means`), text, told,
  h("div", { class: "line" }, h("button", { type: "button", onclick: (event) => busy(event.currentTarget, check) }, "Check"),
    h("button", { type: "submit", class: "main" }, "Keep correction"), h("button", { type: "button", class: "quiet", onclick: close }, "Close")));
}

export function deployForm(answer, on) {
  const name = h("input", { id: "product-name", type: "text", required: true, pattern: "[a-z0-9][a-z0-9_\\-]{0,63}", maxlength: 64, value: slug(on.asked()),
    title: "small letters, digits, - and _", autocomplete: "off" });
  async function deploy(replace) {
    const body = { name: name.value, db: answer.db, spec: answer.spec, title: on.title(), replace };
    try {
      const kept = await post("/products", body);
      say(`${kept.name} version ${kept.version} is deployed.`, "good", h("a", { href: `#/products/${kept.name}` }, "Open it"));
    } catch (error) {
      if (error.code !== "E_EXISTS") throw error;
      say(error.message, "wrong", h("button", { type: "button", onclick: (event) => busy(event.currentTarget, () => on.told(() => deploy(true))) }, "New version"));
    }
  }
  return h("form", { class: "deploy", onsubmit: (event) => {
    event.preventDefault();
    busy(event.currentTarget, () => on.told(() => deploy(false)));
  } }, h("label", { for: "product-name" }, "Product"), name, h("button", { type: "submit", class: "main" }, "Deploy"));
}
