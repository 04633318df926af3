// What a 利用カード says: a token of 26 signs, or nine digits of which the last checks the others (Damm).
// The same rules as families/rules/cards.py; a tablet asks the server nothing that cannot be a card.

const SIGNS = /^[3469CDFHJKMPRTVX]{26}$/;
const DIGITS = 9;
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

export const NUMBER_LENGTH = DIGITS;

/** Whether nine digits end in their own check digit. */
export function isNumber(text) {
  if (!/^[0-9]{9}$/.test(text)) return false;
  let interim = 0;
  for (const digit of text) interim = Number(DAMM[interim][Number(digit)]);
  return interim === 0;
}

/** The bare value of a card's text in any width and case, or "" when it is no card. */
export function cardText(text) {
  const bare = text.slice(0, 100).normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
  return SIGNS.test(bare) || isNumber(bare) ? bare : "";
}
