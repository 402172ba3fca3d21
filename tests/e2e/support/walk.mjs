// A walk past every screen there is, for whoever judges how they look.
//
// In: a shop and devices. Out: each screen in turn, ready to be looked at, with its name.

import { join } from "node:path";

import { card, day, scanCard } from "./cards.mjs";
import { slotCode, swapped } from "./codes.mjs";
import { order, products } from "./orders.mjs";
import { catchPrints, labelLines, prints, tagsOnTicket, ticketCode } from "./paper.mjs";
import { scan } from "./scanner.mjs";
import * as screen from "./screen.mjs";
import { expect } from "./story.mjs";
import { pickTheSameUnit } from "./twice.mjs";

/** Words that end a button's name differ by language; the icon before them does not help a test. */
const dock = (page, place) => page.locator(".frame > .dock .btn").nth(place);

/** Goes past every screen. `look(page, name)` is awaited at each. */
export async function walk(shop, newDevice, look) {
  const ordered = order({ goods: { [products.flower]: 2, [products.preRoll]: 1 }, minutes: 20 });
  const { code } = await shop.take(ordered);
  const tablet = await newDevice();
  await catchPrints(tablet);
  const page = await tablet.newPage();
  const label = await fulfil({ page, shop, code, look });
  await atCounter(await newDevice(), shop, label, look);
  await atDesk(await newDevice(), shop, code, look);
  await devices(shop, newDevice, look);
  await passkeys(shop, newDevice, look);
  await needsYou(shop, newDevice, look);
  await auditFile(shop, await newDevice(), look);
  await pages(shop, await newDevice(), look);
  await halted(tablet, shop, look);
}

async function fulfil({ page, shop, code, look }) {
  const ana = shop.person("associate");
  await screen.open(page, shop.url);
  await look(page, "who is working");
  await page.locator(".person", { hasText: ana.name }).click();
  await look(page, "PIN");
  await screen.signIn(page, ana);
  await look(page, "queue");
  await page.locator(`.order[data-code="${code}"]`).click();
  await look(page, "queue, one chosen");
  await screen.claim(page, code);
  await look(page, "pick");
  await dock(page, 0).click();
  await look(page, "problem");
  await page.locator(".sheet .dock .btn").first().click();
  await dock(page, 2).click();
  await look(page, "keypad");
  await page.locator(".sheet .dock .btn").first().click();
  await scan(page, swapped(await screen.tagToTake(page)));
  await expect(page.locator(".refusal")).toBeVisible();
  await look(page, "refusal");
  await scan(page, (await screen.tagToTake(page)).slice(0, 20) + (await screen.tagToTake(page)).slice(21));
  await expect(page.locator('.refusal[data-verdict="attention"]')).toBeVisible();
  await look(page, "look closely");
  await scan(page, "012345678905");
  await expect(page.locator('.band[data-verdict="attention"]')).toBeVisible();
  await look(page, "attention");
  await screen.pickAll(page);
  await look(page, "all picked");
  return pack({ page, shop, look });
}

async function pack({ page, shop, look }) {
  const order = new URL(page.url()).pathname.split("/").at(-1);
  await screen.primary(page).click();
  await expect(page.locator("main.verify")).toBeVisible();
  await look(page, "verify");
  await dock(page, 1).click();
  await expect.poll(() => prints(page)).toBe(1);
  const ticket = await ticketCode(page);
  for (const { tag, count } of await tagsOnTicket(page)) {
    for (let unit = 0; unit < count; unit += 1) {
      await scan(page, tag);
    }
  }
  await scan(page, ticket);
  await expect(page.locator("main.label")).toBeVisible();
  await look(page, "label");
  await screen.primary(page).click();
  await expect.poll(() => prints(page)).toBe(2);
  const label = (await labelLines(page)).map((line) => line.match(/CUSX\w+/)?.[0]).find(Boolean);
  await look(page, "label, printed");
  await page.locator(".back").click();
  await expect(page.locator("main[data-queue]")).toBeVisible();
  await look(page, "orders to pack");
  await page.locator(`.order[data-code]`).last().click();
  await expect(page).toHaveURL(new RegExp(`/pack/${order}$`));
  await scan(page, label);
  await scan(page, label);
  await expect(page.locator("main.staging")).toBeVisible();
  await look(page, "staging, a bag in hand");
  const slot = await page.locator('.tile[data-state="here"]').first().getAttribute("data-slot");
  await scan(page, slotCode(slot));
  await expect(page.locator('.tile[data-state="here"]')).toHaveCount(0);
  await look(page, "staging");
  await screen.expectAllSent(page);
  await page.locator(".strip").click();
  await expect(page.locator("main.status")).toBeVisible();
  await look(page, "status");
  await page.getByRole("button", { name: /Change my PIN|Cambiar mi PIN/ }).click();
  await look(page, "a new PIN");
  await page.locator("[data-new-pin] .dock .btn").first().click();
  await page.getByRole("button", { name: /Try the scanner|Probar escáner/ }).click();
  await expect(page.locator("main.scanner")).toBeVisible();
  await scan(page, "]C0https://1A4.com-_a=1");
  await expect(page.locator(".scanner-all li")).toHaveCount(1);
  await look(page, "scanner");
  await page.locator(".dock .btn-primary").click();
  await expect(page.locator("main.status")).toBeVisible();
  return label;
}

async function atCounter(device, shop, label, look) {
  const page = await device.newPage();
  await screen.begin(page, shop, shop.person("front-of-house"));
  await expect(page.locator('[data-column="ready"] .caller').first()).toBeVisible();
  await look(page, "counter");
  await scan(page, label);
  await expect(page.locator("main.handing .id-ask")).toBeVisible();
  await look(page, "hand over, an ID is asked for");
  const otherWay = dock(page, 1);
  await otherWay.click();
  await expect(page.locator("[data-by-eye]")).toBeVisible();
  await look(page, "hand over, by eye");
  await page.keyboard.press("Escape");
  const checked = page.locator("main.handing [data-id]");
  await scanCard(page, card({ birth: day(-20) }));
  await expect(page.locator(".refusal[data-reason]")).toBeVisible();
  await look(page, "hand over, too young");
  await otherWay.click();
  await scanCard(page, card({ family: "ABERCROMBIE-FITZWILLIAM", given: "GORDON" }));
  await expect(checked).toBeVisible();
  await look(page, "hand over, another name");
  await otherWay.click();
  await scanCard(page, card());
  await expect(checked).toBeVisible();
  await checked.getByRole("button").last().click();
  await look(page, "hand over, in order");
}

async function atDesk(device, shop, code, look) {
  const page = await device.newPage();
  await screen.begin(page, shop, shop.person("general-manager"));
  await look(page, "all orders");
  await page.locator("tr", { hasText: code }).getByRole("link").click();
  await expect(page.locator(".proof[data-whole]")).toBeVisible({ timeout: 30_000 });
  await look(page, "chain of custody");
}

async function devices(shop, newDevice, look) {
  const gwen = shop.person("general-manager");
  const page = await (await newDevice()).newPage();
  await screen.begin(page, shop, gwen, "/devices");
  await look(page, "devices");
  await page.locator(".page-acts .btn-primary").click();
  await look(page, "devices, the PIN");
  for (const digit of gwen.pin) {
    await page.locator("[data-devices] .keypad").getByRole("button", { name: digit, exact: true }).click();
  }
  const code = page.locator("[data-devices] [data-code]");
  await expect(code).toBeVisible({ timeout: 30_000 });
  await look(page, "devices, a code");
  const tablet = await (await newDevice()).newPage();
  await tablet.goto(`${shop.url}/#enrol=${await code.textContent()}`);
  await expect(tablet.locator("[data-check]")).toBeVisible({ timeout: 30_000 });
  await look(tablet, "a new device's check code");
  await expect(page.locator("[data-check]")).toBeVisible({ timeout: 30_000 });
  await look(page, "devices, the check code");
}

async function passkeys(shop, newDevice, look) {
  const gwen = shop.person("general-manager");
  const page = await (await newDevice()).newPage();
  await screen.begin(page, shop, gwen, "/passkeys");
  await expect(page.locator("[data-passkeys] .empty")).toBeVisible({ timeout: 30_000 });
  await look(page, "passkeys");
  await page.locator(".page-acts .btn-primary").click();
  await look(page, "passkeys, the PIN");
}

async function needsYou(shop, newDevice, look) {
  const page = await (await newDevice()).newPage();
  await screen.begin(page, shop, shop.person("inventory-manager"), "/exceptions");
  await expect(page.locator(".inbox .empty")).toBeVisible();
  await look(page, "nothing to settle");
  const { codes } = await pickTheSameUnit(shop, [await newDevice(), await newDevice()]);
  await page.locator('.inbox [data-rule="E01"] a').click();
  await page.locator(".way input").first().check();
  await look(page, "to settle");
  await page.locator(".settle .btn-primary").click();
  await expect(page.locator("[data-settled] [data-sent]")).toBeVisible();
  for (const folded of await page.locator(".folded summary").all()) {
    await folded.click();
  }
  await look(page, "settled");
  await page.locator(".side a").nth(1).click();
  await page.locator("tr", { hasText: codes[0] }).getByRole("link").click();
  await page.locator(".order-act:not([data-report]) .btn").click();
  await look(page, "take an order back");
  await page.locator("[data-report] .btn").click();
  await look(page, "report a problem");
}

async function auditFile(shop, device, look) {
  const page = await device.newPage();
  await screen.begin(page, shop, shop.person("general-manager"), "/exceptions");
  await page.locator(".side a[href='/verify']").click();
  await look(page, "an audit file to choose");
  const file = join(shop.directory, "bundle");
  await shop.command("audit", file);
  await page.locator("#audit-file").setInputFiles(file);
  await expect(page.locator(".audit-verdict")).toBeVisible({ timeout: 30_000 });
  await look(page, "an audit file, checked");
}

/** Pages that need nothing but somebody who may see them. */
const PAGES = [
  ["associate", "/shift"],
  ["associate", "/evening"],
  ["associate", "/bags"],
  ["inventory-manager", "/map"],
  ["inventory-manager", "/people"],
  ["compliance-officer", "/holds"],
  ["compliance-officer", "/procedures"],
];

async function pages(shop, device, look) {
  const page = await device.newPage();
  for (const [role, path] of PAGES) {
    await screen.begin(page, shop, shop.person(role), path);
    await expect(page.locator("main")).toBeVisible();
    await look(page, path);
  }
}

async function halted(tablet, shop, look) {
  const other = await tablet.newPage();
  await other.goto(shop.url);
  await expect(other.locator("main.halted h1")).toBeVisible();
  await look(other, "open elsewhere");
}
