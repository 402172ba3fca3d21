// Tablets that were all without a network and come back in the same moment, against one of them alone.
//
// A program signs what each tablet has queued (units picked, put back, picked again) and pushes it, every tablet over a
// connection of its own, to a real server that checks, applies and commits with full sync. The peer is one more tablet
// with as much, sent while nobody else is there, times their number. Afterwards each tablet asks how far the server has its
// chain; the hash of its last event stands for all before it and for their order. At the largest size the whole log is
// written as an auditor's bundle and verified, event by event. Each repetition has a new shop; who goes first changes.
// BENCH_DATABASE=postgres://… keeps the log there, BENCH_TABLETS and BENCH_N set the largest size.

import { join } from "node:path";

import { Shop } from "../e2e/support/shop.mjs";
import { load, quantile, save, short, slope, spread, table, withEdges } from "./support/figures.mjs";
import { sendMany } from "./support/orders.mjs";
import { custody, program, run } from "./support/program.mjs";

const TABLETS = Number(process.env.BENCH_TABLETS || 50);
const SIZES = [Math.ceil(TABLETS / 5), Math.ceil(TABLETS / 2), TABLETS];
const EVENTS = Number(process.env.BENCH_N || 1_000);
const REPETITIONS = 7;
const BUDGET = 1.2;
/** Orders a tablet takes; some come back short and are left alone. */
const ORDERS_OF_TABLET = 3 * 1.3;

if (process.env.BENCH_DATABASE) {
  process.env.CUSTODY_DATABASE = process.env.BENCH_DATABASE;
}

/** How many events of devices other than the server a bundle of the whole log proves. */
async function proved(shop) {
  const file = join(shop.directory, "storm.bundle");
  await shop.command("audit", file);
  const { stdout } = await run(custody, ["verify", file, "--json"]);
  const said = JSON.parse(stdout);
  if (!said.ok) {
    throw new Error(`the log is not whole: ${JSON.stringify(said.first_bad)}`);
  }
  return said.devices.filter((device) => device.name === "Bench").reduce((sum, device) => sum + device.events, 0);
}

/** One repetition, in a new shop. */
async function repetition(bench, tablets, number) {
  const shop = await Shop.open();
  try {
    await sendMany(shop, Math.ceil((tablets + 1) * ORDERS_OF_TABLET) + 10);
    const first = number % 2 === 0 ? "alone" : "together";
    const one = { first, ...(await bench("storm", shop.url, tablets, EVENTS, first)) };
    if (tablets === TABLETS && number === 0) {
      one.proved = await proved(shop);
      if (one.proved !== (tablets + 1) * EVENTS) {
        throw new Error(`the log proves ${one.proved} of ${(tablets + 1) * EVENTS} events`);
      }
    }
    return one;
  } finally {
    await shop.close();
  }
}

const bench = await program();
const measured = new Map(SIZES.map((tablets) => [tablets, []]));
for (let number = 0; number < REPETITIONS; number += 1) {
  for (const [tablets, all] of measured) {
    all.push(await repetition(bench, tablets, number));
  }
}
const middle = (all, name) => spread(all.map((one) => one[name])).median;
table(
  [`tablets with ${short(EVENTS)} events, ${REPETITIONS} repetitions`, "ms", "events per second", "one alone, ms", "x alone x tablets", "push p99, ms"],
  [...measured].map(([tablets, all]) => [
    tablets,
    withEdges(spread(all.map((one) => one.together_ms))),
    short((all[0].events / middle(all, "together_ms")) * 1_000),
    short(middle(all, "alone_ms")),
    withEdges(spread(all.map((one) => one.together_ms / (one.alone_ms * tablets)))),
    withEdges(spread(all.map((one) => quantile(one.pushes_ms, 0.99)))),
  ]),
);
const points = [...measured].map(([tablets, all]) => [tablets, middle(all, "together_ms")]);
console.log(`  slope of the time over the tablets: ${short(slope(points))}; budget: ${BUDGET} x`);
const largest = measured.get(TABLETS);
console.log(`  nothing lost, each chain whole and in order; proved by the bundle: ${short(largest[0].proved)} events`);
console.log(`  events with an exception: ${Math.max(...largest.map((one) => one.flagged))}`);
console.log(`  ${process.env.BENCH_DATABASE ? "PostgreSQL" : "SQLite, full sync"}; ${load()}`);
await save("storm", { budget: BUDGET, events: EVENTS, measured: Object.fromEntries(measured) });
