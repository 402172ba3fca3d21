// Scanners type wherever the focus is: a scan must never end up in a field or on a button, and typing must never
// count as a scan.

import { unitLink } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { scan, typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";
import { seen } from "./support/witness.mjs";

async function atThePick(shop, device, goods) {
  const ordered = order({ goods });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  return { page, ordered, code };
}

test("what a hand types into the search finds orders and is no scan", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("general-manager"));
  const search = page.getByRole("searchbox");
  await search.click();
  await typeByHand(page, code);
  await page.keyboard.press("Enter");
  await expect(search).toHaveValue(code);
  await expect(page.locator(".table tbody tr")).toHaveCount(1);
  expect((await seen(page)).filter((one) => one.word !== "waiting")).toEqual([]);
});

test("a scan is never typed into the search, whatever already stands in it", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("general-manager"));
  const search = page.getByRole("searchbox");
  await search.click();
  await typeByHand(page, "K7");
  await scan(page, "1A4FF03000C0DE5000047218");
  await scan(page, "012345678905");
  await expect(search).toHaveValue("K7");
});

test("a scan does not press the button that has the focus", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  await page.getByRole("button", { name: "Problem" }).focus();
  await screen.pick(page);
  await expect(page.locator(".sheet")).toHaveCount(0);
  await screen.expectUnits(page, 1, 2);
});

test("what a hand types on the pick screen is no scan", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 1 });
  await typeByHand(page, (await screen.tagToTake(page)).slice(-12));
  await page.keyboard.press("Enter");
  await screen.expectUnits(page, 0, 1);
  expect((await seen(page)).filter((one) => one.word === "refused")).toEqual([]);
});

test("ten scans in two seconds are ten picks", async ({ shop, device }) => {
  const { page, ordered } = await atThePick(shop, device, { [products.gummies]: 10 });
  const started = Date.now();
  for (let unit = 1; unit <= 10; unit += 1) {
    await scan(page, unitLink(await nowWanted(page), unit));
  }
  expect(Date.now() - started, "time in which the scanner sent them").toBeLessThan(2_000);
  await screen.expectUnits(page, 10, 10);
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).units_picked).toBe(10);
});

test("a tablet that inserts a whole scan at once is understood, also in a text field", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  const tag = await screen.tagToTake(page);
  await page.getByRole("button", { name: "Type the code" }).click();
  await expect(page.locator("[data-keypad]")).toBeVisible();
  await scan(page, tag);
  await screen.expectUnits(page, 1, 2);
});

test("a code typed on the app's own keypad counts", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 1 });
  const tag = await screen.tagToTake(page);
  await page.getByRole("button", { name: "Type the code" }).click();
  const keypad = page.locator("[data-keypad]");
  for (const letter of tag) {
    await keypad.locator(`[data-key="${letter}"]`).click();
  }
  await keypad.locator("[data-enter]").click();
  await screen.expectUnits(page, 1, 1);
});

/** The tag to take; when everything is asked for already, the one that was asked for last. */
const lastWanted = new WeakMap();
async function nowWanted(page) {
  const tag = (await screen.tagToTake(page)) ?? lastWanted.get(page);
  lastWanted.set(page, tag);
  return tag;
}
