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

/** Rows of choices, maps and sheets of paper that a hand moves sideways on purpose. */
const SIDEWAYS = "nav, [data-sideways]";

/** What stands outside the screen, also within a part that scrolls: nobody looks for the rest of a sentence there. */
function outside(sideways) {
  // What is only read aloud is a pixel wide.
  const isAloud = (part) => part !== null && (part.clientWidth === 1 || isAloud(part.parentElement));
  const shown = (part) => part.checkVisibility({ visibilityProperty: true }) && !part.closest(sideways) && !isAloud(part);
  const isOut = ({ width, left, right }) => width > 1 && (right > innerWidth + 1 || left < -1);
  const parts = [...document.body.querySelectorAll("*")].filter((part) => shown(part) && isOut(part.getBoundingClientRect()));
  // The outermost says it; what is in it follows.
  const first = parts.filter((part) => !parts.includes(part.parentElement));
  const named = (part) => `${part.tagName.toLowerCase()} of ${part.closest("[class]:not(svg, svg *)").className}`;
  return first.map((part) => `${named(part)} ends at ${Math.round(part.getBoundingClientRect().right)}`);
}

/** What a picker has to read and the band or another part lies over, where nothing scrolls. */
function buried() {
  const stage = document.querySelector("main.pick .target");
  const scrolls = (part) => part.scrollHeight > part.clientHeight + 1 && getComputedStyle(part).overflowY !== "hidden";
  if (stage === null || scrolls(document.scrollingElement) || getComputedStyle(stage.parentElement).overflowY === "auto") {
    return [];
  }
  const floor = document.querySelector(".band, .refusal").getBoundingClientRect().top;
  const { left, right } = stage.getBoundingClientRect();
  const parts = [...stage.querySelectorAll(".notice, .ask, .slot, h2, .tag, .take, .target-alike")];
  const shown = parts.filter((part) => part.checkVisibility({ visibilityProperty: true }));
  const boxes = shown.map((part) => [part, part.getBoundingClientRect()]);
  const isOver = (above, below) => above.bottom > below.top + 1;
  const under = boxes.filter(([, box]) => box.bottom > floor + 1 || box.left < left - 1 || box.right > right + 1);
  const rows = boxes.filter(([part]) => part.parentElement === stage);
  const beside = rows.slice(1).filter(([, box], at) => isOver(rows[at][1], box));
  const named = ([part], how) => `${part.tagName.toLowerCase()}.${part.className} ${how}`;
  return [...under.map((one) => named(one, "is cut off")), ...beside.map((one) => named(one, "stands in what is above it"))];
}

/** What runs off the side of the screen or cannot be read where it stands, by its size. */
export async function overflows(page) {
  const found = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    const parts = [...(await page.evaluate(outside, SIDEWAYS)), ...(await page.evaluate(buried))];
    found.push(...parts.map((part) => `${part} on ${size}`));
  }
  await page.setViewportSize(HOME);
  return found;
}

/** What axe finds: the rule and the place. */
export async function barriers(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
}
