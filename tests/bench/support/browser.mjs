// The real browser, from the packages the browser tests are pinned to.

import { createRequire } from "node:module";

import { launch } from "../../e2e/support/chromium.mjs";

// This folder has packages of its own, which are what Custody is measured against.
const { chromium } = createRequire(new URL("../../e2e/package.json", import.meta.url))("playwright-core");

/**
 * Starts Chromium, with more arguments where there are any, lets `work` open pages, each in a profile of its own, and ends
 * it whatever happens.
 */
export async function withBrowser(work, more = []) {
  const browser = await chromium.launch({ ...launch, args: [...launch.args, ...more] });
  try {
    return await work(async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
      return context.newPage();
    });
  } finally {
    await browser.close();
  }
}
