// What a person does and sees on Custody's screens.
//
// In: a page. Out: acts by the buttons people press, and readings of what is on screen. Must not: reach into the
// app; whatever a person cannot do or see is not here.

import { expect } from "@playwright/test";

import { toteCode } from "./codes.mjs";
import { scan } from "./scanner.mjs";

/** The first sign-in asks the server and computes a slow hash. */
const SIGN_IN = { timeout: 30_000 };
/** After an outage the app tries again by itself, each time after a longer wait. */
const CATCH_UP = { timeout: 60_000 };

/** Opens the app and waits until somebody can sign in. The demo shop lets a new device in by itself. */
export async function open(page, url) {
  await page.goto(url);
  try {
    await expect(page.locator(".person").first()).toBeVisible(SIGN_IN);
  } catch (error) {
    const instead = await page.evaluate(() => document.body.innerText).catch((why) => why.message);
    throw new Error(`nobody can sign in; the screen says: ${JSON.stringify(instead)}`, { cause: error });
  }
}

/** Waits until the app is on the device, so that it starts without a network. */
export async function installed(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

/** Waits until all that the server has to tell is kept on the device: then the app asks for the same again. */
export async function kept(page) {
  let before;
  await expect(async () => {
    const asked = page.waitForRequest((request) => request.url().includes("/pull"), { timeout: 1_000 });
    // Awaited together: on a busy machine the wait can be over before the page has answered.
    const [request] = await Promise.all([asked, page.evaluate(() => window.dispatchEvent(new Event("focus")))]);
    const behind = new URL(request.url()).searchParams.get("position");
    const repeated = behind === before;
    before = behind;
    expect(repeated, "asked for the same twice").toBe(true);
  }).toPass(SIGN_IN);
}

/** Signs a person in by name and keypad, on the screen that asks who is working. */
export async function signIn(page, person) {
  await page.locator(".person", { hasText: person.name }).click();
  const keys = page.locator(".enter-pin .keypad");
  for (const digit of person.pin) {
    await keys.getByRole("button", { name: digit, exact: true }).click();
  }
  await expect(page.locator("main.enter")).toHaveCount(0, SIGN_IN);
}

/** Opens the app, signs a person in and, where there is a server, waits until the device knows what it knows. */
export async function begin(page, shop, person, path = "/") {
  await open(page, shop.url + path);
  await signIn(page, person);
  if (shop.isRunning) {
    await kept(page);
  }
}

/** Chooses an order of the queue, and takes it. */
export async function claim(page, code) {
  await page.locator(`.order[data-code="${code}"]`).click();
  await primary(page).click();
  await expect(page.locator("main.pick")).toBeVisible();
}

/** The one button that goes on. */
export function primary(page) {
  return page.locator(".frame > .dock .btn-primary");
}

/** The tag the pick screen asks for; none when everything is picked. */
export async function tagToTake(page) {
  const spelled = await attribute(page, ".target .tag", "aria-label");
  return spelled?.replaceAll(" ", "") ?? null;
}

/** Read in one go: the screen may change between two looks. */
function attribute(page, selector, name) {
  return page.evaluate(([selector, name]) => document.querySelector(selector)?.getAttribute(name), [selector, name]);
}

/** Scans a tote of the offered number for each order of a walk that has none yet. */
export async function bindTotes(page) {
  await expect(page.locator("main.pick")).toBeVisible();
  const waits = () => attribute(page, "main.pick", "data-bind").then((order) => order ?? null);
  for (let order = await waits(); order !== null; order = await waits()) {
    await scan(page, toteCode(await attribute(page, ".put-in .tote", "data-tote")));
    await expect.poll(waits).not.toBe(order);
  }
}

/** Units picked so far, and units due, as the head says it. */
export async function units(page) {
  const [picked, due] = (await page.locator(".head-count").innerText()).match(/\d+/g).map(Number);
  return { picked, due };
}

/** Scans one unit of what is asked for, by its package's tag, and waits until it counts. */
export async function pick(page) {
  const { picked, due } = await units(page);
  await scan(page, await tagToTake(page));
  await expectUnits(page, picked + 1, due);
}

/** Scans unit after unit until nothing is left to take. */
export async function pickAll(page) {
  while ((await tagToTake(page)) !== null) {
    await pick(page);
  }
}

export async function expectUnits(page, picked, due) {
  await expect.poll(() => units(page)).toEqual({ picked, due });
}

/** The full-screen refusal, with its reason. */
export async function expectRefused(page, reason) {
  await expect(page.locator(".refusal")).toHaveAttribute("data-reason", reason);
}

/** Acts of this device that the server does not have yet, as the strip says it. */
export async function unsent(page) {
  await expect(page.locator(".strip")).toBeVisible();
  return Number((await attribute(page, ".strip [data-unsent]", "data-unsent")) ?? 0);
}

/** Waits until the strip says that the server has everything. */
export async function expectAllSent(page) {
  await expect.poll(() => unsent(page), CATCH_UP).toBe(0);
}

/** Does something on one of the desk's pages, which have no strip, and waits until the server has taken in acts. */
export async function sends(page, act) {
  const pushed = page.waitForResponse((answer) => answer.url().includes("/push") && answer.ok(), CATCH_UP);
  await act();
  await pushed;
}

/** Waits until the strip says that there is no network. */
export async function expectOffline(page) {
  await expect(page.locator('.strip [data-tone="attend"]')).toBeVisible(CATCH_UP);
}
