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
