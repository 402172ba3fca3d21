// The server's directory is put back to an earlier day behind its back, and the shop goes on as if nothing had been: only
// a tablet can tell, and it does.

import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const LOOKS = { timeout: 90_000 };

test("a history that a tablet has seen and that was changed is proved, and a manager sees it", async ({ shop, device }) => {
  test.setTimeout(300_000);
  const ana = shop.person("associate");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana, "/status");
  await screen.expectAllSent(page);
  const number = async (name) => {
    const value = page.locator(".health li", { hasText: name }).locator(".health-value");
    const [digits] = (await value.innerText()).match(/\d[\d,]*$/) ?? ["0"];
    return Number(digits.replaceAll(",", ""));
  };
  await shop.stop();
  const folder = await mkdtemp(join(tmpdir(), "custody-yesterday-"));
  await cp(shop.directory, folder, { recursive: true });
  const yesterday = await number("Version");
  await shop.start();
  for (const units of [1, 2]) {
    await shop.take(order({ goods: { [products.gummies]: units } }));
  }
  // A tablet looks at a head every ten seconds: it cannot vouch for what came behind the last one it saw.
  await expect.poll(() => number("Version"), LOOKS).toBeGreaterThan(yesterday);
  await expect.poll(async () => (await number("Server's log")) - (await number("Version")), LOOKS).toBeGreaterThanOrEqual(0);

  await shop.stop();
  await rm(shop.directory, { recursive: true });
  await cp(folder, shop.directory, { recursive: true });
  await shop.start();
  for (const units of [3, 4, 5, 6, 7]) {
    await shop.take(order({ goods: { [products.gummies]: units } }));
  }
  const proof = page.locator("[data-proof]");
  await expect(proof).toBeVisible(LOOKS);
  const saved = page.waitForEvent("download");
  await proof.getByRole("button").click();
  const text = await readFile(await (await saved).path(), "utf8");
  expect(text.match(/^custody\//gm)).toHaveLength(2);

  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/exceptions");
  await expect(desk.locator(".inbox")).toContainText("The server was set back, or its history was changed", LOOKS);
  await rm(folder, { recursive: true });
});
