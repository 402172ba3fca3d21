// From a scan's last key to "Saved" on the screen, against what disk and browser cost without us.
//
// A wedge types 24-character tags into a real Chromium, the server runs, and every accepted scan is a signed event
// under strict durability before its word is painted. After each scan the same page takes one key, makes one bare
// strict write of as many bytes into a database of its own, and paints one word, in the same second. A frame is
// painted sixty times in a second, so whatever waits for paint waits up to 17 ms. The same on a device that holds a
// much larger store, order by order in turn. Then ten scans a second, whatever the app is doing. BENCH_N shortens the run.

import { setTimeout as until } from "node:timers/promises";

import { Shop } from "../e2e/support/shop.mjs";
import { scan } from "../e2e/support/scanner.mjs";
import * as screen from "../e2e/support/screen.mjs";
import { grow } from "./support/big_shop.mjs";
import { withBrowser } from "./support/browser.mjs";
import { quantile, save, short, spread, table, withEdges } from "./support/figures.mjs";
import { UNITS_OF_ORDER, sendOrders } from "./support/orders.mjs";
import * as stopwatch from "./support/stopwatch.mjs";

const SCANS = Number(process.env.BENCH_N || 1_000);
const BLOCKS = 10;
/** p99 of the painted word over p99 of the bare write. */
const BUDGET = 1.5;
/** The large store over the small one. */
const BUDGET_BIG = 1.1;
/** From one scan to the next where they do not wait for the app: ten a second. */
const PACE_MS = 100;
/** With the invented shop's own these are about 150 open orders. */
const ORDERS_MIN = 90;
const BIG = { packages: 25_000, orders: 5_000 };
/** A large store takes a while to arrive. */
const ARRIVES_MS_MAX = 120_000;
/** Times a scan is tried before something else must be wrong. */
const SCANS_AGAIN_MAX = 5;
/** About what an event has, until the first one says it. */
const EVENT_BYTES = 300;

/** Runs in the page: whether an order is in the queue. Those that come late are let in first, as a person does. */
function letIn(code) {
  document.querySelector(".head .grow ~ .btn-pill")?.click();
  return document.querySelector(`.order[data-code="${code}"]`) !== null;
}

/** Runs in the page: what a person presses under a refusal. */
function scanAgain() {
  if (document.querySelector(".refusal")) {
    document.querySelector(".dock .btn-primary").click();
  }
}

/** One store, one device in it, and what was measured on that. */
class Bench {
  measured = [];
  refused = 0;

  constructor(shop, page, codes) {
    Object.assign(this, { shop, page, codes });
  }

  static async open(shop, newPage, prepare) {
    await prepare(shop);
    const orders = Math.max(ORDERS_MIN, 2 * Math.ceil(SCANS / UNITS_OF_ORDER) + 1);
    const bench = new Bench(shop, await newPage(), await sendOrders(shop, orders));
    await bench.begin();
    return bench;
  }

  /** Signs in, waits until the whole store is here, and picks one order to warm up. */
  async begin() {
    await stopwatch.installIn(this.page);
    await screen.open(this.page, this.shop.url);
    await screen.signIn(this.page, this.shop.person("associate"));
    await this.page.waitForFunction(letIn, this.codes.at(-1), { polling: 250, timeout: ARRIVES_MS_MAX });
    this.bytes = EVENT_BYTES;
    await this.pickOrder();
    this.bytes = await stopwatch.lastEventBytes(this.page);
    this.measured = [];
  }

  get isDone() {
    return this.measured.length >= SCANS;
  }

  /** Picks the next order whole, from the queue and back to it. */
  async pickOrder() {
    const code = this.codes.shift();
    await this.claim(code);
    while (!this.isDone && (await screen.tagToTake(this.page)) !== null) {
      this.measured.push(await this.once(`${code}/${this.measured.length}`));
    }
    await this.page.locator(".head .back").click();
  }

  /** Picks orders at ten scans a second: from each scan's last key to its count, painted. */
  async pickAtPace() {
    const times = [];
    while (times.length < SCANS) {
      await this.claim(this.codes.shift());
      await stopwatch.follow(this.page);
      let [scanned, due] = [0, performance.now()];
      for (let tag = await screen.tagToTake(this.page); scanned < UNITS_OF_ORDER && tag !== null; scanned += 1) {
        await scan(this.page, tag);
        due += PACE_MS;
        await until(Math.max(0, due - performance.now()));
        tag = (await screen.tagToTake(this.page)) ?? tag;
      }
      const { begun, painted } = await stopwatch.followed(this.page, scanned);
      times.push(...painted.slice(0, scanned).map((at, which) => at - begun[which]));
      await this.page.locator(".head .back").click();
    }
    return times;
  }

  async claim(code) {
    await this.page.locator(`.order[data-code="${code}"]`).click();
    await screen.primary(this.page).click();
    // A large store may still be on its way; the lease comes behind it.
    await this.page.locator("main.pick").waitFor({ timeout: ARRIVES_MS_MAX });
  }

  /** One scan of what the screen asks for, and one floor. */
  async once(key) {
    const ours = await this.accepted();
    // The app talks to the server now; the floor waits until it has done so, or it would pay for that.
    await screen.expectAllSent(this.page);
    return { ...ours, ...(await stopwatch.floor(this.page, this.bytes, key)) };
  }

  /** Scans until the app takes it, as a person does; only the scan that counts is timed. */
  async accepted() {
    for (let tries = 0; tries < SCANS_AGAIN_MAX; tries += 1) {
      await stopwatch.watch(this.page);
      await scan(this.page, await screen.tagToTake(this.page));
      const times = await stopwatch.result(this.page);
      if (times) {
        return times;
      }
      this.refused += 1;
      await this.page.evaluate(scanAgain);
    }
    throw new Error(`the same scan was refused ${SCANS_AGAIN_MAX} times`);
  }
}

/** Quantiles of a column over all scans and by block, as such and over a floor's. */
function figures(blocks, name, floorBlocks, floor, part) {
  const of = (scans, column) => quantile(scans.map((one) => one[column]), part);
  return {
    value: of(blocks.flat(), name),
    ratio: of(blocks.flat(), name) / of(floorBlocks.flat(), floor),
    values: spread(blocks.map((block) => of(block, name))),
    ratios: spread(blocks.map((block, index) => of(block, name) / of(floorBlocks[index], floor))),
  };
}

function inBlocks(measured) {
  const size = Math.ceil(measured.length / BLOCKS);
  const blocks = Array.from({ length: BLOCKS }, (_, block) => measured.slice(block * size, (block + 1) * size));
  return blocks.filter((block) => block.length > 0);
}

const COLUMNS = [
  ["ours: last key to Saved, painted", "painted", "bare"],
  ["floor: key, bare write, word, painted", "bare", "bare"],
  ["ours: last key to Saved, not yet painted", "said", "write"],
  ["floor: bare strict write", "write", "write"],
];

function print(small, big) {
  for (const [title, part] of [["p50", 0.5], ["p99", 0.99]]) {
    const row = (what, { value, ratio, values, ratios }) => {
      return [what, short(value), withEdges(values), short(ratio), withEdges(ratios)];
    };
    const rows = COLUMNS.map(([what, name, floor]) => row(what, figures(small, name, small, floor, part)));
    rows.push(row("large store: painted, over small", figures(big, "painted", small, "painted", part)));
    rows.push(row("large store: not yet painted, over small", figures(big, "said", small, "said", part)));
    const spreads = `${small.length} blocks`;
    table([`${title} of ${small.flat().length} scans`, "ms", spreads, "ratio", spreads], rows);
    console.log();
  }
  const strict = figures(small, "painted", small, "write", 0.99).ratio;
  const grown = figures(big, "painted", small, "painted", 0.99).ratio;
  console.log(`  p99 painted over p99 of the bare write: ${short(strict)}; budget ${BUDGET}`);
  console.log(`  p99 painted, large store over small: ${short(grown)}; budget ${BUDGET_BIG}`);
}

const shops = [await Shop.open(), await Shop.open()];
try {
  await withBrowser(async (newPage) => {
    const small = await Bench.open(shops[0], newPage, async () => undefined);
    const big = await Bench.open(shops[1], newPage, (shop) => grow(shop, BIG.packages, BIG.orders));
    while (!small.isDone) {
      for (const bench of [small, big]) {
        await bench.page.bringToFront();
        await bench.pickOrder();
      }
    }
    print(inBlocks(small.measured), inBlocks(big.measured));
    console.log(`  an event has ${small.bytes} bytes; 1,200 packages and 150 orders, against 25,000 and 5,000`);
    console.log(`  scans torn apart by a busy machine, and scanned again: ${small.refused + big.refused}`);
    await small.page.bringToFront();
    const paced = await small.pickAtPace();
    const writes = small.measured.map((one) => one.write);
    const over = (part) => `${short(quantile(paced, part))} ms, ${short(quantile(paced, part) / quantile(writes, part))} x`;
    console.log(`  ten scans a second, ${paced.length} scans, none lost: painted over the bare write of before, p50`);
    console.log(`  ${over(0.5)}, p99 ${over(0.99)}`);
    const raw = { bytes: small.bytes, small: small.measured, big: big.measured, paced };
    await save("scan_to_saved", { budget: BUDGET, budgetBig: BUDGET_BIG, ...raw });
  });
} finally {
  for (const shop of shops) {
    await shop.close();
  }
}
