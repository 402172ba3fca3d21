// Several orders in one walk, each in its own tote.

import { order, products } from "./support/orders.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

test("orders that go together are taken at one tap, and every unit goes into the tote the screen names", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  const walk = page.locator("[data-walk] .btn");
  await expect(walk).toHaveText(/^Take these \d$/);
  const count = Number((await walk.innerText()).match(/\d/)[0]);
  await walk.click();
  const totes = page.locator(".cart li");
  await expect(totes).toHaveCount(count);
  const numbers = await totes.evaluateAll((rows) => rows.map((row) => row.dataset.tote));
  expect(numbers).toEqual(Array.from({ length: count }, (_, at) => String(at + 1)));
  // How far the walk is: order, units, tag, totes. Two units in a row may go into one tote.
  const stand = () => page.evaluate(() => ["head", "target", "cart"].map((part) => document.querySelector("." + part)?.innerText).join());
  // Walked to the end: one tote is marked at a time, and it is the one of "for tote n".
  for (let tag = await screen.tagToTake(page); tag !== null; tag = await screen.tagToTake(page)) {
    const tote = await page.locator(".cart li[data-now]").getAttribute("data-tote");
    await expect(page.locator(".take span")).toHaveText(`for tote ${tote}`);
    const before = await stand();
    await scan(page, tag);
    await expect.poll(stand).not.toBe(before);
  }
  await expect(page.getByText("Bring the totes to the pack bench.")).toBeVisible();
  await expect(totes).toHaveCount(count);
  await screen.expectAllSent(page);
});

test("a rush order joins a walk in a free tote, and the others keep theirs", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await page.locator("[data-walk] .btn").click();
  const totes = page.locator(".cart li");
  await expect(totes.first()).toBeVisible();
  const codes = () => page.locator(".cart .code").allTextContents();
  const before = await codes();
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 }, minutes: 5 }));
  await page.getByRole("button", { name: "Back" }).click();
  await screen.claim(page, code);
  await page.getByRole("button", { name: "Back" }).click();
  await page.locator("[data-walk] .btn").click();
  await expect(totes).toHaveCount(before.length + 1);
  expect(await codes()).toEqual([...before, code]);
});
