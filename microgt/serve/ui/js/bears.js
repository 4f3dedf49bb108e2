// What the data can and cannot bear: their profile, which is computed when it is first wanted.

import { get } from "./api.js";
import { fill, h } from "./dom.js";

export function bearsBox(db) {
  const place = h("div", { class: "bears" });
  let wanted = false;
  const open = async (event) => {
    if (!event.currentTarget.open || wanted) return;
    wanted = true;
    fill(place, h("p", { class: "waiting" }, "Looking at all rows…"));
    try {
      fill(place, told(await get("/profile", { db })));
    } catch (error) {
      wanted = false;
      fill(place, h("p", { class: "wrong" }, error.message));
    }
  };
  return h("details", { id: "bears-box", ontoggle: open }, h("summary", {}, "What the data can bear"), place);
}

const list = (lines, kind) => lines.length > 0 && h("ul", { class: kind }, lines.map((line) => h("li", {}, line)));

function told(profile) {
  return [
    profile.tables.map((table) => h("section", { "aria-label": table.name },
      h("h3", {}, table.name), h("p", { class: "small" }, `${table.rows.toLocaleString("en")} rows, ${table.columns.toLocaleString("en")} columns`),
      list(table.bears, "can"), list(table.lacks, "cannot"),
      h("details", {}, h("summary", {}, "Keys, dates, what to beware of"), list([...table.about, ...table.beware])))),
    profile.joins.length > 0 && h("section", { "aria-label": "Joins" }, h("h3", {}, "Joins"), list(profile.joins)),
    profile.skipped.length > 0 && h("section", { "aria-label": "Not found out" }, h("h3", {}, "Not found out"), list(profile.skipped)),
  ];
}
