// From a picture before the camera to "Saved" on the screen.
//
// Chromium's fake camera shows every picture of the corpus for eight frames, again and again. An associate has an order
// with one unit of every tag in it and the camera open. What counts is how many of them are saved while the film runs
// once, how long after its first frame each is, and how many pictures a second still reach the screen. The app decides as
// it always does: each picture is read whole, decided, signed, and kept strictly before its word is painted.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Shop } from "../e2e/support/shop.mjs";
import { order } from "../e2e/support/orders.mjs";
import * as screen from "../e2e/support/screen.mjs";
import { takeIn } from "../e2e/support/stock.mjs";
import { withBrowser } from "./support/browser.mjs";
import { load, quantile, save, short, table } from "./support/figures.mjs";

/** Beside the project unless somebody says otherwise: photographs are too big to be a part of it. */
const CORPUS =
  process.env.CUSTODY_SCAN_CORPUS || fileURLToPath(new URL("../../../shared/scan-corpus", import.meta.url));
const FRAMES = 8;
const FRAMES_A_SECOND = 30;
/** Times the film is shown. */
const ROUNDS = Number(process.env.BENCH_N || 3);
const OPENS_MS_MAX = 60_000;
/** What is said of a unit that is picked already, when its picture comes round again. */
const AGAIN = "refused line_complete";
/** A package's tag has twelve bytes. */
const TAG_BYTES = 12;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The tag of what a picture's code says: the code itself, or the beginning of a unit's link in base 36. */
function tagOf(text) {
  const link = /^https:\/\/(?:\w+\.)?1a4\.com\/(\w+)$/i.exec(text);
  if (!link) {
    return text;
  }
  let number = 0n;
  for (const digit of link[1].toUpperCase()) {
    number = number * 36n + BigInt(DIGITS.indexOf(digit));
  }
  const bytes = number.toString(16);
  const whole = bytes.padStart(bytes.length + (bytes.length % 2), "0");
  return whole.slice(0, TAG_BYTES * 2).toUpperCase();
}

/** Runs in the page, before the app: writes down which picture the camera shows when, and what the screen says when. */
async function watchCamera(addresses) {
  const [WIDE, HIGH] = [16, 9];
  const pen = Object.assign(document.createElement("canvas"), { width: WIDE, height: HIGH }).getContext("2d", {
    willReadFrequently: true,
  });
  const look = (picture) => {
    pen.drawImage(picture, 0, 0, WIDE, HIGH);
    return pen.getImageData(0, 0, WIDE, HIGH).data;
  };
  const known = [];
  for (const address of addresses) {
    const blob = await (await fetch(address)).blob();
    known.push(look(await createImageBitmap(blob)));
  }
  const far = (one, other) => one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0);
  const told = { shown: [], said: [], frames: [] };
  globalThis.told = told;
  const frame = (video) => (now) => {
    const seen = look(video);
    const away = known.map((one) => far(one, seen));
    const at = away.indexOf(Math.min(...away));
    told.frames.push(now);
    if (told.shown.at(-1)?.at !== at) {
      told.shown.push({ at, now: performance.now() });
    }
    video.requestVideoFrameCallback(frame(video));
  };
  let last = "";
  new MutationObserver(() => {
    const video = document.querySelector("video");
    if (video && !video.dataset.watched) {
      video.dataset.watched = "yes";
      told.opened = performance.now();
      video.requestVideoFrameCallback(frame(video));
    }
    const refusal = document.querySelector(".refusal[data-reason]")?.dataset.reason;
    const saved = document.querySelector(".band [data-saved]") && document.querySelector(".band-what")?.textContent;
    const now = refusal ? `refused ${refusal}` : (saved ?? "");
    if (now !== last) {
      last = now;
      if (now) {
        told.said.push({ what: now, now: performance.now() });
      }
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
}

/**
 * When a picture appeared that was said something of then; undefined when it was not before the camera. A page that is
 * kept from looking for all of its frames has still seen the one before it.
 */
function appearance(at, now, { shown, images }) {
  const before = (at + images.length - 1) % images.length;
  const last = shown.filter((one) => (one.at === at || one.at === before) && one.now <= now).at(-1);
  const began = last && last.now + (last.at === at ? 0 : FRAMES * (1_000 / FRAMES_A_SECOND));
  return now - began <= 1_000 ? Math.min(began, now) : undefined;
}

/** What was saved in each round, and how long after its picture first appeared. */
function judge({ shown, said, frames, opened }, images) {
  const first = frames.length > 0 ? shown[0].now : opened;
  const round = images.length * FRAMES * (1_000 / FRAMES_A_SECOND);
  const waits = [];
  const saved = new Map();
  const wrong = [];
  for (const { what, now } of said.filter(({ what }) => what !== AGAIN)) {
    const at = images.findIndex(({ item }) => what.includes(item));
    const appeared = at < 0 ? undefined : appearance(at, now, { shown, images });
    if (appeared === undefined) {
      wrong.push(what);
    } else if (!saved.has(at)) {
      saved.set(at, now);
      waits.push(now - appeared);
    }
  }
  const inRound = (number) => [...saved.values()].filter((now) => now < first + number * round).length;
  return {
    waits,
    wrong,
    saved: Array.from({ length: ROUNDS }, (_, number) => inRound(number + 1)),
    missed: images.filter(({ tag }, at) => tag && !saved.has(at)).map(({ file }) => file),
    firstAfter: Math.min(...saved.values()) - first,
    rate: (frames.length - 1) / ((frames.at(-1) - frames[0]) / 1_000),
  };
}

const manifest = JSON.parse(await readFile(join(CORPUS, "manifest.json"), "utf8").catch(() => "null"));
if (!manifest) {
  console.log("  There is no corpus of pictures beside the project; name one: cargo xtask bench camera --corpus DIR");
  process.exit(0);
}
const images = manifest.images.map((image, at) => ({
  ...image,
  tag: image.text && tagOf(image.text),
  item: `Corpus ${String(at).padStart(3, "0")} 1g`,
}));
const coded = images.filter(({ tag }) => tag);
const shop = await Shop.open();
const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
try {
  const film = join(folder, "film.mjpeg");
  const files = await Promise.all(images.map(({ file }) => readFile(join(CORPUS, file))));
  await writeFile(film, Buffer.concat(files.flatMap((file) => Array.from({ length: FRAMES }, () => file))));
  await takeIn(shop, coded.map(({ tag, item }) => ({ tag, item, units: 2 })));
  const { code } = await shop.take(order({ goods: Object.fromEntries(coded.map(({ item }) => [item, 1])) }));
  const args = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
  ];
  const told = await withBrowser(async (newPage) => {
    const page = await newPage();
    await page.route("**/api/bench/*", async (route) => {
      const name = new URL(route.request().url()).pathname.split("/").at(-1);
      await route.fulfill({ contentType: "image/jpeg", body: await readFile(join(CORPUS, name)) });
    });
    await screen.begin(page, shop, shop.person("associate"));
    await screen.installed(page);
    await screen.claim(page, code);
    await page.evaluate(watchCamera, images.map(({ file }) => `/api/bench/${file}`));
    await page.getByRole("button", { name: "Camera", exact: true }).click();
    // Frames that the screen leaves out are time all the same.
    const lasts = ROUNDS * images.length * FRAMES * (1_000 / FRAMES_A_SECOND);
    const isOver = (lasts) => {
      const { frames } = globalThis.told;
      return frames.length > 0 && frames.at(-1) - frames[0] >= lasts;
    };
    await page.waitForFunction(isOver, lasts, { timeout: OPENS_MS_MAX + lasts });
    return page.evaluate(() => globalThis.told);
  }, args);
  const figures = judge(told, images);
  table(
    [`${images.length} pictures, ${FRAMES} frames each`, "saved", "of"],
    figures.saved.map((saved, number) => [`shown ${number + 1} times`, saved, coded.length]),
  );
  const [middle, late] = [0.5, 0.95].map((part) => short(quantile(figures.waits, part)));
  console.log(`  a picture's first frame to Saved: ${middle} ms, 95 of 100 within ${late} ms`);
  console.log(`  first one saved ${short(figures.firstAfter)} ms after the first frame; ${short(figures.rate)} pictures a second on screen`);
  console.log(`  said of a picture that was not shown: ${figures.wrong.length}; never read: ${figures.missed.join(", ") || "none"}`);
  console.log(`  ${load()}`);
  await save("camera", { figures, told });
} finally {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
}
