// Work goes on without the server, and nothing is lost or doubled when it comes back.

import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const OUTAGES = 3;

test("an order taken while the server is away is recorded and can be worked", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.gummies]: 2 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await expect(page.locator(`.order[data-code="${code}"]`)).toBeVisible();
  await shop.stop();

  await screen.claim(page, code);
  await screen.pickAll(page);
  await screen.expectUnits(page, 2, 2);
  await screen.expectOffline(page);
  expect(await screen.unsent(page)).toBeGreaterThanOrEqual(3);

  await shop.start();
  await screen.expectAllSent(page);
  await expect.poll(() => shop.standing(ordered)).toMatchObject({ status: "picked", units_picked: 2 });
});

test("a network that goes is said at once, and one that comes back too", async ({ shop, device }) => {
  const context = await device();
  const page = await context.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.expectAllSent(page);
  const away = page.locator('.strip [data-tone="attend"]');
  await expect(away).toHaveCount(0);
  for (const isAway of [true, false, true]) {
    await context.setOffline(isAway);
    await expect(away).toHaveCount(isAway ? 1 : 0, { timeout: 3_000 });
  }
});

test("outage after outage, each pick reaches the server once", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.preRoll]: OUTAGES * 2 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await screen.claim(page, code);
  for (let outage = 0; outage < OUTAGES; outage += 1) {
    await screen.pick(page);
    await shop.kill();
    await screen.pick(page);
    await shop.start();
    await screen.expectAllSent(page);
    const done = (outage + 1) * 2;
    await expect.poll(async () => (await shop.standing(ordered)).units_picked).toBe(done);
    await screen.expectUnits(page, done, OUTAGES * 2);
  }
});

test("every address of the app opens without a network", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await screen.installed(page);
  await screen.claim(page, code);
  const picking = new URL(page.url()).pathname;
  await screen.expectAllSent(page);
  await screen.kept(page);
  await shop.stop();
  const places = {
    "/queue": "main[data-queue]",
    "/pack": "main[data-queue]",
    "/stage": "main.staging",
    "/status": "main.status",
    [picking]: "main.pick",
    [picking.replace("pick", "pack")]: "main.verify",
    "/no-such-page": "main.halted",
  };
  for (const [path, place] of Object.entries(places)) {
    await screen.begin(page, shop, ana, path);
    await expect(page.locator(place), path).toBeVisible();
  }
});

test("whoever has never signed in here is told that the first time needs the server", async ({ shop, device }) => {
  const [ana, marcus] = shop.people.filter((person) => person.role === "associate");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await screen.installed(page);
  await screen.expectAllSent(page);
  await screen.kept(page);
  await shop.stop();
  await screen.open(page, shop.url);
  await page.locator(".person", { hasText: marcus.name }).click();
  for (const digit of marcus.pin) {
    await page.locator(".enter-pin .keypad").getByRole("button", { name: digit, exact: true }).click();
  }
  await expect(page.locator(".pin-answer")).toContainText("needs the server", { timeout: 30_000 });
});

test("a wrong PIN opens nothing, and the right one still does", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await screen.installed(page);
  await screen.expectAllSent(page);
  await screen.kept(page);
  await shop.stop();
  await screen.open(page, shop.url);
  await page.locator(".person", { hasText: ana.name }).click();
  const wrong = [...ana.pin].map((digit) => (Number(digit) + 1) % 10).join("");
  for (const digit of wrong) {
    await page.locator(".enter-pin .keypad").getByRole("button", { name: digit, exact: true }).click();
  }
  await expect(page.locator(".pin-answer")).toContainText("Wrong PIN", { timeout: 30_000 });
  await screen.signIn(page, ana);
  await expect(page.locator("main[data-queue]")).toBeVisible();
});
