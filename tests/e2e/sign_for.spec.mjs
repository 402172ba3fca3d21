// The customer signs for the bag, where the state wants it: at the counter with a finger, at the curb, or on a paper.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { card, scanCard } from "./support/cards.mjs";
import { order, products } from "./support/orders.mjs";
import { pack } from "./support/packing.mjs";
import { catchPrints } from "./support/paper.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const PACK = new URL("../../sync-server/rules/packs/us-ca.toml", import.meta.url);

/** The state's rules, with a signature wanted in the shop and at the curb. */
async function wantsSignatures(shop) {
  const text = await readFile(PACK, "utf8");
  const wants = '[handoff]\nsignature = ["pickup", "curbside"]\nsrc = "15404"\n\n[hours]';
  const file = join(shop.directory, "us-ca.toml");
  await writeFile(file, text.replace("[hours]", wants));
  await shop.command("rules", "use", file);
}

const NOTE = "The side door, please";

/** A staged bag for somebody on this way, and its label. */
async function aBag({ shop, device }, channel) {
  const ordered = order({ goods: { [products.gummies]: 1 }, channel, note: NOTE });
  const { code } = await shop.take(ordered);
  const tablet = await device();
  await catchPrints(tablet);
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  const tag = await screen.tagToTake(page);
  await screen.pick(page);
  return { ordered, code, label: await pack(page, tag) };
}

/** The order's chain of custody at a manager's desk. */
async function theRecord({ shop, device }, code) {
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"));
  await desk.locator("tr", { hasText: code }).getByRole("link").click();
  await expect(desk.locator(".thread")).toBeVisible({ timeout: 30_000 });
  return desk;
}

/** Up to the signature: the bag, the card, the face. */
async function upToTheSignature(page, label) {
  await scan(page, label);
  await expect(page.locator("[data-note]")).toHaveText(NOTE);
  await scanCard(page, card({}), { blunt: true });
  // How much more this person may buy is said, not only that it fits.
  await expect(page.locator("[data-limits] [data-bucket]").first()).toContainText("left");
  await page.getByRole("button", { name: "Face fits the photo" }).click();
  await expect(screen.primary(page)).toHaveAttribute("aria-disabled", "true");
  const sheet = page.locator("[data-sign]");
  await page.getByRole("button", { name: "Customer signs" }).click();
  // Whoever will not sign leaves no false word behind.
  await sheet.getByRole("button", { name: "Cancel" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(screen.primary(page)).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Customer signs" }).click();
  return sheet;
}

/** A finger on the field, from left to right in waves. */
async function sign(page, pad) {
  const box = await pad.boundingBox();
  const at = (part, wave) => [box.x + box.width * part, box.y + box.height * (0.5 + wave)];
  await page.mouse.move(...at(0.1, 0));
  await page.mouse.down();
  for (let step = 1; step <= 24; step += 1) {
    await page.mouse.move(...at(0.1 + step * 0.03, step % 2 ? 0.2 : -0.2));
  }
  await page.mouse.up();
}

test("a customer signs at the counter with a finger, and no bag goes before", async ({ shop, device }) => {
  test.setTimeout(180_000);
  await wantsSignatures(shop);
  const { ordered, code, label } = await aBag({ shop, device }, "pickup");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("front-of-house"));
  const sheet = await upToTheSignature(page, label);
  const done = sheet.getByRole("button", { name: "Done" });
  await sheet.locator(".sign-pad").click();
  await expect(done, "a tap is no signature").toHaveAttribute("aria-disabled", "true");
  await sheet.getByRole("button", { name: "Clear" }).click();
  await sign(page, sheet.locator(".sign-pad"));
  await done.click();
  await expect(page.locator("[data-id]")).toContainText("Signed on the screen");
  await screen.primary(page).click();
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("handed_over");
  const desk = await theRecord({ shop, device }, code);
  await expect(desk.locator(".thread")).toContainText("Signed on the screen");
  const id = new URL(desk.url()).pathname.match(/[0-9a-f]{32}/)[0];
  expect(await shop.command("order", "signature", id)).toMatch(/^<svg .*<path d="M\d+ \d+L/);
  await shop.command("order", "erase-customer", id);
  await expect(shop.command("order", "signature", id)).rejects.toThrow("No drawing");
});

test("a drawing that cannot be sealed is not kept, and a paper is signed instead", async ({ shop, device }) => {
  test.setTimeout(180_000);
  await wantsSignatures(shop);
  const { ordered, label } = await aBag({ shop, device }, "pickup");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("front-of-house"));
  const sheet = await upToTheSignature(page, label);
  await sign(page, sheet.locator(".sign-pad"));
  await sheet.getByRole("button", { name: "Done" }).click();
  await page.evaluate(() => {
    SubtleCrypto.prototype.encrypt = () => Promise.reject(new Error("no key"));
  });
  await screen.primary(page).click();
  await screen.expectRefused(page, "signature_not_kept");
  await page.getByRole("button", { name: "Scan again" }).click();
  await page.getByRole("button", { name: "Customer signs" }).click();
  await sheet.getByRole("button", { name: "On paper" }).click();
  await screen.primary(page).click();
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("handed_over");
});

test("at the curb a paper is signed on a phone's word, and the record says so", async ({ shop, device }) => {
  test.setTimeout(180_000);
  await wantsSignatures(shop);
  const { ordered, code, label } = await aBag({ shop, device }, "curbside");
  const page = await (await device()).newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  await screen.begin(page, shop, shop.person("front-of-house"));
  const sheet = await upToTheSignature(page, label);
  await sheet.getByRole("button", { name: "On paper" }).click();
  await expect(page.locator("[data-id]")).toContainText("Signed on paper");
  await screen.primary(page).click();
  await expect.poll(async () => (await shop.standing(ordered)).status).toBe("handed_over");
  const desk = await theRecord({ shop, device }, code);
  await expect(desk.locator(".thread")).toContainText("Signed on paper");
});
