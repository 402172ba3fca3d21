// A manager's devices: a new one comes in by a code, and a lost one goes.

import { decode, encode } from "./support/cbor.mjs";
import { overflows } from "./support/judge.mjs";
import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

/** The code of a refusal that says that the device is revoked. */
const REVOKED = 2;

/** A browser whose WebCrypto does not have Ed25519, as there still are. */
function withoutEd25519() {
  // A page that is not secure, such as an empty one, has none of it.
  for (const name of globalThis.SubtleCrypto ? ["generateKey", "importKey"] : []) {
    const real = SubtleCrypto.prototype[name];
    SubtleCrypto.prototype[name] = function (...given) {
      const isMissing = given.some((one) => one?.name === "Ed25519" || one === "Ed25519");
      return isMissing ? Promise.reject(new DOMException("unknown", "NotSupportedError")) : real.apply(this, given);
    };
  }
}

const sheet = (page) => page.locator("[data-devices]");
const check = (page) => page.locator("[data-check]");

async function prove(page, pin) {
  for (const digit of pin) {
    await sheet(page).getByRole("button", { name: digit, exact: true }).click();
  }
}

test("a manager's code lets a tablet in, both show the same six digits, and a lost tablet is revoked", async ({ shop, device }) => {
  const gwen = shop.person("general-manager");
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, gwen, "/devices");
  await desk.getByRole("button", { name: "Add a tablet" }).click();
  await prove(desk, gwen.pin);
  const code = sheet(desk).locator("[data-code]");
  await expect(code).toHaveText(/^\w{4}-\w{4}-\w{4}$/, { timeout: 30_000 });
  await expect(sheet(desk).locator("svg.qr path")).toHaveAttribute("d", /^(M\d+ \d+h1v1h-1z){150,}$/);

  // What the tablet's own camera opens.
  const tablet = await (await device()).newPage();
  await tablet.goto(`${shop.url}/#enrol=${await code.textContent()}`);
  await expect(check(tablet)).toHaveText(/^\d{6}$/, { timeout: 30_000 });
  await expect(check(desk)).toHaveText(await check(tablet).textContent(), { timeout: 30_000 });
  await tablet.getByRole("button", { name: "It is the same" }).click();
  await desk.getByRole("button", { name: "It is the same" }).click();
  await expect(desk.locator("#devices-title")).toHaveText("The device is in");
  await sheet(desk).getByRole("button", { name: "Close" }).click();
  await screen.signIn(tablet, shop.person("associate"));
  await screen.kept(tablet);

  await desk.locator("tr[data-device]").getByRole("button", { name: "Revoke" }).click();
  await prove(desk, gwen.pin);
  await expect(desk.locator("#devices-title")).toHaveText("The device is revoked", { timeout: 30_000 });
  await expect(desk.locator("tr[data-device] .chip", { hasText: "Revoked" })).toHaveCount(1, { timeout: 30_000 });
  // Nobody touches the tablet: it hears of it by itself.
  await expect(tablet.locator("[data-revoked]")).toBeVisible({ timeout: 5_000 });
});

/** What of the shop a page's storage still has: how many pages of the view, and the names of what else is kept. */
function held(page) {
  return page.evaluate(async () => {
    const open = (name) => new Promise((done, failed) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const keys = (database, store) => new Promise((done) => {
      const request = database.transaction(store).objectStore(store).getAllKeys();
      request.onsuccess = () => done(request.result);
    });
    const known = (await indexedDB.databases()).map(({ name }) => name);
    const view = await open(known.find((name) => /^custody-view-\d+-1$/u.test(name)));
    const core = await open(known.find((name) => name.startsWith("custody-core")));
    const found = { pages: (await keys(view, "pages")).length, names: (await keys(core, "meta")).map(String) };
    found.acts = (await keys(core, "log")).length;
    view.close();
    core.close();
    return found;
  });
}

test("a revoked tablet sends what it recorded, and then holds nothing of the shop any more", async ({ shop, device }) => {
  const [ana] = shop.people.filter((person) => person.role === "associate");
  const { code } = await shop.take(order({ goods: { [products.gummies]: 2 } }));
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/devices");
  const context = await device();
  const tablet = await context.newPage();
  // What this tablet sends is lost: it is revoked while an act of it is on no other disk.
  await screen.begin(tablet, shop, ana);
  await screen.claim(tablet, code);
  await screen.expectAllSent(tablet);
  await tablet.route(/\/push$/u, (route) => route.abort());
  await screen.pick(tablet);
  await expect.poll(() => screen.unsent(tablet)).toBeGreaterThan(0);
  const before = await held(tablet);
  expect(before.pages).toBeGreaterThan(0);
  expect(before.names.some((name) => name.startsWith("person/"))).toBe(true);

  await desk.locator("tr[data-device]").getByRole("button", { name: "Revoke" }).click();
  await prove(desk, shop.person("general-manager").pin);
  await expect(desk.locator("#devices-title")).toHaveText("The device is revoked", { timeout: 30_000 });
  await expect(desk.locator("[data-held]")).toContainText(code);
  expect(await overflows(desk)).toEqual([]);
  expect(await held(tablet)).toEqual(before);
  await tablet.unroute(/\/push$/u);
  await tablet.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(tablet.locator("[data-revoked]")).toBeVisible({ timeout: 30_000 });
  await expect(tablet.locator("body")).not.toContainText(ana.name);

  // Its act arrived all the same, marked for a manager; only then its key went.
  await expect(desk.locator(".side-count")).toBeVisible({ timeout: 60_000 });
  await expect.poll(async () => (await held(tablet)).names, { timeout: 60_000 }).not.toContain("device-key");
  const after = await held(tablet);
  expect(after.pages).toBe(0);
  expect(after.acts).toBe(before.acts);
  for (const gone of ["certificate", "pin-pepper"]) {
    expect(after.names).not.toContain(gone);
  }
  expect(after.names.filter((name) => name.startsWith("person/"))).toEqual([]);
  // It left its signed word of that before its key went.
  await screen.begin(desk, shop, shop.person("general-manager"), "/devices");
  await expect(desk.locator("[data-wiped]")).toContainText("told by the device", { timeout: 30_000 });

  // A new start shows nothing either, and does not let itself in.
  await tablet.goto(shop.url);
  await expect(tablet.locator("[data-revoked]")).toBeVisible({ timeout: 30_000 });
  await expect(tablet.locator(".person")).toHaveCount(0);
});

/** A browser that keeps no key of its own, as there are: the device's key is sealed, and a PIN opens it. */
function withoutKeptKeys() {
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (globalThis.CryptoKey && value instanceof CryptoKey) {
      throw new DOMException("keys are not kept here", "DataCloneError");
    }
    return real.call(this, value, ...key);
  };
}

test("a revoked tablet whose key only a PIN opens gives its word after a new start, though no PIN opens it any more", async ({ shop, device }) => {
  const desk = await (await device()).newPage();
  await screen.begin(desk, shop, shop.person("general-manager"), "/devices");
  const context = await device();
  await context.addInitScript(withoutKeptKeys);
  const tablet = await context.newPage();
  await screen.begin(tablet, shop, shop.person("associate"));
  await screen.expectAllSent(tablet);
  expect((await held(tablet)).names).toContain("device-key-sealed");
  // The line goes just as the tablet has wiped itself, and somebody loads the page anew.
  const word = /\/wiped$/u;
  await context.route(word, (route) => route.abort());
  await desk.locator("tr[data-device]").getByRole("button", { name: "Revoke" }).click();
  await prove(desk, shop.person("general-manager").pin);
  await expect(tablet.locator("[data-revoked]")).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await held(tablet)).names.filter((name) => name.startsWith("person/"))).toEqual([]);
  await tablet.reload();
  await expect(tablet.locator("[data-revoked]")).toBeVisible({ timeout: 30_000 });
  expect((await held(tablet)).names).toEqual(expect.arrayContaining(["certificate", "device-key-sealed", "revoked"]));
  await context.unroute(word);
  await expect(desk.locator("[data-wiped]")).toContainText("told by the device", { timeout: 90_000 });
  await expect.poll(async () => (await held(tablet)).names).not.toContain("device-key-sealed");
});

/** Answers what a tablet pulls, more than once, and looks what came of it. */
async function answering(tablet, answer, look = async () => {}) {
  const pulls = /\/pull\?/u;
  let answered = 0;
  let isOver = false;
  const underway = new Set();
  await tablet.route(pulls, async (route) => {
    if (isOver) {
      return route.abort();
    }
    const answering = answer(route);
    underway.add(answering);
    await answering;
    answered += 1;
  });
  await expect(async () => {
    await tablet.evaluate(() => window.dispatchEvent(new Event("focus")));
    expect(answered).toBeGreaterThan(1);
  }).toPass({ timeout: 60_000 });
  await look();
  isOver = true;
  await Promise.all(underway);
  await tablet.unroute(pulls);
}

/** What a server says to a revoked device, with another order in it or none. */
function denied(body, changed = (order) => order) {
  const order = body === undefined ? null : changed(decode(body).get(2));
  return encode(new Map(order === null ? [[0, REVOKED]] : [[0, REVOKED], [2, order]]));
}

for (const kind of ["that checks signatures itself", "that has a worker check them"]) {
  test(`only the server's own order wipes a tablet ${kind}: no unsigned, forged or old one does`, async ({ shop, device }) => {
    const desk = await (await device()).newPage();
    await screen.begin(desk, shop, shop.person("general-manager"), "/devices");
    const context = await device();
    if (kind.includes("worker")) {
      await context.addInitScript(withoutEd25519);
    }
    const tablet = await context.newPage();
    await screen.begin(tablet, shop, shop.person("associate"));
    const before = await held(tablet);
    const untouched = async () => {
      await expect(tablet.locator(".notice", { hasText: "Set up again" })).toBeVisible();
      await expect(tablet.locator("[data-revoked]")).toHaveCount(0);
      const now = await held(tablet);
      expect(now.pages).toBeGreaterThan(0);
      expect(now.names).toEqual(expect.arrayContaining(before.names));
    };

    // Somebody in the server's place, before anybody revoked anything.
    const say = (route, body) => route.fulfill({ status: 403, contentType: "application/cbor", body });
    await answering(tablet, (route) => say(route, denied()), untouched);

    // From here on only what this story lets through reaches the tablet.
    await tablet.route(/\/v1\//u, (route) => route.abort());
    await desk.locator("tr[data-device]").getByRole("button", { name: "Revoke" }).click();
    await prove(desk, shop.person("general-manager").pin);
    await expect(desk.locator("#devices-title")).toHaveText("The device is revoked", { timeout: 30_000 });
    let kept;
    await answering(tablet, async (route) => {
      kept ??= await (await route.fetch()).body();
      await route.abort();
    });
    expect(decode(kept).get(0)).toBe(REVOKED);
    await answering(tablet, (route) => say(route, kept), untouched);
    const forged = ([bytes, signature]) => [bytes, Buffer.from(signature.map((byte, at) => (at === 0 ? byte ^ 1 : byte)))];
    const forge = async (route) => say(route, denied(await (await route.fetch()).body(), forged));
    await answering(tablet, forge, untouched);

    await tablet.unroute(/\/v1\//u);
    await tablet.evaluate(() => window.dispatchEvent(new Event("focus")));
    await expect(tablet.locator("[data-revoked]")).toBeVisible({ timeout: 60_000 });
    await expect.poll(async () => (await held(tablet)).pages).toBe(0);
  });
}

test("a browser that forgets what a tab keeps is not set up, and says how to install the app", async ({ shop, device }) => {
  const context = await device();
  // What Safari of an iPad says of a page in a tab.
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "standalone", { get: () => globalThis.isApp ?? false });
    if (navigator.storage) {
      navigator.storage.persist = () => Promise.resolve(false);
    }
  });
  const page = await context.newPage();
  await page.goto(shop.url);
  await expect(page.locator(".field-answer")).toContainText("Add to Home Screen", { timeout: 30_000 });
  await expect(page.locator(".person")).toHaveCount(0);
  // The same on the home screen.
  await context.addInitScript(() => (globalThis.isApp = true));
  await screen.open(page, shop.url);
});

test("whoever may not answer for devices has no such page", async ({ shop, device }) => {
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"), "/devices");
  await expect(page.getByRole("button", { name: "Add a tablet" })).toHaveCount(0);
});
