// A manager's passkey: made, asked for on another device, lost, and made anew.

import { authenticator } from "./support/authenticator.mjs";
import { number } from "./support/people.mjs";
import { typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const SLOW = { timeout: 30_000 };

const answer = (page) => page.locator(".pin-answer");
const sheet = (page) => page.locator("[data-passkey-sheet]");
const wayBack = (page) => page.locator("[data-way-back]");

/** Passkeys need an address with a name. */
const named = (shop) => ({ url: `http://localhost:${shop.port}`, isRunning: true });

async function type(place, pin) {
  for (const digit of pin) {
    await place.locator(".keypad").getByRole("button", { name: digit, exact: true }).click();
  }
}

async function choose(page, person) {
  await page.locator(".person", { hasText: person.name }).click();
  await type(page, person.pin);
}

/** Signs in where nobody has a passkey yet, and makes one. The code to print. */
async function register(page, shop, person) {
  await screen.begin(page, named(shop), person, "/passkeys");
  await expect(page.locator("[data-passkeys]")).toContainText("You have none yet", SLOW);
  await page.getByRole("button", { name: "Add this device" }).click();
  await type(sheet(page), person.pin);
  await expect(page.locator("#passkeys-title")).toHaveText("Your passkey is ready", SLOW);
  await expect(page.locator("tr[data-passkey]")).toHaveCount(1);
  return page.locator("[data-recovery]").textContent();
}

async function look(page, name) {
  if (process.env.PICTURES) {
    await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: `${process.env.PICTURES}/${name}-phone.png` });
    await page.setViewportSize({ width: 1280, height: 800 });
  }
}

test("a manager's passkey is offered, made, and asked for on another device and before a code is made", async ({ shop, device }) => {
  test.setTimeout(180_000);
  const gwen = shop.person("general-manager");
  const desk = await (await device()).newPage();
  const own = await authenticator(desk);
  await screen.begin(desk, named(shop), gwen);
  await expect(desk.locator("[data-offer-passkey]")).toBeVisible(SLOW);
  await look(desk, "offer");
  await desk.locator("[data-offer-passkey]").getByRole("button", { name: "Set up" }).click();
  await expect(desk.locator("[data-passkeys]")).toContainText("You have none yet", SLOW);
  await look(desk, "none");
  await desk.getByRole("button", { name: "Add this device" }).click();
  await look(desk, "add");
  await type(sheet(desk), gwen.pin);
  await expect(desk.locator("#passkeys-title")).toHaveText("Your passkey is ready", SLOW);
  await expect(desk.locator("[data-recovery]")).toHaveText(/^(\w{4}-){4}\w{4}$/);
  await expect(desk.locator("[data-offer-passkey]")).toHaveCount(0);
  await look(desk, "ready");
  const code = await desk.locator("[data-recovery]").textContent();
  await desk.evaluate(() => {
    window.print = () => (globalThis.onPaper = document.querySelector(".printout").innerText);
  });
  await sheet(desk).getByRole("button", { name: "Print" }).click();
  await expect.poll(() => desk.evaluate(() => globalThis.onPaper)).toContain(code);
  const [passkey] = await own.passkeys();
  expect(passkey.rpId).toBe("localhost");

  // Another browser, with the PIN alone.
  const bare = await (await device()).newPage();
  await authenticator(bare);
  await screen.open(bare, named(shop).url);
  await choose(bare, gwen);
  await expect(answer(bare)).toContainText("No passkey answered", SLOW);
  await expect(bare.getByRole("button", { name: "I have no passkey" })).toBeVisible();
  await look(bare, "refused");

  // At a number nobody has a passkey, and so nobody who has one gets in.
  const numbered = await (await device()).newPage();
  await authenticator(numbered, [passkey]);
  await screen.open(numbered, shop.url);
  await choose(numbered, gwen);
  await expect(answer(numbered)).toContainText("open at a number", SLOW);

  // One that has the passkey, as a phone and a laptop of one person share it.
  const other = await (await device()).newPage();
  const shared = await authenticator(other, [passkey]);
  await screen.open(other, named(shop).url);
  await choose(other, gwen);
  await expect(other.locator("main.enter")).toHaveCount(0, SLOW);
  await screen.kept(other);
  // For a minute after a proof nothing is asked again; leaving ends that.
  await other.getByRole("link", { name: "Status" }).click();
  const ended = other.waitForResponse((response) => response.url().endsWith("/passkeys"));
  await other.getByRole("button", { name: "Sign out" }).click();
  expect((await ended).status()).toBe(200);
  await choose(other, gwen);
  await other.getByRole("button", { name: "Back" }).last().click();
  await other.getByRole("link", { name: "Devices" }).click();
  await other.getByRole("button", { name: "Add a tablet" }).click();
  await shared.recognises(false);
  await type(other.locator("[data-devices]"), gwen.pin);
  await expect(answer(other)).toContainText("No passkey answered", SLOW);
  await shared.recognises(true);
  await type(other.locator("[data-devices]"), gwen.pin);
  await expect(other.locator("[data-devices] [data-code]")).toHaveText(/^\w{4}-\w{4}-\w{4}$/, SLOW);
});

test("a manager who lost every passkey comes back by another manager and a printed code", async ({ shop, device }) => {
  test.setTimeout(240_000);
  const gwen = shop.person("general-manager");
  const dana = shop.people.find((person) => person.name !== gwen.name && /manager|compliance/.test(person.role));
  const desk = await (await device()).newPage();
  await authenticator(desk);
  const code = await register(desk, shop, gwen);
  const danas = await (await device()).newPage();
  await authenticator(danas);
  await register(danas, shop, dana);
  await sheet(danas).getByRole("button", { name: "Close" }).click();

  const fresh = await (await device()).newPage();
  await authenticator(fresh);
  await screen.open(fresh, named(shop).url);
  await choose(fresh, gwen);
  await expect(answer(fresh)).toContainText("No passkey answered", SLOW);
  const comeBack = async (typed) => {
    await fresh.getByRole("button", { name: "I have no passkey" }).click();
    await wayBack(fresh).locator("input").click();
    await typeByHand(fresh, typed);
    await look(fresh, "way-back");
    await wayBack(fresh).getByRole("button", { name: "Next" }).click();
    await type(wayBack(fresh), gwen.pin);
  };
  // The code alone is not enough.
  await comeBack(code.toLowerCase());
  await expect(answer(wayBack(fresh))).toContainText("Not enough yet", SLOW);
  await wayBack(fresh).getByRole("button", { name: "Close" }).click();

  await danas.getByRole("button", { name: "Let a manager in" }).click();
  await look(danas, "choose");
  await sheet(danas).locator(".person", { hasText: gwen.name }).click();
  await type(sheet(danas), dana.pin);
  await expect(danas.locator("#passkeys-title")).toContainText("Approved", SLOW);

  await comeBack(code.toLowerCase());
  await expect(wayBack(fresh)).toContainText("You have a new passkey", SLOW);
  await look(fresh, "back");
  await expect(wayBack(fresh).locator("[data-recovery]")).not.toHaveText(code);
  await wayBack(fresh).getByRole("button", { name: "Close" }).click();
  await type(fresh, gwen.pin);
  await expect(fresh.locator("main.enter")).toHaveCount(0, SLOW);

  // Whoever runs the server sees one, and can take it away.
  const who = await number(shop, gwen);
  expect(await shop.command("user", "passkeys", who)).toContain("for localhost");
  await shop.command("user", "forget-passkeys", who);
  expect(await shop.command("user", "passkeys", who)).toContain("has no passkey");
});
