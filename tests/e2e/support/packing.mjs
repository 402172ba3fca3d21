// The pack bench, done by somebody who knows how.
//
// In: a page on which an order of one unit is picked, and what was scanned for it. Out: the code of its label. Must not:
// leave a step out.

import { expect } from "@playwright/test";

import { slotCode } from "./codes.mjs";
import { labelLines, prints, ticketCode } from "./paper.mjs";
import { scan } from "./scanner.mjs";
import * as screen from "./screen.mjs";

/** From the tote to the label on the bag, read back; its code. */
export async function toBeSealed(page, unit) {
  await screen.primary(page).click();
  await page.getByRole("button", { name: "Print ticket" }).click();
  await expect.poll(() => prints(page)).toBe(1);
  const ticket = await ticketCode(page);
  await scan(page, unit);
  await scan(page, ticket);
  await expect(page.locator("main.label")).toBeVisible();
  await screen.primary(page).click();
  await expect.poll(() => prints(page)).toBe(2);
  const label = (await labelLines(page)).map((line) => line.match(/CUSX\w+/)?.[0]).find(Boolean);
  await scan(page, label);
  await expect(page.locator('.band[data-verdict="accepted"]')).toBeVisible();
  return label;
}

/** From the tote to the staging slot; the label's code. */
export async function pack(page, unit) {
  const label = await toBeSealed(page, unit);
  await scan(page, label);
  await expect(page.locator("main.staging")).toBeVisible();
  const slot = await page.locator('.tile[data-state="here"]').first().getAttribute("data-slot");
  await scan(page, slotCode(slot));
  await expect(page.locator('.tile[data-state="here"]')).toHaveCount(0);
  await screen.expectAllSent(page);
  return label;
}
