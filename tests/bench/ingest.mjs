// Events per second that a server takes for as long as one likes, and whether a long history makes them dearer.
//
// Devices push signed acts (units picked, put back, picked again) at once to a real server, which checks, applies and
// commits with full sync. The floor checks every signature and inserts the same bytes into SQLite with full sync, in
// batches of a push. The same small load then goes to shops whose logs are ten and a hundred times as long, in turn. The
// state is the same everywhere; only the history differs. Twice: on SQLite, and on PostgreSQL where it is installed.
// BENCH_HISTORY sets the longest (10000000 takes half an hour), BENCH_N the events of the large load.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Shop } from "../e2e/support/shop.mjs";
import { load, save, short, slope, spread, table, withEdges } from "./support/figures.mjs";
import { sendMany } from "./support/orders.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { program } from "./support/program.mjs";

const LONGEST = Number(process.env.BENCH_HISTORY || 1_000_000);
/** PostgreSQL fills more slowly; a tenth of it unless the longest was asked for by name. */
const LONGEST_POSTGRES = process.env.BENCH_HISTORY ? LONGEST : LONGEST / 10;
const DEVICES = 4;
const EVENTS = Math.ceil(Number(process.env.BENCH_N || 20_000) / DEVICES);
/** Of each device, in the load that goes to every history; small, so that it adds little to the shortest. */
const EVENTS_SMALL = 500;
const REPETITIONS = 7;
const BUDGET = 0.5;
const BUDGET_GROWTH = 1.1;
/** Orders of a device, with those that come back short, for each time devices are made. */
const ORDERS = Math.ceil(DEVICES * 3 * 1.3) + 4;

const bench = await program();

/** A shop with so many events behind it, in a database of its own where there is a server for them. */
async function shopOf(history, postgres) {
  if (postgres) {
    process.env.CUSTODY_DATABASE = await postgres.database();
  }
  const shop = await Shop.open();
  await sendMany(shop, ORDERS * (REPETITIONS + 1));
  if (history > 0) {
    await bench("grow", shop.url, DEVICES, history);
  }
  return { history, shop, measured: [] };
}

async function once(one, folder, events, number) {
  const first = number % 2 === 0 ? "floor" : "server";
  one.measured.push(await bench("ingest", one.shop.url, folder, DEVICES, events, first));
}

/** Everything on one database. */
async function measure(name, longest, folder, postgres) {
  const sustained = await shopOf(0, postgres);
  const histories = [];
  try {
    for (let history = longest / 100; history <= longest; history *= 10) {
      histories.push(await shopOf(Math.round(history), postgres));
    }
    for (let number = 0; number < REPETITIONS; number += 1) {
      await once(sustained, folder, EVENTS, number);
      for (let turn = 0; turn < histories.length; turn += 1) {
        await once(histories[(number + turn) % histories.length], folder, EVENTS_SMALL, number);
      }
    }
  } finally {
    for (const { shop } of [sustained, ...histories]) {
      await shop.close();
    }
  }
  const kept = ({ history, measured }) => ({ history, measured });
  return { name, sustained: kept(sustained), histories: histories.map(kept) };
}

const perEvent = (one) => (one.ours_ms / one.events) * 1_000;
const middle = (measured, of) => spread(measured.map(of)).median;

function print({ name, sustained, histories }) {
  const shortest = histories[0].measured;
  const row = (what, measured) => [
    what,
    withEdges(spread(measured.map((one) => (one.events / one.ours_ms) * 1_000))),
    short(middle(measured, perEvent)),
    withEdges(spread(measured.map((one) => one.floor_ms / one.ours_ms))),
    withEdges(spread(measured.map((one, number) => perEvent(one) / perEvent(shortest[number])))),
  ];
  const load = ({ measured }) => `${short(measured[0].events)} events`;
  table(
    [`${name}, ${REPETITIONS} repetitions`, "events per second", "us per event", "x the floor's rate", "x shortest history"],
    [
      [...row(`${load(sustained)} on an empty log`, sustained.measured).slice(0, 4), ""],
      ...histories.map((one) => row(`${load(one)} behind ${short(one.history)}`, one.measured)),
    ],
  );
  const points = histories.map(({ history, measured }) => [history, middle(measured, perEvent)]);
  console.log(`  slope of the cost per event over the history: ${short(slope(points))}; floor: verified, inserted into SQLite`);
  console.log();
}

const all = [];
const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
try {
  all.push(await measure("SQLite", LONGEST, folder));
  print(all[0]);
  const postgres = await startPostgres();
  if (postgres) {
    try {
      all.push(await measure("PostgreSQL", LONGEST_POSTGRES, folder, postgres));
      print(all[1]);
    } finally {
      await postgres.stop();
    }
  } else {
    console.log("  PostgreSQL is not installed, so there are no figures for it");
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`  budgets: ${BUDGET} x the floor's rate, ${BUDGET_GROWTH} x the shortest history; ${load()}`);
await save("ingest", { budget: BUDGET, budgetGrowth: BUDGET_GROWTH, all });
