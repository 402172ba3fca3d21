// From the last digit of a PIN to a screen to work on, without a network, on a device four times slower than this one.
//
// A real Chromium whose page runs at a quarter of its speed. What a PIN costs on purpose is paid in a worker, which the
// browser does not slow down: its time is measured on its own and counted four times. While the PIN opens the person's
// key the page keeps asking for frames; the longest wait between two is how long it stood still. The server is stopped:
// nothing of this waits for it. BENCH_N sets how often.

import { Shop } from "../e2e/support/shop.mjs";
import * as screen from "../e2e/support/screen.mjs";
import { withBrowser } from "./support/browser.mjs";
import { load, save, short, spread, table, withEdges } from "./support/figures.mjs";

const TIMES = Number(process.env.BENCH_N || 7);
const SLOWER = 4;
const BUDGET_MS = 3_000;
/** A tenth of a second is what people call at once. */
const STILL_MS = 100;

/** Runs in the page, before the app does: notes how long each worker took, and the longest wait for a frame. */
function install() {
  const noted = { worker: 0, still: 0, ended: null };
  window.noted = noted;
  const Made = window.Worker;
  window.Worker = class extends Made {
    constructor(...from) {
      super(...from);
      const begun = performance.now();
      this.addEventListener("message", () => {
        noted.worker = performance.now() - begun;
      });
    }
  };
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    noted.still = Math.max(noted.still, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new MutationObserver(() => {
    if (noted.begun && noted.ended === null && document.querySelector(".frame main:not(.enter)")) {
      noted.ended = performance.now() - noted.begun;
    }
  }).observe(document, { subtree: true, childList: true });
}

/** Ends a person's work here; what was not sent is asked about once. */
async function leave(page) {
  await page.locator(".strip").click();
  const out = page.getByRole("button", { name: "Sign out" });
  await out.click();
  await page.locator(".notice, main.enter").first().waitFor();
  if (await out.isVisible()) {
    await out.click();
  }
  await page.locator("main.enter").waitFor();
}

/** Types a PIN and says how long it took from the last digit on. */
async function typed(page, person) {
  await page.locator(".person", { hasText: person.name }).click();
  const keys = page.locator(".enter-pin .keypad");
  const [last, ...others] = [...person.pin].reverse();
  for (const digit of others.reverse()) {
    await keys.getByRole("button", { name: digit, exact: true }).click();
  }
  await page.evaluate(() => {
    addEventListener(
      "click",
      (event) => Object.assign(window.noted, { begun: event.timeStamp, still: 0, worker: 0, ended: null }),
      { capture: true, once: true },
    );
  });
  await keys.getByRole("button", { name: last, exact: true }).click();
  await page.waitForFunction(() => window.noted.ended !== null);
  const { ended, worker, still } = await page.evaluate(() => window.noted);
  return { ready: ended + worker * (SLOWER - 1), worker: worker * SLOWER, still };
}

const shop = await Shop.open();
try {
  await withBrowser(async (newPage) => {
    const page = await newPage();
    await page.addInitScript(install);
    const people = [shop.person("associate"), shop.person("general-manager")];
    // Both were here before; only a first sign-in needs the server.
    for (const person of people) {
      await screen.begin(page, shop, person);
      await screen.installed(page);
    }
    await shop.stop();
    const browser = await page.context().newCDPSession(page);
    await browser.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const measured = { started: [], start: [], other: [] };
    for (let time = 0; time < TIMES; time += 1) {
      await page.goto(shop.url);
      await page.locator(".person").first().waitFor();
      measured.started.push(await page.evaluate(() => performance.now()));
      measured.start.push(await typed(page, people[0]));
      await leave(page);
      measured.other.push(await typed(page, people[1]));
    }
    const row = (what, values, budget) => [what, withEdges(spread(values)), budget ? short(budget) : ""];
    const of = (list, name) => list.map((one) => one[name]);
    table(
      [`${TIMES} times at ${SLOWER}x`, "ms", "budget"],
      [
        row("from nothing to who is working", measured.started),
        row("last digit to the first screen, after a start", of(measured.start, "ready"), BUDGET_MS),
        row("last digit to the first screen, after another person", of(measured.other, "ready"), BUDGET_MS),
        row("  of which the PIN's own cost", of([...measured.start, ...measured.other], "worker")),
        row("longest wait for a frame", of([...measured.start, ...measured.other], "still"), STILL_MS),
      ],
    );
    console.log(`  ${load()}`);
    await save("sign_in", { slower: SLOWER, budget: BUDGET_MS, measured });
  });
} finally {
  await shop.close();
}
