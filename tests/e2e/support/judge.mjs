// Whoever judges how a screen looks: does it fit, and can everybody use it?
//
// In: a page. Out: faults, none when all is well. Must not: leave the page in another size than it found it in use.

import AxeBuilder from "@axe-core/playwright";

export const SIZES = {
  "a narrow phone": { width: 320, height: 640 },
  "a phone": { width: 390, height: 844 },
  "a tablet upright": { width: 800, height: 1280 },
  "a tablet on its side": { width: 1280, height: 800 },
  "a desk": { width: 1440, height: 900 },
};
export const HOME = SIZES["a tablet on its side"];

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Sizes of screen on which the page scrolls sideways. */
export async function overflows(page) {
  const found = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > viewport.width) {
      found.push(`${width} px wide on ${size}`);
    }
  }
  await page.setViewportSize(HOME);
  return found;
}

/** What axe finds: the rule and the place. */
export async function barriers(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
}
