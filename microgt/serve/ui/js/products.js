// The list of products with their charts, and one of them.

import { get, post } from "./api.js";
import { code, forecastNotes, rows } from "./answer.js";
import { draw } from "./chart.js";
import { busy, fill, h, say } from "./dom.js";

const when = (text) => new Date(text).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });

const counted = (count, what) => count > 0 && `${count} ${count === 1 ? what : `${what}s`}`;
const seen = ({ view, edit, up, down }) => [counted(view, "view"), counted(edit, "edit"), up && `${up} up`, down && `${down} down`].filter(Boolean).join(", ");

export async function productsView(place, { by = "name" }) {
  fill(place, h("p", { class: "waiting" }, "Reading the products…"));
  const found = await get("/products", { by });
  if (!found.length) {
    fill(place, h("section", { class: "welcome" }, h("h1", {}, "No products yet"), h("p", {}, "An answer that is worth keeping becomes a product: ask, then press Deploy."),
      h("a", { class: "button", href: "#/" }, "Ask a question")));
    return;
  }
  const orders = [["name", "Name"], ["value", "Value"]].map(([order, label]) =>
    h("a", { href: `#/products?by=${order}`, "aria-current": order === by ? "true" : null }, label));
  const cards = found.map((product) => card(product));
  fill(place, h("header", { class: "page-head" }, h("h1", {}, "Products"), h("nav", { class: "orders", "aria-label": "Order" }, orders)), h("ul", { class: "cards" }, cards));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      watcher.unobserve(entry.target);
      thumbnail(entry.target);
    }
  });
  cards.forEach((one) => watcher.observe(one));
}

function card(product) {
  const figure = h("div", { class: "thumb-chart", "aria-hidden": "true" });
  const facts = [`version ${product.version}`, product.owner, product.rows !== null && `${product.rows.toLocaleString("en")} ${product.rows === 1 ? "row" : "rows"}`,
    product.score !== null && `worth ${product.score.toLocaleString("en", { maximumSignificantDigits: 3 })}`, seen(product.uses), when(product.made)].filter(Boolean);
  const element = h("li", { class: "card" }, h("a", { href: `#/products/${product.name}` }, figure, h("h2", {}, product.title)),
    h("p", { class: "facts" }, h("span", { class: `state ${product.state}` }, product.state), facts.map((fact) => h("span", {}, fact))));
  element.product = product;
  element.figure = figure;
  return element;
}

async function thumbnail(element) {
  try {
    await draw(element.figure, await get(`/products/${element.product.name}/chart`), { height: 120, plain: true });
  } catch (error) {
    fill(element.figure, h("span", { class: "empty" }, error.status === 404 ? "no chart" : error.message));
  }
}

export async function productView(place, name, { askOn }) {
  fill(place, h("p", { class: "waiting" }, `Reading ${name}…`));
  const product = await get(`/products/${name}`);
  const figure = h("figure", { class: "chart", "aria-label": product.words, hidden: !product.chart });
  const act = (verb, done, body) => async () => {
    try {
      const found = await post(`/products/${name}/${verb}`, body);
      await productView(place, name, { askOn });
      say(done(found), "good");
    } catch (error) {
      say(error.message, "wrong");
    }
  };
  const pressed = (label, action, kind = "") => h("button", { type: "button", class: kind, onclick: (event) => busy(event.currentTarget, action) }, label);
  fill(place, h("article", { class: "card product" },
    h("header", {}, h("p", { class: "asked" }, h("a", { href: "#/products" }, "Products"), ` / ${product.name}`), h("h1", {}, product.title),
      product.words !== product.title && h("p", { class: "words" }, product.words),
      h("p", { class: "facts" }, h("span", { class: `state ${product.state}` }, product.state), h("span", {}, `version ${product.version}`),
        product.owner && h("span", {}, product.owner), h("span", {}, `data ${product.data_version}`), h("span", {}, when(product.made)), h("span", {}, seen(product.uses)))),
    product.broken.length > 0 && h("ul", { class: "warnings" }, product.broken.map((text) => h("li", {}, text))),
    figure,
    [product.chart?.title?.subtitle?.join(" "), product.chart_note].filter(Boolean).map((text) => h("p", { class: "small" }, `Chart: ${text}`)),
    product.forecast && forecastNotes(product.forecast),
    h("div", { class: "line actions" },
      product.page && h("a", { class: "button", href: product.page, target: "_blank", rel: "noopener" }, "Open page"),
      product.page && h("a", { class: "button", href: `/products/${name}/data`, download: "" }, "Data"),
      product.db && pressed("Ask on", () => askOn(product)),
      pressed("Refresh", act("refresh", (found) => `Version ${found.version} is deployed.`, {})),
      product.versions.filter((number) => number < product.version).length > 0 &&
        pressed("Roll back", act("rollback", (found) => `Version ${found.version} is deployed again.`, {})),
      ["up", "down"].map((thumb) => pressed(thumb === "up" ? "Useful" : "Not useful", act("thumb", () => "Noted, thank you.", { thumb }))),
      product.state !== "retired" && pressed("Retire", act("retire", () => "It is deployed no more; its versions are kept.", {}), "quiet")),
    section("Rows", rows(product.columns, product.cells, product.written), true),
    section("SQL", code(product.sql)),
    section("What is promised", h("ul", {}, product.promised.map((text) => h("li", {}, text)))),
    Object.keys({ ...product.canvas, ...product.value }).length > 0 &&
      section("What it is for", h("dl", {}, Object.entries({ ...product.canvas, ...product.value }).map(([key, text]) => [h("dt", {}, key.replaceAll("_", " ")), h("dd", {}, String(text))]))),
    section("What has happened", h("ol", { class: "events" }, product.events.map((text) => h("li", {}, text)))),
  ));
  if (product.chart) await draw(figure, product.chart);
}

const section = (title, content, open = false) => h("details", { open }, h("summary", {}, title), content);
