// From the bench to the counter: a second person, a customer who waits, a bag nobody came for.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { card, scanCard } from "./support/cards.mjs";
import { ownCode } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { pack } from "./support/packing.mjs";
import { catchPrints, labelLines, prints, ticketCode } from "./support/paper.mjs";
import { number } from "./support/people.mjs";
import { scan, typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

/** An order of one unit, picked by an associate on a tablet of their own. */
async function picked({ shop, device }, person, wanted = {}) {
  const ordered = order({ goods: { [products.gummies]: 1 }, ...wanted });
  const { code } = await shop.take(ordered);
  const tablet = await device();
  await catchPrints(tablet);
  const page = await tablet.newPage();
  await screen.begin(page, shop, person);
  await screen.claim(page, code);
  const tag = await screen.tagToTake(page);
  await screen.pick(page);
  return { ordered, code, page, tag };
}

const button = (page, name) => page.getByRole("button", { name });

test("a dear order closes only after somebody else has scanned its label", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const file = join(shop.directory, "bench.json");
  await writeFile(file, JSON.stringify({ second_person: { value_cents: 1 }, citations: ["second_person: a story"] }));
  await shop.command("store", "bench", file);
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const { page, tag } = await picked({ shop, device }, ana);
  await screen.primary(page).click();
  await button(page, "Print ticket").click();
  await expect.poll(() => prints(page)).toBe(1);
  await scan(page, tag);
  await scan(page, await ticketCode(page));
  await expect(page.locator("main.label")).toBeVisible();
  await screen.primary(page).click();
  await expect.poll(() => prints(page)).toBe(2);
  const label = (await labelLines(page)).map((line) => line.match(/CUSX\w+/)?.[0]).find(Boolean);
  await scan(page, label);
  await expect(page.locator(".band-word")).toHaveText("Second person: look, scan the label");
  await expect(page.locator(".band-what")).toContainText("high value");
  await scan(page, label);
  await screen.expectRefused(page, "second_person_needed");
  await scan(page, ownCode("P", (await number(shop, marcus)).padStart(3, "0")));
  await expect(page.locator(".pin-for")).toContainText(marcus.name);
  for (const digit of marcus.pin) {
    await page.locator(".keypad").getByRole("button", { name: digit, exact: true }).click();
  }
  await expect(page.locator("main.label")).toBeVisible({ timeout: 30_000 });
  await scan(page, label);
  await expect(button(page, "Close the bag")).toBeVisible();
  await scan(page, label);
  await expect(page.locator("main.staging")).toBeVisible();
});

test("a name the label cannot print is told whole, to be written on by hand", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const { page, tag } = await picked({ shop, device }, shop.person("associate"), { customer: "李小龙 Peña" });
  await screen.primary(page).click();
  await button(page, "Print ticket").click();
  await expect.poll(() => prints(page)).toBe(1);
  await scan(page, tag);
  await scan(page, await ticketCode(page));
  const boxes = page.locator('[data-attend="boxes"]');
  await expect(boxes).toContainText("cannot be printed");
  await expect(boxes.locator("bdi")).toHaveText(["李小龙 Peña"]);
  await expect(page.locator(".band-what")).toContainText("by hand");
});

test("nobody is told to stick on a label that has not come out", async ({ shop, device }) => {
  const { page, tag } = await picked({ shop, device }, shop.person("associate"));
  await screen.primary(page).click();
  await button(page, "Print ticket").click();
  await expect.poll(() => prints(page)).toBe(1);
  await scan(page, tag);
  await scan(page, await ticketCode(page));
  // No printer is plugged in.
  await page.locator('[data-choice="printer"]').selectOption({ label: "Printer at this tablet's USB" });
  await screen.primary(page).click();
  await expect(page.locator(".card.printer")).toContainText("Not printed");
  await expect(page.locator(".band-word")).toHaveText("Not printed");
});

test("the bench says of a changed order that its goods are those of before", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const { ordered, page } = await picked({ shop, device }, shop.person("associate"));
  await screen.primary(page).click();
  const ordersMark = page.locator("main.verify tbody td").first();
  await expect(ordersMark).toContainText("agrees");
  await screen.expectAllSent(page);
  const lines = ordered.lines.map((line) => ({ ...line, quantity: 2 }));
  expect(await shop.take({ ...ordered, lines })).toMatchObject({ action: "changed" });
  await expect(page.locator(".frame > .notices > .notice")).toContainText("what was ordered before", { timeout: 30_000 });
  await expect(ordersMark).toContainText("waits");
});

test("a customer who is here is seen at the bench, and nobody says so twice", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const { code, page, tag } = await picked({ shop, device }, shop.person("associate"));
  await pack(page, tag);
  const counter = await (await device()).newPage();
  await counter.setViewportSize({ width: 390, height: 844 });
  await screen.begin(counter, shop, shop.person("front-of-house"));
  const caller = (column) => counter.locator(`[data-column="${column}"] .caller[data-code="${code}"]`);
  // Whoever stands there is told first, whatever else was said before.
  for (const word of ["NeedId", "ItemShort", "CallMe"]) {
    await caller("ready").getByRole("button", { name: "Message" }).click();
    await counter.locator(`.sheet .kinds [data-word="${word}"]`).click();
    await expect(counter.locator(".sheet")).toHaveCount(0);
  }
  await caller("ready").getByRole("button", { name: "Customer is here" }).click();
  await expect(caller("here")).toContainText("waiting");
  await expect(caller("ready")).toHaveCount(0);
  const news = page.locator('.news [data-word="CustomerHere"]');
  await expect(news).toContainText(code, { timeout: 30_000 });
  await news.getByRole("button", { name: "On it" }).click();
  await expect(news).toHaveCount(0);
  await screen.expectAllSent(page);
  await caller("here").getByRole("button", { name: "Message" }).click();
  const sheet = counter.locator(".sheet");
  await expect(sheet.locator('.kinds [data-word="CustomerHere"]')).toHaveCount(0);
  await sheet.getByRole("button", { name: "Close" }).click();
  await expect(page.locator('.news [data-word="NeedId"]')).toContainText("ID is needed", { timeout: 30_000 });
  await caller("here").getByRole("button", { name: "Customer has left" }).click();
  await expect(caller("ready")).toBeVisible();
});

test("whoever waits at the curb is found by car and space, which leave with the customer", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const { code, page, tag } = await picked({ shop, device }, shop.person("associate"), { channel: "curbside" });
  const label = await pack(page, tag);
  const counter = await (await device()).newPage();
  await counter.setViewportSize({ width: 390, height: 844 });
  await screen.begin(counter, shop, shop.person("front-of-house"));
  const caller = (column) => counter.locator(`[data-column="${column}"] .caller[data-code="${code}"]`);
  await caller("ready").getByRole("button", { name: "Customer is here" }).click();
  const sheet = counter.locator("[data-car-sheet]");
  await sheet.getByLabel("Car: colour and make").click();
  await typeByHand(counter, "silver Honda");
  await sheet.getByLabel("Parking space").click();
  await typeByHand(counter, "14");
  await sheet.getByRole("button", { name: "Customer is here" }).click();
  await expect(caller("here").locator("[data-car]")).toHaveText("silver Honda · space 14");
  await screen.expectAllSent(counter);
  const other = await (await device()).newPage();
  await screen.begin(other, shop, shop.person("front-of-house"));
  await scan(other, label);
  await expect(other.locator("main.handing [data-car]")).toHaveText("silver Honda · space 14");
  await caller("here").getByRole("button", { name: "Car and space" }).click();
  await expect(sheet.getByLabel("Parking space")).toHaveValue("14");
  await sheet.getByRole("button", { name: "Cancel" }).click();
  await caller("here").getByRole("button", { name: "Customer has left" }).click();
  await expect(caller("ready").locator("[data-car]")).toHaveCount(0);
  await expect(other.locator("main.handing [data-car]")).toHaveCount(0, { timeout: 30_000 });
});

test("what became of a bag at the counter is said, also when it stays there for want of the server", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const { page, tag } = await picked({ shop, device }, shop.person("associate"));
  const label = await pack(page, tag);
  const counter = await (await device()).newPage();
  await screen.begin(counter, shop, shop.person("front-of-house"));
  await scan(counter, label);
  await scanCard(counter, card({}), { blunt: true });
  await button(counter, "Face fits the photo").click();
  await shop.kill();
  await screen.expectOffline(counter);
  await screen.primary(counter).click();
  await expect(counter.locator('.band[data-verdict="attention"]')).toContainText("Not without the server");
  await shop.start();
  await screen.expectAllSent(counter);
});

test("a patient's bag goes once the card was seen, and a held one is not called free to go", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const ordered = { ...order({ goods: { [products.gummies]: 1 } }), program: "medical" };
  const { code } = await shop.take(ordered);
  const tablet = await device();
  await catchPrints(tablet);
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  const tag = await screen.tagToTake(page);
  await screen.pick(page);
  const label = await pack(page, tag);
  const counter = await (await device()).newPage();
  await screen.begin(counter, shop, shop.person("front-of-house"));
  await scan(counter, label);
  await scanCard(counter, card({}), { blunt: true });
  await button(counter, "Face fits the photo").click();
  await expect(screen.primary(counter), "nobody has looked at the patient's card").toHaveAttribute("aria-disabled", "true");
  await expect(counter.locator(".band-word"), "nothing else is left to look at").toHaveText("Look at the patient's card");
  await button(counter, "Patient's card: same name, in date").click();
  await expect(screen.primary(counter)).not.toHaveAttribute("aria-disabled", "true");
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("inventory-manager"), "/holds");
  await desk.getByRole("button", { name: "Put on hold", exact: true }).click();
  await desk.getByRole("searchbox").click();
  await typeByHand(desk, tag.slice(-5));
  await desk.locator(`[data-tag="${tag}"]`).click();
  await desk.locator("[data-begin] fieldset").getByRole("button", { name: /^package/ }).click();
  await desk.locator("[data-begin] select").selectOption("0");
  await screen.sends(desk, () => desk.locator("[data-begin] .btn-primary").click());
  await expect(counter.locator(".band-word")).toHaveText("Do not hand over", { timeout: 30_000 });
  await expect(counter.locator(".band-what")).toContainText("may not leave");
  await expect(counter.locator('.band[data-verdict="refused"]'), "no blue of something that waits").toBeVisible();
  await expect(screen.primary(counter)).toHaveAttribute("aria-disabled", "true");
  // Put back and scanned again it is refused on the whole stage, not in a corner of the list.
  await counter.locator(".back").click();
  await scan(counter, label);
  await screen.expectRefused(counter, "on_hold");
  const refusal = await counter.locator(".refusal").boundingBox();
  expect(refusal.height).toBeGreaterThan(300);
});

test("a bag is found by slot, code or name, and one nobody came for goes back to the vault by its label", async ({ shop, device }) => {
  test.setTimeout(150_000);
  const { code, page, tag } = await picked({ shop, device }, shop.person("associate"), { minutes: 1 });
  const label = await pack(page, tag);
  await button(page, "Find a bag").click();
  const found = page.locator(`.found[data-code="${code}"]`);
  const slot = await found.getAttribute("data-slot");
  for (const typed of [slot, code.split("-").at(-1), "jord"]) {
    await page.getByRole("searchbox").fill("");
    await typeByHand(page, typed);
    await expect(found.locator(".found-place")).toHaveText(slot);
  }
  await page.getByRole("searchbox").fill("");
  await typeByHand(page, "zz");
  await expect(page.locator(".found")).toHaveCount(0);
  expect(page.url(), "nothing that was typed stays in the address").not.toContain("zz");
  await page.goto(`${shop.url}/evening`);
  await screen.signIn(page, shop.person("associate"));
  const left = page.locator(`[data-evening] li[data-code="${code}"]`);
  await expect(left).toBeVisible({ timeout: 75_000 });
  await scan(page, label);
  await expect(left).toHaveCount(0);
  await page.goto(`${shop.url}/pack`);
  await screen.signIn(page, shop.person("associate"));
  await expect(page.locator(`.order[data-code="${code}"]`)).toContainText("in the vault");
});
