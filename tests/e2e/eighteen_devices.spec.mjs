// What waits for a decision because of a device: each kind is seen on its page, and settled there, or is for the record.
// E07, E08, E11, E12 and E14 to E18 of the protocol's list.

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { launch } from "./support/chromium.mjs";
import * as needs from "./support/needs_you.mjs";
import { order, products } from "./support/orders.mjs";
import { typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { Signer, kinds, leaseOf, readBoat, takeIn } from "./support/signer.mjs";
import { expect, test } from "./support/story.mjs";

async function arrived(shop, units) {
  const document = order({ goods: { [products.gummies]: units } });
  return { document, code: (await shop.take(document)).code };
}

/** Saves what a tablet could not send, and reads the file. */
async function savedBoat(page, shop) {
  await page.locator(".strip").click();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: /to another tablet$/ }).click();
  const file = join(shop.directory, "saved.lifeboat");
  await (await saving).saveAs(file);
  await page.locator(".head .back").click();
  return readBoat(file);
}

test("a device whose acts are lost, changed, late or too new is looked into, and its order waits where it must", async ({ shop, device }) => {
  test.setTimeout(240_000);
  const ana = shop.person("associate");
  const { document, code } = await arrived(shop, 4);
  const tablet = await device();
  const page = await tablet.newPage();
  await screen.begin(page, shop, ana);
  await screen.installed(page);
  await screen.claim(page, code);
  await screen.expectAllSent(page);
  await screen.kept(page);
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/exceptions");

  // One pick in a chain, one in the next; then the browser loses the first. The server is away meanwhile: a browser that
  // is told to be offline lets a request through now and then while a page loads.
  await shop.stop();
  for (const time of [1, 2]) {
    await screen.pick(page);
    if (time === 2) {
      await loseLastOfChainBefore(page);
    }
    await page.reload();
    await screen.signIn(page, ana);
  }

  const name = await test.step("E11: an act is missing; what the device had is counted, and its order waits", async () => {
    await shop.start();
    await needs.read(desk, "E11", { code, holds: [code], settles: "a manager" });
    await expect(desk.locator(".inbox .task").first()).toBeVisible();
    await needs.settle(desk, "E11", "Nothing moves", { code, holds: [code], ways: 1 });
    expect((await shop.standing(document)).units_picked, "the other pick arrived").toBe(1);
    return desk.locator(".detail .facts dd").nth(1).innerText();
  });

  await screen.expectAllSent(page);
  await tablet.setOffline(true);
  await screen.pick(page);
  const boat = await savedBoat(page, shop);
  const tail = boat.parts.at(-1);

  await test.step("E15: a changed signature is kept aside, and holds up nothing", async () => {
    const [envelope, signature] = tail.events.at(-1);
    const changed = Buffer.from(signature);
    changed[5] ^= 1;
    await takeIn(shop, boat.bytes([{ ...tail, events: [...tail.events.slice(0, -1), [envelope, changed]] }]));
    await needs.settle(desk, "E15", "Nothing moves", { says: [name], ways: 1, settles: "general manager or compliance" });
    expect((await shop.standing(document)).units_picked, "it counts nowhere").toBe(1);
  });

  await test.step("E17: what is newer than the server holds its order, and asks nobody", async () => {
    const newer = await Signer.enrolled(shop, "Tablet of tomorrow");
    newer.write(kinds.fromTheFuture, new Map([[0, "?"]]), leaseOf(tail.events.at(-1)));
    await newer.deliver();
    await needs.read(desk, "E17", { says: [newer.name, "Update the server"], holds: [code], settles: "the server, by itself" });
    await expect(desk.getByRole("button", { name: "Settle it" })).toHaveCount(0);
  });

  await test.step("E16: a revoked tablet still brings what it did", async () => {
    await tablet.setOffline(false);
    await screen.expectAllSent(page);
    await expect.poll(async () => (await shop.standing(document)).units_picked).toBe(2);
    await tablet.setOffline(true);
    await screen.claim(page, code);
    await shop.command("device", "revoke", boat.device);
    await screen.pick(page);
    await tablet.setOffline(false);
    await expect.poll(async () => (await shop.standing(document)).units_picked, { timeout: 60_000 }).toBe(3);
    await needs.settle(desk, "E16", "Back to stock", { code, says: [name, ana.name], ways: 2 });
    await expect.poll(async () => (await shop.standing(document)).units_picked).toBe(2);
  });
});

/** The browser's storage loses the last act of the chain before the one that is written. */
function loseLastOfChainBefore(page) {
  return page.evaluate(async () => {
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("custody-core"));
    const log = database.transaction("log", "readwrite").objectStore("log");
    const keys = await done(log.getAllKeys());
    const chain = (key) => [...new Uint8Array(key[0])].join();
    const chains = [...new Set(keys.map(chain))];
    await done(log.delete(keys.findLast((key) => chain(key) === chains.at(-2))));
    await new Promise((resolve) => log.transaction.addEventListener("complete", resolve));
    database.close();
  });
}

test("a copied device is found out, and what is for the record asks nobody", async ({ shop, device }) => {
  test.setTimeout(180_000);
  const gwen = shop.person("general-manager");
  const { document, code } = await arrived(shop, 2);
  const tablet = await device();
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await expect(page.locator(`.order[data-code="${code}"]`)).toBeVisible();
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, gwen, "/exceptions");

  await test.step("E07: an order that was taken without the server is for the record", async () => {
    await tablet.setOffline(true);
    await screen.claim(page, code);
    await screen.pick(page);
    await tablet.setOffline(false);
    await screen.expectAllSent(page);
    await expectRecorded(desk, "E07", ["Nothing collided"]);
    await expect(desk.locator(".side-count")).toHaveCount(0);
  });

  const copied = await Signer.enrolled(shop, "Copied tablet");
  await test.step("E18: a clock that nobody can place is for the record", async () => {
    copied.write(kinds.clock, new Map([[0, 7_200_000], [1, 45_000], [2, 0]]));
    await copied.deliver();
    await expectRecorded(desk, "E18", [copied.name]);
  });

  await test.step("E14: two acts under one number; the first counts, and the device is looked at", async () => {
    copied.events.pop();
    copied.write(kinds.clock, new Map([[0, 0], [1, 20], [2, 0]]));
    await copied.deliver();
    const expected = { says: [copied.name, "The first act counts"], ways: 1, settles: "general manager or compliance" };
    await needs.settle(desk, "E14", "Nothing moves", expected);
  });

  await test.step("E08: a limit that somebody reports holds the order until it is settled", async () => {
    await desk.getByRole("link", { name: "Orders", exact: true }).click();
    await desk.locator("tr", { hasText: code }).getByRole("link").click();
    const report = desk.locator("[data-report]");
    await report.getByRole("button", { name: "Report a problem" }).click();
    await report.getByLabel("What is wrong").selectOption({ label: "The purchase limit is passed" });
    await report.getByLabel("Note").focus();
    // By hand: what comes into a field all at once is a scanner's.
    await typeByHand(desk, "28.5 g at the counter");
    await report.getByRole("button", { name: "Report it" }).click();
    await expect(report).toContainText("Saved");
    await expect(desk.locator('.chain > .notice[data-tone="attend"]')).toContainText("E08");
    await expect(desk.locator(".thread")).toContainText("28.5 g at the counter", { timeout: 30_000 });
    await needs.visit(desk);
    const expected = { code, says: [gwen.name], holds: [code], ways: 1, settles: "general manager or compliance" };
    await needs.settle(desk, "E08", "Nothing moves", expected);
    expect((await shop.standing(document)).units_picked).toBe(1);
  });
});

/** It is listed for the record, holds up nothing, and nobody is asked for anything. */
async function expectRecorded(desk, rule, says) {
  const row = needs.folded(desk, "record", rule);
  await expect(row.first()).toBeAttached({ timeout: 60_000 });
  await expect(needs.rows(desk, rule)).toHaveCount(0);
  const fold = desk.locator('.folded[data-folded="record"]');
  if ((await fold.getAttribute("open")) === null) {
    await fold.locator("summary").click();
  }
  await row.first().getByRole("link").click();
  await needs.expectSaid(desk, rule, { says: [...says, "nobody has to settle it"], settles: "nobody has to" });
  await expect(desk.getByRole("button", { name: "Settle it" })).toHaveCount(0);
}

for (const when of ["on", "off"]) {
  test(`E12: a tablet put back to a picture of when it was ${when} has forgotten what the server has`, async ({ shop, device }) => {
    test.setTimeout(180_000);
    const ana = shop.person("associate");
    const { document, code } = await arrived(shop, 3);
    const folder = await mkdtemp(join(tmpdir(), "custody-profile-"));
    const [profile, earlier] = ["today", "earlier"].map((name) => join(folder, name));
    const open = async (directory) => {
      const context = await chromium.launchPersistentContext(directory, { ...launch, locale: "en-US" });
      return { context, page: context.pages()[0] ?? (await context.newPage()) };
    };
    let today = await open(profile);
    await screen.begin(today.page, shop, ana);
    await screen.claim(today.page, code);
    await screen.pick(today.page);
    await screen.expectAllSent(today.page);
    if (when === "off") await today.context.close();
    await cp(profile, earlier, { recursive: true, filter: (path) => !/Singleton/.test(path) });
    if (when === "off") {
      today = await open(profile);
      await screen.begin(today.page, shop, ana);
      await screen.claim(today.page, code);
    }
    await screen.pick(today.page);
    await screen.expectAllSent(today.page);
    await today.context.close();

    const again = await open(earlier);
    await screen.begin(again.page, shop, ana);
    await screen.expectAllSent(again.page);
    const desk = await (await device()).newPage();
    await screen.begin(desk, shop, shop.person("compliance-officer"), "/exceptions");
    await needs.settle(desk, "E12", "Nothing moves", { says: ["The server still has its acts"], ways: 1 });
    await screen.claim(again.page, code);
    await screen.expectUnits(again.page, 2, 3);
    await screen.pick(again.page);
    await expect.poll(async () => (await shop.standing(document)).units_picked).toBe(3);
    await again.context.close();
  });
}
