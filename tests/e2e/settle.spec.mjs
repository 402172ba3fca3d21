// What waits for a manager: found, settled, and the bag goes.

import { card, scanCard } from "./support/cards.mjs";
import * as needs from "./support/needs_you.mjs";
import { order, products } from "./support/orders.mjs";
import { pack } from "./support/packing.mjs";
import { catchPrints } from "./support/paper.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";
import { pickTheSameUnit } from "./support/twice.mjs";

test("a unit picked twice holds its bag at the counter until a manager has decided", async ({ shop, device }) => {
  test.setTimeout(240_000);
  const tablets = [await device(), await device()];
  for (const tablet of tablets) {
    await catchPrints(tablet);
  }
  const { orders, codes, pages, unit } = await pickTheSameUnit(shop, tablets);
  const label = await pack(pages[0], unit);
  const counter = await (await device()).newPage();
  const desk = await (await device()).newPage();

  await test.step("the counter refuses the bag, and names the order", async () => {
    await screen.begin(counter, shop, shop.person("front-of-house"));
    await scan(counter, label);
    await screen.expectRefused(counter, "waits_for_manager");
    await expect(counter.locator(".refusal-do b")).toContainText(codes[0]);
  });

  await test.step("a manager finds it, with what it holds up", async () => {
    await screen.begin(desk, shop, shop.person("inventory-manager"));
    await expect(desk.locator(".side-count")).toHaveText("1");
    await desk.getByRole("link", { name: "Needs you" }).click();
    await desk.locator('.inbox [data-rule="E01"] a').click();
    const detail = desk.locator(".detail");
    for (const code of codes) {
      await expect(detail.locator(".notice").first()).toContainText(code);
    }
    await expect(detail, "reading goes on there").toBeFocused();
    const press = detail.getByRole("button", { name: "Settle it" });
    await expect(press, "nothing is decided yet").toHaveAttribute("aria-disabled", "true");
    await expect(detail.locator(".way")).toHaveCount(3);
  });

  await test.step("an order's own page leads there too", async () => {
    const address = desk.url();
    await desk.locator(".detail").getByRole("link", { name: codes[0] }).click();
    await desk.locator(".chain > .notice a").click();
    await expect(desk).toHaveURL(address);
  });

  await test.step("one press settles it, saved here and then at the server", async () => {
    await desk.context().setOffline(true);
    await desk.getByRole("radio", { name: "The first keeps it" }).check();
    await desk.getByRole("button", { name: "Settle it" }).click();
    const settled = desk.locator("[data-settled]");
    await expect(settled).toContainText("The first keeps it");
    await expect(settled.locator("[data-saved]")).toContainText("on this tablet");
    await desk.context().setOffline(false);
    await expect(settled.locator("[data-sent]")).toContainText("at the server", { timeout: 60_000 });
    await desk.locator('.folded[data-folded="settled"] summary').click();
    await expect(desk.locator('.folded[data-folded="settled"] li')).toContainText(codes[1]);
  });

  await test.step("the unit is gone from the second order, and the counter hands the first one over", async () => {
    await expect.poll(async () => (await shop.standing(orders[1])).units_picked).toBe(0);
    await screen.kept(counter);
    await scan(counter, label);
    await expect(counter.locator("main.handing")).toBeVisible();
    await scanCard(counter, card());
    await counter.getByRole("button", { name: "Face fits the photo" }).click();
    await screen.primary(counter).click();
    await expect.poll(async () => (await shop.standing(orders[0])).status).toBe("handed_over");
  });
});

test("an order is taken back from a device that is not heard, and what it picks later waits", async ({ shop, device }) => {
  test.setTimeout(180_000);
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const { code } = await shop.take(order({ goods: { [products.gummies]: 3 } }));
  const tablet = await device();
  const his = await tablet.newPage();
  await screen.begin(his, shop, marcus);
  await screen.claim(his, code);
  await screen.pick(his);
  await screen.expectAllSent(his);
  await tablet.setOffline(true);

  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"));
  await desk.locator("tr", { hasText: code }).getByRole("link").click();
  await desk.locator(".order-act:not([data-report])").getByRole("button").click();
  const said = desk.locator(".order-act:not([data-report]) .card");
  await expect(said).toContainText(marcus.name);
  await expect(said).toContainText("1 unit picked so far stays in the order");
  await said.getByRole("button", { name: "Take the order back" }).click();
  await expect(desk.locator(".order-act:not([data-report])").first()).toContainText("Saved");
  await expect(desk.locator(".order-act:not([data-report])").getByRole("button")).toHaveCount(0);
  await screen.kept(desk);

  const hers = await (await device()).newPage();
  await screen.begin(hers, shop, ana);
  await screen.claim(hers, code);
  await screen.expectUnits(hers, 1, 3);

  await screen.pick(his);
  await tablet.setOffline(false);
  await screen.expectAllSent(his);
  await desk.getByRole("link", { name: "Needs you" }).click();
  await desk.locator('.inbox [data-rule="E06"] a').click();
  await expect(desk.locator(".detail .notice").first()).toContainText("holds up no order");
});

test("what a revoked device may have taken is counted once, and is off the list", async ({ shop, device }) => {
  test.setTimeout(120_000);
  const { code } = await shop.take(order({ goods: { [products.gummies]: 3 } }));
  const his = await (await device()).newPage();
  await screen.begin(his, shop, shop.person("associate"));
  await screen.claim(his, code);
  const tag = await screen.tagToTake(his);
  await screen.pick(his);
  await screen.expectAllSent(his);
  const listed = (await shop.command("device", "list")).split("\n");
  const [id] = listed.find((line) => line.includes("Tablet")).match(/[0-9a-f]{32}/);

  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("inventory-manager"), "/exceptions");
  await shop.command("device", "revoke", id);
  const task = desk.locator(`.task[data-tag="${tag}"]`);
  await expect(task).toBeVisible({ timeout: 30_000 });
  await task.getByRole("button", { name: "Count this" }).click();
  const save = task.getByRole("button", { name: "Save" });
  await expect(save, "no figure yet").toHaveAttribute("aria-disabled", "true");
  await task.getByLabel("Counted on that shelf").fill("20");
  await screen.sends(desk, () => save.click());
  await expect(task).toHaveCount(0);
  await expect(desk.locator(".inbox > .saved")).toContainText("Counted 20");

  const differs = desk.locator('.inbox > ul [data-rule="E20"] a');
  await test.step("the count differs, and whoever counted does not settle that", async () => {
    await differs.click();
    await expect(desk.locator(".detail .facts")).toContainText("20, on record");
    await expect(desk.locator(".detail")).toContainText("This is about what you did yourself");
    await expect(desk.getByRole("button", { name: "Settle it" })).toHaveCount(0);
  });

  await test.step("a second person counts again", async () => {
    const second = await (await device()).newPage();
    await screen.begin(second, shop, shop.person("general-manager"), "/exceptions");
    await second.locator('.inbox > ul [data-rule="E20"] a').click();
    await needs.decide(second, "Counted again", { counted: 21, ways: 2 });
  });
});

test("whoever may not settle anything is told who may", async ({ shop, device }) => {
  test.setTimeout(120_000);
  const tablets = [await device(), await device()];
  await pickTheSameUnit(shop, tablets);
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("auditor"), "/exceptions");
  await desk.locator('.inbox [data-rule="E01"] a').click();
  await expect(desk.locator(".detail .facts")).toContainText("a manager or compliance");
  await expect(desk.getByRole("button", { name: "Settle it" })).toHaveCount(0);
});

test("an older package that was passed over is listed with its reason, until it is counted", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  const older = await screen.tagToTake(page);
  await page.getByRole("button", { name: "Problem" }).click();
  await page.getByRole("button", { name: "Damaged" }).click();
  await screen.expectUnits(page, 0, 1);
  await expect.poll(() => screen.tagToTake(page)).not.toBe(older);
  await screen.pick(page);
  await screen.expectAllSent(page);

  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/exceptions");
  await expect(desk.locator(".side-count")).toHaveText("1", { timeout: 30_000 });
  const list = desk.locator('[data-folded="passed-over"]');
  await list.locator("summary").click();
  const row = list.locator(`[data-passed="${older}"]`);
  await expect(row).toContainText(code, { timeout: 30_000 });
  await expect(row).toContainText("damaged");
  await row.getByRole("link").click();
  await expect(desk).toHaveURL(/\/orders\/[0-9a-f]+/u);
});
