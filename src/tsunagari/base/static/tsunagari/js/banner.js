/** A warning to stand in a page, read out at once; with a link it offers a way that opens in another window. */
export function warning(heading, explain, url = "", action = "") {
  const banner = document.createElement("div");
  banner.className = "banner warn";
  banner.setAttribute("role", "alert");
  const words = document.createElement("div");
  const title = document.createElement("b");
  title.textContent = heading;
  const what = document.createElement("p");
  what.textContent = explain;
  words.append(title, what);
  banner.append(words);
  if (url) {
    const link = document.createElement("a");
    link.className = "btn line small";
    link.href = url;
    link.target = "_blank";
    link.textContent = action;
    banner.append(link);
  }
  return banner;
}
