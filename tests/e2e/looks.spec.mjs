// Every screen on every kind of device: nothing runs off the side, and nobody is left out.

import { HOME, SIZES, barriers, overflows } from "./support/judge.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";
import { walk } from "./support/walk.mjs";

const THEMES = ["vault", "desk", "sun"];
const WALK_MS = 420_000;

/** Faults found on the way, each once, with the screens that have it. */
class Faults {
  found = {};

  add(screen, lines) {
    for (const line of lines) {
      (this.found[line] ??= []).push(screen);
    }
  }
}

async function inTheme(page, theme, judge) {
  const root = page.locator("html");
  const before = await root.getAttribute("data-theme");
  await root.evaluate((html, theme) => html.setAttribute("data-theme", theme), theme);
  const found = await judge(page);
  await root.evaluate((html, theme) => html.setAttribute("data-theme", theme), before);
  return found;
}

for (const [locale, language] of [["en-US", "English"], ["es-MX", "Spanish"]]) {
  test(`no screen runs off the side of any device, in ${language}`, async ({ shop, device }) => {
    test.setTimeout(WALK_MS);
    const faults = new Faults();
    await walk(shop, () => device({ locale }), async (page, name) => {
      faults.add(name, await overflows(page));
    });
    expect(faults.found).toEqual({});
  });
}

test("every screen, in every theme, can be used by people who see, hear or move less", async ({ shop, device }) => {
  test.setTimeout(WALK_MS);
  const faults = new Faults();
  await walk(shop, device, async (page, name) => {
    for (const theme of THEMES) {
      faults.add(`${name} (${theme})`, await inTheme(page, theme, barriers));
    }
  });
  expect(faults.found).toEqual({});
});

test("every screen on a phone, in Spanish, can be used by people who see, hear or move less", async ({ shop, device }) => {
  test.setTimeout(WALK_MS);
  const faults = new Faults();
  await walk(shop, () => device({ locale: "es-MX" }), async (page, name) => {
    await page.setViewportSize(SIZES["a phone"]);
    faults.add(name, await barriers(page));
    await page.setViewportSize(HOME);
  });
  expect(faults.found).toEqual({});
});

test("language and theme are chosen on the status page and kept", async ({ shop, device }) => {
  const ana = shop.person("associate");
  const page = await (await device()).newPage();
  await screen.begin(page, shop, ana, "/status");
  const root = page.locator("html");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(root).toHaveAttribute("lang", "es");
  await expect(page.locator(".setting legend").first()).toHaveText("Idioma");
  for (const [place, theme] of THEMES.entries()) {
    await page.locator(".setting").nth(1).getByRole("button").nth(place).click();
    await expect(root).toHaveAttribute("data-theme", theme);
  }
  await page.reload();
  await expect(root).toHaveAttribute("lang", "es");
  await expect(root).toHaveAttribute("data-theme", THEMES.at(-1));
});
