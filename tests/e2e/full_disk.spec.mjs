// The disk is full: nothing is called saved, nothing that was saved is lost, and work goes on when there is room.

import { expect, test } from "./support/story.mjs";

import { order, products } from "./support/orders.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";

/** The browser looks at its share of the disk only every half minute. */
const LOOKS_AGAIN = { timeout: 90_000, intervals: [1_000] };

/** What the browser says to a strict write of its own choosing, in the app's origin. */
function anyWrite(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open("disk-probe");
        opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
        opening.onerror = () => resolve(opening.error.name);
        opening.onsuccess = () => {
          const database = opening.result;
          const writing = database.transaction("rows", "readwrite", { durability: "strict" });
          writing.objectStore("rows").put(new Uint8Array(100), "row");
          writing.oncomplete = () => resolve("written");
          writing.onabort = () => resolve(writing.error.name);
          database.close();
        };
      }),
  );
}

test("a full disk is said on the whole screen, and the scan that did not fit is not counted", async ({ shop, device }) => {
  test.setTimeout(240_000);
  const { code } = await shop.take(order({ goods: { [products.flower]: 4 } }));
  const tablet = await device();
  const page = await tablet.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pick(page);
  await screen.expectAllSent(page);

  const browser = await tablet.newCDPSession(page);
  await browser.send("Storage.overrideQuotaForOrigin", { origin: shop.url, quotaSize: 1 });
  await expect.poll(() => anyWrite(page), LOOKS_AGAIN).toBe("QuotaExceededError");
  await scan(page, await screen.tagToTake(page));
  await expect(page.locator(".refusal")).toContainText("Not saved");
  await screen.expectUnits(page, 1, 4);
  expect(await screen.unsent(page)).toBe(0);

  await browser.send("Storage.overrideQuotaForOrigin", { origin: shop.url });
  await expect.poll(() => anyWrite(page), LOOKS_AGAIN).toBe("written");
  await screen.pickAll(page);
  await screen.expectUnits(page, 4, 4);
  await screen.expectAllSent(page);
});
