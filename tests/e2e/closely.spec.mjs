// A label that is damaged, a code that is mistyped: whatever nearly is a stocked tag is shown beside it, and counts
// for nothing.

import { swapped } from "./support/codes.mjs";
import { order, products } from "./support/orders.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";

const attention = (page) => page.locator('.refusal[data-verdict="attention"]');
const marked = (page, side) => page.locator(`.refusal .cells i[data-differs="${side}"]`);

async function atThePick(shop, device) {
  const { code } = await shop.take(order({ goods: { [products.gummies]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  return page;
}

/** The tag without its twenty-first character, as a scratched label gives it to somebody who types it. */
const scratched = (tag) => tag.slice(0, 20) + tag.slice(21);

test("a tag that lost a character stands beside the right one, at the shelf and on the bench", async ({ shop, device }) => {
  const page = await atThePick(shop, device);
  const tag = await screen.tagToTake(page);
  await scan(page, scratched(tag));
  await expect(attention(page)).toContainText("The right one ends in " + tag.slice(-5));
  await expect(marked(page, "yours")).toHaveCount(0);
  await expect(marked(page, "right")).toHaveCount(1);
  await screen.expectUnits(page, 0, 1);

  await scan(page, tag);
  await screen.expectUnits(page, 1, 1);
  await screen.primary(page).click();
  await expect(page.locator("main.verify")).toBeVisible();
  await scan(page, scratched(tag));
  await expect(attention(page)).toContainText("Look closely");
  await expect(marked(page, "right")).toHaveCount(1);
});

test("it stands there too where no tag is wanted: at the bench's door", async ({ shop, device }) => {
  const page = await atThePick(shop, device);
  const tag = await screen.tagToTake(page);
  await screen.begin(page, shop, shop.person("associate"), "/pack");
  await scan(page, scratched(tag));
  await expect(attention(page)).toContainText("In stock");
  await expect(marked(page, "right")).toHaveCount(1);
  // The very tag is no slip, however alike the next one's number is.
  await scan(page, tag);
  await expect(page.locator('.refusal[data-verdict="attention"]')).toHaveCount(0);
  await expect(page.locator('.band[data-verdict="attention"]')).toContainText("Not on this screen");
});

test("one that nearly is another package's is never called the right one", async ({ shop, device }) => {
  const [{ tag }] = await takeIn(shop, [{ item: "Lookalike Lemon 1g", units: 2 }]);
  const page = await atThePick(shop, device);
  const read = tag.at(-1) === tag.at(-2) ? `${tag.slice(0, -1)}F` : swapped(tag);
  await scan(page, read);
  await expect(attention(page)).toContainText("In stock");
  await expect(attention(page)).not.toContainText("Take this");
  await screen.expectUnits(page, 0, 1);
});

test("the keypad names a letter that no tag has while it is typed", async ({ shop, device }) => {
  const page = await atThePick(shop, device);
  await page.getByRole("button", { name: "Type the code" }).click();
  const keypad = page.locator("[data-keypad]");
  const doubt = keypad.locator(".typed-doubt");
  for (const letter of "1A4FF") {
    await keypad.locator(`[data-key="${letter}"]`).click();
  }
  await expect(doubt).toHaveText("");
  await keypad.locator('[data-key="O"]').click();
  await expect(doubt).toHaveText("Tags have no O. Is it 0?");
  await expect(keypad.locator(".typed")).toHaveText("1A4F FO");
});
