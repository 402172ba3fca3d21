// The page *Needs you*, as whoever settles something uses it.
//
// In: a page on which somebody is signed in. Out: what it says of a breach, and decisions pressed there. Must not: know
// what is right; that is the story's.

import { expect } from "@playwright/test";

const ARRIVE = { timeout: 60_000 };

/** The open rows of a rule, of one order when it is named; those that are folded away are not open. */
export function rows(page, rule, code) {
  const all = page.locator(`.inbox > ul [data-rule="${rule}"]`);
  return code ? all.filter({ hasText: code }) : all;
}

/** Rows that are settled, or for the record only. */
export function folded(page, which, rule) {
  return page.locator(`.folded[data-folded="${which}"] [data-rule="${rule}"]`);
}

/** Goes to the page by the menu. */
export async function visit(page) {
  await page.getByRole("link", { name: "Needs you" }).click();
  await expect(page.locator(".inbox")).toBeVisible();
}

/** Opens a breach; `says` are words that must stand there, `holds` the orders it holds up, none of them when empty. */
export async function read(page, rule, { code, says, holds, settles }) {
  const row = rows(page, rule, code).first();
  await expect(row, `${rule} is listed`).toBeVisible(ARRIVE);
  await row.getByRole("link").click();
  await expectSaid(page, rule, { says, holds, settles });
}

/** What stands on a breach's page. */
export async function expectSaid(page, rule, { says = [], holds = [], settles }) {
  const detail = page.locator(".detail");
  await expect(detail.locator("h2 .code")).toHaveText(rule);
  await expect(detail.locator("[data-means]")).not.toBeEmpty();
  for (const words of says) {
    await expect(detail, `${rule} says so`).toContainText(words);
  }
  const notice = detail.locator(".notice").first();
  if (holds.length === 0) {
    await expect(notice).toContainText("It holds up no order");
  }
  for (const code of holds) {
    await expect(notice).toContainText(`Not handed over until it is settled`);
    await expect(notice).toContainText(code);
  }
  if (settles) {
    await expect(detail.locator(".facts").first()).toContainText(settles);
  }
}

/** Takes one of the ways of the breach that is open, and waits until the server has it. */
export async function decide(page, way, { counted, ways } = {}) {
  const detail = page.locator(".detail");
  if (ways) {
    await expect(detail.locator(".way")).toHaveCount(ways);
  }
  const press = detail.getByRole("button", { name: "Settle it" });
  await detail.getByRole("radio", { name: way }).check();
  if (counted !== undefined) {
    await expect(press, "the shelf is not counted yet").toHaveAttribute("aria-disabled", "true");
    await detail.getByLabel("Counted on that shelf").fill(String(counted));
  }
  await press.click();
  const settled = detail.locator("[data-settled]");
  await expect(settled).toContainText(way);
  await expect(settled.locator("[data-saved]")).toContainText("Saved");
  await expect(settled.locator("[data-sent]")).toContainText("at the server", ARRIVE);
}

/** Reads and settles; the row leaves the list. */
export async function settle(page, rule, way, expected) {
  await read(page, rule, expected);
  const open = await rows(page, rule, expected.code).count();
  await decide(page, way, expected);
  await expect(rows(page, rule, expected.code)).toHaveCount(open - 1);
}
