// ID cards of people who do not exist, as the code on the back says them.
//
// In: name and days. Out: the text of a PDF417 code of the AAMVA standard, and the same through a keyboard. Must not:
// borrow the app's own reader, which is on trial.

import { press } from "./scanner.mjs";

const [LF, RS, CR] = ["\n", "\x1e", "\r"];

/** As many days from today, as `YYYY-MM-DD` of the shop's calendar, or nearly so: stories keep a day away from edges. */
export function day(years, days = 0) {
  const at = new Date(Date.now() + days * 86_400_000);
  at.setUTCFullYear(at.getUTCFullYear() + years);
  return at.toISOString().slice(0, 10);
}

const american = (text) => text.replace(/(\d+)-(\d+)-(\d+)/, "$2$3$1");

/** A Californian licence of 2013's standard. */
export function card({ family = "PERRIN-VALE", given = "JORDAN", birth = "1984-07-19", expiry = day(3), number = "D1234567" } = {}) {
  const elements = [`DCAC`, `DCS${family}`, `DAC${given}`, `DADNONE`, `DBD${american(day(-2))}`, `DBB${american(birth)}`];
  elements.push(`DBA${american(expiry)}`, `DBC9`, `DAQ${number}`, `DAJCA`, `DCGUSA`);
  const subfile = `DL${elements.join(LF)}${LF}${CR}`;
  const header = `@${LF}${RS}${CR}ANSI 636014080001DL`;
  const offset = String(header.length + 8).padStart(4, "0");
  return `${header}${offset}${String(subfile.length).padStart(4, "0")}${subfile}`;
}

/** What a keyboard scanner makes of characters no key has: chords, as the standard means them. */
const CHORDS = { [LF]: ["j", true], [RS]: ["^", true], [CR]: ["Enter", false] };
/** What many do instead: Enter for every end of a line, and nothing for what they do not know. */
const BLUNT = { [LF]: ["Enter", false], [CR]: ["Enter", false], [RS]: null };

/** Scans a card with a scanner that types; `blunt` is one that was never set up for cards. */
export async function scanCard(page, text, { blunt = false } = {}) {
  const keys = [...text].map((letter) => {
    const special = (blunt ? BLUNT : CHORDS)[letter];
    return special === undefined ? [letter, false] : special;
  });
  await press(page, keys.filter(Boolean));
}
