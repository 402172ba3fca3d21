// A scanner that types, and hands that type.
//
// In: a page and what is read. Out: real key events in the browser, whichever element has the focus.
// A scanner sends its keys without waiting for the page; a hand leaves gaps that no scanner leaves.

const HAND_GAP_MS = 110;

const sessions = new WeakMap();

/** One line to the page's keyboard, so that keys arrive in the order in which they were sent. */
function session(page) {
  if (!sessions.has(page)) {
    sessions.set(page, page.context().newCDPSession(page));
  }
  return sessions.get(page);
}

function strokes(key, text) {
  return [
    { type: "keyDown", key, text, unmodifiedText: text },
    { type: "keyUp", key },
  ];
}

/** Scans: the text in one burst, then Enter. Does not wait for what the app makes of it. */
export async function scan(page, text) {
  const keys = await session(page);
  const events = [...text].flatMap((letter) => strokes(letter, letter));
  events.push(...strokes("Enter", "\r"));
  await Promise.all(events.map((event) => keys.send("Input.dispatchKeyEvent", event)));
}

/**
 * Scans as a slow radio scanner does: `gap` milliseconds from key to key, each let go after `held`; before the key at
 * `stands.place` the device stands still for `stands.ms`. The times stand on the keys themselves, so that a busy machine
 * does not change them.
 */
export async function scanSlowly(page, text, { gap, held, stands = { place: 0, ms: 0 } }) {
  const keys = await session(page);
  const letters = [...text, "Enter"];
  const lasts = gap * letters.length + stands.ms;
  // No key is older than its page: the browser would move it to the page's first moment.
  await page.waitForFunction((age) => performance.now() > age, lasts + gap);
  const first = Date.now() - lasts;
  const events = letters.flatMap((letter, place) => {
    const [down, up] = strokes(letter, letter === "Enter" ? "\r" : letter);
    const at = first + gap * place + (place < stands.place ? 0 : stands.ms);
    return [{ ...down, timestamp: at / 1000 }, { ...up, timestamp: (at + held) / 1000 }];
  });
  await Promise.all(events.map((event) => keys.send("Input.dispatchKeyEvent", event)));
}

/** Presses keys in one burst; each is a key and whether Ctrl is held. */
export async function press(page, presses) {
  const keys = await session(page);
  const events = presses.flatMap(([key, ctrl]) => {
    const [down, up] = strokes(key, key === "Enter" ? "\r" : key);
    // With Ctrl held a key writes nothing.
    return ctrl ? [{ type: "rawKeyDown", key, modifiers: 2 }, { ...up, modifiers: 2 }] : [down, up];
  });
  await Promise.all(events.map((event) => keys.send("Input.dispatchKeyEvent", event)));
}

/** Types as a person does, key by key. */
export async function typeByHand(page, text) {
  await page.keyboard.type(text, { delay: HAND_GAP_MS });
}

/** What a French keyboard makes of an American scanner's digits, 0 first. */
const FRENCH_DIGITS = "à&é\"'(-è_ç";

/** Scans with a scanner that is set to an American keyboard, on a tablet with a French one. */
export async function scanOnFrenchKeyboard(page, text) {
  const keys = await session(page);
  const events = [...text].flatMap((letter) => {
    const isDigit = /\d/.test(letter);
    const there = isDigit ? FRENCH_DIGITS[Number(letter)] : letter === "A" ? "Q" : letter;
    const code = isDigit ? `Digit${letter}` : `Key${letter}`;
    const modifiers = isDigit ? 0 : 8;
    return [
      { type: "keyDown", key: there, code, modifiers, text: there, unmodifiedText: there },
      { type: "keyUp", key: there, code, modifiers },
    ];
  });
  events.push(...strokes("Enter", "\r"));
  await Promise.all(events.map((event) => keys.send("Input.dispatchKeyEvent", event)));
}
