// Holds and recalls: picked nowhere any more, listed by order, let go by the compliance officer alone.

import { overflows } from "./support/judge.mjs";
import { order, products } from "./support/orders.mjs";
import { scan, typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

async function desk(shop, device, role) {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person(role), "/holds");
  await expect(page.locator("main[data-holds]")).toBeVisible();
  return page;
}

/** Puts the package with this tag on hold; how much of it is what the button's words begin with. */
async function hold(page, tag, scope) {
  await button(page, "Put on hold").click();
  await page.getByRole("searchbox").click();
  await typeByHand(page, tag.slice(-5));
  await page.locator(`[data-tag="${tag}"]`).click();
  await page.locator("[data-begin] fieldset").getByRole("button", { name: scope }).click();
  await expect(page.locator("[data-begin] .btn-primary")).toBeDisabled();
  await page.locator("[data-begin] select").selectOption({ index: 1 });
  await screen.sends(page, () => page.locator("[data-begin] .btn-primary").click());
  await expect(page.locator("[data-hold]")).toHaveCount(1);
}

test("a held package is picked nowhere within seconds, and what was picked of it is listed by order", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 3 } }));
  const tablet = await (await device()).newPage();
  await screen.begin(tablet, shop, shop.person("associate"));
  await screen.claim(tablet, code);
  const tag = await screen.tagToTake(tablet);
  await screen.pick(tablet);
  await screen.expectAllSent(tablet);
  const page = await desk(shop, device, "inventory-manager");
  await expect(page.getByText("Nothing is on hold")).toBeVisible();
  await hold(page, tag, /^package/);
  // The picker is sent elsewhere by itself, is told what is in the tote, and cannot take another one.
  await expect.poll(() => screen.tagToTake(tablet)).not.toBe(tag);
  await expect(tablet.locator("[data-held]")).toBeVisible();
  expect(await overflows(tablet)).toEqual([]);
  const instead = await screen.tagToTake(tablet);
  await scan(tablet, tag);
  await screen.expectRefused(tablet, "on_hold");
  await expect(tablet.locator(".refusal-do")).toContainText(`Take …${instead.slice(-5)} from`);
  await expect(page.locator(`[data-hold] [data-code="${code}"]`)).toContainText("1 unit");
  // Put back, it is nobody's any more.
  await button(tablet, "Scan again").click();
  await tablet.getByRole("button", { name: /^Undo/ }).click();
  await expect(tablet.locator("[data-held]")).toHaveCount(0);
  await expect(page.getByText("No order has any of it.")).toBeVisible();
});

test("what is held after all of it was picked is named where it lies, with the way out", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const tablet = await (await device()).newPage();
  await screen.begin(tablet, shop, shop.person("associate"));
  await screen.claim(tablet, code);
  const tag = await screen.tagToTake(tablet);
  await screen.pick(tablet);
  await screen.expectAllSent(tablet);
  const page = await desk(shop, device, "inventory-manager");
  await hold(page, tag, /^package/);
  const band = tablet.locator('.band[data-verdict="refused"]');
  await expect(band).toContainText("Take it out first", { timeout: 30_000 });
  await expect(band).toContainText(tag.slice(-5));
  await expect(tablet.locator("[data-held]")).toContainText(tag.slice(-5));
  // The way out is the list of what lies in the tote.
  await screen.primary(tablet).click();
  await tablet.locator(".history [data-pick] .btn").click();
  await expect(tablet.locator("[data-held]")).toHaveCount(0);
  await expect(band).toHaveCount(0);
});

test("a recalled product is let go by the compliance officer alone, and has an address of its own", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const tablet = await (await device()).newPage();
  await screen.begin(tablet, shop, shop.person("associate"));
  await screen.claim(tablet, code);
  const tag = await screen.tagToTake(tablet);
  await tablet.goBack();
  const page = await desk(shop, device, "inventory-manager");
  await hold(page, tag, /^all of/);
  await expect(button(page, "Let it go")).toHaveCount(0);
  await expect(tablet.locator(`.order[data-code="${code}"] [data-why]`)).toBeVisible();
  const officer = await desk(shop, device, "compliance-officer");
  await officer.locator("[data-hold] h2 a").click();
  await expect(officer).toHaveURL(/\/holds\/[0-9a-f]{32}$/);
  await button(officer, "Let it go").click();
  await screen.sends(officer, () => officer.locator("[data-hold] .btn-primary").click());
  await expect(officer.getByText("This hold is over.")).toBeVisible();
  await expect(page.getByText("Nothing is on hold")).toBeVisible();
});
