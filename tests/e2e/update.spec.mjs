// A newer build is offered, never forced, and costs nobody an order that is being worked on.

import { NewerBuild, lookForBuild, runningBuild } from "./support/newer_build.mjs";
import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const NEWER = "newer-build";

test("a newer version waits until the picker says so, and then loses nothing", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.gummies]: 3 } });
  const { code } = await shop.take(ordered);
  const front = await NewerBuild.before(shop);
  try {
    const page = await (await device()).newPage();
    await screen.begin(page, { url: front.url }, ana);
    await screen.installed(page);
    await screen.claim(page, code);
    await screen.pick(page);
    await page.reload();
    await screen.signIn(page, ana);
    const first = await runningBuild(page);

    front.publish(NEWER);
    await lookForBuild(page);
    await screen.pick(page);
    await expect(page.locator(".notice"), "nothing is offered over an open order").toHaveCount(0);
    await page.reload();
    await screen.signIn(page, ana);
    await screen.expectUnits(page, 2, 3);
    expect(await runningBuild(page), "a reload does not let it in").toBe(first);

    await page.getByRole("button", { name: "Back" }).click();
    const offer = page.locator(".notice", { hasText: "new version" });
    await expect(offer).toBeVisible();
    await offer.getByRole("button").click();
    await expect(page.locator(".person").first()).toBeVisible();
    await screen.signIn(page, ana);
    expect(await runningBuild(page)).toBe(NEWER);
    await expect(page.locator(".notice")).toHaveCount(0);
    await screen.claim(page, code);
    await screen.expectUnits(page, 2, 3);
    await screen.pick(page);
    await screen.expectAllSent(page);
    await expect.poll(async () => (await shop.standing(ordered)).units_picked).toBe(3);
  } finally {
    await front.close();
  }
});

test("the newer version works without a network as soon as it runs", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const front = await NewerBuild.before(shop);
  try {
    const page = await (await device()).newPage();
    await screen.begin(page, { url: front.url }, ana);
    await screen.installed(page);
    await page.reload();
    await screen.signIn(page, ana);
    front.publish(NEWER);
    await lookForBuild(page);
    await page.locator(".notice").getByRole("button").click();
    await screen.signIn(page, ana);
    expect(await runningBuild(page)).toBe(NEWER);
    await front.close();
    await screen.begin(page, { url: front.url }, ana, "/pack");
    await expect(page.locator("main[data-queue]")).toBeVisible();
  } finally {
    await front.close();
  }
});
