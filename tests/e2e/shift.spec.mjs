// The start of a shift: what is well, what can still be done, and a name under it.

import { catchPrints, prints } from "./support/paper.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });
const part = (page, name) => page.locator(`[data-part="${name}"]`);
const missing = (page) => page.locator('[data-shift="missing"]');

test("a shift is begun once a day: what was tried is well, the checklist is ticked, and every device knows", async ({ shop, device }) => {
  const context = await device();
  await catchPrints(context);
  const page = await context.newPage();
  const ana = shop.person("associate");
  await screen.begin(page, shop, ana);
  await expect(missing(page)).toContainText("Your shift is not begun yet.");
  await missing(page).getByRole("button").click();
  await expect(part(page, "server")).toHaveAttribute("data-state", "ok");
  await expect(part(page, "unsent")).toHaveAttribute("data-state", "ok");
  await expect(part(page, "clock")).toHaveAttribute("data-state", "ok");
  // What nobody has tried is amber, and says what to do.
  await expect(part(page, "printer")).toHaveAttribute("data-state", "late");
  await expect(part(page, "scanner")).toContainText("Not tried today");
  await button(page, "Test label").click();
  await expect.poll(() => prints(page)).toBe(1);
  await expect(page.getByText("Did it come out well?")).toBeVisible();
  await button(page, "No").click();
  await expect(part(page, "printer")).toHaveAttribute("data-state", "bad");
  await expect(page.locator(".status-say")).toContainText("Label printer");
  await button(page, "Test label").click();
  await button(page, "Yes").click();
  await expect(part(page, "printer")).toHaveAttribute("data-state", "ok");
  await page.getByLabel("Labels and bags counted").check();
  await button(page, "Sign and begin").click();
  await expect(page.locator("main[data-queue]")).toBeVisible();
  await expect(missing(page)).toHaveCount(0);
  await screen.expectAllSent(page);
  const other = await (await device()).newPage();
  await screen.begin(other, shop, ana);
  await expect(missing(other)).toHaveCount(0);
  // Who has not begun is told, whatever others did.
  const marcus = shop.people.filter((person) => person.role === "associate")[1];
  const his = await (await device()).newPage();
  await screen.begin(his, shop, marcus);
  await expect(missing(his)).toBeVisible();
});

test("without a network a shift is begun all the same, and the page says what goes on", async ({ shop, device }) => {
  const context = await device();
  const page = await context.newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await shop.stop();
  await screen.expectOffline(page);
  await missing(page).getByRole("button").click();
  await expect(part(page, "server")).toHaveAttribute("data-state", "late");
  await expect(part(page, "server")).toContainText("You can pick, pack and stage");
  await expect(page.locator("[data-without]")).toContainText("This tablet has taken no order");
  await button(page, "Sign and begin").click();
  await expect(missing(page)).toHaveCount(0);
  await shop.start();
  await screen.expectAllSent(page);
});

test("a shop's own checklist is asked for on every device, in both languages", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"), "/shift");
  await expect(page.getByLabel("Scanner charged")).toBeVisible();
  await page.goto(`${shop.url}/status`);
  await screen.signIn(page, shop.person("associate"));
  await button(page, "Español").click();
  await button(page, "Iniciar turno").click();
  await expect(page.getByLabel("Escáner cargado")).toBeVisible();
});
