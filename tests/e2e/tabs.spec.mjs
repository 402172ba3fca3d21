// One tab works at a time; the other one says so, and may take over.

import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

test("a second tab says that Custody is open elsewhere, and taking over loses nothing", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.gummies]: 3 } });
  const { code } = await shop.take(ordered);
  const tablet = await device();
  const first = await tablet.newPage();
  await screen.begin(first, shop, ana);
  await screen.claim(first, code);
  await screen.pick(first);

  const second = await tablet.newPage();
  await second.goto(first.url());
  await expect(second.locator("main.halted h1")).toContainText("another window");
  await second.getByRole("button", { name: "Work here" }).click();
  await screen.signIn(second, ana);
  await expect(first.locator("main.halted h1")).toContainText("another window");
  await screen.expectUnits(second, 1, 3);
  await screen.pick(second);

  await first.getByRole("button", { name: "Work here" }).click();
  await screen.signIn(first, ana);
  await expect(second.locator("main.halted")).toBeVisible();
  await screen.expectUnits(first, 2, 3);
  await screen.pick(first);
  await screen.expectAllSent(first);
  await expect.poll(() => shop.standing(ordered)).toMatchObject({ status: "picked", units_picked: 3 });
});

test("when the tab that works is closed, the next one works at once", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const tablet = await device();
  const first = await tablet.newPage();
  await screen.begin(first, shop, ana);
  await first.close();
  const second = await tablet.newPage();
  await screen.begin(second, shop, ana);
  await expect(second.locator("main[data-queue]")).toBeVisible();
});
