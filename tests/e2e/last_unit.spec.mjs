// Two tablets and one last unit, both without a network: it cannot be sold twice.
//
// What happens where no lease keeps them apart is told in settle.spec and eighteen.spec.

import { order, products } from "./support/orders.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";

const ITEM = "Lone Lantern pre-roll, 1 g";
const OTHER = "Second Lantern pre-roll, 1 g";

test("the last unit is one tablet's to pick, and no other's, also without a network", async ({ shop, device }) => {
  const [{ tag }] = await takeIn(shop, [{ item: ITEM, units: 1 }]);
  const first = order({ goods: { [ITEM]: 1 }, minutes: 20 });
  const second = order({ goods: { [products.gummies]: 1 }, minutes: 25 });
  const third = order({ goods: { [ITEM]: 1 }, minutes: 25 });
  const codes = [];
  for (const one of [first, second, third]) {
    codes.push((await shop.take(one)).code);
  }
  const people = shop.people.filter((person) => person.role === "associate");
  const devices = [await device(), await device()];
  const pages = [];
  for (const [place, one] of devices.entries()) {
    const page = await one.newPage();
    await screen.begin(page, shop, people[place]);
    await screen.claim(page, codes[place]);
    await screen.expectAllSent(page);
    await screen.kept(page);
    pages.push(page);
  }
  const [ana, marcus] = pages;

  await test.step("both lose the network, and Marcus holds the unit that Ana has a right to", async () => {
    for (const one of devices) {
      await one.setOffline(true);
    }
    expect(await screen.tagToTake(ana)).toBe(tag);
    expect(await screen.tagToTake(marcus)).not.toBe(tag);
    await scan(marcus, tag);
    await screen.expectRefused(marcus, "not_on_this_order");
    await screen.expectUnits(marcus, 0, 1);
  });

  await test.step("an order of which nothing is left cannot be taken, and says so", async () => {
    await marcus.getByRole("button", { name: "Queue" }).click();
    const row = marcus.locator(`.order[data-code="${codes[2]}"]`);
    await expect(row).toContainText("1 item short");
    await row.click();
    await screen.primary(marcus).click();
    const sheet = marcus.locator("[data-short]");
    await expect(sheet).toContainText(`1 × ${ITEM}`);
    await expect(sheet).toContainText("Nothing else is on it");
    await expect(sheet.getByRole("button")).toHaveCount(1);
    await sheet.getByRole("button").click();
    await expect(marcus.locator("main.pick")).toHaveCount(0);
  });

  await test.step("Ana picks it, and the server agrees with everybody", async () => {
    await screen.pick(ana);
    for (const one of devices) {
      await one.setOffline(false);
    }
    await screen.expectAllSent(ana);
    await expect.poll(async () => (await shop.standing(first)).units_picked).toBe(1);
    expect((await shop.standing(second)).units_picked).toBe(0);
    expect((await shop.standing(third)).status).toBe("short");
  });
});

test("an order that lacks something goes on without it once its customer was asked, also without a network", async ({ shop, device }) => {
  await takeIn(shop, [{ item: ITEM, units: 1 }]);
  const ordered = order({ goods: { [ITEM]: 3, [products.gummies]: 1 }, minutes: 20 });
  const { code } = await shop.take(ordered);
  const tablet = await device();
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await tablet.setOffline(true);
  await page.locator(`.order[data-code="${code}"]`).click();
  await screen.primary(page).click();
  const sheet = page.locator("[data-short]");
  await expect(sheet).toContainText(`2 × ${ITEM}`);
  await expect(sheet).toContainText("2 units are left");
  const send = sheet.getByRole("button", { name: "Send the order without it" });
  await expect(send, "nobody was asked yet").toHaveAttribute("aria-disabled", "true");
  await sheet.getByRole("button", { name: "By phone" }).click();
  await send.click();
  await expect(page.locator(".dock-note[role=alert]")).toContainText("Saved");
  await screen.primary(page).click();
  await expect(page.locator("main.pick")).toBeVisible();
  await screen.pickAll(page);
  await screen.expectUnits(page, 2, 2);
  await tablet.setOffline(false);
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("picked");
});

test("what cannot be had is swapped for what the shop allows, once the customer has said so", async ({ shop, device }) => {
  await shop.command("store", "swaps", "--within", "10");
  await takeIn(shop, [{ item: ITEM, units: 1 }, { item: OTHER, units: 4 }]);
  // What a product costs here is known from what was ordered before.
  await shop.take(order({ goods: { [OTHER]: 1 }, minutes: 90 }));
  const ordered = order({ goods: { [ITEM]: 3 }, minutes: 20 });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await page.locator(`.order[data-code="${code}"]`).click();
  await screen.primary(page).click();
  const swap = page.locator("[data-swaps] .btn").filter({ hasText: OTHER });
  await expect(swap).toHaveText(`2 × ${OTHER}, $19.00 each`);
  await expect(swap, "nobody was asked yet").toHaveAttribute("aria-disabled", "true");
  await page.locator("[data-short]").getByRole("button", { name: "By phone" }).click();
  await swap.click();
  await expect(page.locator(".dock-note[role=alert]")).toContainText("Saved");
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("ready");
  await screen.primary(page).click();
  await expect(page.locator("main.pick")).toBeVisible();
  await screen.pickAll(page);
  await screen.expectUnits(page, 3, 3);
  await screen.expectAllSent(page);
});

test("what a picker misses for good is asked of the customer from the shelf, while front of house hears of it", async ({ shop, device }) => {
  await shop.command("store", "swaps", "--within", "10");
  await takeIn(shop, [{ item: ITEM, units: 2 }, { item: OTHER, units: 4 }]);
  await shop.take(order({ goods: { [OTHER]: 1 }, minutes: 90 }));
  const ordered = order({ goods: { [ITEM]: 2, [products.gummies]: 1 }, minutes: 20 });
  const { code } = await shop.take(ordered);
  const counter = await (await device()).newPage();
  await screen.begin(counter, shop, shop.person("front-of-house"));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  // The shelves come in their own order.
  await screen.pick(page);
  await expect(page.locator(".target h2")).toHaveText(ITEM);
  await page.getByRole("button", { name: "Problem" }).click();
  await page.getByRole("button", { name: "Not here" }).click();
  const notice = page.locator(`[data-to-ask="${code}"]`);
  await expect(notice).toContainText(`2 × ${ITEM} cannot be had`);
  await expect(counter.locator(".news").first()).toContainText(code);
  await notice.getByRole("button", { name: "What to do" }).click();
  const sheet = page.locator("[data-short]");
  await sheet.getByRole("button", { name: "By phone" }).click();
  await page.locator("[data-swaps] .btn").filter({ hasText: OTHER }).click();
  await screen.expectAllSent(page);
  await expect(notice).toHaveCount(0);
  await expect(sheet).toHaveCount(0);
  // Whose package it is, the server says.
  await expect(page.locator(".target h2")).toHaveText(OTHER);
  await screen.pickAll(page);
  await screen.expectUnits(page, 3, 3);
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("picked");
});

test("front of house hears no more of what a picker has found after all", async ({ shop, device }) => {
  await takeIn(shop, [{ item: ITEM, units: 1 }]);
  const { code } = await shop.take(order({ goods: { [ITEM]: 1 }, minutes: 20 }));
  const counter = await (await device()).newPage();
  await screen.begin(counter, shop, shop.person("front-of-house"));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await page.getByRole("button", { name: "Problem" }).click();
  await page.getByRole("button", { name: "Not here" }).click();
  const notice = page.locator(`[data-to-ask="${code}"]`);
  await expect(notice).toBeVisible();
  await expect(counter.locator(".news").first()).toContainText(code);
  await page.locator("[data-history]").click();
  await page.locator("[data-report]").getByRole("button").click();
  await page.getByRole("button", { name: "Back to pick" }).click();
  await expect(notice).toHaveCount(0);
  await expect(counter.locator(".news")).toHaveCount(0);
  await screen.pick(page);
  await screen.expectUnits(page, 1, 1);
  await screen.expectAllSent(page);
});

test("a customer who wants nothing instead of what was missed has said so, and the order goes on without it", async ({ shop, device }) => {
  await takeIn(shop, [{ item: ITEM, units: 2 }]);
  const ordered = order({ goods: { [ITEM]: 2, [products.gummies]: 1 }, minutes: 20 });
  const { code } = await shop.take(ordered);
  const counter = await (await device()).newPage();
  await screen.begin(counter, shop, shop.person("front-of-house"));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pick(page);
  await expect(page.locator(".target h2")).toHaveText(ITEM);
  await page.getByRole("button", { name: "Problem" }).click();
  await page.getByRole("button", { name: "Not here" }).click();
  const notice = page.locator(`[data-to-ask="${code}"]`);
  await expect(notice).toBeVisible();
  // Front of house has the customer at the counter, and the picker the order in the vault.
  const news = counter.locator(".news li").filter({ hasText: code });
  await news.getByRole("button", { name: "What to do" }).click();
  const sheet = counter.locator("[data-short]");
  await expect(sheet).toContainText(`2 × ${ITEM}`);
  const send = sheet.getByRole("button", { name: "Send the order without it" });
  await expect(send, "nobody was asked yet").toHaveAttribute("aria-disabled", "true");
  await sheet.getByRole("button", { name: "In person" }).click();
  await send.click();
  await expect(news).toHaveCount(0);
  await expect(notice).toHaveCount(0);
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("picked");
  await screen.expectUnits(page, 1, 1);
});
