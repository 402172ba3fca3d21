// Figures as people compare them.
//
// In: measured numbers. Out: what is in the middle and at the edges, a table, and the raw figures in a file. Must not:
// judge; a slow machine is not a fault.

import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";

/** The value below which a part of all values lies; `0.5` is the median. */
export function quantile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** Least, middle and greatest. */
export function spread(values) {
  return { min: Math.min(...values), median: quantile(values, 0.5), max: Math.max(...values) };
}

/**
 * How cost grows with size, over points of both: the exponent of the power that fits best. 1 is in proportion, 0 not at
 * all.
 */
export function slope(points) {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)]);
  const mean = (column) => logs.reduce((sum, log) => sum + log[column], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const across = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return across / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
}

/** How busy the machine was with other work in the last minute: times beside a busy neighbour are worth less. */
export function load() {
  return `load of the machine in the last minute: ${short(loadavg()[0])}, on ${availableParallelism()} processors`;
}

/** A number with three digits that mean something. */
export function short(number) {
  if (number >= 1_000) {
    return Math.round(number).toLocaleString("en-US");
  }
  return Number.isInteger(number) ? String(number) : number.toPrecision(3);
}

/** `0.31 (0.29-0.40)`: the middle, and the edges. */
export function withEdges({ min, median, max }) {
  return `${short(median)} (${short(min)}-${short(max)})`;
}

/** Bytes as thousands, with one decimal. */
export function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}

/** Prints rows of texts under headings, the first column to the left, the others to the right. */
export function table(headings, rows) {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
  const pad = (text, column) => (column === 0 ? String(text).padEnd(widths[0]) : String(text).padStart(widths[column]));
  const print = (line) => console.log(`  ${line.map(pad).join("   ")}`);
  print(headings);
  console.log(`  ${widths.map((width) => "-".repeat(width)).join("   ")}`);
  rows.forEach(print);
}

/** Keeps the raw figures, when somebody said where. */
export async function save(name, raw) {
  const folder = process.env.CUSTODY_BENCH_OUT;
  if (folder) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(raw, null, 1)}\n`);
  }
}
