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

test("what was reported missing is there after all: by one tap, from the list, or by its scan without a network", async ({ shop, device }) => {
  const ordered = order({ goods: { [products.gummies]: 1 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.expectAllSent(page);
  const older = await screen.tagToTake(page);
  const reports = async () => {
    await page.getByRole("button", { name: "Problem" }).click();
    await page.getByRole("button", { name: "Not here" }).click();
    await expect.poll(() => screen.tagToTake(page)).not.toBe(older);
  };
  const isBack = () => expect.poll(() => screen.tagToTake(page)).toBe(older);
  await reports();
  await page.getByRole("button", { name: /^Undo · \d/ }).click();
  await isBack();
  await reports();
  await page.locator("[data-history]").click();
  const rows = page.locator("[data-report]");
  await expect(rows).toHaveCount(1);
  await rows.getByRole("button").click();
  await expect(rows).toHaveCount(0);
  await button(page, "Back to pick").click();
  await isBack();
  await reports();
  await screen.expectAllSent(page);
  await shop.stop();
  await screen.expectOffline(page);
  await scan(page, older);
  const asks = page.locator('.refusal[data-reason="found_after_all"]');
  await expect(asks).toContainText("You reported this package missing");
  await screen.expectUnits(page, 0, 1);
  await asks.getByRole("button", { name: "It is good: take it" }).click();
  await screen.expectUnits(page, 1, 1);
  await shop.start();
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("picked");
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
  const said = page.locator('.sheet-said');
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
