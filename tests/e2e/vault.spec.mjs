// The map of the vault: a manager draws it, and a picker walks by it.

import { order, products } from "./support/orders.mjs";
import { catchPrints, prints, sheets } from "./support/paper.mjs";
import { scan, typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

async function opens(shop, device) {
  const context = await device();
  await catchPrints(context);
  const page = await context.newPage();
  await screen.begin(page, shop, shop.person("general-manager"));
  await page.getByRole("link", { name: "Vault map" }).click();
  await expect(page.getByText("Nobody has drawn the vault yet")).toBeVisible();
  return page;
}

test("a manager draws the vault from the guess, mends what is wrong, and every device has the map", async ({ shop, device }) => {
  const page = await opens(shop, device);
  await button(page, "Start from the guess").click();
  const findings = page.locator("[data-findings]");
  await expect(findings).toContainText("Every shelf can be walked to.");
  const tile = page.locator('.vault-tile[data-place="B-4"]');
  await tile.click();
  await expect(page.locator("[data-chosen] h2")).toHaveText("B-04");
  // A typed position moves the tile, and is undone like everything else.
  const before = await tile.boundingBox();
  const right = page.getByLabel("Metres from the left");
  await right.fill("");
  await right.click();
  await typeByHand(page, "9.6");
  await button(page, "Put here").click();
  await expect.poll(async () => (await tile.boundingBox()).x).not.toBe(before.x);
  await button(page, "Undo").click();
  await expect.poll(() => tile.boundingBox()).toEqual(before);
  // Something that is no length is said to be none, and changes nothing.
  await right.click();
  await page.keyboard.press("ControlOrMeta+a");
  await typeByHand(page, "far");
  await expect(page.getByText("A length in metres, such as 2.4")).toBeVisible();
  // Without its place a bay's shelves are not on the map: the page says so, and what to do.
  await button(page, "Take this place away").click();
  await expect(findings).toContainText("is not on the map");
  await button(page, "Undo").click();
  await expect(findings).toContainText("Every shelf can be walked to.");
  await screen.sends(page, () => button(page, "Save the map").click());
  await expect(page.getByText("Saved. Walks go by this map now.")).toBeVisible();
  const others = await (await device()).newPage();
  await screen.begin(others, shop, shop.person("general-manager"), "/map");
  await expect(others.locator('.vault-tile[data-place="B-4"]')).toBeVisible();
  await expect(others.getByText("Not saved yet")).toHaveCount(0);
});

test("a tile is dragged to its place, and a tap on the floor puts another", async ({ shop, device }) => {
  const page = await opens(shop, device);
  await button(page, "Draw from nothing").click();
  const floor = page.locator(".vault-floor");
  await expect(page.locator(".vault-tile")).toHaveText(["Pack station"]);
  await floor.click({ position: { x: 380, y: 240 } });
  const tile = page.locator('.vault-tile[data-place="1"]');
  await expect(page.getByLabel("Metres from the left")).toHaveValue("6");
  await expect(page.getByLabel("Metres from the top")).toHaveValue("3.2");
  await button(page, "Add a place").click();
  const at = await tile.boundingBox();
  const middle = [at.x + at.width / 2, at.y + at.height / 2];
  await page.mouse.move(...middle);
  await page.mouse.down();
  await page.mouse.move(middle[0] + 50, middle[1] + 25, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByLabel("Metres from the left")).toHaveValue("7");
  await expect(page.getByLabel("Metres from the top")).toHaveValue("3.7");
});

test("shelf labels come out one to a piece of the roll, and their code is the shelf's", async ({ shop, device }) => {
  const page = await opens(shop, device);
  await button(page, "Start from the guess").click();
  await page.locator('.vault-tile[data-place="B-4"]').click();
  const here = await page.locator("[data-chosen] .vault-list .code").allTextContents();
  await button(page, "Print these labels").click();
  await expect.poll(() => prints(page)).toBe(1);
  expect(await page.locator(".printout .shelf-label b").allTextContents()).toEqual(here);
  expect(await sheets(page)).toEqual(here.map(() => [3, 1]));
  const code = await page.locator(".printout .shelf-label span").first().textContent();
  expect(code).toMatch(/^CUSLB04\d.$/);
});

test("a picker is sent by the shortest way of the shop's own map", async ({ shop, device }) => {
  const page = await opens(shop, device);
  const { code } = await shop.take(order({ goods: { [products.preRoll]: 1, [products.gummies]: 1, [products.flower]: 1 } }));
  await button(page, "Start from the guess").click();
  await screen.sends(page, () => button(page, "Save the map").click());
  const tablet = await (await device()).newPage();
  await screen.begin(tablet, shop, shop.person("associate"));
  await screen.claim(tablet, code);
  // The lines stand as they are walked, and the way does not change while it is walked.
  const lines = await tablet.locator(".lines .lines-where").allTextContents();
  const planned = lines.map((line) => line.match(/[A-Z]-\d\d-\d/)[0]);
  const walked = [];
  for (let tag = await screen.tagToTake(tablet); tag !== null; tag = await screen.tagToTake(tablet)) {
    walked.push(await tablet.locator(".target .slot").textContent());
    await scan(tablet, tag);
    await expect.poll(() => screen.tagToTake(tablet)).not.toBe(tag);
  }
  expect(walked.length).toBe(3);
  expect(walked).toEqual(planned);
});

test("of two managers who draw at once neither loses a map: the second is told, looks at both and settles it", async ({ shop, device }) => {
  const first = await opens(shop, device);
  await button(first, "Start from the guess").click();
  await screen.sends(first, () => button(first, "Save the map").click());
  const context = await device();
  const second = await context.newPage();
  const ivy = shop.person("inventory-manager");
  await screen.begin(second, shop, ivy, "/map");
  const tile = (page, place) => page.locator(`.vault-tile[data-place="${place}"]`);
  await expect(tile(second, "B-4")).toBeVisible();
  // Ivy loses the network and takes one place away; Gwen takes another.
  await context.setOffline(true);
  await tile(second, "B-4").click();
  await button(second, "Take this place away").click();
  await button(second, "Save the map").click();
  await expect(second.getByText("Saved. Walks go by this map now.")).toBeVisible();
  await tile(first, "A-1").click();
  await button(first, "Take this place away").click();
  await screen.sends(first, () => button(first, "Save the map").click());
  await context.setOffline(false);
  // Gwen's was first, and Ivy's is kept beside it.
  const gwen = shop.person("general-manager");
  const beside = second.locator("[data-beside]");
  await expect(beside).toContainText(`${gwen.name} changed the map at`);
  await expect(beside).toContainText("Yours is kept: look at both.");
  await expect(tile(second, "A-1")).toHaveCount(0);
  await expect(tile(second, "B-4")).toBeVisible();
  await expect(first.locator("[data-beside]")).toContainText(`${ivy.name} drew another map at`);
  await beside.getByRole("button", { name: "Look at it" }).click();
  await expect(tile(second, "A-1")).toBeVisible();
  await expect(tile(second, "B-4")).toHaveCount(0);
  await expect(second.getByText("Not saved yet")).toBeVisible();
  await beside.getByRole("button", { name: "Back to the map" }).click();
  await expect(tile(second, "B-4")).toBeVisible();
  await beside.getByRole("button", { name: "Look at it" }).click();
  await screen.sends(second, () => button(second, "Save the map").click());
  await expect(beside).toHaveCount(0);
  await expect(tile(first, "A-1")).toBeVisible();
  await expect(tile(first, "B-4")).toHaveCount(0);
  await expect(first.locator("[data-beside]")).toHaveCount(0);
});
