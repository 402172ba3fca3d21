// iPads run WebKit: the main job's core in WebKitGTK, where a key does not survive the browser's database.
//
// Sign in, pick, the server stops, pick, reload, sign in offline, everything is there; the server comes back and has
// it all, once.

import assert from "node:assert/strict";

import { order, products } from "../support/orders.mjs";
import { Shop } from "../support/shop.mjs";
import { WebKit, until } from "./driver.mjs";

const UNITS = 4;
/** After an outage the app tries again by itself, each time after a longer wait. */
const CATCH_UP_MS = 60_000;

class Tablet {
  constructor(browser, shop) {
    this.browser = browser;
    this.shop = shop;
  }

  async signIn(person) {
    await this.browser.click(".person", person.name);
    for (const digit of person.pin) {
      await this.browser.click(".enter-pin .keypad button", digit);
    }
    await until("the sign-in", async () => (await this.browser.text("main.enter")) === null);
  }

  async claim(code) {
    await this.browser.click(`.order[data-code="${code}"]`);
    await this.browser.click(".frame > .dock .btn-primary", "Take");
    await this.browser.appears("main.pick");
  }

  async picked() {
    return Number((await this.browser.text(".head-count"))?.match(/\d+/)?.[0] ?? -1);
  }

  async pick() {
    const before = await this.picked();
    const tag = (await this.browser.attribute(".target .tag", "aria-label")).replaceAll(" ", "");
    await this.browser.scan(tag);
    await until(`pick ${before + 1}`, async () => (await this.picked()) === before + 1);
  }

  async unsent() {
    return Number((await this.browser.attribute(".strip [data-unsent]", "data-unsent")) ?? 0);
  }

  allSent() {
    return until("everything to be sent", async () => (await this.unsent()) === 0, CATCH_UP_MS);
  }
}

async function job(shop, browser) {
  const ana = shop.person("associate");
  const ordered = order({ goods: { [products.gummies]: UNITS } });
  const { code } = await shop.take(ordered);
  const tablet = new Tablet(browser, shop);

  say("sign in and pick");
  await browser.go(shop.url);
  await tablet.signIn(ana);
  await browser.run(() => navigator.serviceWorker.ready.then(() => true));
  await tablet.allSent();
  await tablet.claim(code);
  await tablet.pick();
  await tablet.allSent();

  say("the server stops, and picking goes on");
  await shop.kill();
  await tablet.pick();
  assert.ok((await tablet.unsent()) > 0, "the strip says what is not sent");

  say("reload, and sign in without a network");
  await browser.reload();
  await tablet.signIn(ana);
  await browser.appears("main.pick");
  assert.equal(await tablet.picked(), 2, "picks that said Saved, after the reload");
  while ((await tablet.picked()) < UNITS) {
    await tablet.pick();
  }

  say("the server comes back and has everything, once");
  await shop.start();
  await tablet.allSent();
  const standing = await shop.standing(ordered);
  assert.deepEqual([standing.status, standing.units_picked], ["picked", UNITS]);
}

function say(step) {
  console.log(`webkit: ${step}`);
}

const shop = await Shop.open();
try {
  const browser = await WebKit.open();
  try {
    await job(shop, browser);
    say("passed");
  } catch (error) {
    console.error(`The screen's last words:\n${await browser.text("body")}`);
    throw error;
  } finally {
    await browser.close();
  }
} catch (error) {
  console.error(`The server's last words:\n${shop.log.slice(-3_000)}`);
  throw error;
} finally {
  await shop.close();
}
