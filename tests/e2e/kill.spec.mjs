// The hunt for a pick that said "Saved" and was gone: the browser is killed at random moments of picking.
//
// `HUNT_TIMES` says how often (20), `HUNT_SEED` which moments.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { chance, seedOr } from "./support/chance.mjs";
import { launch } from "./support/chromium.mjs";
import { order } from "./support/orders.mjs";
import { killTree, treeOf } from "./support/processes.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";
import { watch } from "./support/witness.mjs";

const TIMES = Number(process.env.HUNT_TIMES || 20);
const UNITS = 60;
const ITEM = "Hunter's Moon 1g";
/** The browser lives this long after the first scan of a round. */
const LIFE_MS = { min: 40, max: 2_200 };
/** A round takes about five seconds; a busy machine is allowed a multiple. */
const ROUND_MS_MAX = 30_000;

test("kill: a pick that said Saved is there after the browser was killed", async ({ shop }) => {
  test.setTimeout(60_000 + TIMES * ROUND_MS_MAX);
  const seed = seedOr(process.env.HUNT_SEED);
  console.log(`kill: ${TIMES} times, HUNT_SEED=${seed}`);
  const hunt = new Hunt(shop, chance(seed));
  try {
    await hunt.prepare();
    for (let round = 0; round < TIMES; round += 1) {
      await test.step(`round ${round + 1} of ${TIMES}`, () => hunt.round(round));
    }
    await test.step("the server gets everything", () => hunt.settle());
  } finally {
    await hunt.end();
  }
});

class Hunt {
  constructor(shop, random) {
    this.shop = shop;
    this.random = random;
    this.ana = shop.person("associate");
    this.orders = [];
    this.context = null;
  }

  /** Goods, an order for each round, and a device that has the app, the orders and a person who can sign in. */
  async prepare() {
    this.profile = await mkdtemp(join(tmpdir(), "custody-profile-"));
    await takeIn(this.shop, [{ item: ITEM, units: TIMES * UNITS }]);
    for (let round = 0; round < TIMES; round += 1) {
      const document = order({ goods: { [ITEM]: UNITS } });
      const { code } = await this.shop.take(document);
      this.orders.push({ document, code, path: null, said: 0 });
    }
    const page = await this.launch();
    await screen.begin(page, this.shop, this.ana);
    await screen.installed(page);
    await expect(page.locator(`.order[data-code="${this.orders.at(-1).code}"]`)).toBeAttached();
    await screen.expectAllSent(page);
    await screen.kept(page);
    await this.context.close();
  }

  async launch() {
    this.context = await chromium.launchPersistentContext(this.profile, {
      ...launch,
      viewport: { width: 1280, height: 800 },
      locale: "en-US",
    });
    await watch(this.context, (one) => this.hear(one));
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** What the screen says, as it says it: what is heard before the kill was said before the kill. */
  hear({ word, count, path }) {
    const order = this.orders.find((one) => one.path === path);
    if (word === "saved" && order) {
      order.said = Math.max(order.said, count);
    }
  }

  async round(number) {
    await this.switchServer(this.random() < 0.5);
    const page = await this.launch();
    await this.reopen(page, this.orders[number - 1]);
    const now = this.orders[number];
    await screen.claim(page, now.code);
    now.path = new URL(page.url()).pathname;
    await this.pickUntilKilled(page);
  }

  async switchServer(on) {
    if (on && !this.shop.isRunning) {
      await this.shop.start();
    } else if (!on) {
      await this.shop.kill();
    }
  }

  /** Opens the device again where it died, and looks whether everything is there. */
  async reopen(page, before) {
    await screen.begin(page, this.shop, this.ana, before?.path ?? "/queue");
    if (before) {
      const { picked } = await screen.units(page);
      console.log(`  ${before.code}: ${before.said} said Saved, ${picked} are there`);
      expect(picked, `picks of ${before.code} that said Saved`).toBeGreaterThanOrEqual(before.said);
      await page.getByRole("button", { name: "Back" }).click();
    }
  }

  async pickUntilKilled(page) {
    const tag = await screen.tagToTake(page);
    const life = LIFE_MS.min + this.random() * (LIFE_MS.max - LIFE_MS.min);
    const pids = treeOf(this.profile);
    expect(pids.length, "processes of the browser").toBeGreaterThan(2);
    const gone = new Promise((resolve) => this.context.once("close", resolve));
    setTimeout(() => killTree([...pids, ...treeOf(this.profile)]), life);
    const dead = gone.then(() => "dead");
    let state = "alive";
    while (state === "alive") {
      // A scan into a browser that dies under it ends in an error, which is the point.
      const scanned = scan(page, tag).then(() => "alive", () => dead);
      state = await Promise.race([scanned, dead]);
    }
    await gone;
    this.context = null;
  }

  /** In the end the server has at least what was said, and the device shows what the server has. */
  async settle() {
    await this.switchServer(true);
    const page = await this.launch();
    await this.reopen(page, this.orders.at(-1));
    await screen.expectAllSent(page);
    for (const one of this.orders) {
      const { units_picked: picked } = await this.shop.standing(one.document);
      expect(picked, `picks of ${one.code} at the server`).toBeGreaterThanOrEqual(one.said);
    }
    const said = this.orders.reduce((sum, one) => sum + one.said, 0);
    console.log(`kill: ${said} picks said Saved in ${TIMES} rounds, none is gone`);
    expect(said, "picks that said Saved in all rounds").toBeGreaterThan(TIMES);
  }

  async end() {
    await this.context?.close();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
