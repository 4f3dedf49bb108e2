"use strict";
const form = document.getElementById("filter");
const count = document.getElementById("count");
const items = [...document.querySelectorAll(".item")].map((node) => ({ node, text: node.textContent.toLowerCase() }));

function matches({ node, text }, wanted) {
  return [...wanted].every(([name, value]) => {
    if (value === "") return true;
    if (name === "text") return value.toLowerCase().split(/\s+/).every((word) => text.includes(word));
    if (value === "=wrong") return node.dataset.right === "0";
    return node.dataset[name] === value;
  });
}

function filter() {
  const wanted = [...new FormData(form)];
  let shown = 0;
  for (const item of items) {
    item.node.hidden = !matches(item, wanted);
    shown += !item.node.hidden;
  }
  count.textContent = `${shown} of ${items.length}`;
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
document.getElementById("open").addEventListener("click", () => {
  for (const { node } of items) if (!node.hidden) node.open = true;
});
filter();
