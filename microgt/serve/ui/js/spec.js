// Changes of a spec by hand. Each returns a new spec; the one that is shown stays, so that it can be come back to.

export const MARKS = [
  ["table", "Table"], ["number", "Number"], ["bar", "Bars"], ["barh", "Rows"], ["stacked", "Stacked"], ["grouped", "Grouped"], ["line", "Line"],
  ["area", "Area"], ["scatter", "Points"], ["donut", "Donut"], ["histogram", "Histogram"], ["heatmap", "Heatmap"], ["forecast", "Forecast"],
];
const OPERATORS = { eq: "is", ne: "is not", gt: "above", ge: "at least", lt: "below", le: "at most" };
const SERIES = ["stacked", "grouped", "line", "area", "bar", "barh"]; // marks with a color for each series
const SHADED = ["heatmap", "scatter"]; // marks whose color may be a number

// The answer within: of an edit the answer as it is to be.
export const answerOf = (spec) => structuredClone(spec.kind === "edit" ? spec.answer : spec);

export function markOf(spec) {
  const view = answerOf(spec).view;
  return view?.kind === "chart" ? view.mark : (view?.kind ?? "table");
}

const isTime = (output) => output && typeof output === "object" && output.kind === "time_bucket";
const ref = (output) => ({ kind: "ref", output });

// Which marks can be tried: the server says whether one fits.
export function marksFor(spec, answer) {
  const outputs = answerOf(spec).query.outputs ?? [];
  const columns = answer.columns.length;
  return MARKS.filter(([mark]) => {
    if (mark === "table") return true;
    if (mark === "number") return columns === 1 && answer.rows.length === 1;
    if (mark === "forecast") return outputs.some(isTime) && columns > 1;
    if (mark === "histogram") return columns === 1 && answer.rows.length > 1;
    if (["stacked", "grouped", "heatmap"].includes(mark)) return columns > 2;
    return columns > 1;
  });
}

export function withMark(spec, mark, answer) {
  const found = answerOf(spec);
  if (mark === "table" || mark === "number") return { ...found, view: { kind: mark } };
  const { x, y, color, series } = places(found, answer);
  if (mark === "forecast") return { ...found, view: { kind: "forecast", of: ref(y), horizon: 3 } };
  const view = { kind: "chart", mark, x: ref(x), y: ref(mark === "histogram" ? x : y) };
  if (color !== undefined && SHADED.includes(mark)) view.color = ref(color);
  if (series !== undefined && SERIES.includes(mark)) view.color = ref(series);
  return { ...found, view };
}

// A number, also one of so many digits that it came as text.
export const isNumeric = (cell) => typeof cell === "number" || (typeof cell === "string" && /^-?\d+(\.\d+)?$/.test(cell) && cell.length > 15);

// x: a time, else the first that is no measure; y: the last number; color: what is left; series: what is left, unless it is a number and the
// places have one row each without it; best that by which they have.
function places(answer, { columns, rows, written }) {
  const { view, query } = answer;
  if (view?.kind === "chart" && Math.max(view.x?.output ?? 0, view.y?.output ?? 1) < columns.length && columns.length < 3)
    return { x: view.x?.output ?? 0, y: view.y?.output ?? 1, color: view.color?.output, series: view.color?.output };
  const isNumber = columns.map((_, i) => rows.some((row) => row[i] !== null) && rows.every((row) => row[i] === null || isNumeric(row[i])));
  const y = Math.max(isNumber.lastIndexOf(true), columns.length > 1 ? 1 : 0);
  const others = columns.map((_, i) => i).filter((i) => i !== y);
  const time = others.find((i) => isTime(query.outputs?.[i]));
  const x = time ?? others[0] ?? 0;
  const left = others.filter((i) => i !== x);
  const oneRow = (...by) => new Set(rows.map((row) => JSON.stringify(by.map((i) => row[i])))).size === rows.length;
  const names = oneRow(x) ? left.filter((i) => !isNumber[i] || written?.[i] === "label") : left;
  return { x, y, color: left[0], series: names.find((i) => oneRow(x, i)) ?? names[0] };
}

export function withHorizon(spec, horizon) {
  const found = answerOf(spec);
  return { ...found, view: { ...found.view, horizon } };
}

export const limitOf = (spec) => answerOf(spec).query.limit?.n ?? null;

export function withLimit(spec, n) {
  const found = answerOf(spec);
  if (n === null) delete found.query.limit;
  else found.query.limit = { ...(found.query.limit ?? { kind: "limit" }), n };
  return found;
}

export function sortOf(spec) {
  const sort = answerOf(spec).query.sort?.[0];
  return sort?.by?.output === undefined ? "" : `${sort.by.output} ${sort.direction ?? "asc"}`;
}

export function withSort(spec, chosen) {
  const found = answerOf(spec);
  const [output, direction] = chosen.split(" ");
  if (chosen) found.query.sort = [{ kind: "sort", direction, by: ref(Number(output)) }];
  else delete found.query.sort;
  return found;
}

export function conditionsOf(spec) {
  const where = answerOf(spec).query.where;
  return !where ? [] : where.kind === "and" ? where.args : [where];
}

export function withConditions(spec, conditions) {
  const found = answerOf(spec);
  if (!conditions.length) delete found.query.where;
  else found.query.where = conditions.length === 1 ? conditions[0] : { kind: "and", args: conditions };
  return found;
}

// A condition that is typed in: a period of a date, a part of a text, else a comparison.
export function condition(column, operator, text) {
  if (column.type === "time" && operator === "eq") return { kind: "in_period", of: column.id, period: { kind: "at", value: { value: text } } };
  if (operator === "contains") return { kind: "like", how: "contains", of: column.id, text: { value: text } };
  const isNumber = column.type === "number" && text.trim() !== "" && Number.isFinite(Number(text));
  const value = column.type === "boolean" ? text.toLowerCase() === "true" : isNumber ? Number(text) : text;
  return { kind: "compare", op: operator, left: column.id, right: { value } };
}

export const operatorsFor = (column) => [
  ["eq", column.type === "time" ? "in" : "is"], ["ne", "is not"],
  ...(column.type === "text" ? [["contains", "contains"]] : []),
  ...(column.type === "number" || column.type === "time" ? [["gt", "above"], ["ge", "at least"], ["lt", "below"], ["le", "at most"]] : []),
];

export function conditionInWords(part) {
  const kind = part.kind ?? kindOf(part);
  if (kind === "compare") return `${words(part.left)} ${OPERATORS[part.op]} ${words(part.right)}`;
  if (kind === "between") return `${words(part.of)} from ${words(part.low)} to ${words(part.high)}`;
  if (kind === "in") return `${words(part.of)} is ${part.values.map(words).join(" or ")}`;
  if (kind === "like") return `${words(part.of)} ${part.how} ${words(part.text)}`;
  if (kind === "is_null") return `${words(part.of)} is missing`;
  if (kind === "in_period") return `${words(part.of)} in ${period(part.period)}`;
  if (kind === "not") return `not: ${conditionInWords(part.arg)}`;
  if (kind === "or") return part.args.map(conditionInWords).join(" or ");
  if (kind === "and") return part.args.map(conditionInWords).join(" and ");
  return `${words(part.of)} is among others`;
}

const kindOf = (part) => ("op" in part ? "compare" : "low" in part ? "between" : "values" in part ? "in" : "period" in part ? "in_period" : "other");

function words(part) {
  if (part === null || typeof part !== "object") return typeof part === "string" ? part.split(".").slice(1).join(".") || part : String(part);
  if ("value" in part) return String(part.value);
  if ("column" in part) return words(part.column);
  return part.fn ? `${part.fn} ${part.of ? words(part.of) : ""}`.trim() : (part.kind ?? "…").replaceAll("_", " ");
}

function period(part) {
  const n = part.n === undefined ? "" : `${words(part.n)} `;
  if (part.kind === "absolute") return `${words(part.start)} to ${words(part.end)}`;
  if (part.kind === "at" || part.value !== undefined) return words(part.value);
  return `${part.kind.replaceAll("_", " ")} ${n}${part.unit ?? ""}`.trim();
}
