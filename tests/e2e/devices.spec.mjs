// A manager's devices: a new one comes in by a code, and a lost one goes.

import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const sheet = (page) => page.locator("[data-devices]");
const check = (page) => page.locator("[data-check]");

async function prove(page, pin) {
  for (const digit of pin) {
    await sheet(page).getByRole("button", { name: digit, exact: true }).click();
  }
}

test("a manager's code lets a tablet in, both show the same six digits, and a lost tablet is revoked", async ({ shop, device }) => {
  const gwen = shop.person("general-manager");
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, gwen, "/devices");
  await desk.getByRole("button", { name: "Add a tablet" }).click();
  await prove(desk, gwen.pin);
  const code = sheet(desk).locator("[data-code]");
  await expect(code).toHaveText(/^\w{4}-\w{4}-\w{4}$/, { timeout: 30_000 });
  await expect(sheet(desk).locator("svg.qr path")).toHaveAttribute("d", /^(M\d+ \d+h1v1h-1z){150,}$/);

  // What the tablet's own camera opens.
  const tablet = await (await device()).newPage();
  await tablet.goto(`${shop.url}/#enrol=${await code.textContent()}`);
  await expect(check(tablet)).toHaveText(/^\d{6}$/, { timeout: 30_000 });
  await expect(check(desk)).toHaveText(await check(tablet).textContent(), { timeout: 30_000 });
  await tablet.getByRole("button", { name: "It is the same" }).click();
  await desk.getByRole("button", { name: "It is the same" }).click();
  await expect(desk.locator("#devices-title")).toHaveText("The device is in");
  await sheet(desk).getByRole("button", { name: "Close" }).click();
  await screen.signIn(tablet, shop.person("associate"));
  await screen.kept(tablet);

  await desk.locator("tr[data-device]").getByRole("button", { name: "Revoke" }).click();
  await prove(desk, gwen.pin);
  await expect(desk.locator("#devices-title")).toHaveText("The device is revoked", { timeout: 30_000 });
  await expect(desk.locator("tr[data-device] .chip", { hasText: "Revoked" })).toHaveCount(1, { timeout: 30_000 });
  await tablet.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(tablet.locator("body")).toContainText("set up", { ignoreCase: true, timeout: 30_000 });
});

test("whoever may not answer for devices has no such page", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"), "/devices");
  await expect(page.getByRole("button", { name: "Add a tablet" })).toHaveCount(0);
});
