// Which category is the main one: the first pressed, until another is made so. Keeps the select 主な分類 in step; without this script
// the select itself is used.
function start(box) {
  const select = box.querySelector(`select[name="${box.dataset.mainName}"], [data-main-select] select`);
  const cats = [...box.querySelectorAll(".cat")];
  if (!select || !cats.length) return;
  box.querySelector("[data-main-select]").hidden = true;

  const input = (cat) => cat.querySelector("input");
  const words = (cat) => cat.querySelector("[data-cat-text]").textContent.trim();
  const current = () => cats.find((cat) => input(cat).value === select.value && input(cat).checked);

  function makeMain(cat, said) {
    const value = cat ? input(cat).value : "";
    if (select.value !== value) {
      select.value = value;
      if (said) select.dispatchEvent(new Event("change", { bubbles: true }));
      else for (const option of select.options) option.defaultSelected = option.selected; // not somebody's choice
    }
    draw();
    if (said && cat) document.dispatchEvent(new CustomEvent("tsunagari:announce", { detail: { text: `${words(cat)}を主にしました` } }));
  }

  function draw() {
    const main = current();
    for (const cat of cats) {
      cat.classList.toggle("main", cat === main);
      cat.querySelector(".cat-mark, .cat-set")?.remove();
      if (cat === main) cat.append(mark());
      else if (input(cat).checked) cat.append(setter(cat));
    }
  }

  function mark() {
    const span = document.createElement("span");
    span.className = "cat-mark";
    span.textContent = "主";
    return span;
  }

  function setter(cat) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cat-set";
    button.textContent = "主にする";
    button.setAttribute("aria-label", `${words(cat)}を主にする`);
    button.addEventListener("click", () => {
      makeMain(cat, true);
      input(cat).focus();
    });
    return button;
  }

  box.addEventListener("change", (event) => {
    const cat = event.target.closest(".cat");
    if (!cat) return;
    if (current()) draw();
    else makeMain(cats.find((one) => one === cat && input(one).checked) ?? cats.find((one) => input(one).checked), true);
  });

  if (current()) draw();
  else makeMain(cats.find((cat) => input(cat).checked), false);
}

document.querySelectorAll("[data-categories]").forEach(start);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("[data-categories]:not(:has(.cat-mark))").forEach(start));
