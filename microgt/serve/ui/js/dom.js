// Elements without a framework: h("p", {class: "note"}, "text", ...) escapes what it is given.

const SVG = "http://www.w3.org/2000/svg";

function put(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const h = (tag, attributes = {}, ...children) => put(document.createElement(tag), attributes, children);
export const s = (tag, attributes = {}, ...children) => put(document.createElementNS(SVG, tag), attributes, children);
export const by = (id) => document.getElementById(id);

export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A button that shows that it works until its promise is settled; a second press meanwhile does nothing.
export function button(label, action, attributes = {}) {
  const element = h("button", { type: "button", ...attributes, onclick: () => busy(element, action) }, label);
  return element;
}

export async function busy(element, action) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  try {
    await action();
  } finally {
    element.removeAttribute("aria-busy");
  }
}

const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const small = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

const share = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

// written: how the numbers of its column are, as the server says.
export function shown(cell, written = "number") {
  if (cell === null) return "–";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number" && written === "share") return share.format(cell);
  if (Number.isInteger(cell) && written === "label") return String(cell);
  if (typeof cell === "number") return (Math.abs(cell) >= 1 || cell === 0 ? numbers : small).format(cell);
  return String(cell).replace(/T00:00:00$/, "");
}

// What is said to who cannot see what has changed, and for a moment to all others.
export function say(text, kind = "note", ...links) {
  const box = by("said");
  fill(box, text && h("p", { class: kind }, text, ...links.flatMap((link) => [" ", link])));
  clearTimeout(say.timer);
  say.timer = setTimeout(() => fill(box), kind === "wrong" ? 12000 : 8000);
}
