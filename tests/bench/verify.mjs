// The check of an auditor's bundle, against hashing the same bytes.
//
// A program makes bundles of three sizes such as fifty devices would have filled: every event signed, linked and in
// the tree. `custody verify` checks each, once with every event's own signature and once with one signature per run of
// linked events. The floor is SHA-256 of the same file, by the same crate and by `sha256sum`. BENCH_N sets the largest.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { load, save, short, slope, spread, table, withEdges } from "./support/figures.mjs";
import { custody, program, run } from "./support/program.mjs";

const EVENTS = Number(process.env.BENCH_N || 1_000_000);
const SIZES = [EVENTS / 100, EVENTS / 10, EVENTS].map(Math.round);
const REPETITIONS = 7;
/** For the check by runs; the other has a signature per event to look at, whatever else it does. */
const BUDGET = 3;

async function timed(program, words) {
  const begun = performance.now();
  const { stdout } = await run(program, words);
  return { took: performance.now() - begun, stdout };
}

async function check(file, events, ...more) {
  const { took, stdout } = await timed(custody, ["verify", file, "--json", ...more]);
  const said = JSON.parse(stdout);
  if (!said.ok || said.events !== events) {
    throw new Error(`${said.events} of ${events} events are in order: ${JSON.stringify(said.first_bad)}`);
  }
  return took;
}

const bench = await program();
const WAYS = {
  runs: (file, events) => check(file, events, "--runs"),
  every: (file, events) => check(file, events),
  sha: async (file) => (await bench("hash", file)).ms,
  sum: async (file) => (await timed("sha256sum", [file])).took,
};

const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
const measured = [];
try {
  for (const events of SIZES) {
    const file = join(folder, `${events}.bundle`);
    measured.push({ file, ...(await bench("bundle", file, events)), times: [] });
  }
  for (let number = 0; number < REPETITIONS; number += 1) {
    for (const one of measured) {
      const ways = Object.entries(WAYS);
      const turned = [...ways.slice(number % ways.length), ...ways.slice(0, number % ways.length)];
      const times = {};
      for (const [name, way] of turned) {
        times[name] = await way(one.file, one.events);
      }
      one.times.push(times);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const middle = (one, name) => spread(one.times.map((times) => times[name])).median;
const row = (one, what, name) => [
  `${short(one.events)} events, ${short(one.bytes / 1e6)} MB: ${what}`,
  withEdges(spread(one.times.map((times) => times[name]))),
  short((middle(one, name) / one.events) * 1_000),
  withEdges(spread(one.times.map((times) => times[name] / times.sha))),
];
table(
  [`${REPETITIONS} repetitions`, "ms", "us per event", "x SHA-256"],
  measured.flatMap((one) => [
    row(one, "a signature per run", "runs"),
    row(one, "every signature", "every"),
    row(one, "floor: SHA-256", "sha"),
    row(one, "floor: sha256sum", "sum"),
  ]),
);
const grows = (name) => short(slope(measured.map((one) => [one.events, middle(one, name)])));
console.log(`  slope of the time over the events: ${grows("runs")} by runs, ${grows("every")} every, ${grows("sha")} floor`);
console.log(`  budget: ${BUDGET} x SHA-256 by runs; ${load()}`);
await save("verify", { budget: BUDGET, measured });
