// What can be changed by hand: the mark, conditions, order, limit, horizon; and the box for changes in words.

import { busy, h } from "./dom.js";
import { condition, conditionInWords, conditionsOf, limitOf, markOf, marksFor, operatorsFor, sortOf, withConditions, withHorizon, withLimit, withMark,
  withSort } from "./spec.js";

export function controls(answer, schema, on) {
  const { spec } = answer;
  const mark = markOf(spec);
  return h("div", { class: "controls" },
    h("div", { class: "marks", role: "group", "aria-label": "Show as" }, marksFor(spec, answer).map(([name, label]) =>
      h("button", { type: "button", "aria-pressed": String(name === mark), onclick: (event) => busy(event.currentTarget, () => on.change(withMark(spec, name, answer))) }, label))),
    refine(on),
    h("details", { class: "edit", open: on.isEditing(), ontoggle: (event) => on.editing(event.currentTarget.open) },
      h("summary", {}, "Filters, order, limit"),
      filters(spec, schema, on), order(answer, on)));
}

function refine(on) {
  const words = h("input", { id: "refine", name: "words", type: "text", autocomplete: "off", maxlength: 1000, placeholder: "Change it: only 2023, as a line, top five…" });
  return h("form", { class: "refine", onsubmit: (event) => {
    event.preventDefault();
    if (words.value.trim()) busy(event.currentTarget, () => on.refine(words.value.trim()));
  } }, h("label", { for: "refine", class: "hidden" }, "Change the answer in words"), words, h("button", { type: "submit" }, "Change"));
}

function filters(spec, schema, on) {
  const conditions = conditionsOf(spec);
  const chips = conditions.map((part, i) => h("li", {}, conditionInWords(part),
    h("button", { type: "button", class: "remove", "aria-label": `Remove: ${conditionInWords(part)}`,
      onclick: () => on.change(withConditions(spec, conditions.filter((_, j) => j !== i))) }, "×")));
  const all = schema.tables.flatMap((table) => table.columns);
  const column = h("select", { id: "filter-column", onchange: refresh }, schema.tables.map((table) =>
    h("optgroup", { label: table.name }, table.columns.map((one) => h("option", { value: one.id }, one.name)))));
  const operator = h("select", { id: "filter-operator" });
  const value = h("input", { id: "filter-value", type: "text", list: "filter-values", autocomplete: "off", placeholder: "value" });
  const known = h("datalist", { id: "filter-values" });
  const chosen = () => all.find((one) => one.id === column.value);
  function refresh() {
    operator.replaceChildren(...operatorsFor(chosen()).map(([name, label]) => h("option", { value: name }, label)));
    known.replaceChildren(...chosen().examples.map((example) => h("option", { value: example })));
    value.placeholder = { time: "2023 or March 2023", number: "number", boolean: "true or false" }[chosen().type] ?? "value";
  }
  refresh();
  return h("form", { class: "filters", onsubmit: (event) => {
    event.preventDefault();
    if (value.value !== "") busy(event.currentTarget, () => on.change(withConditions(spec, [...conditions, condition(chosen(), operator.value, value.value)])));
  } },
  chips.length > 0 && h("ul", { class: "chips", "aria-label": "Conditions" }, chips),
  h("div", { class: "line" },
    h("label", { for: "filter-column" }, "Where"), column,
    h("label", { for: "filter-operator", class: "hidden" }, "Operator"), operator,
    h("label", { for: "filter-value", class: "hidden" }, "Value"), value, known,
    h("button", { type: "submit" }, "Add")));
}

function order(answer, on) {
  const { spec } = answer;
  const now = sortOf(spec);
  const options = answer.columns.flatMap((name, i) => [[`${i} asc`, `${name}, ascending`], [`${i} desc`, `${name}, descending`]]);
  const sort = h("select", { id: "order", onchange: () => on.change(withSort(spec, sort.value)) },
    h("option", { value: "" }, "as it comes"), options.map(([value, label]) => h("option", { value, selected: value === now }, label)));
  const given = limitOf(spec);
  const limit = h("input", { id: "limit", type: "number", min: 1, max: 1000, value: typeof given === "object" && given ? (given.value ?? "") : (given ?? ""), placeholder: "all",
    onchange: () => limit.reportValidity() && on.change(withLimit(spec, limit.value === "" ? null : Number(limit.value))) });
  const line = [h("label", { for: "order" }, "Order"), sort, h("label", { for: "limit" }, "First"), limit];
  if (markOf(spec) === "forecast") {
    const view = (spec.kind === "edit" ? spec.answer : spec).view;
    const horizon = h("input", { id: "horizon", type: "number", min: 1, max: 60, value: view.horizon?.value ?? view.horizon,
      onchange: () => horizon.reportValidity() && on.change(withHorizon(spec, Number(horizon.value))) });
    line.push(h("label", { for: "horizon" }, "Periods ahead"), horizon);
  }
  return h("div", { class: "line" }, line);
}
