// The very text a printer is sent, drawn by somebody else's program, is the picture the screen shows, dot for dot.
//
// `zpl-renderer-js` (MIT) is a Go program compiled for browsers; it shares nothing with our encoder.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "@playwright/test";
import { ready } from "zpl-renderer-js";

import { dots } from "./support/png.mjs";

const ROOT = new URL("../../", import.meta.url);
// Dots in a millimetre, as the renderer counts them, by dots in an inch.
const DOTS_PER_MM = { 203: 8, 300: 12 };

// Labels that are drawn when not all are asked for.
const SHARE = 20;

/** A picture of bits: `P4`, its size, rows of bytes. */
function shown(bytes) {
  const head = bytes.toString("latin1", 0, 32).match(/^P4\n(\d+) (\d+)\n/);
  const [width, height] = [Number(head[1]), Number(head[2])];
  const row = Math.ceil(width / 8);
  const at = head[0].length;
  const isBlack = (x, y) => ((bytes[at + y * row + (x >> 3)] >> (7 - (x & 7))) & 1) === 1;
  return { width, height, isBlack };
}

test("what a printer is sent is what the screen shows, on every stock, whatever goods and customers are called", async () => {
  test.setTimeout(40 * 60_000);
  const folder = mkdtempSync(join(tmpdir(), "custody-labels-"));
  try {
    const words = ["run", "--quiet", "--package", "domain", "--example", "labels", "--", folder];
    execFileSync(process.env.CARGO ?? "cargo", words, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
    const { api } = await ready;
    const all = readdirSync(folder).filter((name) => name.endsWith(".zpl"));
    expect(all.length).toBeGreaterThan(100);
    // A second or two each: some of every stock, unless `LABELS=all` asks for every one.
    const step = process.env.LABELS === "all" ? 1 : Math.ceil(all.length / SHARE);
    const names = all.sort().filter((_name, index) => index % step === 0);
    for (const name of names) {
      const of = (ending) => readFileSync(join(folder, name.replace(/zpl$/, ending)));
      const dpmm = DOTS_PER_MM[name.split("-")[1]];
      const ours = shown(of("pbm"));
      const [across, down] = [ours.width / dpmm, ours.height / dpmm];
      const picture = await api.zplToBase64Async(of("zpl").toString(), across, down, dpmm);
      const theirs = dots(Buffer.from(picture, "base64"));
      let differs = 0;
      for (let y = 0; y < ours.height; y += 1) {
        for (let x = 0; x < ours.width; x += 1) {
          if (ours.isBlack(x, y) !== (x < theirs.width && y < theirs.height && theirs.isBlack(x, y))) differs += 1;
        }
      }
      expect(differs, `dots of ${name} that differ`).toBe(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
