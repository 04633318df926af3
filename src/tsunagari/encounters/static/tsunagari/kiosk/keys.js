// A scanner that types like a keyboard: a burst of keys ended by Enter, wherever the focus is. The physical key is read,
// so that an input method (かな, 全角) in between changes nothing: letters and digits lie alike on US and JIS keyboards.

const GAP = 90; // milliseconds between two keys of a scanner; people are slower
const SHORTEST = 9;

function sign(event) {
  const physical = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(event.code);
  if (physical) return physical[1] ?? physical[2];
  const typed = event.key.normalize("NFKC").toUpperCase();
  return /^[0-9A-Z]$/.test(typed) ? typed : "";
}

/** Calls `onRead(text)` for each burst. */
export function listen(onRead) {
  let burst = "";
  let last = 0;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.key === "Shift") return;
    const now = event.timeStamp; // when it was pressed, however busy the page is
    if (now - last > GAP) burst = "";
    last = now;
    if (event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter") {
      if (burst.length >= SHORTEST) {
        event.preventDefault();
        event.stopPropagation();
        onRead(burst);
      }
      burst = "";
      return;
    }
    const one = sign(event);
    if (one) burst += one;
    if (burst.length > 3) event.preventDefault(); // no button is pressed by what a scanner types
  }, true);
}
