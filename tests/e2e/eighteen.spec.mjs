// What waits for a decision after people have picked without a network: each kind is seen on its page, and settled there.
// E01 to E06 and E09 of the protocol's list; what devices and servers do is in `eighteen_devices.spec.mjs`.

import { unitLink } from "./support/codes.mjs";
import * as needs from "./support/needs_you.mjs";
import { order, products } from "./support/orders.mjs";
import { number } from "./support/people.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";

const back = (page) => page.getByRole("button", { name: "Back" }).click();

/** Takes orders one after the other, and hears of all that there is. */
async function claimAll(page, codes) {
  for (const code of codes) {
    await screen.claim(page, code);
    await back(page);
  }
  await screen.expectAllSent(page);
  await screen.kept(page);
}

/** Picks what is left of orders that this person has. */
async function pickOrders(page, codes) {
  for (const code of codes) {
    await screen.claim(page, code);
    await screen.pickAll(page);
    await back(page);
  }
}

/** The orders of the first story, by what becomes of them. */
async function ordersOf(shop, scarce, held) {
  const goods = {
    over: { [scarce.item]: 1 },
    twice: { [products.gummies]: 1 },
    cancelled: { [products.gummies]: 1 },
    held: { [held.item]: 2 },
    late: { [products.preRoll]: 1 },
  };
  const orders = {};
  for (const [name, wanted] of Object.entries(goods)) {
    const document = order({ goods: wanted });
    orders[name] = { document, code: (await shop.take(document)).code };
  }
  return orders;
}

async function takeBack(desk, code) {
  await desk.getByRole("link", { name: "Orders", exact: true }).click();
  await desk.locator("tr", { hasText: code }).getByRole("link").click();
  await desk.locator(".order-act:not([data-report])").first().getByRole("button").click();
  await desk.getByRole("button", { name: "Take the order back" }).click();
  await expect(desk.locator(".order-act:not([data-report])").first()).toContainText("Saved");
  await screen.kept(desk);
}

/** What happens in the shop while one tablet hears nothing. */
async function meanwhile({ shop, desk, hers, orders, held }) {
  await takeBack(desk, orders.over.code);
  await takeBack(desk, orders.twice.code);
  await screen.kept(hers);
  await pickOrders(hers, [orders.over.code, orders.twice.code]);
  await screen.expectAllSent(hers);
  await takeIn(shop, [{ ...held, hold: true }]);
  const { id, source } = orders.cancelled.document;
  await shop.take({ id, source, status: "cancelled" });
}

test("what a tablet picked while the shop went on is settled, case by case, by whoever may", async ({ shop, device }) => {
  test.setTimeout(300_000);
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const [scarce, held] = await takeIn(shop, [{ item: "Last Harbor 1g", units: 1 }, { item: "Held Harbor 1g", units: 4 }]);
  const orders = await ordersOf(shop, scarce, held);
  const { over, twice, cancelled, late } = orders;
  const tablet = await device();
  const his = await tablet.newPage();
  const hers = await (await device()).newPage();
  const desk = await (await device()).newPage();
  await screen.begin(his, shop, marcus);
  await claimAll(his, Object.values(orders).map((one) => one.code));
  await tablet.setOffline(true);
  await screen.begin(hers, shop, ana);
  await screen.begin(desk, shop, shop.person("general-manager"));

  await test.step("he picks what he still has by his tablet", async () => {
    await meanwhile({ shop, desk, hers, orders, held });
    await pickOrders(his, [over, twice, cancelled, orders.held].map((one) => one.code));
    await tablet.setOffline(false);
    await screen.expectAllSent(his);
    await tablet.setOffline(true);
    await shop.command("user", "disable", await number(shop, marcus));
    await pickOrders(his, [late.code]);
    await tablet.setOffline(false);
    await expect.poll(async () => (await shop.standing(late.document)).units_picked).toBe(1);
  });

  await needs.visit(desk);

  await test.step("E02: more was picked than there was; the shelf is counted, and a late pick's case is over with it", async () => {
    await needs.read(desk, "E06", { code: over.code, holds: [over.code] });
    const expected = { code: over.code, says: [marcus.name, scarce.item], holds: [over.code], ways: 2, counted: 0 };
    await needs.settle(desk, "E02", "It stays in the order", expected);
    await expect(needs.rows(desk, "E06", over.code)).toHaveCount(0);
  });

  await test.step("E06: a late pick that took nobody's unit holds up nothing", async () => {
    const expected = { code: twice.code, says: [marcus.name], ways: 2 };
    await needs.settle(desk, "E06", "Nothing moves", expected);
  });

  await test.step("E03: the unit too many goes back, and the order has what it asks for", async () => {
    for (const { code, document } of [over, twice]) {
      expect((await shop.standing(document)).units_picked).toBe(2);
      await needs.settle(desk, "E03", "Back to stock", { code, says: [marcus.name], holds: [code], ways: 1 });
      await expect.poll(async () => (await shop.standing(document)).units_picked).toBe(1);
    }
  });

  await test.step("E09: done by somebody who does not work here any more", async () => {
    await expect(needs.rows(desk, "E09", late.code)).toHaveCount(1);
    await expectOrderHeld(desk, late.code, true);
    await needs.visit(desk);
    const expected = { code: late.code, says: [marcus.name], holds: [late.code], ways: 2, settles: "a manager" };
    await needs.settle(desk, "E09", "Back to stock", expected);
    await expect.poll(async () => (await shop.standing(late.document)).units_picked).toBe(0);
    await expectOrderHeld(desk, late.code, false);
  });

  await test.step("E04: whoever picks brings back what was picked for a cancelled order", async () => {
    await hers.getByRole("link", { name: "Needs you" }).click();
    const expected = { code: cancelled.code, says: [marcus.name], ways: 1, settles: "whoever picks orders" };
    await needs.settle(hers, "E04", "Back to stock", expected);
  });

  await test.step("E05: a manager sees who decides about a package on hold; compliance does", async () => {
    await needs.visit(desk);
    await needs.read(desk, "E05", { holds: [orders.held.code], settles: "the compliance officer" });
    await expect(desk.getByRole("button", { name: "Settle it" })).toHaveCount(0);
    await settleHold({ shop, page: await (await device()).newPage(), held, code: orders.held.code });
    await expect.poll(async () => (await shop.standing(orders.held.document)).units_picked).toBe(1);
  });
  await expect(desk.locator(".inbox > ul [data-rule]")).toHaveCount(0);
  await expect(needs.folded(desk, "settled", "E05")).toHaveCount(2);
});

/** One unit into quarantine; the other stays, once the package is free again. */
async function settleHold({ shop, page, held, code }) {
  await screen.begin(page, shop, shop.person("compliance-officer"), "/exceptions");
  const expected = { code, says: [held.item], holds: [code], ways: 2 };
  await needs.settle(page, "E05", "Into quarantine", expected);
  await needs.read(page, "E05", expected);
  const detail = page.locator(".detail");
  await detail.getByRole("radio", { name: "Nothing moves" }).check();
  await expect(detail).toContainText("still on hold");
  await expect(detail.getByRole("button", { name: "Settle it" })).toHaveAttribute("aria-disabled", "true");
  await takeIn(shop, [{ ...held, hold: false }]);
  await expect(detail).not.toContainText("still on hold", { timeout: 30_000 });
  await needs.decide(page, "Nothing moves");
  await expect(needs.rows(page, "E05")).toHaveCount(0);
}

/** An order's own page says whether it waits. */
async function expectOrderHeld(desk, code, waits) {
  await desk.getByRole("link", { name: "Orders", exact: true }).click();
  await desk.locator("tr", { hasText: code }).getByRole("link").click();
  await expect(desk.locator('.chain > .notice[data-tone="attend"]')).toHaveCount(waits ? 1 : 0);
}

test("E01: the later pick can keep the unit, and a number read twice leaves each its own", async ({ shop, device }) => {
  test.setTimeout(180_000);
  const people = shop.people.filter((person) => person.role === "associate");
  const pairs = [[], []];
  for (const pair of pairs) {
    for (let one = 0; one < 2; one += 1) {
      const document = order({ goods: { [products.gummies]: 1 } });
      pair.push({ document, code: (await shop.take(document)).code });
    }
  }
  const tablets = [await device(), await device()];
  const pages = [];
  for (const [place, tablet] of tablets.entries()) {
    const page = await tablet.newPage();
    await screen.begin(page, shop, people[place]);
    await claimAll(page, pairs.map((pair) => pair[place].code));
    pages.push(page);
  }
  await tablets[1].setOffline(true);
  for (const [place, page] of pages.entries()) {
    for (const [unit, pair] of pairs.entries()) {
      await screen.claim(page, pair[place].code);
      await screen.expectUnits(page, 0, 1);
      await scan(page, unitLink(await screen.tagToTake(page), unit + 1));
      await screen.expectUnits(page, 1, 1);
      await back(page);
    }
  }
  await screen.expectAllSent(pages[0]);
  await tablets[1].setOffline(false);
  await screen.expectAllSent(pages[1]);

  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("inventory-manager"), "/exceptions");
  const [[first, second], [one, other]] = pairs;
  const expected = (pair) => ({ code: pair[1].code, holds: pair.map((one) => one.code), says: [people[1].name], ways: 3 });
  await needs.settle(desk, "E01", "The later keeps it", expected(pairs[0]));
  await expect.poll(async () => (await shop.standing(first.document)).units_picked).toBe(0);
  expect((await shop.standing(second.document)).units_picked).toBe(1);
  await needs.settle(desk, "E01", "Each has one", expected(pairs[1]));
  for (const { document } of [one, other]) {
    expect((await shop.standing(document)).units_picked).toBe(1);
  }
});
