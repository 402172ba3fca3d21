// What a picker meets beside the scan: units put back from a list, one cheap question, the laboratory's facts.

import { order, products } from "./support/orders.mjs";
import { scan, typeByHand } from "./support/scanner.mjs";
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

test("the laboratory's facts open without a network, and a label that differs stops its package everywhere", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.expectAllSent(page);
  await shop.stop();
  await screen.expectOffline(page);
  const tag = await screen.tagToTake(page);
  await page.locator("[data-coa]").click();
  await expect(page.locator(".coa")).toContainText("Passed");
  await button(page, "The label differs").click();
  await expect(page.getByText("Nobody picks this package")).toBeVisible();
  await button(page, "Back to pick").click();
  await scan(page, tag);
  await expect(page.locator(".refusal")).toBeVisible();
  await screen.expectUnits(page, 0, 1);
  await shop.start();
  await screen.expectAllSent(page);
  const officer = await (await device()).newPage();
  await screen.begin(officer, shop, shop.person("compliance-officer"), "/exceptions");
  await expect(officer.locator('[data-rule="E05"]')).toHaveCount(1);
});

test("the label's figures are compared as the label rounds them", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.flower]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await page.locator("[data-coa]").click();
  const thc = page.locator(".coa div").filter({ hasText: "THC" }).locator("dd");
  const certified = Number((await thc.textContent()).match(/[\d.]+/)[0]);
  const field = page.locator(".on-label input").first();
  const said = page.locator('.sheet-body [role="status"]');
  const compares = async (figure) => {
    await field.fill("");
    await field.click();
    await typeByHand(page, figure);
    await button(page, "Compare").click();
  };
  await compares("24..1");
  await expect(said).toHaveText("A figure such as 24.1");
  await compares(certified.toFixed(0));
  await expect(said).toHaveText("Saved. Label and certificate agree.");
  await compares((certified + 2).toFixed(1));
  await expect(said).toContainText("Nobody picks this package");
  await screen.expectAllSent(page);
});
