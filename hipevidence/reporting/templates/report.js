// What the page gains where scripts run. All of it is made here, so that nothing dead stands on the page elsewhere.
// Text from the tables is only ever moved as text or as copies of nodes, never read as markup.
const LONG = 8; // rows from which on a table is worth filtering
const FOUND = 12; // places listed at once
const button = (name, extra = {}) => make("button", { type: "button", ...extra }, name);
const clean = (node) => node.textContent.replace(/\s+/g, " ").trim();

// ---- tables: sort by a column, filter, hide single rows

function sortable(table, rows) {
  const heads = Array.from(table.tHead.rows[0].cells);
  const number = (text) => {
    const found = text.replaceAll("−", "-").replace(/(\d),(?=\d{3})/g, "$1").match(/-?(\d+(\.\d+)?|∞)/);
    return found ? Number(found[0].replace("∞", "Infinity")) : NaN;
  };
  const compare = (place, numeric, sign) => (one, other) => {
    const [a, b] = [one, other].map((row) => clean(row.cells[place]));
    if (!numeric) return sign * a.localeCompare(b, "en", { numeric: true });
    const [x, y] = [number(a), number(b)];
    return Number.isNaN(x) - Number.isNaN(y) || (x === y ? 0 : sign * (x < y ? -1 : 1)) || 0; // what has no number stays last
  };
  heads.forEach((head, place) => {
    const press = button("", { class: "sort" });
    press.append(...head.childNodes);
    head.append(press);
    press.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      if (next) head.setAttribute("aria-sort", next);
      const order = next ? rows.toSorted(compare(place, head.classList.contains("number"), next === "ascending" ? 1 : -1)) : rows;
      table.tBodies[0].append(...order);
    });
  });
}

const showRows = new Map(); // table to the function that brings all its rows back

function filterable(table, rows) {
  const texts = rows.map((row) => clean(row).toLowerCase());
  const away = new Set();
  const caption = clean(table.caption);
  const field = make("input", { type: "search", autocomplete: "off", spellcheck: "false", "aria-label": "Filter rows: " + caption, placeholder: "Filter rows" });
  const hide = button("Hide rows", { "aria-pressed": "false" });
  const all = button("Show all rows", { hidden: "" });
  const count = make("output", {});
  const update = () => {
    const words = wordsOf(field.value);
    rows.forEach((row, place) => { row.hidden = away.has(row) || !carries(texts[place], words); });
    const shown = rows.filter((row) => !row.hidden).length;
    all.hidden = shown === rows.length;
    count.textContent = all.hidden ? "" : shown + " of " + rows.length + " rows shown";
  };
  const reset = () => {
    field.value = "";
    away.clear();
    update();
  };
  const withButtons = () => rows.forEach((row) => {
    const press = button("×", { class: "away", "aria-label": "Hide row: " + clean(row.cells[0]) });
    press.addEventListener("click", () => {
      const left = Array.from(table.tBodies[0].rows).filter((each) => !each.hidden);
      const next = left[left.indexOf(row) + 1] ?? left[left.indexOf(row) - 1];
      away.add(row);
      update();
      (next?.querySelector(".away") ?? all).focus();
    });
    row.cells[0].prepend(press);
  });
  hide.addEventListener("click", () => {
    if (!table.querySelector(".away")) withButtons();
    const on = table.classList.toggle("hiding");
    hide.setAttribute("aria-pressed", String(on));
  });
  all.addEventListener("click", () => {
    reset();
    field.focus();
  });
  field.addEventListener("input", update);
  showRows.set(table, reset);
  table.parentElement.before(make("div", { class: "table-tools" }, field, hide, all, count));
}

for (const table of document.querySelectorAll("main table")) {
  const rows = Array.from(table.tBodies[0].rows);
  if (rows.length > 1 && (rows.length >= LONG || !table.classList.contains("cards"))) sortable(table, rows);
  if (rows.length >= LONG) filterable(table, rows);
}

// ---- jump: find a heading, a statement, a table or a picture by its words

function places() {
  return Array.from(document.querySelectorAll("main :is(h2, h3, h4, h5, caption, figcaption)"), (head) => {
    const card = head.closest(".card");
    const name = card ? clean(head) + " " + clean(card.querySelector(".statement")) : clean(head);
    const around = head.parentElement.closest(".question, .part, section")?.querySelector("h2, h3, h4");
    const where = card || !around || around === head ? "" : clean(around);
    return { href: "#" + (head.id || head.closest("[id]").id), name, where, text: (name + " " + where).toLowerCase() };
  });
}

const contents = document.getElementById("contents");
const find = make("input", { id: "find", type: "search", autocomplete: "off", spellcheck: "false" });
const said = make("output", { for: "find", "aria-live": "polite" });
const found = make("ul", { class: "found", "aria-label": "Places found" });
contents.prepend(make("div", { class: "find", role: "search" }, make("label", { for: "find" }, "Find in the report"), find, said, found));
let index;
find.addEventListener("input", () => {
  index ??= places();
  const words = wordsOf(find.value);
  const fitting = words.length ? index.filter((place) => carries(place.text, words)) : [];
  found.replaceChildren(...fitting.slice(0, FOUND).map(({ href, name, where }) =>
    make("li", {}, make("a", { href }, name), ...(where ? [make("span", {}, " " + where)] : []))));
  const more = fitting.length > FOUND ? ", the first " + FOUND + " listed" : "";
  said.textContent = words.length ? fitting.length + (fitting.length === 1 ? " place" : " places") + more : "";
});
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter") found.querySelector("a")?.click();
});

// ---- copy a figure with what it is about, or a sentence

function copyable(where, name, text) {
  const press = button(name, { class: "copy" });
  press.addEventListener("click", () => copyText(press, text));
  where.append(press);
}

for (const article of document.querySelectorAll(".question")) {
  const title = clean(article.querySelector("h3"));
  const answer = article.querySelector(".answer");
  copyable(answer, "Copy answer", title + ": " + Array.from(answer.querySelectorAll("p"), clean).join(" "));
  for (const fact of article.querySelectorAll(".facts > div")) {
    const note = fact.querySelector(".aside");
    const text = clean(fact.querySelector("dt")) + " " + clean(fact.querySelector(".value")) + (note ? " (" + clean(note) + ")" : "");
    copyable(fact.lastElementChild, "Copy", title + ". " + text + ".");
    fact.querySelector(".copy").setAttribute("aria-label", "Copy: " + text);
  }
}
for (const part of document.querySelectorAll("[id^='words-']")) copyable(part, "Copy text", Array.from(part.querySelectorAll("p"), clean).join("\n\n"));
for (const carried of document.querySelectorAll(".carried")) copyable(carried, "Copy sentence", clean(carried.lastElementChild));

// ---- the source of a row beside every link to it: hover, focus, or a first tap

const card = make("div", { id: "source", class: "source", popover: "manual", role: "note", "aria-label": "Source" });
const LINK = "main :is(a[href^='#row-'], a[href^='#pool-'])";
let shown = null; // the link whose card is open
let tapped = null; // the link whose first tap is going on
let dismissed = null; // the link that gets the focus back without its card
let timer;

const copies = (node) => Array.from(node.childNodes, (child) => child.cloneNode(true));
const target = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));

function filled(link) {
  const row = target(link);
  const heads = row.closest("table").tHead.rows[0].cells;
  const list = make("dl", {});
  Array.from(row.cells).slice(1).forEach((cell, place) => {
    const paper = cell.querySelector("a[href^='#ref-']");
    list.append(make("dt", {}, clean(heads[place + 1])), make("dd", {}, ...copies(paper ? target(paper) : cell)));
  });
  return [list, make("a", { href: link.hash }, "Go to the row")];
}

function place() {
  if (!shown) return;
  const edge = shown.getBoundingClientRect();
  const room = document.documentElement.clientWidth - card.offsetWidth - 8;
  const below = edge.bottom + 4;
  const above = edge.top - card.offsetHeight - 4;
  card.style.left = Math.max(8, Math.min(edge.left, room)) + "px";
  card.style.top = (below + card.offsetHeight > window.innerHeight && above > 0 ? above : below) + "px";
}

function close() {
  clearTimeout(timer);
  if (!shown) return;
  shown.removeAttribute("aria-describedby");
  shown = null;
  card.remove();
}

function open(link) {
  clearTimeout(timer);
  if (shown === link) return;
  close();
  card.replaceChildren(...filled(link));
  link.after(card); // so that the next Tab goes into it
  shown = link;
  card.showPopover();
  link.setAttribute("aria-describedby", card.id);
  place();
}

const later = (action, wait) => {
  clearTimeout(timer);
  timer = setTimeout(action, wait);
};
const inside = (node) => node instanceof Element && (card.contains(node) || node.closest(LINK) === shown);

if ("popover" in card) {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = event.target.closest(LINK);
    if (link && !card.contains(link)) later(() => open(link), 120);
    else if (card.contains(event.target)) clearTimeout(timer);
    else if (shown && !inside(document.activeElement)) later(close, 250);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest(LINK);
    if (link && link === dismissed) close();
    else if (link && !card.contains(link)) open(link);
    else if (!card.contains(event.target)) close();
    dismissed = null;
  });
  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest(LINK);
    tapped = event.pointerType === "touch" && link && link !== shown && !card.contains(link) ? link : null;
    if (!inside(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(LINK);
    if (link && link === tapped) {
      event.preventDefault();
      open(link);
    } else if (link) close();
    tapped = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    if (card.contains(document.activeElement)) {
      dismissed = shown;
      shown.focus();
    }
    close();
  });
  document.addEventListener("scroll", place, { passive: true, capture: true });
}

// ---- a link into something closed or filtered away opens it

function reveal() {
  const goal = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!goal) return;
  for (let fold = goal.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (goal.closest("tr[hidden]")) showRows.get(goal.closest("table"))();
  goal.scrollIntoView();
}
window.addEventListener("hashchange", reveal);
reveal();
