// Wherever a scan is answered, the answer is seen: also on the screens that wait for none.

import { ownCode } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const answer = (page) => page.locator("[data-answer]");
const band = (page, verdict) => answer(page).locator(`.band[data-verdict="${verdict}"]`);

/** Remembers how often the device shook for each answer. */
async function withHands(page) {
  await page.addInitScript(() => {
    globalThis.felt = [];
    Object.defineProperty(navigator, "vibrate", { value: (pattern) => globalThis.felt.push(pattern.length) > 0 });
  });
}

test("a scan that the queue has no use for is seen and felt there, and goes when it is closed", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await withHands(page);
  await screen.begin(page, shop, shop.person("associate"));
  await expect(page.locator("[data-queue]")).toBeVisible();

  await scan(page, "HELLO WORLD 2026");
  await expect(answer(page).locator(".refusal")).toHaveAttribute("data-reason", "not_a_code");
  await expect(answer(page).locator(".shape")).not.toHaveCount(0);
  await expect(answer(page)).toBeInViewport();
  expect(await page.evaluate(() => globalThis.felt)).toEqual([3]);
  await page.keyboard.press("Escape");
  await expect(answer(page)).toHaveCount(0);

  // A slot of the vault is one of ours, and no use here.
  await scan(page, ownCode("L", "V01"));
  await expect(band(page, "attention")).toContainText("Not on this screen");
  await answer(page).getByRole("button", { name: "Close" }).click();
  await expect(answer(page)).toHaveCount(0);

  // The pick screen has its own place for it.
  await screen.claim(page, code);
  const tag = await screen.tagToTake(page);
  await scan(page, `${tag.slice(0, -1)}F`);
  await expect(page.locator(".refusal").first()).toBeVisible();
  await expect(answer(page)).toHaveCount(0);
});

test("a code that opens something is answered on the screen that it opens", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await withHands(page);
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await scan(page, ownCode("C", "NEXT"));
  await expect(page.locator("[data-queue]")).toBeVisible();
  expect(await page.evaluate(() => globalThis.felt)).toEqual([1]);
});

test("the sign-in and a manager's desk answer, too", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.open(page, shop.url);
  await scan(page, ownCode("L", "V01"));
  await expect(band(page, "attention")).toContainText("Scan a badge");
  await page.keyboard.press("Escape");
  await expect(answer(page)).toHaveCount(0);

  await screen.begin(page, shop, shop.person("general-manager"));
  await scan(page, "HELLO WORLD 2026");
  await expect(answer(page).locator(".refusal")).toHaveAttribute("data-reason", "not_a_code");
  await page.keyboard.press("Escape");
  await expect(answer(page)).toHaveCount(0);

  await scan(page, ownCode("P", "999"));
  await expect(band(page, "attention")).toContainText("Not on this screen");
});
