// A device that comes back with 10,000 picks, against the least anybody could do with the same bytes, and PouchDB.
//
// A program signs the picks as the app does and pushes them, batch by batch, to a real server, which checks
// signatures, applies rules and commits with full sync. The floor checks every signature and inserts the bytes into
// SQLite with full sync, in batches of the same size. One peer sends as many documents of the same size from PouchDB to
// express-pouchdb: nothing is checked, and in Node no browser stands between it and the disk. The other is RxDB with the
// storage that comes free, memory, and the least server it can talk to: nothing lasts either. Each repetition has a new
// shop; who goes first changes. BENCH_N sets the picks; the table of sizes goes up to them.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Shop } from "../e2e/support/shop.mjs";
import { load, save, short, slope, spread, table, withEdges } from "./support/figures.mjs";
import { UNITS_OF_ORDER, sendMany } from "./support/orders.mjs";
import * as pouch from "./support/pouch.mjs";
import { program } from "./support/program.mjs";
import * as rx from "./support/rx.mjs";

const PICKS = Number(process.env.BENCH_N || 10_000);
const REPETITIONS = 7;
const BUDGET = 2;
const BUDGET_PEER = 1 / 15;
/** A signature beside the event's own bytes. */
const SIGNATURE_BYTES = 64;

/** One repetition, in a new shop. */
async function repetition(bench, picks, number) {
  const shop = await Shop.open();
  const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
  try {
    // Some orders come back short and are left alone.
    await sendMany(shop, Math.ceil((picks / UNITS_OF_ORDER) * 1.3) + 10);
    const first = number % 2 === 0 ? "server" : "floor";
    return { first, ...(await bench("replay", shop.url, folder, picks, first)) };
  } finally {
    await shop.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const bench = await program();
const measured = [];
const smaller = new Map([PICKS / 16, PICKS / 4].map((picks) => [Math.round(picks), []]));
for (let number = 0; number < REPETITIONS; number += 1) {
  const one = await repetition(bench, PICKS, number);
  const bytes = Math.round(one.bytes / one.events) + SIGNATURE_BYTES;
  const pouch_ms = await pouch.replicate(one.events, bytes);
  measured.push({ ...one, pouch_ms, rx_ms: await rx.replicate(one.events, bytes) });
  for (const [picks, all] of smaller) {
    all.push(await repetition(bench, picks, number));
  }
}
const row = (what, name) => {
  const times = spread(measured.map((one) => one[name]));
  const perSecond = (measured[0].events / times.median) * 1_000;
  const over = (other) => withEdges(spread(measured.map((one) => one[name] / one[other])));
  return [what, withEdges(times), short(perSecond), over("floor_ms"), over("pouch_ms"), over("rx_ms")];
};
table(
  [`${short(measured[0].events)} events, ${REPETITIONS} repetitions`, "ms", "events per second", "x floor", "x PouchDB", "x RxDB"],
  [
    row("ours: pushed, verified, applied, committed", "ours_ms"),
    row("floor: verified, inserted, committed", "floor_ms"),
    row("peer: PouchDB 9 to express-pouchdb", "pouch_ms"),
    row("peer: RxDB 17 in memory, nothing lasts", "rx_ms"),
  ],
);
const points = [...smaller, [PICKS, measured]].map(([picks, all]) => [picks, spread(all.map((one) => one.ours_ms)).median]);
const sizes = points.map(([picks, took]) => `${short(picks)}: ${short(took)} ms`).join(", ");
const megabytes = short(measured[0].bytes / 1e6);
console.log(`  ${sizes}; slope of our time over the picks: ${short(slope(points))}`);
console.log(`  ${megabytes} MB of events; budgets: ${BUDGET} x floor, ${short(BUDGET_PEER)} x PouchDB; ${load()}`);
console.log(`  events with an exception: ${Math.max(...measured.map((one) => one.flagged))}`);
await save("replay", { budget: BUDGET, budgetPeer: BUDGET_PEER, measured, smaller: Object.fromEntries(smaller) });
