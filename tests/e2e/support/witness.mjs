// Writes down what the screen said, at the moment it said it: a word that is lit for less than a second is
// easily missed by somebody who only looks now and then.
//
// In: a browser context. Out: for each page, the list of what was shown. Must not: change the page.

/** Begins to watch every page of a context. `tell`, when given, hears of each word at once. */
export async function watch(context, tell) {
  if (tell) {
    await context.exposeFunction("tellWitness", tell);
  }
  await context.addInitScript(() => {
    const seen = [];
    globalThis.seen = seen;
    const text = (selector) => document.querySelector(selector)?.textContent;
    const shown = () => {
      const refusal = document.querySelector(".refusal[data-reason]");
      if (refusal) {
        return { word: "refused", what: refusal.dataset.reason };
      }
      if (document.querySelector(".band [data-saved]")) {
        return { word: "saved", what: text(".band-what") };
      }
      if (document.querySelector('.band[data-verdict="attention"]')) {
        return { word: "attention", what: text(".band-word") };
      }
      return { word: "waiting" };
    };
    let last = "";
    const observer = new MutationObserver(() => {
      const count = Number(text(".head-count")?.match(/\d+/)?.[0] ?? -1);
      const now = { ...shown(), count, path: location.pathname };
      const key = JSON.stringify(now);
      if (key !== last) {
        last = key;
        seen.push(now);
        globalThis.tellWitness?.(now);
      }
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
  });
}

/** What was shown on this page since it was loaded. */
export function seen(page) {
  return page.evaluate(() => globalThis.seen);
}

/** How often a word was shown on this page since it was loaded. */
export async function times(page, word) {
  return (await seen(page)).filter((one) => one.word === word).length;
}
