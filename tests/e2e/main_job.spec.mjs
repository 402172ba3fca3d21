// The main job, end to end: one order from the queue to the customer's hand, with the network cut in the middle.

import { expect, test } from "./support/story.mjs";

import { card, scanCard } from "./support/cards.mjs";
import { slotCode, swapped, unitLink } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { catchPrints, labelLines, prints, sheets, ticketCode } from "./support/paper.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { times } from "./support/witness.mjs";

/** A maker's bar code with a right check digit. */
const UPC = "012345678905";

/** Every kind of act of this order, as often as it must stand in the record. */
const ONCE = [
  "OrderArrived",
  "LinesAllocated",
  "LeaseGranted",
  "OrderClaimed",
  "TicketRead",
  "LabelPrinted",
  "BagSealed",
  "BagStaged",
  "OrderHandedOff",
];

test("an order goes from the queue to the customer's hand, with the server gone in the middle", async ({ shop, device }) => {
  test.setTimeout(240_000);
  const [ana, imani, gwen] = ["associate", "front-of-house", "general-manager"].map((role) => shop.person(role));
  const ordered = order({ goods: { [products.flower]: 3, [products.preRoll]: 2 }, minutes: 30 });
  const { code } = await shop.take(ordered);

  const tablet = await device();
  await catchPrints(tablet);
  let page = await tablet.newPage();
  const scanned = [];
  let label;

  await test.step("an associate signs in, and the queue says channel, promise and reason", async () => {
    await screen.begin(page, shop, ana);
    const row = page.locator(`.order[data-code="${code}"]`);
    await expect(row.locator(".order-channel")).toContainText("Pickup");
    await expect(row.locator(".order-due b")).toHaveText(/\d{1,2}:\d{2}/);
    await row.click();
    await expect(page.locator(".dock-note .soft")).not.toBeEmpty();
    await screen.installed(page);
  });

  await test.step("claiming it opens the pick screen at a location and an exact package", async () => {
    await screen.claim(page, code);
    await expect(page.locator(".slot")).not.toBeEmpty();
    await screen.expectUnits(page, 0, 5);
  });

  await test.step("another batch of the same product is refused, its differing characters marked", async () => {
    await skipTo(page, products.flower, scanned);
    const right = await screen.tagToTake(page);
    const { picked } = await screen.units(page);
    await scan(page, swapped(right));
    await screen.expectRefused(page, "wrong_batch");
    await expect(page.locator('.refusal i[data-differs="yours"]')).toHaveText([...swapped(right).slice(-2)]);
    await expect(page.locator('.refusal i[data-differs="right"]')).toHaveText([...right.slice(-2)]);
    await screen.expectUnits(page, picked, 5);
  });

  await test.step("a product's bar code alone is not enough", async () => {
    const { picked } = await screen.units(page);
    await scan(page, UPC);
    await expect(page.locator('.band[data-verdict="attention"]')).toBeVisible();
    await screen.expectUnits(page, picked, 5);
  });

  await test.step("a unit's own code counts once and is refused the second time", async () => {
    const { picked } = await screen.units(page);
    const link = unitLink(await screen.tagToTake(page), 7);
    const saved = await times(page, "saved");
    await scan(page, link);
    await screen.expectUnits(page, picked + 1, 5);
    expect(await times(page, "saved")).toBe(saved + 1);
    scanned.push(link);
    await scan(page, link);
    await screen.expectRefused(page, "already_scanned");
    await screen.expectUnits(page, picked + 1, 5);
    await screen.expectAllSent(page);
  });

  await test.step("the server is gone and picking goes on; the strip says what is not sent", async () => {
    await shop.kill();
    await pickOne(page, scanned);
    await screen.expectOffline(page);
    expect(await screen.unsent(page)).toBeGreaterThan(0);
  });

  await test.step("the page is reloaded, the tab closed and opened again: every saved pick is there", async () => {
    const before = await screen.units(page);
    await page.reload();
    await screen.signIn(page, ana);
    await screen.expectUnits(page, before.picked, before.due);
    await pickOne(page, scanned);
    const path = new URL(page.url()).pathname;
    const waiting = await screen.unsent(page);
    await page.close();
    page = await tablet.newPage();
    await screen.begin(page, shop, ana, path);
    await screen.expectUnits(page, before.picked + 1, before.due);
    expect(await screen.unsent(page)).toBeGreaterThan(waiting);
    while ((await screen.tagToTake(page)) !== null) {
      await pickOne(page, scanned);
    }
    await screen.expectUnits(page, 5, 5);
  });

  await test.step("offline, every unit is scanned again, and the order's ticket", async () => {
    await screen.primary(page).click();
    await expect(page.locator("main.verify")).toBeVisible();
    await page.getByRole("button", { name: "Print ticket" }).click();
    await expect.poll(() => prints(page)).toBe(1);
    expect(await sheets(page)).toEqual([[8.5, 11]]);
    const ticket = await ticketCode(page);
    for (const [index, text] of scanned.entries()) {
      await scan(page, text);
      await expect(page.locator("main.verify thead")).toContainText(`${index + 1} of 5`);
    }
    await scan(page, ticket);
    await expect(page.locator("main.label")).toBeVisible();
  });

  await test.step("the exit label is previewed, printed in its own size and scanned back", async () => {
    await expect(page.locator("main.label .paper svg").first()).toContainText(code);
    await screen.primary(page).click();
    await expect.poll(() => prints(page)).toBe(2);
    const lines = await labelLines(page);
    expect(lines.join(" ")).toContain(ordered.customer.name);
    const labels = await page.locator(".printout .exit-label").count();
    expect(await sheets(page), "each label on a sheet of its own").toEqual(Array(labels).fill([4, 3]));
    label = lines.map((line) => line.match(/CUSX\w+/)?.[0]).find(Boolean);
    const saved = await times(page, "saved");
    await scan(page, label);
    await expect.poll(() => times(page, "saved")).toBe(saved + 1);
  });

  await test.step("the bag is sealed and scanned into a staging slot", async () => {
    await scan(page, label);
    await expect(page.locator("main.staging")).toBeVisible();
    const slot = await page.locator('.tile[data-state="here"]').first().getAttribute("data-slot");
    await scan(page, slotCode(slot));
    await expect(page.locator(`.tile[data-slot="${slot}"] .code`)).toHaveText(code.split("-").at(-1));
    expect(await screen.unsent(page)).toBeGreaterThan(0);
  });

  await test.step("the server comes back and has everything, once, without anybody's help", async () => {
    await shop.start();
    await screen.expectAllSent(page);
    await expect.poll(async () => (await shop.standing(ordered)).status).toBe("staged");
    const standing = await shop.standing(ordered);
    expect(standing.units_picked).toBe(5);
    expect(standing.lines.map((line) => line.picked)).toEqual([3, 2]);
  });

  await test.step("front of house scans the bag, sees the ID, and hands it over", async () => {
    const counter = await (await device()).newPage();
    await screen.begin(counter, shop, imani);
    const ready = counter.locator('[data-column="ready"]');
    await expect(ready.locator(`.caller[data-code="${code}"]`)).toContainText("Jordan");
    await scan(counter, label);
    await expect(counter.locator("main.handing")).toBeVisible();
    await expect(screen.primary(counter)).toHaveAttribute("aria-disabled", "true");
    await scanCard(counter, card());
    await expect(counter.locator("[data-id]")).toContainText("21 or over today");
    await expect(screen.primary(counter), "nobody has looked at the face yet").toHaveAttribute("aria-disabled", "true");
    await counter.getByRole("button", { name: "Face fits the photo" }).click();
    await screen.primary(counter).click();
    await expect(counter.locator("main.handing")).toHaveCount(0);
    await expect(counter.locator('.band[data-verdict="accepted"]'), "what became of the bag is said").toBeVisible();
    await expect.poll(async () => (await shop.standing(ordered)).status).toBe("handed_over");
    await screen.expectAllSent(counter);
  });

  await test.step("a manager reads the order's chain of custody, whole and signed", async () => {
    const desk = await (await device()).newPage();
    await screen.begin(desk, shop, gwen);
    await desk.locator("tr", { hasText: code }).getByRole("link").click();
    await expect(desk.locator(".proof[data-whole]")).toBeVisible({ timeout: 30_000 });
    await checkChain(desk, scanned.length);
  });
});

/** Picks whatever comes first on the walk until this product is asked for. */
async function skipTo(page, product, scanned) {
  while (!(await page.locator(".target h2").innerText()).includes(product)) {
    await pickOne(page, scanned);
  }
}

async function pickOne(page, scanned) {
  scanned.push(await screen.tagToTake(page));
  await screen.pick(page);
}

async function checkChain(desk, unitsPicked) {
  const links = desk.locator(".thread > li");
  await expect(links.filter({ hasText: "Imani K." }).first(), "front of house's act").toBeVisible();
  const kinds = (await links.evaluateAll((all) => all.map((one) => one.dataset.kind))).reverse();
  const places = ONCE.map((kind) => {
    expect(kinds.filter((one) => one === kind), `${kind} stands in the record once`).toHaveLength(1);
    return kinds.indexOf(kind);
  });
  expect(places, "arrival to hand-off, in order").toEqual(places.toSorted((one, other) => one - other));
  const count = (kind) => kinds.filter((one) => one === kind).length;
  expect(count("PackagePicked")).toBe(unitsPicked);
  expect(count("UnitVerified")).toBe(unitsPicked);
  expect(count("LabelReadBack"), "on the label alone, and on the closed bag").toBe(2);
  expect(count("ScanRefused"), "the other batch, the bar code, the unit scanned twice").toBe(3);
  expect(kinds.indexOf("PackagePicked")).toBeGreaterThan(kinds.indexOf("OrderClaimed"));
  for (const link of await links.all()) {
    await expect(link.locator("time")).toHaveText(/\d{1,2}:\d{2}:\d{2}/);
    await expect(link.locator("time small"), "the server's time").toHaveText(/\d{1,2}:\d{2}:\d{2}/);
    await expect(link.locator(".evidence-act span"), "who, on which device").not.toBeEmpty();
    await expect(link.locator(".evidence-sign svg")).toBeVisible();
  }
  await expect(links.filter({ hasText: "Ana R." }).first(), "the associate's acts").toBeVisible();
}
