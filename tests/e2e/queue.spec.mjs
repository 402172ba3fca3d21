// What other programs send, as the people in the shop see it.

import { order, products } from "./support/orders.mjs";
import { scan, typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";

test("new orders wait in a chip, join the queue when asked, and sent again are still one", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.kept(page);
  const ordered = order({ goods: { [products.gummies]: 2 }, channel: "curbside" });
  const { code } = await shop.take(ordered);
  const row = page.locator(`.order[data-code="${code}"]`);
  // Nothing moves under a finger: the new one waits behind a button that counts.
  await page.locator(".head .btn-pill").click();
  await expect(row).toBeVisible();
  await expect(row.locator(".order-channel")).toContainText("Curbside");
  expect(await shop.take(ordered)).toMatchObject({ code, action: "same" });
  await expect(row).toHaveCount(1);
});

test("the queue stands by what must be begun first, and every row says why", async ({ shop, device }) => {
  const later = await shop.take(order({ goods: { [products.gummies]: 1 }, minutes: 50 }));
  const sooner = await shop.take(order({ goods: { [products.preRoll]: 1 }, minutes: 20 }));
  const missed = await shop.take(order({ goods: { [products.gummies]: 1 }, minutes: -5 }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  const reason = ({ code }) => page.locator(`.order[data-code="${code}"] [data-reason]`);
  await expect(reason(sooner)).toHaveText(/^Promise in (19|20) min$/);
  await expect(reason(later)).toHaveText(/^Promise in (49|50) min$/);
  await expect(reason(missed)).toHaveText(/ late$/);
  const codes = await page.locator(".order").evaluateAll((rows) => rows.map((row) => row.dataset.code));
  const places = [missed, sooner, later].map(({ code }) => codes.indexOf(code));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  await expect(page.locator("[data-outlook]")).toHaveText(/with 1 person|1 person can pick/);
  // The search finds by what is in an order, and by its code.
  const search = page.getByRole("searchbox");
  await search.click();
  await typeByHand(page, later.code);
  await expect(page.locator(".order")).toHaveCount(1);
  await expect(page.locator(`.order[data-code="${later.code}"]`)).toBeVisible();
});

test("before anybody walks a row says why something cannot be had, and that it is more than one may buy", async ({ shop, device }) => {
  const held = "Held Lantern pre-roll, 1 g";
  await takeIn(shop, [{ item: held, units: 3, hold: true }]);
  const lacks = await shop.take(order({ goods: { [held]: 2 } }));
  const over = await shop.take(order({ goods: { [products.flower]: 40 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  const row = ({ code }) => page.locator(`.order[data-code="${code}"] .order-work`);
  await expect(row(lacks)).toHaveText(`2 × ${held}: on hold`);
  await expect(row(over)).toHaveText("More than one person may buy.");
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(row(lacks)).toBeVisible();
  const deliveries = page.locator(".filters").getByRole("button", { name: /^Delivery/ });
  await deliveries.click();
  await expect(row(lacks)).toHaveCount(0);
  await expect(deliveries).toHaveAttribute("aria-pressed", "true");
});

test("no row moves under a finger: what is gone goes once the finger is", async ({ shop, device }) => {
  const first = order({ goods: { [products.gummies]: 1 }, minutes: -60 });
  const { code } = await shop.take(first);
  const below = await shop.take(order({ goods: { [products.gummies]: 1 }, minutes: -50 }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  const row = page.locator(`.order[data-code="${below.code}"]`);
  const before = await row.boundingBox();
  await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2);
  await page.mouse.down();
  expect(await shop.take({ ...first, status: "cancelled" })).toMatchObject({ action: "cancelled" });
  await screen.kept(page);
  expect(await row.boundingBox()).toEqual(before);
  await expect(page.locator(`.order[data-code="${code}"]`)).toBeVisible();
  await page.mouse.up();
  await expect(page.locator(`.order[data-code="${code}"]`)).toHaveCount(0);
  expect((await row.boundingBox()).y).toBeLessThan(before.y);
});

test("an order that was on the screen does not vanish while the device catches up", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.open(page, shop.url);
  await page.evaluate((row) => {
    globalThis.vanished = 0;
    let there = false;
    new MutationObserver(() => {
      const now = document.querySelector(row) !== null;
      globalThis.vanished += there && !now ? 1 : 0;
      there = now;
    }).observe(document, { childList: true, subtree: true });
  }, `.order[data-code="${code}"]`);
  await screen.signIn(page, shop.person("associate"));
  await screen.kept(page);
  await expect(page.locator(`.order[data-code="${code}"]`)).toBeVisible();
  expect(await page.evaluate(() => globalThis.vanished)).toBe(0);
});

test("an order changed while it is being picked says so on the picker's screen", async ({ shop, device }) => {
  const ordered = order({ goods: { [products.gummies]: 2 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pick(page);
  await screen.expectAllSent(page);
  const lines = ordered.lines.map((line) => ({ ...line, quantity: 3 }));
  expect(await shop.take({ ...ordered, lines })).toMatchObject({ action: "changed" });
  await expect(page.locator(".target .notice")).toBeVisible();
});

test("an order cancelled while it is being picked says so, and takes no more scans", async ({ shop, device }) => {
  const ordered = order({ goods: { [products.gummies]: 2 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pick(page);
  await screen.expectAllSent(page);
  const tag = await screen.tagToTake(page);
  expect(await shop.take({ ...ordered, status: "cancelled" })).toMatchObject({ action: "cancelled" });
  await expect(page.locator(".target .notice")).toContainText(/cancel/i);
  await scan(page, tag);
  await screen.expectRefused(page, "order_cancelled");
  await screen.expectUnits(page, 1, 2);
});

test("an order that somebody has taken can be seen, and not be taken by somebody else", async ({ shop, device }) => {
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const hers = await (await device()).newPage();
  await screen.begin(hers, shop, ana);
  const his = await (await device()).newPage();
  await screen.begin(his, shop, marcus);
  await screen.claim(hers, code);
  await expect(his.locator(`.order[data-code="${code}"] .chip`)).toContainText(ana.name);
  await his.locator(`.order[data-code="${code}"]`).click();
  await screen.primary(his).click();
  await expect(his.locator(".dock-note[role=alert]")).not.toBeEmpty();
  await expect(his.locator("main.pick")).toHaveCount(0);
});

test("a unit that is not there is reported, and the order goes on with what there is", async ({ shop, device }) => {
  const ordered = order({ goods: { [products.preRoll]: 1, [products.gummies]: 1 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  const missing = await screen.tagToTake(page);
  await page.getByRole("button", { name: "Problem" }).click();
  await page.getByRole("button", { name: "Not here" }).click();
  await expect.poll(() => screen.tagToTake(page)).not.toBe(missing);
  await screen.expectAllSent(page);
});

test("a pick is undone at one tap and the unit can be picked again", async ({ shop, device }) => {
  const ordered = order({ goods: { [products.gummies]: 2 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pick(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await screen.expectUnits(page, 0, 2);
  await screen.pickAll(page);
  await screen.expectUnits(page, 2, 2);
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).units_picked).toBe(2);
});

test("five thousand orders at once are shown a page at a time, found by a search, and do not stop the queue", async ({ shop, device }) => {
  const many = Array.from({ length: 5_000 }, (_, at) => order({ id: `MANY-${at}`, goods: { [products.gummies]: 1 }, minutes: 300 + (at % 60) }));
  await shop.takeAll(many);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  const rows = page.locator("main[data-queue] .order");
  await expect(page.locator(".filters .btn").first()).toContainText("5060");
  await expect(rows).toHaveCount(100);
  await page.locator(".show-more .btn").click();
  await expect(rows).toHaveCount(200);
  await page.locator(".queue-search input").click();
  await typeByHand(page, "many-4321");
  await expect(rows).toHaveCount(1);
  await rows.click();
  await expect(rows).toHaveAttribute("aria-pressed", "true");
  // One more does not make everybody wait.
  const { code } = await shop.take(order({ goods: { [products.preRoll]: 1 }, minutes: 20 }));
  await page.locator(".queue-search input").fill("");
  await page.locator(".head .btn-pill").click();
  await expect(page.locator(`.order[data-code="${code}"]`)).toBeVisible();
});
