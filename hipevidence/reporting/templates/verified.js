const cards = Array.from(document.querySelectorAll(".figure-card"));
const box = document.getElementById("search");
const count = document.getElementById("count");
document.getElementById("tools").hidden = false;
function show() {
  const words = wordsOf(box.value);
  let shown = 0;
  for (const card of cards) {
    card.hidden = !carries(card.textContent.toLowerCase(), words);
    shown += card.hidden ? 0 : 1;
  }
  count.textContent = shown === cards.length ? cards.length + " entries" : shown + " of " + cards.length + " entries";
}
box.addEventListener("input", show);
for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  const source = document.getElementById(button.dataset.copies);
  button.addEventListener("click", () => copyText(button, source.textContent.trim()));
}
show();
