// How the bench works: kept by the compliance officer, signed off with every order.

import { slotCode } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { toBeSealed } from "./support/packing.mjs";
import { catchPrints } from "./support/paper.mjs";
import { scan, typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

test("a step the compliance officer asks for is signed off before the bag is closed", async ({ shop, device }) => {
  const officer = await (await device()).newPage();
  await screen.begin(officer, shop, shop.person("compliance-officer"), "/procedures");
  const packing = officer.locator('.procedure[data-task="Pack"]');
  await packing.getByRole("button", { name: "Add a step" }).click();
  await packing.getByLabel("Step 1 in English").click();
  await typeByHand(officer, "Receipt is in the bag");
  await packing.getByRole("button", { name: "Save as new version" }).click();
  await expect(packing).toContainText("Each step needs its words in both languages.");
  await packing.getByLabel("Step 1 in Spanish").click();
  await typeByHand(officer, "El recibo va en la bolsa");
  await screen.sends(officer, () => packing.getByRole("button", { name: "Save as new version" }).click());
  await expect(packing).toContainText("version 1");

  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const tablet = await device();
  await catchPrints(tablet);
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  const unit = await screen.tagToTake(page);
  await screen.pickAll(page);
  const label = await toBeSealed(page, unit);
  await scan(page, label);
  await screen.expectRefused(page, "steps_open");
  await button(page, "Why?").click();
  await expect(page.locator(".refusal cite")).toHaveText("A rule of this shop.");
  const step = page.locator("[data-step]");
  await expect(step).toContainText("Receipt is in the bag");
  await step.getByRole("button", { name: "Done" }).click();
  await expect(step).toHaveCount(0);
  await expect(page.locator(".refusal")).toHaveCount(0);
  await scan(page, label);
  await expect(page.locator("main.staging")).toBeVisible();
  await screen.expectAllSent(page);
});

test("what the procedure asks of staging is signed with the bag in the hand", async ({ shop, device }) => {
  const officer = await (await device()).newPage();
  await screen.begin(officer, shop, shop.person("compliance-officer"), "/procedures");
  const staging = officer.locator('.procedure[data-task="Stage"]');
  await staging.getByRole("button", { name: "Add a step" }).click();
  await staging.getByLabel("Step 1 in English").click();
  await typeByHand(officer, "Label faces out");
  await staging.getByLabel("Step 1 in Spanish").click();
  await typeByHand(officer, "Etiqueta hacia fuera");
  await screen.sends(officer, () => staging.getByRole("button", { name: "Save as new version" }).click());
  await expect(staging).toContainText("version 1");

  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const tablet = await device();
  await catchPrints(tablet);
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  const unit = await screen.tagToTake(page);
  await screen.pickAll(page);
  const label = await toBeSealed(page, unit);
  await scan(page, label);
  await expect(page.locator("main.staging")).toBeVisible();
  const slot = await page.locator('.tile[data-state="here"]').getAttribute("data-slot");
  await scan(page, slotCode(slot));
  await screen.expectRefused(page, "steps_open");
  const step = page.locator("[data-step]");
  await expect(step).toContainText("Label faces out");
  await step.getByRole("button", { name: "Done" }).click();
  await expect(step).toHaveCount(0);
  await scan(page, slotCode(slot));
  await expect(page.locator(`.tile[data-slot="${slot}"]`)).not.toHaveAttribute("data-state", "here");
  await screen.expectAllSent(page);
});
