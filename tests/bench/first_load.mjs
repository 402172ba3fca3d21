// Bytes over the wire until a picker can work, and of the whole app.
//
// A real browser with an empty profile opens the app and signs an associate in; whatever it asked for by then is
// needed. Sizes are those of the bodies as they were sent. A size is a size: nothing is repeated.

import { Shop } from "../e2e/support/shop.mjs";
import { open, signIn } from "../e2e/support/screen.mjs";
import { withBrowser } from "./support/browser.mjs";
import { kilobytes, save, short, table } from "./support/figures.mjs";
import { bytesOverTheWire } from "./support/wire.mjs";

/** A Leptos page with a router and one button, built the same way. */
const FLOOR_BYTES = 72_000;
const BUDGET_BYTES = 300_000;

const KINDS = [
  ["page", /^\/(index\.html)?$/],
  ["module", /\.wasm$/],
  ["its glue", /\.js$/],
  ["styles", /\.css$/],
  ["fonts", /\.woff2$/],
  ["manifest and icons", /\.(webmanifest|svg|png)$/],
];

function kindOf(path) {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? "other";
}

/** Paths of the app that a browser asks for until the queue is on the screen. */
async function neededForHome(shop) {
  return withBrowser(async (newPage) => {
    const page = await newPage();
    const paths = new Set();
    page.on("request", (request) => {
      const { origin, pathname } = new URL(request.url());
      if (origin === shop.url && !pathname.startsWith("/v1/") && !request.serviceWorker()) {
        paths.add(pathname);
      }
    });
    await open(page, shop.url);
    await signIn(page, shop.person("associate"));
    await page.locator("[data-queue]").waitFor();
    await page.evaluate(() => document.fonts.ready);
    return [...paths];
  });
}

/** Every file of this build, as its service worker lists them. */
async function everyFile(shop) {
  const text = await (await fetch(`${shop.url}/sw.js`)).text();
  return JSON.parse(/const FILES = (\[.*?\]);/s.exec(text)[1]);
}

async function sizes(shop, paths) {
  const measured = [];
  for (const path of paths) {
    measured.push({ path, kind: kindOf(path), ...(await bytesOverTheWire(shop.url + path)) });
  }
  return measured.sort((one, other) => other.bytes - one.bytes);
}

function sum(files) {
  return files.reduce((bytes, file) => bytes + file.bytes, 0);
}

const shop = await Shop.open();
try {
  const paths = (await neededForHome(shop)).filter((path) => path !== "/sw.js");
  const needed = await sizes(shop, paths);
  const all = await sizes(shop, await everyFile(shop));
  const kinds = [...new Set(needed.map((file) => file.kind))];
  const rows = kinds.map((kind) => {
    const files = needed.filter((file) => file.kind === kind);
    return [kind, files.length, kilobytes(sum(files)), "", ""];
  });
  const ratio = (bytes) => short(bytes / FLOOR_BYTES);
  rows.push(["the picker's home", needed.length, kilobytes(sum(needed)), ratio(sum(needed)), kilobytes(BUDGET_BYTES)]);
  rows.push(["floor: one button", "", kilobytes(FLOOR_BYTES), "1", ""]);
  rows.push(["all files of the app", all.length, kilobytes(sum(all)), ratio(sum(all)), ""]);
  table(["what", "files", "over the wire", "x floor", "budget"], rows);
  await save("first_load", { floor: FLOOR_BYTES, budget: BUDGET_BYTES, home: sum(needed), needed, all });
} finally {
  await shop.close();
}
