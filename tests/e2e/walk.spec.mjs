// Several orders in one walk, each in its own tote.

import { toteCode } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { catchPrints, prints, sheets } from "./support/paper.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";

/** What a walk waits for: a package's tag, or a tote by its number; null when everything is in its tote. */
function wanted(page) {
  return page.evaluate(() => {
    const tote = document.querySelector("[data-put-in]")?.dataset.putIn;
    const tag = document.querySelector(".target .tag")?.getAttribute("aria-label").replaceAll(" ", "");
    return tote ? { tote } : tag ? { tag } : null;
  });
}

/** How far a walk is: units, tag or tote, totes. Two units in a row may go into one tote. */
const stand = (page) => page.evaluate(() => ["head", "target", "cart"].map((part) => document.querySelector("." + part)?.innerText).join());

async function scanAndGoOn(page, code) {
  const before = await stand(page);
  await scan(page, code);
  await expect.poll(() => stand(page)).not.toBe(before);
}

async function begins(shop, device) {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  const walk = page.locator("[data-walk] .btn");
  await expect(walk).toHaveText(/^Take these \d$/);
  const count = Number((await walk.innerText()).match(/\d/)[0]);
  await walk.click();
  return { page, count };
}

test("orders that go together are taken at one tap, and every unit goes into the tote the screen names", async ({ shop, device }) => {
  const { page, count } = await begins(shop, device);
  const totes = page.locator(".cart li");
  await expect(totes).toHaveCount(count);
  const numbers = await totes.evaluateAll((rows) => rows.map((row) => row.dataset.tote));
  expect(numbers).toEqual(Array.from({ length: count }, (_, at) => String(at + 1)));
  await screen.bindTotes(page);
  // Walked to the end: one tote is marked at a time, and it is the one of "for tote n".
  let into = null;
  for (let next = await wanted(page); next !== null; next = await wanted(page)) {
    if (next.tag) {
      into = await page.locator(".cart li[data-now]").getAttribute("data-tote");
      await expect(page.locator(".take span")).toHaveText(`for tote ${into}`);
      await scanAndGoOn(page, next.tag);
    } else {
      expect(next.tote).toBe(into);
      await scanAndGoOn(page, toteCode(next.tote));
    }
  }
  await expect(page.getByText("Bring the totes to the pack bench.")).toBeVisible();
  await expect(totes).toHaveCount(count);
  // At the bench a tote opens its order.
  await scan(page, toteCode(1));
  await expect(page).toHaveURL(/\/pack\//);
  await screen.expectAllSent(page);
});

test("what is picked goes into the right tote before anything else, and a wrong one is told the right one's number, shape and colour", async ({ shop, device }) => {
  const { page } = await begins(shop, device);
  // A package before its order has a tote.
  const [jar] = await takeIn(shop, [{ item: "Harbor Mist 1g", units: 4 }]);
  await screen.kept(page);
  await scan(page, jar.tag);
  await screen.expectRefused(page, "no_tote_yet");
  const first = await page.locator("main.pick").getAttribute("data-bind");
  await scanAndGoOn(page, toteCode(1));
  await expect(page.locator("main.pick")).not.toHaveAttribute("data-bind", first);
  // The same tote for another customer.
  await scan(page, toteCode(1));
  await screen.expectRefused(page, "tote_taken");
  await screen.bindTotes(page);
  let next = await wanted(page);
  const { tag } = next;
  while (next.tag) {
    await scanAndGoOn(page, next.tag);
    next = await wanted(page);
  }
  const other = next.tote === "1" ? 2 : 1;
  await scan(page, toteCode(other));
  await screen.expectRefused(page, "wrong_tote");
  const looks = ["blue circle", "yellow square", "pink triangle", "green diamond", "orange hexagon", "violet pentagon", "white cross", "sand half moon"];
  await expect(page.locator(".refusal-do")).toContainText(`Put it in tote ${next.tote}, ${looks[next.tote - 1]} and scan that one.`);
  await expect(page.locator(`.refusal .tote[data-tote="${next.tote}"]`)).toBeVisible();
  await scan(page, toteCode(next.tote));
  await expect(page.locator(".refusal")).toHaveCount(0);
  await expect.poll(async () => (await wanted(page))?.tote ?? null).toBe(null);
  expect((await wanted(page))?.tag).not.toBe(tag);
  await screen.expectAllSent(page);
});

test("a rush order joins a walk in a free tote, and the others keep theirs", async ({ shop, device }) => {
  const { page } = await begins(shop, device);
  await screen.bindTotes(page);
  const totes = page.locator(".cart li");
  await expect(totes.first()).toBeVisible();
  const codes = () => page.locator(".cart .code").allTextContents();
  const before = await codes();
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 }, minutes: 5 }));
  await page.getByRole("button", { name: "Back" }).click();
  await screen.claim(page, code);
  await page.getByRole("button", { name: "Back" }).click();
  await page.locator("[data-walk] .btn").click();
  await expect(totes).toHaveCount(before.length + 1);
  expect(await codes()).toEqual([...before, code]);
  await expect(page.locator("main[data-bind] .slot")).toHaveText(code);
  await screen.bindTotes(page);
  expect(await codes()).toEqual([...before, code]);
});

test("whoever walks is told of new orders, and puts one on the cart without losing place", async ({ shop, device }) => {
  const { page } = await begins(shop, device);
  await screen.bindTotes(page);
  const chip = page.locator("[data-new]");
  await expect(chip).toHaveCount(0);
  // A unit is in the hand, and belongs into its tote before anything else.
  const { tag } = await wanted(page);
  await scanAndGoOn(page, tag);
  const into = await page.locator(".cart li[data-now]").getAttribute("data-tote");
  const codes = () => page.locator(".cart .code").allTextContents();
  const before = await codes();
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 }, minutes: 5 }));
  await shop.take(order({ goods: { [products.flower]: 1 }, minutes: 600 }));
  await expect(chip).toHaveText("2 new");
  const place = await stand(page);
  await chip.click();
  const row = page.locator(`[data-joining] li[data-code="${code}"]`);
  await expect(row).toContainText(/m more|makes .* late/);
  await row.getByRole("button", { name: "Put on this walk" }).click();
  await expect(page.locator("[data-joining]")).toHaveCount(0);
  await expect(chip).toHaveCount(0);
  expect(await codes()).toEqual([...before, code]);
  // What was in the hand still goes where it went.
  expect((await stand(page)).split(",")[1]).toBe(place.split(",")[1]);
  await expect(page.locator(".cart li[data-now]")).toHaveAttribute("data-tote", into);
  for (let next = await wanted(page); next?.tag; next = await wanted(page)) {
    await scanAndGoOn(page, next.tag);
  }
  await scanAndGoOn(page, toteCode(into));
  // Now the new one gets its tote, and the walk goes on.
  await expect(page.locator("main[data-bind] .slot")).toHaveText(code);
  await screen.bindTotes(page);
  expect(await codes()).toEqual([...before, code]);
  await screen.expectAllSent(page);
});

test("the labels of a cart's totes come out one to a piece of the roll, and their code is the tote's", async ({ shop, device }) => {
  const context = await device();
  await catchPrints(context);
  const page = await context.newPage();
  await screen.begin(page, shop, shop.person("general-manager"), "/map");
  await page.getByRole("button", { name: "Print tote labels", exact: true }).click();
  await expect.poll(() => prints(page)).toBe(1);
  const labels = page.locator(".printout .tote-label");
  await expect(labels).toHaveCount(8);
  expect(await labels.locator("> span:not(.tote)").allTextContents()).toEqual(Array.from({ length: 8 }, (_, at) => toteCode(at + 1)));
  expect(await sheets(page)).toEqual(Array.from({ length: 8 }, () => [3, 1]));
});
