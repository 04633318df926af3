// 和暦 beside a date that is typed. A year may also be typed as 令和6, R6, 平成31 or H31: it becomes the western year.
const ERAS = [
  { name: "令和", letter: "R", from: [2019, 5, 1] },
  { name: "平成", letter: "H", from: [1989, 1, 8] },
  { name: "昭和", letter: "S", from: [1926, 12, 25] },
  { name: "大正", letter: "T", from: [1912, 7, 30] },
];

const half = (text) => text.normalize("NFKC").trim();
const before = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

function eraYear(date) {
  const era = ERAS.find((one) => before(date, one.from) >= 0);
  if (!era) return "";
  const year = date[0] - era.from[0] + 1;
  return `${era.name}${year === 1 ? "元" : year}年`;
}

function wareki(year, month, day) {
  if (!Number.isInteger(year) || year < 1913 || year > 2200) return "";
  if (month && day) return eraYear([year, month, day]);
  const [first, last] = [eraYear([year, month || 1, 1]), eraYear([year, month || 12, 31])];
  return first === last ? first : `${first}・${last}`;
}

function western(text) {
  const found = /^(令和|平成|昭和|大正|[RHSTrhst])\s*(元|\d{1,2})年?$/.exec(half(text));
  if (!found) return null;
  const era = ERAS.find((one) => one.name === found[1] || one.letter === found[1].toUpperCase());
  return era.from[0] + (found[2] === "元" ? 1 : Number(found[2])) - 1;
}

function part(box, name) {
  const field = box.querySelector(`[data-part="${name}"]`);
  const number = Number(half(field?.value ?? ""));
  return Number.isInteger(number) ? number : NaN;
}

function show(box) {
  const output = box.querySelector("[data-wareki]");
  if (output) output.textContent = wareki(part(box, "year"), part(box, "month"), part(box, "day"));
}

document.addEventListener("input", (event) => {
  const box = event.target.closest("[data-date3]");
  if (box) show(box);
});

document.addEventListener("change", (event) => {
  const field = event.target.closest('[data-date3] [data-part]');
  if (!field) return;
  const year = field.dataset.part === "year" ? western(field.value) : null;
  field.value = year ?? half(field.value);
  show(field.closest("[data-date3]"));
});

const showAll = (root) => root.querySelectorAll?.("[data-date3]").forEach(show);
showAll(document);
document.addEventListener("htmx:load", (event) => showAll(event.target));
