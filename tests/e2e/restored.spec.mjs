// A backup of an earlier moment is put back: tablets bring what it lacks, also one it has never heard of.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

test("a tablet that a restored server does not know is set up again and brings all it has", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.gummies]: 2 } });
  const { code } = await shop.take(ordered);
  const folder = await mkdtemp(join(tmpdir(), "custody-backup-"));
  const backup = join(folder, "yesterday");
  await shop.command("backup", backup);

  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await screen.claim(page, code);
  await screen.pickAll(page);
  await screen.expectAllSent(page);
  await shop.stop();
  expect(await shop.command("restore", backup, "--force")).toContain("position");
  await shop.start();

  await page.locator(".head .back").click();
  const notice = page.locator(".notice");
  await expect(notice).toBeVisible({ timeout: 90_000 });
  await notice.getByRole("button").click();
  await screen.signIn(page, ana);
  await screen.expectAllSent(page);
  await expect.poll(() => shop.standing(ordered), { timeout: 60_000 }).toMatchObject({ units_picked: 2 });
  await rm(folder, { recursive: true });
});

test("a lost tablet that was revoked after the backup is not in again unseen: a tablet that saw it says so", async ({ shop, device }) => {
  const gwen = shop.person("general-manager");
  const folder = await mkdtemp(join(tmpdir(), "custody-backup-"));
  const backup = join(folder, "yesterday");
  const lost = await (await device()).newPage();
  await screen.begin(lost, shop, shop.person("associate"));
  await screen.expectAllSent(lost);
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, gwen, "/devices");
  await expect(desk.locator("tr[data-device]")).toHaveCount(2, { timeout: 30_000 });
  await shop.command("backup", backup);
  // The thief has it out of reach.
  await lost.context().setOffline(true);
  await desk.locator("tr[data-device]").getByRole("button", { name: "Revoke" }).click();
  for (const digit of gwen.pin) {
    await desk.locator("[data-devices]").getByRole("button", { name: digit, exact: true }).click();
  }
  await expect(desk.locator("#devices-title")).toHaveText("The device is revoked", { timeout: 30_000 });
  await expect(desk.locator("tr[data-device] .chip", { hasText: "Revoked" })).toHaveCount(1, { timeout: 30_000 });
  await desk.locator("[data-devices]").getByRole("button", { name: "Close" }).click();
  await expect(desk.locator("[data-in-again]")).toHaveCount(0);

  // The disk is lost with all that came after the backup: nothing is left that could tell of it.
  await shop.stop();
  for (const suffix of ["", "-wal", "-shm"]) {
    await rm(join(shop.directory, `custody.sqlite${suffix}`), { force: true });
  }
  expect(await shop.command("restore", backup)).toContain("revoke devices again");
  await shop.start();
  const notice = desk.locator("[data-in-again]");
  await expect(notice).toContainText("in again", { timeout: 90_000 });
  await expect(desk.locator("tr[data-device] .chip", { hasText: "Revoked" })).toHaveCount(0);

  await desk.locator("tr[data-device]").getByRole("button", { name: "Revoke" }).click();
  for (const digit of gwen.pin) {
    await desk.locator("[data-devices]").getByRole("button", { name: digit, exact: true }).click();
  }
  await expect(notice).toHaveCount(0, { timeout: 30_000 });
  await lost.context().setOffline(false);
  await expect(lost.locator("[data-revoked]")).toBeVisible({ timeout: 60_000 });
  await rm(folder, { recursive: true });
});

/** Whoever works signs out, and somebody signs in; the screen is the queue again. */
async function signInAnew(page, person) {
  await page.locator(".strip").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.locator("main.enter")).toBeVisible();
  await screen.signIn(page, person);
  if (new URL(page.url()).pathname === "/status") {
    await screen.primary(page).click();
  }
}

test("whoever signed in for the first time after the backup is told to sign in again, and then works on", async ({ shop, device }) => {
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const folder = await mkdtemp(join(tmpdir(), "custody-backup-"));
  const backup = join(folder, "yesterday");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, marcus);
  await screen.expectAllSent(page);
  await shop.command("backup", backup);
  await signInAnew(page, ana);
  await screen.expectAllSent(page);
  await shop.stop();
  await shop.command("restore", backup, "--force");
  await shop.start();
  await screen.kept(page);

  // The server is there: nobody is sent to the network, or told that somebody else was faster.
  await page.locator(`.order[data-code="${code}"]`).click();
  await screen.primary(page).click();
  await expect(page.locator("[data-permit=unproven]")).toContainText("sign in again", { timeout: 30_000 });
  await expect(page.locator("body")).not.toContainText("needs the server");
  // On a phone too, where the dock has no room for more than its buttons.
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.locator(".dock-note")).toBeVisible();
  await expect(page.locator(".dock-note")).toContainText("Nothing was taken");
  await page.setViewportSize({ width: 1280, height: 800 });
  await signInAnew(page, ana);
  await screen.claim(page, code);
  await screen.pickAll(page);
  await screen.expectAllSent(page);
  await expect(page.locator("[data-permit]")).toHaveCount(0);
  await rm(folder, { recursive: true });
});
