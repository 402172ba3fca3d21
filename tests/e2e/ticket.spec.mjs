// Picked on paper, and scanned in afterwards.

import { order, products } from "./support/orders.mjs";
import { catchPrints, prints, sheets, tagsOnTicket, ticketCode } from "./support/paper.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

/** An associate's tablet with a ticket in its tray. */
async function withTicket(shop, device, paper) {
  const id = `E2E-PAPER-${paper}`;
  const { code } = await shop.take(order({ id, goods: { [products.preRoll]: 2, [products.gummies]: 1 } }));
  const context = await device();
  await catchPrints(context);
  const page = await context.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await page.locator("[data-history]").click();
  await page.locator('[data-choice="ticket-paper"]').selectOption(paper);
  await button(page, "Print ticket").click();
  await expect.poll(() => prints(page)).toBe(1);
  await button(page, "Back to pick").click();
  return { page, code, id };
}

test("a ticket picked on paper opens its order, and its units are scanned in afterwards", async ({ shop, device }) => {
  const { page } = await withTicket(shop, device, "roll");
  expect((await sheets(page))[0]).toEqual([4, 6]);
  const ticket = await ticketCode(page);
  const taken = await tagsOnTicket(page);
  expect(taken.reduce((units, { count }) => units + count, 0)).toBe(3);
  await page.locator(".head .back").click();
  await expect(page.locator("main[data-queue]")).toBeVisible();
  // All of it lies in the tote already; the scanner comes last, in the order of the paper.
  await scan(page, ticket);
  await expect(page.locator("main.pick")).toBeVisible();
  for (const { tag, count } of taken) {
    for (let unit = 0; unit < count; unit += 1) {
      const { picked, due } = await screen.units(page);
      await scan(page, tag);
      await screen.expectUnits(page, picked + 1, due);
    }
  }
  await expect(page.getByText("All picked").first()).toBeVisible();
  await screen.expectAllSent(page);
});

test("a ticket of before the order was changed leads nowhere, and says why", async ({ shop, device }) => {
  const { page, id } = await withTicket(shop, device, "a4");
  const [width, height] = (await sheets(page))[0];
  expect([Math.round(width * 10), Math.round(height * 10)]).toEqual([83, 117]);
  const ticket = await ticketCode(page);
  await screen.expectAllSent(page);
  await shop.take(order({ id, goods: { [products.preRoll]: 1, [products.gummies]: 1 } }));
  await expect.poll(() => screen.units(page)).toEqual({ picked: 0, due: 2 });
  await scan(page, ticket);
  await screen.expectRefused(page, "old_ticket");
  await page.locator(".head .back").click();
  await expect(page.locator("main[data-queue]")).toBeVisible();
  await scan(page, ticket);
  await expect(page.getByText("Old ticket").first()).toBeVisible();
  await expect(page.locator("main[data-queue]")).toBeVisible();
});
