// Scanners type wherever the focus is: a scan must never end up in a field or on a button, and typing must never
// count as a scan.

import { ownCode, unitLink } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { scan, scanOnFrenchKeyboard, scanSlowly, typeByHand } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";
import { seen } from "./support/witness.mjs";

const TEN = Array.from({ length: 10 }, (_, index) => index + 1);

async function atThePick(shop, device, goods) {
  const ordered = order({ goods });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  return { page, ordered, code };
}

test("what a hand types into the search finds orders and is no scan", async ({ shop, device }) => {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("general-manager"));
  const search = page.getByRole("searchbox");
  await search.click();
  await typeByHand(page, code);
  await page.keyboard.press("Enter");
  await expect(search).toHaveValue(code);
  await expect(page.locator(".table tbody tr")).toHaveCount(1);
  expect((await seen(page)).filter((one) => one.word !== "waiting")).toEqual([]);
});

test("a scan is never typed into the search, whatever already stands in it", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("general-manager"));
  const search = page.getByRole("searchbox");
  await search.click();
  await typeByHand(page, "K7");
  await scan(page, "1A4FF03000C0DE5000047218");
  await scan(page, "012345678905");
  await expect(search).toHaveValue("K7");
});

test("a scan does not press the button that has the focus", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  await page.getByRole("button", { name: "Problem" }).focus();
  await screen.pick(page);
  await expect(page.locator(".sheet")).toHaveCount(0);
  await screen.expectUnits(page, 1, 2);
});

test("what a hand types on the pick screen is no scan", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 1 });
  await typeByHand(page, (await screen.tagToTake(page)).slice(-12));
  await page.keyboard.press("Enter");
  await screen.expectUnits(page, 0, 1);
  expect((await seen(page)).filter((one) => one.word === "refused")).toEqual([]);
});

test("ten scans in one burst, faster than two seconds, are ten picks", async ({ shop, device }) => {
  const [{ tag, item }] = await takeIn(shop, [{ item: "Quick Silver 1g", units: 20 }]);
  const { page, ordered } = await atThePick(shop, device, { [item]: 10 });
  await page.evaluate(() => {
    globalThis.waits = [];
    const look = () => globalThis.waits.push(...[...document.querySelectorAll("[data-waiting]")].map((one) => one.textContent));
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
  });
  // A scanner that was out of reach sends what it kept, one after the other.
  await Promise.all(TEN.map((unit) => scan(page, unitLink(tag, unit))));
  await screen.expectUnits(page, 10, 10);
  await screen.expectAllSent(page);
  await expect.poll(async () => (await shop.standing(ordered)).units_picked).toBe(10);
  // How many waited was said while they did, and nothing waits now.
  expect(await page.evaluate(() => globalThis.waits)).toContainEqual(expect.stringMatching(/^\d waiting$/));
  await expect(page.locator("[data-waiting]")).toHaveCount(0);
});

test("a tablet that stands still in the middle of a scan loses nothing, and says so where something was lost", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 3 });
  const tag = await screen.tagToTake(page);
  const quick = { gap: 4, held: 2 };
  await scanSlowly(page, tag, { ...quick, stands: { place: 3, ms: 500 } });
  await screen.expectUnits(page, 1, 3);
  await scanSlowly(page, tag, { ...quick, stands: { place: 20, ms: 800 } });
  await screen.expectUnits(page, 2, 3);
  expect((await seen(page)).filter((one) => one.word === "refused")).toEqual([]);
  await scanSlowly(page, tag.slice(0, 9) + tag.slice(10), { ...quick, stands: { place: 9, ms: 500 } });
  await expect(page.locator(".band")).toContainText("Scan cut off");
});

test("a scan that a tablet inserts as one text is kept out of the search, too", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("general-manager"));
  const search = page.getByRole("searchbox");
  await search.click();
  await page.keyboard.insertText("1A4FF03000C0DE5000047218");
  await expect(search).toHaveValue("");
  // It was read, and the desk says that it has no use for it.
  await expect(page.locator("[data-answer]")).toBeVisible();
});

test("scanning works on while the keypad is open", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  const tag = await screen.tagToTake(page);
  await page.getByRole("button", { name: "Type the code" }).click();
  await expect(page.locator("[data-keypad]")).toBeVisible();
  await scan(page, tag);
  await screen.expectUnits(page, 1, 2);
});

test("a code typed on the app's own keypad counts", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 1 });
  const tag = await screen.tagToTake(page);
  await page.getByRole("button", { name: "Type the code" }).click();
  const keypad = page.locator("[data-keypad]");
  for (const letter of tag) {
    await keypad.locator(`[data-key="${letter}"]`).click();
  }
  await keypad.locator("[data-enter]").click();
  await screen.expectUnits(page, 1, 1);
});

test("a scanner that thinks it is on an American keyboard is understood on a French one", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  const tag = await screen.tagToTake(page);
  await scanOnFrenchKeyboard(page, tag);
  await screen.expectUnits(page, 1, 2);
  // What is no code in either way stays none.
  await scanOnFrenchKeyboard(page, "NOTHING123456");
  await screen.expectRefused(page, "not_a_code");
});

test("the test sheet says what to change on a scanner, and when nothing is left to change", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"), "/scanner");
  const of = (sample) => page.locator(`[data-sample="${sample}"]`);

  // No identifier, Caps Lock, and an American layout on a German keyboard.
  await scan(page, "1A4FF0000TEST00000000000");
  await expect(of("Tag")).toContainText("Turn on AIM identifiers");
  await scan(page, "]C0cUSTODYqWERTZaZERTY");
  await expect(of("Letters")).toContainText("Turn off Caps Lock");
  await scan(page, "]C0httpsÖ--1A4.com-_a´1/y´z?ß`");
  await expect(of("Signs")).toContainText("keyboard country");
  await expect(of("Controls")).toHaveAttribute("data-state", "late");

  await scan(page, "]C01A4FF0000TEST00000000000");
  await scan(page, "]C0CustodyQwertzAzerty");
  await scan(page, "]C0https://1A4.com/?a=1&z=y_-+");
  await expect(of("Signs")).toHaveAttribute("data-state", "ok");
  await scan(page, "]C0abcdefgh");
  await expect(of("Controls")).toContainText("Ctrl");
  await expect(page.locator(".scanner-all li")).toHaveCount(7);

  // Nothing of it is on record, and a real tag is only named.
  await scan(page, "]C01A4FF03000C0DE5000047218");
  await expect(page.locator(".scanner-all li").first()).toContainText("A package");
  await screen.expectAllSent(page);
});

test("a scanner as slow as a hand is understood once it read the test sheet, and a hand never is", async ({ shop, device }) => {
  const slow = { gap: 84, held: 6 };
  const hand = { gap: 84, held: 70 };
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  const tag = await screen.tagToTake(page);
  await scanSlowly(page, tag, slow);
  await screen.expectUnits(page, 0, 2);
  const pick = new URL(page.url()).pathname;
  const turnTo = (path) => screen.begin(page, shop, shop.person("associate"), path);

  await turnTo("/scanner");
  await scanSlowly(page, "1A4FF0000TEST00000000000", hand);
  await expect(page.locator("[data-learnt]")).toHaveCount(0);
  await scanSlowly(page, "1A4FF0000TEST00000000000", slow);
  // A quarter more than the slowest wait there was, which on a busy machine is one or two more than was asked for.
  await expect(page.locator("[data-learnt]")).toContainText(/10[5-9] ms|11\d ms/);

  await turnTo(pick);
  await expect(page.locator("main.pick")).toBeVisible();
  await scanSlowly(page, tag, hand);
  await screen.expectUnits(page, 0, 2);
  await scanSlowly(page, tag, slow);
  await screen.expectUnits(page, 1, 2);

  await turnTo("/scanner");
  await page.getByRole("button", { name: "Forget it" }).click();
  await expect(page.locator("[data-learnt]")).toHaveCount(0);
});

test("signs that a scanner puts around every code are learnt from the test sheet and taken off", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  const tag = await screen.tagToTake(page);
  const pick = new URL(page.url()).pathname;
  const turnTo = (path) => screen.begin(page, shop, shop.person("associate"), path);
  // Nothing is taken off that nobody has learnt. On a busy machine the last signs may be a scan of their own, and what is
  // left is near the right tag: it is shown beside it, and not taken for it either.
  await scan(page, `**${tag}##`);
  await expect(page.locator(".refusal").first()).toBeVisible();
  await screen.expectUnits(page, 0, 2);

  await turnTo("/scanner");
  await scan(page, "**]C01A4FF0000TEST00000000000##");
  await expect(page.locator("[data-learnt]")).toContainText("**…##");
  await expect(page.locator('[data-sample="Tag"]')).toHaveAttribute("data-state", "ok");
  const model = page.locator('[data-model^="Zebra DS2208"]');
  await model.locator("summary").click();
  await expect(model).toContainText("Scan suffix, Enter");

  await turnTo(pick);
  await scan(page, `**]C0${tag}##`);
  await screen.expectUnits(page, 1, 2);
  // Another scanner on the same tablet puts nothing around it.
  await scan(page, tag);
  await screen.expectUnits(page, 2, 2);

  await turnTo("/scanner");
  await page.getByRole("button", { name: "Forget it" }).click();
  await expect(page.locator("[data-learnt]")).toHaveCount(0);
});

test("whatever is no code, or one for another step, counts nothing and says why", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 2 });
  const tag = await screen.tagToTake(page);
  const nothing = ["<script>globalThis.harmed=1</script>", "^XA^FDx^FS^XZ~JR", "=cmd()|'/c calc'!A0", "марихуана大麻حشيش12345678", tag.slice(0, 17)];
  // One of ours between each two of them: what is said has to change every time.
  for (const [place, text] of nothing.entries()) {
    await scan(page, text);
    await screen.expectRefused(page, "not_a_code");
    await scan(page, ownCode("BSXD"[place % 4], "ABC123"));
    await screen.expectRefused(page, "for_another_step");
  }
  await scan(page, ownCode("L", "NOWHERE"));
  await screen.expectRefused(page, "wrong_location");
  await expect(page.locator(".refusal")).toContainText("Go to");
  // So long a one may be said to be cut off: on a busy machine its keys come with waits between.
  await scan(page, "A1".repeat(1_000));
  await expect(page.locator('[data-reason="not_a_code"], .band[data-verdict="attention"]')).toBeVisible();
  await scan(page, "4006381333931");
  await expect(page.locator('.band[data-verdict="attention"]')).toContainText("Product code only");
  await screen.expectUnits(page, 0, 2);
  expect(await page.evaluate(() => globalThis.harmed)).toBeUndefined();
  // The next good one clears it all.
  await scan(page, tag);
  await screen.expectUnits(page, 1, 2);
});

test("the code of the right shelf says that it is the right one", async ({ shop, device }) => {
  const { page } = await atThePick(shop, device, { [products.gummies]: 1 });
  const slot = (await page.locator(".target .slot").first().innerText()).replaceAll(/[^0-9A-Z]/g, "");
  await scan(page, ownCode("L", slot));
  await expect(page.locator('.band[data-verdict="accepted"]')).toContainText("right shelf");
  await screen.expectUnits(page, 0, 1);
});
