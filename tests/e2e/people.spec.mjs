// People at a shared tablet: who works on it, who does no more, and what a PIN is worth.

import { ownCode } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { number } from "./support/people.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const answer = (page) => page.locator(".pin-answer");

async function type(page, pin) {
  for (const digit of pin) {
    await page.locator(".keypad").getByRole("button", { name: digit, exact: true }).click();
  }
}

const another = (pin) => [...pin].map((digit) => (Number(digit) + 1) % 10).join("");

async function atThePick(shop, device, person) {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, person);
  await screen.claim(page, code);
  return { page, code };
}

test("three slips cost nothing, the fourth wrong PIN costs a wait that a reload does not shorten", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await screen.expectAllSent(page);
  await screen.open(page, shop.url);
  await page.locator(".person", { hasText: ana.name }).click();
  for (const left of [9, 8, 7, 6]) {
    await type(page, another(ana.pin));
    await expect(answer(page)).toContainText(`${left} tries left`, { timeout: 30_000 });
  }
  await type(page, ana.pin);
  await expect(answer(page)).toContainText("Wait");
  await expect(answer(page)).toHaveText("", { timeout: 10_000 });
  await type(page, another(ana.pin));
  await expect(answer(page)).toContainText("5 tries left", { timeout: 30_000 });
  await screen.open(page, shop.url);
  await page.locator(".person", { hasText: ana.name }).click();
  await type(page, ana.pin);
  await expect(answer(page)).toContainText("Wait");
  await expect(answer(page)).toHaveText("", { timeout: 15_000 });
  await type(page, ana.pin);
  await expect(page.locator("main[data-queue]")).toBeVisible();
});

/** Makes the clock that never jumps go on by the longest wait there is. */
async function passes(page) {
  await page.clock.fastForward(61_000);
}

const sheet = (page) => page.locator("[data-person-sheet]");

async function change(desk, person, what, manager) {
  await desk.locator("tr[data-person]", { hasText: person.name }).getByRole("button", { name: "Change" }).click();
  await sheet(desk).getByRole("button", { name: what }).click();
  await type(sheet(desk), manager.pin);
}

test("the tenth wrong PIN locks a person on a tablet, and a manager at a desk lets the person try again", async ({ shop, device }) => {
  test.setTimeout(240_000);
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const gwen = shop.person("general-manager");
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, gwen, "/people");
  const page = await (await device()).newPage();
  await page.clock.install();
  await screen.begin(page, shop, ana);
  await screen.expectAllSent(page);
  await screen.open(page, shop.url);
  await page.locator(".person", { hasText: ana.name }).click();
  for (const left of [9, 8, 7, 6, 5, 4, 3, 2, 1]) {
    await type(page, another(ana.pin));
    await expect(answer(page)).toContainText(`${left} tr`, { timeout: 30_000 });
    await passes(page);
  }
  await type(page, another(ana.pin));
  await expect(answer(page)).toContainText("Locked on this tablet", { timeout: 30_000 });
  // The right one opens nothing any more, with the server in reach; others go on.
  await passes(page);
  await type(page, ana.pin);
  await expect(answer(page)).toContainText("Locked on this tablet", { timeout: 30_000 });
  await screen.signIn(page, marcus);
  await change(desk, ana, "Let them try again", gwen);
  await expect(desk.locator("#person-title")).toContainText("may try PINs again", { timeout: 30_000 });
  await expect(desk.locator("[data-changes] tr").first()).toContainText(`by ${gwen.name}`, { timeout: 30_000 });
  await screen.kept(page);
  await page.locator(".strip").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await shop.stop();
  await screen.signIn(page, ana);
});

test("the next person's badge asks for the next person's PIN, at the same place", async ({ shop, device }) => {
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const { page, code } = await atThePick(shop, device, ana);
  await scan(page, ownCode("P", (await number(shop, marcus)).padStart(3, "0")));
  await expect(page.locator(".pin-for")).toContainText(marcus.name);
  await type(page, marcus.pin);
  await expect(page.locator(".strip")).toContainText(marcus.name);
  await expect(page.locator(".head h1")).toContainText(code);
});

test("a tablet that nobody touches locks, and opens where the work was left", async ({ shop, device }) => {
  test.setTimeout(180_000);
  const ana = shop.person("associate");
  const { page, code } = await atThePick(shop, device, ana);
  await page.evaluate(() => localStorage.setItem("custody-lock-after", "1"));
  await screen.open(page, page.url());
  await screen.signIn(page, ana);
  await expect(page.locator(".head h1")).toContainText(code);
  await expect(page.locator("[data-paused]")).toBeVisible({ timeout: 75_000 });
  await expect(page.locator("main.enter")).not.toContainText(code);
  await expect(page.locator(".pin-for")).toContainText(ana.name);
  await type(page, ana.pin);
  await expect(page.locator(".head h1")).toContainText(code);
});

test("whoever does not work here any more is turned out as soon as the tablet hears of it", async ({ shop, device }) => {
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const { page } = await atThePick(shop, device, ana);
  const who = await number(shop, ana);
  await shop.command("user", "disable", who);
  await expect(page.locator("[data-turned-out]")).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".person", { hasText: ana.name })).toHaveCount(0);
  await screen.signIn(page, marcus);
  await screen.expectAllSent(page);
  await shop.command("user", "enable", who);
  await page.locator(".strip").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.locator(".person", { hasText: ana.name })).toBeVisible();
  await screen.signIn(page, ana);
});

test("a manager sees since when somebody does not work here, and when each tablet was last heard of", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/people");
  const changes = desk.locator("[data-changes] tr");
  await expect(changes.filter({ hasText: `${ana.name} works here` })).toHaveCount(1);
  await change(desk, ana, "Works here no longer", shop.person("general-manager"));
  await expect(desk.locator("#person-title")).toHaveText(`${ana.name} works here no longer`, { timeout: 30_000 });
  await sheet(desk).getByRole("button", { name: "Close" }).click();
  await expect(changes.first()).toContainText(`${ana.name} works here no longer, by Gwen`, { timeout: 30_000 });
  await expect(changes.first()).toContainText(/\d\d\/\d\d\/\d{4} \d+:\d\d [ap]m/u);
  await expect(desk.locator("tr[data-person]", { hasText: ana.name })).toContainText("Not any more");
  await desk.locator('.side a[href="/devices"]').click();
  await expect(desk.locator("tr[data-device] [data-heard]").first()).toContainText(/\d\d\/\d\d\/\d{4}/u, { timeout: 30_000 });
});

test("a person chooses a PIN of eight digits, and the old one opens nothing any more, here and elsewhere", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const elsewhere = await (await device()).newPage();
  await screen.begin(elsewhere, shop, ana);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana, "/status");
  await page.getByRole("button", { name: "Change my PIN" }).click();
  const next = page.locator("[data-new-pin]").getByRole("button", { name: "Next" });
  await type(page, ana.pin);
  await next.click();
  await type(page, "12345678");
  await next.click();
  await expect(answer(page)).toContainText("Too easy");
  for (const time of [1, 2]) {
    await expect(page.locator("#new-pin-title")).toHaveText(time === 1 ? "Choose a new PIN" : "Type it again");
    await type(page, "80514297");
    await next.click();
  }
  await expect(page.locator("#new-pin-title")).toHaveText("Your PIN is changed", { timeout: 30_000 });
  await screen.expectAllSent(page);
  await shop.stop();

  await screen.open(page, shop.url);
  await page.locator(".person", { hasText: ana.name }).click();
  await type(page, `${ana.pin}99`);
  await expect(answer(page)).toContainText("Wrong PIN", { timeout: 30_000 });
  await type(page, "80514297");
  await expect(page.locator("main[data-queue]")).toBeVisible({ timeout: 30_000 });

  // The other tablet heard of it before the server went, or does at its next contact: then the old PIN needs the server.
  await shop.start();
  await screen.expectAllSent(elsewhere);
  await screen.kept(elsewhere);
  await screen.open(elsewhere, shop.url);
  await screen.kept(elsewhere).catch(() => {});
  await elsewhere.locator(".person", { hasText: ana.name }).click();
  await type(elsewhere, ana.pin);
  await expect(answer(elsewhere)).toContainText("Wrong PIN", { timeout: 30_000 });
});
