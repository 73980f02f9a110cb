// Filters, links into what is folded, copying, and sliding one picture over another.
"use strict";
const form = document.querySelector("form.filters");
const rows = [...document.querySelectorAll("tbody.row")];
const heads = [...document.querySelectorAll("tbody.family")];
const cases = [...document.querySelectorAll("details.case")];
const texts = new Map();

const textOf = (part) => {
  if (!texts.has(part)) texts.set(part, part.textContent.toLowerCase());
  return texts.get(part);
};
const verdictsOf = (part) => (part.dataset.verdicts || "").split(" ");

// What the form asks for, as it stands behind "#?" in the address.
const asked = () => {
  const found = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value.trim()) found.append(name, value.trim());
  }
  return found;
};

const hasText = (words, ...parts) => words.every((word) => parts.some((part) => textOf(part).includes(word)));

const apply = () => {
  const wanted = asked();
  const verdicts = wanted.getAll("verdict");
  const family = wanted.get("family");
  const words = (wanted.get("text") || "").toLowerCase().split(/\s+/).filter(Boolean);
  const isWanted = (part) => !verdicts.length || verdictsOf(part).some((one) => verdicts.includes(one));
  let requirements = 0;
  let many = 0;
  for (const row of rows) {
    const head = row.querySelector("tr.cells");
    const inFamily = !family || row.dataset.family === family;
    const mine = [...row.querySelectorAll("details.case")];
    let kept = 0;
    for (const one of mine) {
      one.hidden = !(inFamily && isWanted(one) && hasText(words, one, head));
      kept += !one.hidden;
    }
    row.hidden = mine.length ? !kept : !(inFamily && isWanted(row) && hasText(words, row));
    requirements += !row.hidden;
    many += kept;
  }
  for (const head of heads) {
    head.hidden = !rows.some((row) => !row.hidden && row.dataset.family === head.dataset.family);
  }
  document.getElementById("nothing-shown").hidden = requirements > 0;
  const all = requirements === rows.length && many === cases.length;
  form.elements.shown.value = all
    ? `All ${rows.length} rows and ${cases.length} cases are shown.`
    : `${requirements} of ${rows.length} rows and ${many} of ${cases.length} cases are shown.`;
  return wanted;
};

const show = (wanted) => {
  for (const box of form.querySelectorAll("input[type=checkbox]")) {
    box.checked = wanted.getAll("verdict").includes(box.value);
  }
  form.elements.family.value = wanted.get("family") || "";
  form.elements.text.value = wanted.get("text") || "";
  apply();
};

const remember = () => {
  const wanted = String(apply());
  history.replaceState(null, "", wanted ? `#?${wanted}` : "#");
};

const reveal = () => {
  if (location.hash.startsWith("#?")) {
    show(new URLSearchParams(location.hash.slice(2)));
    return;
  }
  const target = document.getElementById(location.hash.slice(1));  // ids are plain letters
  if (!target) return;
  if (target.closest("[hidden]")) show(new URLSearchParams());
  for (let place = target; place; place = place.parentElement) {
    if (place.tagName === "DETAILS") place.open = true;
  }
  if (target.matches("tbody.row")) {
    for (const inner of target.querySelectorAll("details.cases-of")) inner.open = true;
  }
  target.scrollIntoView();
};

form.hidden = false;
form.addEventListener("input", remember);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(remember));
form.elements.unfold.addEventListener("click", (event) => {
  const open = event.target.getAttribute("aria-pressed") !== "true";
  event.target.setAttribute("aria-pressed", String(open));
  for (const part of document.querySelectorAll("details.cases-of, details.case")) part.open = open;
});

const copy = async (button) => {
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
};
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

for (const slide of document.querySelectorAll(".slide")) {
  const whole = slide.closest(".comparison");
  for (const image of slide.querySelectorAll("img[data-of]")) {
    image.src = whole.querySelector(`.trio img[alt="${image.dataset.of}"]`).src;
  }
  const range = slide.querySelector("input");
  const move = () => {
    slide.style.setProperty("--part", `${range.value}%`);
    range.setAttribute("aria-valuetext", `${range.value} percent actual`);
  };
  range.addEventListener("input", move);
  move();
  slide.hidden = false;
}

addEventListener("hashchange", reveal);
apply();
reveal();
