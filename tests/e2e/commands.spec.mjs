// Codes on the pick ticket that do what a button does, for a hand that holds a scanner.

import { ownCode } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { catchPrints, prints, ticketCode } from "./support/paper.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const command = (id) => ownCode("C", id);

test("NEXT opens the next order that this tablet has taken, and the queue when there is none", async ({ shop, device }) => {
  const one = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const other = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, one.code);
  await scan(page, command("NEXT"));
  await expect(page.locator("[data-queue]")).toBeVisible();
  await screen.claim(page, other.code);
  await scan(page, command("NEXT"));
  await expect(page.locator(".head h1")).toContainText(one.code);
  await scan(page, command("NEXT"));
  await expect(page.locator(".head h1")).toContainText(other.code);
});

test("DONE goes on to the bench, with the order that is being picked or with whatever waits there", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await scan(page, command("DONE"));
  await expect(page).toHaveURL(/\/pack$/);
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pick(page);
  await screen.expectUnits(page, 1, 1);
  await scan(page, command("DONE"));
  await expect(page).toHaveURL(/\/pack\/\w+$/);
  await expect(page.locator(".head h1")).toContainText(code);
});

test("PRINT prints the label once everything is checked, and not before", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const tablet = await device();
  await catchPrints(tablet);
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  const tag = await screen.tagToTake(page);
  await scan(page, tag);
  await screen.expectUnits(page, 1, 1);
  await scan(page, command("DONE"));
  await expect(page.locator("main.verify")).toBeVisible();
  await page.getByRole("button", { name: "Print ticket" }).click();
  await expect.poll(() => prints(page)).toBe(1);
  const ticket = await ticketCode(page);
  await scan(page, command("PRINT"));
  await screen.expectRefused(page, "step_missing");
  await scan(page, tag);
  await scan(page, ticket);
  await expect(page.locator("main.label")).toBeVisible();
  expect(await prints(page)).toBe(1);
  await scan(page, command("PRINT"));
  await expect.poll(() => prints(page)).toBe(2);
  await expect(page.locator(".printout .exit-label")).not.toHaveCount(0);
});
