"use strict";
const cards = Array.from(document.querySelectorAll(".figure-card"));
const box = document.getElementById("search");
const count = document.getElementById("count");
document.getElementById("tools").hidden = false;
function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const card of cards) {
    const text = card.textContent.toLowerCase();
    card.hidden = !words.every((word) => text.includes(word));
    shown += card.hidden ? 0 : 1;
  }
  count.textContent = shown === cards.length ? cards.length + " entries" : shown + " of " + cards.length + " entries";
}
async function copy(button) {
  const text = document.getElementById(button.dataset.copies).textContent.trim();
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.dataset.name ??= button.textContent;
  button.textContent = done ? "Copied" : "Select the text and copy it";
  setTimeout(() => { button.textContent = button.dataset.name; }, 1800);
}
box.addEventListener("input", show);
for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
show();
