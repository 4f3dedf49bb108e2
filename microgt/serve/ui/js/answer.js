// One answer: its chart, rows, SQL and words, where its values came from, and all that can be done with it.

import { draw } from "./chart.js";
import { controls } from "./controls.js";
import { fill, h, shown } from "./dom.js";
import { deployForm, feedback } from "./keep.js";
import { isNumeric, markOf } from "./spec.js";

const SHOWN_ROWS = 200;
const SOURCES = { number: "a number of the question", date: "a date of the question", quoted: "quoted in the question", words: "read from the question",
  cell: "found in the data", constant: "the model's own constant" };

// on: what to do when it is changed by hand or in words, undone, chosen from readings, deployed or corrected.
export async function showAnswer(place, answer, schema, on) {
  const figure = h("figure", { class: "chart", hidden: !answer.chart, "aria-label": answer.words });
  const number = !answer.chart && isNumber(answer);
  fill(place,
    h("article", { class: "card answer", "aria-labelledby": "answer-title" },
      heading(answer, on),
      answer.warnings.length > 0 && h("ul", { class: "warnings" }, answer.warnings.map((text) => h("li", {}, text))),
      answer.changes?.length > 0 && h("p", { class: "changes" }, answer.changes.map((change) => change.words).join("; ")),
      controls(answer, schema, on),
      figure,
      answer.chart?.title?.subtitle && h("p", { class: "small" }, `Chart: ${answer.chart.title.subtitle.join(" ")}`),
      number && bigNumber(answer),
      answer.forecast && forecastNotes(answer.forecast),
      tabs(answer, number, on),
      h("footer", { class: "keep" }, feedback(answer, on), deployForm(answer, on)),
    ));
  if (answer.chart) {
    try {
      await draw(figure, answer.chart);
    } catch (error) {
      fill(figure, h("p", { class: "wrong" }, `The chart cannot be drawn: ${error.message}`));
    }
  }
}

// Of a change the words begin with "Instead: the ..."; what is on the page is an answer like any other.
const plainly = (words) => words.replace(/^Instead: (.)/, (_, first) => first.toUpperCase());

function heading(answer, on) {
  const sure = answer.confidence;
  return h("header", {},
    h("p", { class: "asked" }, underlined(answer)),
    h("h2", { id: "answer-title", tabindex: -1 }, plainly(answer.words)),
    h("p", { class: "facts" },
      sure !== null && sure !== undefined && h("span", { class: `sure ${sure >= 0.8 ? "high" : sure >= 0.5 ? "middle" : "low"}`,
        title: "how sure the model is of its reading" },
        h("meter", { min: 0, max: 1, value: sure, "aria-hidden": "true" }), ` ${Math.round(sure * 100)}% sure`),
      answer.origin && h("span", {}, answer.origin),
      h("span", {}, `${answer.row_count.toLocaleString("en")} ${answer.row_count === 1 ? "row" : "rows"}${answer.truncated ? ", cut" : ""}`),
      h("span", { title: "changes when the data do" }, `data ${answer.data_version}`),
      h("span", { title: answer.answered_at }, `${answer.seconds.total.toFixed(2)} s`),
      on.canUndo() && h("button", { type: "button", class: "quiet", onclick: on.undo, title: "Ctrl+Z" }, "Undo"),
    ));
}

// The question, with the words that led to what the answer uses underlined.
function underlined({ question, links = [] }) {
  const parts = [];
  let rest = question;
  for (const link of links.filter((one) => one.used)) {
    const at = rest.toLowerCase().indexOf(link.words.toLowerCase());
    if (at < 0) continue;
    parts.push(rest.slice(0, at), h("u", { title: `${link.to}, by ${link.how}` }, rest.slice(at, at + link.words.length)));
    rest = rest.slice(at + link.words.length);
  }
  return [...parts, rest];
}

const isNumber = (answer) => answer.rows.length === 1 && answer.columns.length === 1;

const bigNumber = (answer) =>
  h("p", { class: "number" }, shown(answer.rows[0][0], answer.written?.[0]), h("span", {}, answer.columns[0]));

export function forecastNotes(forecast) {
  const made = forecast.series.filter((series) => series.points.length);
  return h("div", { class: "forecast" },
    forecast.refused.length > 0 && h("ul", {}, forecast.refused.map((text) => h("li", {}, text))),
    made.map((series) => h("p", {}, `${series.name.length ? `${series.name.join(", ")}: ` : ""}${series.method}, in a band for ${forecast.level}% of cases`,
      series.backtest && `; in ${series.backtest.windows} backtests off by ${shown(series.backtest.mae)} on average`,
      series.notes.length > 0 && `. ${series.notes.join(". ")}`)));
}

function tabs(answer, isOpen, on) {
  const parts = [
    ["Rows", () => rows(answer.columns, answer.rows, answer.written)],
    answer.forecast?.series.length && ["Forecast", () => forecastRows(answer)],
    ["SQL", () => code(answer.sql)],
    ["Spec", () => code(JSON.stringify(answer.spec, null, 1))],
    ["Where it comes from", () => [values(answer), answer.checkpoint && attention(on)]],
  ].filter(Boolean);
  const panel = h("div", { role: "tabpanel", class: "panel", tabindex: 0 });
  const buttons = parts.map(([label], i) =>
    h("button", { type: "button", role: "tab", "aria-selected": "false", tabindex: i ? -1 : 0, onclick: () => open(i), onkeydown: (event) => move(event, i) }, label));
  function open(i) {
    buttons.forEach((button, j) => {
      button.setAttribute("aria-selected", String(i === j));
      button.tabIndex = i === j ? 0 : -1;
    });
    panel.setAttribute("aria-label", parts[i][0]);
    fill(panel, parts[i][1]());
  }
  function move(event, i) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (i + step + parts.length) % parts.length;
    open(next);
    buttons[next].focus();
  }
  open(isOpen ? parts.findIndex(([label]) => label === "SQL") : 0);
  return h("section", { class: "tabs" }, h("div", { role: "tablist", "aria-label": "What stands behind the answer" }, buttons), panel);
}

export function rows(columns, cells, written = []) {
  const numeric = columns.map((_, i) => cells.some((row) => isNumeric(row[i])));
  const shape = (i) => (numeric[i] ? "number-cell" : null);
  if (!cells.length) return h("p", { class: "empty" }, "No rows.");
  return [
    h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Rows" }, h("table", {},
      h("thead", {}, h("tr", {}, columns.map((column, i) => h("th", { scope: "col", class: shape(i) }, column)))),
      h("tbody", {}, cells.slice(0, SHOWN_ROWS).map((row) => h("tr", {}, row.map((cell, i) => h("td", { class: shape(i) }, shown(cell, written[i])))))))),
    cells.length > SHOWN_ROWS && h("p", { class: "empty" }, `the first ${SHOWN_ROWS} of ${cells.length} rows`),
  ];
}

// The periods to come, written as the past is.
export function forecastRows({ forecast, columns: past, written }) {
  const named = forecast.series.some((series) => series.name.length);
  const columns = [...(named ? ["series"] : []), forecast.by, forecast.of, "low", "high"];
  const cells = forecast.series.flatMap((series) => series.points.map((point, i) =>
    [...(named ? [series.name.join(", ")] : []), series.periods[i], point, series.low?.[i] ?? null, series.high?.[i] ?? null]));
  const kind = written?.[past.indexOf(forecast.of)];
  return rows(columns, cells, columns.map((_, i) => (i >= columns.length - 3 ? kind : undefined)));
}

export function code(text) {
  const copy = h("button", { type: "button", class: "quiet copy", onclick: async () => {
    await navigator.clipboard?.writeText(text);
    copy.textContent = "Copied";
  } }, "Copy");
  return h("div", { class: "code" }, copy, h("pre", { tabindex: 0 }, h("code", {}, text)));
}

// For what the spec names, the question's words: the darker, the more the model looked there.
function attention(on) {
  const place = h("div", { class: "attention", role: "status" });
  on.attention().then((told) => told?.on && fill(place,
    h("p", { class: "small" }, "What the model looked at when it chose them, the darker the more (that is not yet why it chose):"),
    h("ul", { class: "sources" }, Object.entries(told.on).map(([name, shares]) => h("li", {}, h("b", {}, name), ": ",
      told.words.map((word, i) => [h("mark", { class: `look-${shade(shares, i)}` }, word), " "]))))));
  return place;
}

const SHADES = 4;
const shade = (shares, i) => Math.round((SHADES * shares[i]) / Math.max(...shares));

function values(answer) {
  const found = answer.values ?? [];
  const told = found.length
    ? h("ul", { class: "sources" }, found.map((value) => h("li", {}, h("b", {}, String(value.value)), `: ${SOURCES[value.source] ?? value.source}`,
        value.words && ` (“${value.words}”)`, value.columns.length > 0 && `, ${value.columns.join(", ")}`)))
    : h("p", {}, answer.origin ? `Its values are those of the spec (${answer.origin}).` : "No value of the question stands in it.");
  const links = (answer.links ?? []).map((link) => h("li", { class: link.used ? null : "unused" }, "“", h("b", {}, link.words), `” → ${link.to} (by ${link.how})`,
    !link.used && ", not used"));
  const linked = links.length > 0 && [h("p", { class: "small" }, "Words that were linked with the data, which the model attends along:"), h("ul", { class: "sources links" }, links)];
  return [told, linked, h("p", { class: "small" }, `Every number was returned by DuckDB for the SQL`, answer.forecast ? " or made from it by the forecaster" : "",
    `, on data version ${answer.data_version}, at ${new Date(answer.answered_at).toLocaleString()}. The view is ${markOf(answer.spec)}.`)];
}
