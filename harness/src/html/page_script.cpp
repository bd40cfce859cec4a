#include "html/page_script.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kScript = R"js(
"use strict";
(() => {
const units = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

function make(tag, properties) { return Object.assign(document.createElement(tag), properties); }

// "12,955,542 B", "3.2 us", "+4 blocks": the number, times in nanoseconds; text as it is.
function valueOf(cell) {
  const text = cell.textContent.replaceAll(",", "");
  const match = /^([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(\w*)/.exec(text);
  return match ? Number(match[1]) * (units[match[2]] || 1) : text.toLowerCase();
}

function compare(a, b) {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : 1;
}

function sortBy(table, column) {
  const head = table.tHead.rows[0].cells[column];
  const down = head.getAttribute("aria-sort") !== "descending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row.cells[column]), row]);
  rows.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

function addSorting(table) {
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    const button = make("button", { type: "button", textContent: cell.textContent });
    button.addEventListener("click", () => sortBy(table, column));
    cell.replaceChildren(button);
  });
}

function addSearch(before, label, search) {
  const input = make("input", { type: "search", placeholder: label });
  input.setAttribute("aria-label", label);
  input.addEventListener("input", () => search(input.value.trim().toLowerCase()));
  before.before(input);
}

const has = (element, wanted) => element.textContent.toLowerCase().includes(wanted);

// One search for all tables of a part; what is folded opens when it has a match.
function addRowSearch(section) {
  const tables = [...section.querySelectorAll("table")];
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows]);
  if (rows.length < 12) return;
  addSearch(tables[0].parentElement, "Search these rows", (wanted) => {
    for (const row of rows) row.hidden = !has(row, wanted);
    if (wanted) for (const table of tables) {
      const folded = table.closest("details");
      if (folded) folded.open = [...table.tBodies[0].rows].some((row) => !row.hidden);
    }
  });
}

// A flame graph's frames lie in percentages: to zoom is to compute them anew.
function addZoom(figure) {
  const svg = figure.querySelector("svg");
  const frames = [...svg.children].map((element) => ({
    element, left: parseFloat(element.getAttribute("x")), width: parseFloat(element.getAttribute("width")),
    row: Number(element.getAttribute("y")), title: element.querySelector("title").textContent,
  }));
  const lies = (inner, outer) =>
    inner.left >= outer.left - .011 && inner.left + inner.width <= outer.left + outer.width + .011;
  function zoom(to) {
    for (const frame of frames) {
      const above = frame.row < to.row && lies(to, frame);
      const below = frame.row >= to.row && lies(frame, to);
      frame.element.setAttribute("display", above || below ? "inline" : "none");
      frame.element.setAttribute("x", above ? "0%" : `${(frame.left - to.left) / to.width * 100}%`);
      frame.element.setAttribute("width", above ? "100%" : `${frame.width / to.width * 100}%`);
      const text = frame.element.querySelector("text");
      if (text) text.setAttribute("display", above || frame.width / to.width > .015 ? "inline" : "none");
    }
  }
  function focus(frame) {
    if (!frame || frame.element.getAttribute("display") === "none") return;
    for (const other of frames) other.element.setAttribute("tabindex", "-1");
    frame.element.setAttribute("tabindex", "0");
    frame.element.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 };
  function move(frame, key) {
    if (key in step) {
      const row = frames.filter((other) => other.row !== frame.row &&
        Math.sign(other.row - frame.row) === step[key] && (lies(other, frame) || lies(frame, other)));
      row.sort((a, b) => Math.abs(a.row - frame.row) - Math.abs(b.row - frame.row) || a.left - b.left);
      return row[0];
    }
    const level = frames.filter((other) => other.row === frame.row).sort((a, b) => a.left - b.left);
    return level[level.indexOf(frame) + (key === "ArrowRight" ? 1 : -1)];
  }
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", svg.getAttribute("aria-label") + ". Arrow keys move, Enter zooms, Escape shows all.");
  for (const frame of frames) {
    frame.element.setAttribute("role", "button");
    frame.element.setAttribute("aria-label", frame.title);
    frame.element.setAttribute("tabindex", "-1");
    frame.element.addEventListener("click", () => zoom(frame));
    frame.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter") zoom(frame);
      else if (event.key === "Escape") zoom(frames[0]);
      else if (event.key.startsWith("Arrow")) focus(move(frame, event.key));
      else return;
      event.preventDefault();
    });
  }
  frames[0].element.setAttribute("tabindex", "0");
  const reset = make("button", { type: "button", textContent: "Show all" });
  reset.addEventListener("click", () => zoom(frames[0]));
  svg.before(reset);
  addSearch(svg, "Search functions", (wanted) => {
    for (const { element, title } of frames)
      element.classList.toggle("match", wanted !== "" && title.toLowerCase().includes(wanted));
  });
}

function openLinked() {
  const linked = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  for (let at = linked; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
}

document.querySelectorAll("main table").forEach(addSorting);
document.querySelectorAll("main section").forEach(addRowSearch);
document.querySelectorAll("figure.flame").forEach(addZoom);
addEventListener("hashchange", openLinked);
openLinked();
})();
)js";

constexpr std::string_view kWatchScript = R"js(
"use strict";
(() => {
const pauseMs = 5000;

function offer() {
  const note = Object.assign(document.createElement("p"), { className: "news", textContent: "There are new results. " });
  note.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Show them" });
  button.addEventListener("click", () => location.reload());
  note.append(button);
  document.querySelector("main").before(note);
}

async function look() {
  if (!document.hidden) try {
    const headers = { "If-None-Match": `"${document.body.dataset.state}"` };
    const response = await fetch("/api/state", { headers, cache: "no-store" });
    if (response.status === 200) return offer();
  } catch { /* the server has ended, or starts again */ }
  setTimeout(look, pauseMs);
}

look();
})();
)js";

}  // namespace

std::string_view pageScript() { return kScript; }
std::string_view watchScript() { return kWatchScript; }

}  // namespace leakgate
