// The sum of what was pressed, as it is pressed. Without scripts the server says it when the form is sent.
for (const form of document.querySelectorAll("form[data-sums]")) {
  const count = () => {
    let sum = 0, most = 0;
    for (const pressed of form.querySelectorAll("input[data-points]:checked")) {
      sum += Number(pressed.dataset.points);
      most += Number(pressed.dataset.most);
    }
    form.querySelector("[data-sum]").textContent = String(sum);
    form.querySelector("[data-most]:not(input)").textContent = String(most);
  };
  form.addEventListener("change", count);
  count();
}
