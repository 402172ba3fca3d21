// Codes as they stand on goods, papers and shelves.
//
// In: what a code names. Out: the text a scanner sends. Must not: borrow the app's own encoder, which is on trial.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** ISO 7064 MOD 37,36. */
function checkCharacter(text) {
  let product = 36;
  for (const letter of text) {
    const sum = (product + DIGITS.indexOf(letter)) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return DIGITS[(37 - product) % 36];
}

/** One of the shop's own codes: `L` location, `K` ticket, `X` label, `S` slot, `T` tote, `P` badge, `C` command. */
export function ownCode(type, id) {
  const text = `CUS${type}${id.toUpperCase()}`;
  return text + checkCharacter(text);
}

/** The code on a staging slot: letters and digits of its name, three at least. */
export function slotCode(name) {
  return ownCode("S", name.replace(/[^0-9A-Za-z]/g, "").padStart(3, "0"));
}

/** The code on a cart's tote: the cart's letter and the tote's number. */
export function toteCode(number, cart = "A") {
  return ownCode("T", `${cart}${String(number).padStart(2, "0")}`);
}

/** The QR code of one unit: tag bytes, then the unit's number as an unsigned LEB128, all in base 36. */
export function unitLink(tag, unit) {
  const bytes = [...Buffer.from(tag, "hex")];
  let rest = BigInt(unit);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  const number = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  return `HTTPS://D.1A4.COM/${number.toString(36).toUpperCase()}`;
}

/** The same tag with its last two characters the other way round: what tired eyes read. */
export function swapped(tag) {
  return tag.slice(0, -2) + tag.at(-1) + tag.at(-2);
}
