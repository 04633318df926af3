// The record form beside its fields: finer categories follow the chosen ones, texts are put in where the cursor is, long texts are
// counted. Without this script all finer categories are shown and texts can be copied.
const LONGEST = 20000;
const COUNTED_FROM = 1000;
const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
const announce = (text) => document.dispatchEvent(new CustomEvent("tsunagari:announce", { detail: { text } }));

function followCategories(box) {
  const form = box.closest("form");
  const groups = [...box.querySelectorAll("[data-of]")];
  const draw = () => {
    const chosen = new Set([...form.querySelectorAll('[name="categories"]:checked')].map((one) => one.value));
    let any = false;
    for (const group of groups) {
      group.hidden = !chosen.has(group.dataset.of);
      any ||= !group.hidden;
      if (group.hidden) for (const one of group.querySelectorAll("input:checked")) one.checked = false;
    }
    box.closest(".field").hidden = !any;
    if (any) box.open = true;
  };
  form.addEventListener("change", (event) => { if (event.target.name === "categories") draw(); });
  draw();
}

function putIn(box) {
  const form = box.closest("form");
  let last = null;
  form.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) last = event.target; });
  for (const button of box.querySelectorAll("[data-snippet]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = last ?? document.getElementById(button.dataset.snippet) ?? form.elements.content;
      const text = button.closest("li").querySelector("[data-snippet-text]").textContent;
      field.focus();
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      changed(field);
      announce("定型文を入れました");
    });
  }
}

function count(field) {
  const place = document.createElement("p");
  place.className = "count";
  place.hidden = true;
  field.after(place);
  const draw = () => {
    const length = [...field.value.replaceAll("\r\n", "\n")].length;
    const over = length - LONGEST;
    place.hidden = length < COUNTED_FROM;
    place.classList.toggle("over", over > 0);
    place.textContent = over > 0 ? `${over}文字多いです（${LONGEST}文字まで）。2つの記録に分けてください。` : `${length} / ${LONGEST}文字`;
  };
  field.addEventListener("input", draw);
  draw();
}

// Partners that were looked for join the others when they are pressed; those that stand there already are not said twice.
function choose(look) {
  const field = look.closest("fieldset");
  const [word, button] = [look.querySelector("input"), look.querySelector("button")];
  const [offered, found] = [field.querySelector("[data-offered]"), field.querySelector(".found")];
  const there = () => new Set([...offered.querySelectorAll("input")].map((one) => one.value));
  word.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    button.click();
  });
  found.addEventListener("htmx:afterSettle", () => {
    const known = there();
    for (const one of found.querySelectorAll("input")) {
      if (!known.has(one.value)) continue;
      const told = document.createElement("p");
      told.className = "help";
      told.textContent = `「${one.closest("label").textContent}」は上にあります。`;
      found.append(told);
      one.closest("label").remove();
    }
  });
  found.addEventListener("change", (event) => {
    offered.append(event.target.closest("label"));
    found.replaceChildren();
    word.value = "";
    event.target.focus();
  });
}

document.querySelectorAll("[data-look]").forEach(choose);
document.querySelectorAll("[data-details]").forEach(followCategories);
document.querySelectorAll("[data-snippets]").forEach(putIn);
for (const name of ["content", "assessment", "response_note", "progress"]) {
  document.querySelectorAll(`form[data-draft-url] textarea[name="${name}"]`).forEach(count);
}
