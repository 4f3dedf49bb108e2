// The schema as a drawing: a box for each table, an arc for each key. What the answer uses is marked.

import { h, s, fill } from "./dom.js";

const ROW = 22, HEAD = 30, GAP = 16, LEFT = 34, WIDTH = 280, FEW = 8;
const MARKS = { number: "12", text: "ab", time: "date", boolean: "y/n", other: "·" };

export function schemaGraph(schema, { onPick, used = new Set() }) {
  const box = h("div", { class: "schema" });
  const open = new Set(schema.tables.length === 1 ? [schema.tables[0].name] : []);
  const keys = new Set(schema.keys.flatMap((key) => [key.column, key.target]));

  function paint(marked) {
    const places = new Map();
    let y = 4;
    const tables = schema.tables.map((table) => {
      const all = open.has(table.name) || table.columns.length <= FEW + 1;
      const first = (column) => (marked.has(column.id) ? 0 : keys.has(column.id) ? 1 : 2);
      const few = new Set([...table.columns].sort((a, b) => first(a) - first(b)).slice(0, FEW).map((column) => column.id));
      const columns = all ? table.columns : table.columns.filter((column) => few.has(column.id));
      const more = table.columns.length - columns.length;
      const top = y;
      const rows = columns.map((column, i) => {
        const middle = top + HEAD + i * ROW + ROW / 2;
        places.set(column.id, middle);
        return columnRow(column, middle, marked.has(column.id));
      });
      const many = table.columns.length > FEW + 1;
      const height = HEAD + columns.length * ROW + (many ? ROW : 0) + 6;
      y = top + height + GAP;
      const toggle = many &&
        pressable(more > 0 ? `${more} more columns of ${table.name}` : `fewer columns of ${table.name}`, () => {
          open.has(table.name) ? open.delete(table.name) : open.add(table.name);
          paint(marked);
        }, s("text", { x: LEFT + 12, y: top + height - 12, class: "more" }, more > 0 ? `+ ${more} more` : "fewer"));
      return s("g", {},
        s("rect", { x: LEFT, y: top, width: WIDTH - LEFT - 2, height, rx: 8, class: "table" }),
        pressable(`table ${table.name}`, () => onPick(table.words || table.name), s("text", { x: LEFT + 12, y: top + 20, class: "name" }, short(table.name, 26))),
        rows, toggle);
    });
    const arcs = schema.keys.map((key) => arc(key, places, marked)).filter(Boolean);
    fill(box, s("svg", { viewBox: `0 0 ${WIDTH} ${y}`, width: WIDTH, height: y, role: "group", "aria-label": `Tables of ${schema.db}` }, arcs, tables));
  }

  function columnRow(column, middle, isUsed) {
    const told = [column.id, column.type, column.primary && "primary key", column.first && `${column.first} to ${column.last}`,
      column.examples.length && `such as ${column.examples.join(", ")}`].filter(Boolean).join(" · ");
    return pressable(`column ${told}`, () => onPick(column.words || column.name),
      s("title", {}, told),
      isUsed && s("rect", { x: LEFT + 4, y: middle - ROW / 2 + 1, width: WIDTH - LEFT - 10, height: ROW - 2, rx: 5, class: "used" }),
      s("text", { x: LEFT + 12, y: middle + 4, class: "kind" }, column.primary ? "key" : MARKS[column.type]),
      s("text", { x: LEFT + 44, y: middle + 4, class: "column" }, short(column.name, 26)));
  }

  paint(used);
  return { element: box, mark: paint };
}

function pressable(label, action, ...children) {
  const press = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    action();
  };
  return s("g", { role: "button", tabindex: 0, "aria-label": label, class: "press", onclick: press, onkeydown: press }, children);
}

function arc(key, places, marked) {
  const from = places.get(key.column), to = places.get(key.target);
  if (from === undefined || to === undefined) return null;
  const bend = Math.max(2, LEFT - 10 - Math.min(26, Math.abs(to - from) / 12));
  const path = `M ${LEFT} ${from} C ${bend - 8} ${from}, ${bend - 8} ${to}, ${LEFT} ${to}`;
  const kind = ["key", key.inferred && "inferred", marked.has(key.column) && marked.has(key.target) && "used"].filter(Boolean).join(" ");
  return s("g", { class: kind }, s("title", {}, `${key.column} → ${key.target}${key.inferred ? " (found, not declared)" : ""}`),
    s("path", { d: path }), s("circle", { cx: LEFT, cy: to, r: 3.5 }));
}

const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Ids of the columns that a spec names.
export function columnsOf(spec, schema) {
  const known = new Set(schema.tables.flatMap((table) => table.columns.map((column) => column.id)));
  const found = new Set();
  (function walk(part) {
    if (typeof part === "string") known.has(part) && found.add(part);
    else if (part && typeof part === "object") Object.values(part).forEach(walk);
  })(spec);
  return found;
}
