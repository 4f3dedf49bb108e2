// Files that become tables: chosen, or dropped anywhere on the page.

import { send } from "./api.js";
import { busy, h, say } from "./dom.js";

const KINDS = ".csv,.tsv,.parquet";
const names = new Intl.ListFormat("en");

// into: the database the files may become further tables of.
export function addData(into, done) {
  const input = h("input", { id: "files", type: "file", accept: KINDS, multiple: true, class: "hidden", onchange: () => input.files.length && busy(zone, () => take([...input.files], target(), done)) });
  const together = into && h("input", { id: "together", type: "checkbox" });
  const target = () => (together?.checked ? into : null);
  const zone = h("div", { class: "drop" }, h("p", {}, "Drop CSV, TSV or Parquet files here"), h("p", {}, h("label", { for: "files", class: "button" }, "Choose files"), input),
    together && h("p", {}, together, h("label", { for: "together" }, ` as tables of ${into}`)),
    h("p", { class: "small" }, "Several at once become one database. They stay on the server's machine."));
  zone.take = (files) => busy(zone, () => take(files, target(), done));
  return zone;
}

async function take(files, into, done, replace = false) {
  let db = into;
  const taken = [];
  for (const file of files) {
    say(`Reading ${file.name}…`);
    try {
      const found = await send("/databases", { file: file.name, db, replace }, file);
      db = found.name;
      taken.push(found.table);
    } catch (error) {
      const rest = files.slice(files.indexOf(file));
      const again = error.code === "E_EXISTS" && h("button", { type: "button", onclick: (event) => busy(event.currentTarget, () => take(rest, db, done, true)) }, "Replace it");
      say(`${file.name}: ${error.status === 404 || error.status === 405 ? "this server takes no files" : error.message}`, "wrong", ...(again ? [again] : []));
      break;
    }
  }
  if (!taken.length) return;
  if (taken.length === files.length) say(`${names.format(taken)} ${taken.length > 1 ? "are" : "is"} ready to be asked about.`, "good");
  await done(db);
}

// Let files be dropped anywhere.
export function dropAnywhere(done) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget === null && document.body.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files], null, done);
  });
}
