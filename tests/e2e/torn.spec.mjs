// A browser killed in the midst of a record of its own journal. Chromium starts once more with everything, and at the
// start after that would take the databases for damaged and empty them.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { launch } from "./support/chromium.mjs";
import { damage, journals, tear } from "./support/journal.mjs";
import { order, products } from "./support/orders.mjs";
import { killTree, treeOf } from "./support/processes.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const UNITS = 4;

test("what was saved is there at the next start after a torn write, and at the one after that", async ({ shop }) => {
  test.setTimeout(180_000);
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.gummies]: UNITS } });
  const { code } = await shop.take(ordered);
  const profile = await mkdtemp(join(tmpdir(), "custody-torn-"));
  let context = null;
  const start = async () => {
    context = await chromium.launchPersistentContext(profile, { ...launch, viewport: { width: 1280, height: 800 }, locale: "en-US" });
    return context.pages()[0];
  };
  const kill = async () => {
    const gone = new Promise((resolve) => context.once("close", resolve));
    killTree(treeOf(profile));
    await gone;
  };
  let page = await start();
  await screen.begin(page, shop, ana);
  await screen.installed(page);
  await screen.claim(page, code);
  const address = new URL(page.url()).pathname;
  await screen.pick(page);
  await kill();
  const torn = await tear(profile, shop.url);
  // Nothing may come back from the server that the tablet did not keep.
  await shop.kill();
  for (const picked of [1, 2, 3]) {
    page = await start();
    await screen.begin(page, shop, ana, address);
    await screen.expectUnits(page, picked, UNITS);
    await screen.pick(page);
    await kill();
    expect(await journals(profile, shop.url), "journals after a start").not.toContain(torn);
  }
  await shop.start();
  page = await start();
  await screen.begin(page, shop, ana);
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).units_picked).toBe(UNITS);
  await context.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

test("a storage that the browser emptied is said on the set-up screen, and the tablet is set up anew", async ({ shop }) => {
  test.setTimeout(120_000);
  const ana = shop.person("associate");
  const profile = await mkdtemp(join(tmpdir(), "custody-emptied-"));
  const start = () => chromium.launchPersistentContext(profile, { ...launch, viewport: { width: 1280, height: 800 }, locale: "en-US" });
  let context = await start();
  let page = context.pages()[0];
  await screen.begin(page, shop, ana);
  await screen.installed(page);
  await context.close();
  await damage(profile, shop.url);
  await shop.kill();
  context = await start();
  page = context.pages()[0];
  await page.goto(shop.url);
  await expect(page.locator("[data-emptied]")).toContainText("emptied it");
  await shop.start();
  await page.reload();
  await screen.signIn(page, ana);
  await screen.expectAllSent(page);
  expect((await shop.command("device", "list")).match(/Tablet/g), "the one that is gone, and the new one").toHaveLength(2);
  await context.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});
