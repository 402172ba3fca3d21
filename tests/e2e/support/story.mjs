// The stage on which every story plays: a shop with a running server, and people at devices.
//
// In: a story. Out: `shop`, `device` (a browser of its own, watched). A story fails when a page broke on the way,
// whatever else it found.

import { test as base, chromium } from "@playwright/test";

import { launch } from "./chromium.mjs";
import { Shop } from "./shop.mjs";
import { seen, watch } from "./witness.mjs";

export { expect } from "@playwright/test";

/** What browsers say by themselves when a server is away: the stories stop it on purpose. */
const EXPECTED = [/Failed to load resource/, /net::ERR_/, /integrity/];

const WORDS_MAX = 12;

function listen(page, faults) {
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  page.on("console", (said) => {
    const text = said.text();
    if (said.type() === "error" && !EXPECTED.some((known) => known.test(text))) {
      faults.push(text);
    }
  });
}

/** What each page of a device said last: the picture of a failure shows only how it ended. */
async function lastWords(context) {
  for (const page of context.pages()) {
    const words = await seen(page).catch(() => []);
    const lines = (words ?? []).slice(-WORDS_MAX).map((one) => JSON.stringify(one));
    console.log(`${page.url()} said last:\n${lines.join("\n")}`);
  }
}

/** Lends a story devices, watches their pages, and closes them after it. */
async function lend(use, info, open) {
  const faults = [];
  const contexts = [];
  await use(async (options = {}) => {
    const context = await open(options);
    contexts.push(context);
    context.on("page", (page) => listen(page, faults));
    await watch(context);
    return context;
  });
  for (const context of contexts) {
    if (info.status !== info.expectedStatus) {
      await lastWords(context);
    }
    await context.close();
  }
  if (faults.length > 0) {
    throw new Error(`a page broke:\n${faults.join("\n")}`);
  }
}

function camera(film) {
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
  ];
}

export const test = base.extend({
  /** A shop whose server runs. */
  shop: async ({}, use, info) => {
    const shop = await Shop.open();
    await use(shop);
    if (info.status !== info.expectedStatus) {
      console.log(`The server's last words:\n${shop.log.slice(-3_000)}`);
    }
    await shop.close();
  },

  /** Makes devices: each a browser context with its own storage. */
  device: async ({ browser }, use, info) => {
    await lend(use, info, (options) => browser.newContext(options));
  },

  /** Makes devices before whose camera a film runs, again and again. A film belongs to a whole browser. */
  filmed: async ({}, use, info) => {
    const browsers = [];
    await lend(use, info, async ({ film, ...options }) => {
      const browser = await chromium.launch({ ...launch, args: [...launch.args, ...camera(film)] });
      browsers.push(browser);
      return browser.newContext(options);
    });
    await Promise.all(browsers.map((browser) => browser.close()));
  },
});
