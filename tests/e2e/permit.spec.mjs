// A tablet that does not reach the server for long: what ends, what goes on, and that contact puts all right.

import { setHours, withClock } from "./support/clock.mjs";
import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";
import { pickTheSameUnit } from "./support/twice.mjs";

const CUSTOMER = "Jordan P.";
const over = (page, what) => page.locator(`.notice[data-permit="${what}"]`);

/** Opens the app again, so many hours later by its clock. */
async function later(page, shop, person, hours, path) {
  await setHours(page, hours);
  await screen.begin(page, shop, person, path);
}

async function withPermit(page, shop, person, path) {
  const permitted = page.waitForResponse((answer) => answer.url().includes("/permit") && answer.ok());
  await screen.begin(page, shop, person, path);
  await permitted;
  await screen.installed(page);
}

test("decisions end after half a day without the server, names after a day, picking never", async ({ shop, device }) => {
  test.setTimeout(300_000);
  const tablets = [await device(), await device()];
  const { codes } = await pickTheSameUnit(shop, tablets);
  const { code } = await shop.take(order({ goods: { [products.preRoll]: 3 } }));
  const gwen = shop.person("general-manager");
  const ana = shop.person("associate");
  const desk = await (await withClock(await device())).newPage();
  const tablet = await (await withClock(await device())).newPage();
  await withPermit(desk, shop, gwen, "/exceptions");
  await withPermit(tablet, shop, ana);
  await screen.claim(tablet, code);
  await screen.expectAllSent(tablet);
  const caller = desk.locator(`.caller[data-code="${codes[0]}"] b`);
  const decision = desk.getByRole("radio", { name: "The first keeps it" });
  const press = desk.getByRole("button", { name: "Settle it" });
  const openTheBreach = async () => {
    await desk.locator('.inbox [data-rule="E01"] a').click();
    await decision.check();
  };
  await shop.stop();

  await test.step("eleven hours later a decision may still be made", async () => {
    await later(desk, shop, gwen, 11, "/exceptions");
    await openTheBreach();
    await expect(press).not.toHaveAttribute("aria-disabled", "true");
    await expect(desk.locator("[data-permit]")).toHaveCount(0);
  });

  await test.step("thirteen hours later it is refused, with what to do; names are still shown", async () => {
    await later(desk, shop, gwen, 13, "/exceptions");
    await openTheBreach();
    await expect(press).toHaveAttribute("aria-disabled", "true");
    await expect(desk.locator(".settle [role=status]")).toContainText("Take it to the network");
    await expect(over(desk, "decisions")).toBeVisible();
    await expect(over(desk, "customers")).toHaveCount(0);
    await screen.begin(desk, shop, gwen, "/counter");
    await expect(caller).toHaveText(CUSTOMER);
  });

  await test.step("a clock set back extends nothing", async () => {
    await later(desk, shop, gwen, -100, "/exceptions");
    await openTheBreach();
    await expect(press).toHaveAttribute("aria-disabled", "true");
  });

  await test.step("a day later names are hidden, and picking goes on", async () => {
    await later(desk, shop, gwen, 25, "/counter");
    await expect(caller).toHaveText("Name hidden until there is a network");
    await expect(desk.locator("body")).not.toContainText("Jordan");
    await expect(over(desk, "customers")).toBeVisible();
    await later(tablet, shop, ana, 25);
    await screen.claim(tablet, code);
    await screen.pickAll(tablet);
    await screen.expectUnits(tablet, 3, 3);
  });

  await test.step("after contact all is as before", async () => {
    await shop.start();
    await screen.expectAllSent(tablet);
    await expect(caller).toHaveText(CUSTOMER, { timeout: 60_000 });
    await expect(desk.locator("[data-permit]")).toHaveCount(0);
    await screen.begin(desk, shop, gwen, "/exceptions");
    await openTheBreach();
    await press.click();
    await expect(desk.locator("[data-settled] [data-sent]")).toContainText("at the server", { timeout: 60_000 });
    expect((await desk.locator('.inbox > ul [data-rule="E19"]').count()), "nothing was done too late").toBe(0);
  });
});
