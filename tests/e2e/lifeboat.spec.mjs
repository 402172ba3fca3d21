// A tablet that cannot reach the server: its acts go by file, by another's hand, and arrive once.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

/** A tablet out of reach with two picks nobody has seen, and the file it saved. */
async function savedFile(shop, device, folder) {
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.gummies]: 2 } });
  const { code } = await shop.take(ordered);
  const tablet = await device();
  const page = await tablet.newPage();
  await screen.begin(page, shop, ana);
  await screen.expectAllSent(page);
  await screen.claim(page, code);
  await screen.expectAllSent(page);
  await tablet.setOffline(true);
  await screen.pickAll(page);
  await page.locator(".strip").click();
  const unsent = await screen.unsent(page);
  expect(unsent).toBeGreaterThanOrEqual(2);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: `Take these ${unsent} acts to another tablet` }).click();
  const file = join(folder, "tablet.lifeboat");
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^custody-.+\.lifeboat$/);
  await download.saveAs(file);
  await expect(page.locator(".boat-said").first()).toContainText(`${unsent} acts are in custody-`);
  return { tablet, page, file, unsent, ordered, code };
}

/** Chooses a file on a tablet's status page. */
async function choose(page, file) {
  await page.locator(".boat-choose input").setInputFiles(file);
}

test("acts of a tablet out of reach are carried by another, and counted once when it comes back", async ({ shop, device }) => {
  const folder = await mkdtemp(join(tmpdir(), "custody-boat-"));
  const { tablet, page, file, unsent, ordered, code } = await savedFile(shop, device, folder);
  expect((await shop.standing(ordered)).units_picked).toBe(0);

  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/status");
  await choose(desk, file);
  await expect(desk.locator(".boats")).toContainText(`${unsent} acts of`);
  await desk.getByRole("button", { name: `Carry these ${unsent} acts` }).click();
  const row = desk.locator("[data-carried] li");
  await expect(row).toHaveAttribute("data-left", "0", { timeout: 30_000 });
  await expect(row).toContainText(`${unsent} arrived`);
  await expect.poll(() => shop.standing(ordered)).toMatchObject({ status: "picked", units_picked: 2 });
  // The manager sees the picks, on the very device that carried them, by the pull.
  await desk.locator(".head .back").click();
  await expect(desk.locator("tr", { hasText: code })).toContainText("Picked");
  // The list is kept: what became of the acts can still be read after a new start.
  await screen.begin(desk, shop, shop.person("general-manager"), "/status");
  await expect(desk.locator("[data-carried] li")).toContainText(`${unsent} arrived`);

  await tablet.setOffline(false);
  await screen.expectAllSent(page);
  expect((await shop.standing(ordered)).units_picked).toBe(2);
  await screen.begin(desk, shop, shop.person("general-manager"), "/exceptions");
  await expect(desk.locator(".inbox .empty")).toBeVisible();
  await rm(folder, { recursive: true });
});

test("a carrier without a network keeps the acts through a new start and delivers them later", async ({ shop, device }) => {
  const folder = await mkdtemp(join(tmpdir(), "custody-boat-"));
  const { file, unsent, ordered } = await savedFile(shop, device, folder);
  const carrier = await device();
  const page = await carrier.newPage();
  const marcus = shop.people.filter((person) => person.role === "associate")[1];
  await screen.begin(page, shop, marcus, "/status");
  await screen.installed(page);
  await screen.expectAllSent(page);
  await screen.kept(page);
  await shop.stop();
  await choose(page, file);
  await page.getByRole("button", { name: `Carry these ${unsent} acts` }).click();
  await expect(page.locator("[data-carried] li")).toHaveAttribute("data-left", String(unsent));
  await screen.begin(page, shop, marcus, "/status");
  await expect(page.locator("[data-carried] li")).toHaveAttribute("data-left", String(unsent));
  await shop.start();
  await expect(page.locator("[data-carried] li")).toHaveAttribute("data-left", "0", { timeout: 90_000 });
  await expect.poll(async () => (await shop.standing(ordered)).units_picked).toBe(2);
  await rm(folder, { recursive: true });
});

test("a damaged file and the tablet's own are refused with a reason, and leaving while acts wait is warned of", async ({ shop, device }) => {
  const folder = await mkdtemp(join(tmpdir(), "custody-boat-"));
  const { page, file } = await savedFile(shop, device, folder);
  await choose(page, file);
  await expect(page.locator(".boats")).toContainText("this tablet's own acts");
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 5));
  await choose(page, file);
  await expect(page.locator(".boats")).toContainText("The file is damaged");
  await writeFile(file, "a shopping list");
  await choose(page, file);
  await expect(page.locator(".boats")).toContainText("not a file of acts");

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.locator(".notice")).toContainText("are not sent");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.locator("main.enter")).toBeVisible();
  await rm(folder, { recursive: true });
});

test("a storage that does not open is left as it is, and the tablet begins another beside it", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const tablet = await device();
  const page = await tablet.newPage();
  await screen.begin(page, shop, ana);
  await screen.expectAllSent(page);
  await page.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (name, ...more) {
      if (name === "custody-core") {
        throw new DOMException("Internal error opening backing store", "UnknownError");
      }
      return open.call(this, name, ...more);
    };
  });
  await page.reload();
  const beside = page.locator("[data-beside]");
  for (let failures = 1; failures < 3; failures += 1) {
    await expect(page.locator("main.halted h1")).toBeVisible();
    await expect(beside).toHaveCount(0);
    await page.reload();
  }
  await beside.click();
  await screen.signIn(page, ana);
  await screen.expectAllSent(page);
  const names = await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name));
  expect(names).toEqual(expect.arrayContaining(["custody-core", "custody-core-2"]));
});
