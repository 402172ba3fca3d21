// Names and notes that try to be something else: a printer's command, a formula, markup, another direction, a flood.

import { order } from "./support/orders.mjs";
import { catchPrints, labelLines, prints, sheets, ticketCode } from "./support/paper.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";

const NAMES = {
  "a printer's command": "^XZ~JA^XA^FDstolen^FS",
  "a formula": '=HYPERLINK("http://example.invalid","free")',
  "markup": '<img src=x onerror="globalThis.harmed=1"><script>globalThis.harmed=1</script>',
  "Arabic": "مريم النجار الدمشقية",
  "right to left turned on": "\u202Egnp.exe Jordan\u202C",
  "300 letters without a blank": "Wolfeschlegelsteinhausen".repeat(13).slice(0, 300),
};

for (const [kind, name] of Object.entries(NAMES)) {
  test(`a name that is ${kind} stays a name, from the queue to the label`, async ({ shop, device }) => {
    const [stocked] = await takeIn(shop, [{ item: `${name} 1g`, units: 5 }]);
    const ordered = order({ goods: { [stocked.item]: 1 }, customer: name, note: name });
    const { code } = await shop.take(ordered);
    const tablet = await device();
    await catchPrints(tablet);
    const page = await tablet.newPage();
    await screen.begin(page, shop, shop.person("associate"));
    await screen.claim(page, code);
    await expect(page.locator(".target h2")).toHaveText(stocked.item);
    await expectWhole(page);
    await screen.pick(page);
    await screen.primary(page).click();
    await expect(page.locator("main.verify")).toContainText(stocked.item);
    await page.getByRole("button", { name: "Print ticket" }).click();
    await expect.poll(() => prints(page)).toBe(1);
    await scan(page, stocked.tag);
    await scan(page, await ticketCode(page));
    await expect(page.locator("main.label")).toBeVisible();
    await expectWhole(page);
    await screen.primary(page).click();
    await expect.poll(() => prints(page)).toBe(2);
    await expectOnPaper(page, [name, stocked.item, stocked.tag]);
    expect(await page.evaluate(() => globalThis.harmed)).toBeUndefined();
  });
}

/** Nothing runs off the side of the screen. */
async function expectWhole(page) {
  const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(width).toBeLessThanOrEqual(room);
}

/** Every word is on the label, in full, and within its edges. */
async function expectOnPaper(page, texts) {
  const together = (text) => text.replaceAll(/\s/g, "");
  const printed = together((await labelLines(page)).join(""));
  for (const text of texts) {
    expect(printed).toContain(together(text));
  }
  const outside = await page.locator("main.label .paper svg").evaluateAll((labels) =>
    labels.flatMap((label) => {
      const { width, height } = label.viewBox.baseVal;
      const beyond = (box) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
      return [...label.querySelectorAll("text")].filter((text) => beyond(text.getBBox())).map((text) => text.textContent);
    }),
  );
  expect(outside, "texts beyond the label's edge").toEqual([]);
  const labels = await page.locator(".printout .exit-label").count();
  expect(await sheets(page)).toEqual(Array(labels).fill([4, 3]));
}
