// What a page does beyond showing: its tables are sorted by a click, and a plot tells what lies under the pointer.
// Without it, the page says the same: tables stay in their order, and the browser shows the words of a plot's parts.
(() => {
"use strict";
const make = (tag, words, parent) => parent.appendChild(Object.assign(document.createElement(tag), { textContent: words }));

const key = (row, column) => {
  const cell = row.cells[column], value = cell.dataset.value ?? cell.textContent.trim();
  return value !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
};
const compare = (a, b) =>
  typeof a === "number" && typeof b === "number" ? a - b
    : typeof a === typeof b ? a.localeCompare(b) : typeof a === "number" ? -1 : 1;

// Rising, falling, and the order that the page came with
const sort = (table, column, order) => {
  const body = table.tBodies[0], rows = table.original;
  const sorted = order === "none" ? rows : rows.slice().sort((a, b) => {
    const risen = compare(key(a, column), key(b, column));
    return order === "ascending" ? risen : -risen;
  });
  body.append(...sorted);
  [...table.tHead.rows[0].cells].forEach((head, i) => {
    if (i === column && order !== "none") head.setAttribute("aria-sort", order);
    else head.removeAttribute("aria-sort");
  });
};

for (const table of document.querySelectorAll("table")) {
  table.original = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const names = heads.map((head) => head.dataset.name ?? head.textContent.trim());
  heads.forEach((head, i) => {
    head.textContent = "";
    const button = make("button", names[i], head);
    button.type = "button";
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      sort(table, i, before === "ascending" ? "descending" : before ? "none" : "ascending");
    });
  });
  if (!table.classList.contains("findings")) continue;
  // On a phone, the rows are blocks without a head.
  const label = document.createElement("label");
  label.className = "sort";
  table.parentElement.before(label);
  make("span", "Sort by ", label);
  const choice = make("select", "", label);
  make("option", "the page's order", choice);
  names.forEach((name) => make("option", name, choice));
  choice.addEventListener("change", () => {
    const chosen = choice.selectedIndex - 1;
    const falling = chosen >= 0 && heads[chosen].classList.contains("number");
    sort(table, Math.max(chosen, 0), chosen < 0 ? "none" : falling ? "descending" : "ascending");
  });
}

const tip = make("div", "", document.body);
tip.id = "tip";
tip.hidden = true;
const show = (part, event) => {
  if (part.title) {
    part.dataset.words = part.title;
    part.removeAttribute("title");
  }
  tip.textContent = part.dataset.words;
  tip.hidden = false;
  const left = Math.min(event.clientX + 12, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
};
for (const name of ["pointermove", "pointerdown"]) {
  document.addEventListener(name, (event) => {
    const part = event.target.closest?.(".part");
    if (part) show(part, event);
    else tip.hidden = true;
  });
}
document.addEventListener("scroll", () => { tip.hidden = true; }, true);
})();
