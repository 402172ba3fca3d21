// What a picker meets beside the scan: units put back from a list, one cheap question, the laboratory's facts.

import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

test("any unit of the tote is put back from the list, and can be taken again", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 2 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pickAll(page);
  await screen.expectUnits(page, 2, 2);
  await page.locator("[data-history]").click();
  const rows = page.locator("[data-pick]");
  await expect(rows).toHaveCount(2);
  await rows.last().getByRole("button").click();
  await expect(rows).toHaveCount(1);
  await button(page, "Back to pick").click();
  await screen.expectUnits(page, 1, 2);
  await screen.pickAll(page);
  await screen.expectUnits(page, 2, 2);
  await screen.expectAllSent(page);
});

test("the laboratory's facts open without a network, and a label that differs keeps the order here", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.expectAllSent(page);
  await shop.stop();
  await screen.expectOffline(page);
  await page.locator("[data-coa]").click();
  await expect(page.locator(".coa")).toContainText("Passed");
  await button(page, "The label differs").click();
  await expect(page.getByText("The order stays here")).toBeVisible();
  await button(page, "Back to pick").click();
  await shop.start();
  await screen.expectAllSent(page);
  const officer = await (await device()).newPage();
  await screen.begin(officer, shop, shop.person("compliance-officer"), "/exceptions");
  await expect(officer.locator('[data-rule="E05"]')).toHaveCount(1);
});
