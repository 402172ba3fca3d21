// A backup of an earlier moment is put back, and a tablet brings acts that name what the server does not know any more.
// E10 and E13 of the protocol's list.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as needs from "./support/needs_you.mjs";
import { order } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";

const LOOKS = { timeout: 90_000 };

test("acts for an order and a package that the server has lost wait until they are known again", async ({ shop, device }) => {
  test.setTimeout(240_000);
  const ana = shop.person("associate");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana);
  await screen.expectAllSent(page);
  const folder = await mkdtemp(join(tmpdir(), "custody-backup-"));
  const backup = join(folder, "yesterday");
  await shop.command("backup", backup);

  const [stocked] = await takeIn(shop, [{ item: "Lost Harbor 1g", units: 3 }]);
  const document = order({ goods: { [stocked.item]: 2 } });
  const { code } = await shop.take(document);
  await page.locator(".head .btn-pill").click();
  await screen.claim(page, code);
  await screen.pickAll(page);
  await screen.expectAllSent(page);
  await shop.stop();
  await shop.command("restore", backup, "--force");
  await shop.start();

  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/exceptions");
  await test.step("E13: the server was set back, and says which device saw more", async () => {
    await needs.settle(desk, "E13", "Nothing moves", { says: ["Was a backup put back?"], ways: 1 });
  });

  let again;
  const picks = needs.rows(desk, "E10", stocked.tag.slice(-4));
  await test.step("E10: each pick is kept; when package and order arrive it takes its place", async () => {
    await expect(picks).toHaveCount(2, LOOKS);
    await needs.read(desk, "E10", { code: stocked.tag.slice(-4), says: [ana.name, "The act is kept whole"], settles: "a manager" });
    await takeIn(shop, [stocked]);
    // The restored shop counts its orders anew: the same order may have another number now.
    again = (await shop.take(document)).code;
    await expect.poll(async () => (await shop.standing(document)).units_picked).toBe(2);
  });

  await test.step("a manager says that it is right, and the order goes on", async () => {
    for (const left of [1, 0]) {
      await needs.read(desk, "E10", { code: again, says: [stocked.item], holds: [again] });
      await needs.decide(desk, "Nothing moves", { ways: 2 });
      await expect(picks).toHaveCount(left);
    }
    await expect(desk.locator(".inbox > ul [data-rule]")).toHaveCount(0);
  });
  await rm(folder, { recursive: true });
});
