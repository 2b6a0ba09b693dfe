"use strict";
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
const carries = (text, words) => words.every((word) => text.includes(word));

function make(tag, attributes, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

async function copyText(button, text) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", {});
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
