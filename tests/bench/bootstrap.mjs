// A new device until it has everything and can search it, against a new PouchDB of as many documents.
//
// Ours is the app itself in a real Chromium with an empty profile: from its first question for state until the manager's
// search shows the one order that was placed last, whose row is the last of all. By then every entity is in the app's
// memory and in its pages in IndexedDB, or on the way there; a person signs in meanwhile. The peers are in Node, without a
// browser in between: a PouchDB that gets as many documents of the same size from express-pouchdb, and an RxDB in memory
// with the least server it can talk to; each then finds the last. Three sizes of state; then the same state behind a short history and a long one. BENCH_N sets the largest state,
// BENCH_HISTORY the long history (1000000 takes some minutes to fill).

import { Shop } from "../e2e/support/shop.mjs";
import * as screen from "../e2e/support/screen.mjs";
import { moreOrders, morePackages } from "./support/big_shop.mjs";
import { withBrowser } from "./support/browser.mjs";
import { load, save, short, slope, spread, table, withEdges } from "./support/figures.mjs";
import { sendMany, sendOrders } from "./support/orders.mjs";
import * as pouch from "./support/pouch.mjs";
import { program } from "./support/program.mjs";
import * as rx from "./support/rx.mjs";

const LARGEST = Number(process.env.BENCH_N || 100_000);
const SIZES = [LARGEST / 25, LARGEST / 5, LARGEST].map(Math.round);
const HISTORIES = [10_000, Number(process.env.BENCH_HISTORY || 100_000)];
const REPETITIONS = 7;
/** The peer takes half a minute for the largest, so it does that less often. */
const REPETITIONS_PEER_LARGEST = 2;
/** Bytes of a peer's document; ours have as many on the wire, about. */
const DOCUMENT_BYTES = 300;
const BUDGET_PEER = 1 / 15;
const BUDGET_GROWTH = 1.1;
/** What the invented shop has by itself: packages, products, shelves, orders, customers. */
const ENTITIES_HAD = 2_100;
/** Of the others; the rest are products, one for two packages. */
const PART_PACKAGES = 0.65;
const PART_ORDERS = 0.02;
const ARRIVES_MS_MAX = 180_000;
const DEVICES = 4;
/** The number of the newest order; no other of the measurement's orders comes near. */
const LAST = 900_000;

/** Whether a request is for state. */
const ASKS_FOR_STATE = /\/v1\/stores\/[^/]+\/(pull|snapshot|manifest|chunk)/;

/** Runs in the page: whether the search shows this order and no other. */
function isFound(code) {
  const rows = document.querySelectorAll("tbody tr");
  return rows.length === 1 && rows[0].dataset.code === code;
}

/** Runs in the page: searches at once. A text that is inserted as a whole would be a scan's. */
function search(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A shop with so many entities; `last` is the code of its newest order. */
async function shopOf(entities) {
  const shop = await Shop.open();
  const more = entities - ENTITIES_HAD;
  await morePackages(shop, Math.round(more * PART_PACKAGES));
  await moreOrders(shop, Math.round(more * PART_ORDERS));
  const [last] = await sendOrders(shop, 1, LAST);
  return { shop, entities, last, times: [], bytes: [] };
}

/** One new device, from nothing to a search that finds. */
async function arrive(newPage, { shop, last, times, bytes }) {
  const page = await newPage();
  let asked = 0;
  let received = 0;
  page.on("request", (request) => {
    if (asked === 0 && ASKS_FOR_STATE.test(request.url())) {
      asked = performance.now();
    }
  });
  page.on("requestfinished", async (request) => {
    if (ASKS_FOR_STATE.test(request.url())) {
      const sizes = await request.sizes().catch(() => null);
      received += sizes?.responseBodySize ?? 0;
    }
  });
  await screen.open(page, `${shop.url}/orders`);
  await screen.signIn(page, shop.person("general-manager"));
  await page.locator("input[type=search]").evaluate(search, last);
  await page.waitForFunction(isFound, last, { polling: "raf", timeout: ARRIVES_MS_MAX });
  times.push(performance.now() - asked);
  bytes.push(received);
  await page.context().close();
}

/** Every repetition on each of the shops in turn. */
async function inTurn(shops, also = async () => undefined) {
  await withBrowser(async (newPage) => {
    for (let number = 0; number < REPETITIONS; number += 1) {
      for (let turn = 0; turn < shops.length; turn += 1) {
        await arrive(newPage, shops[(number + turn) % shops.length]);
      }
      await also(number);
    }
  });
}

async function closed(shops, work) {
  try {
    return await work();
  } finally {
    for (const { shop } of shops) {
      await shop.close();
    }
  }
}

const kept = ({ entities, history, times, bytes }) => ({ entities, history, times, bytes });
const middle = (one) => spread(one.times).median;

/** Opens every peer at every size, one inside the other, and then works. */
async function withPeers(work, peers = [], left = SIZES.flatMap((count) => [{ count, kind: pouch }, { count, kind: rx }])) {
  const [next, ...others] = left;
  if (!next) {
    return work(peers);
  }
  return next.kind.withFilled(next.count, DOCUMENT_BYTES, (arrive) =>
    withPeers(work, [...peers, { ...next, arrive, times: [] }], others),
  );
}

/** Three sizes of state, with the peers. */
async function sizes() {
  const shops = [];
  return closed(shops, async () => {
    for (const entities of SIZES) {
      shops.push(await shopOf(entities));
    }
    return withPeers(async (peers) => {
      await inTurn(shops, async (number) => {
        for (const peer of peers) {
          const isSlow = peer.kind === pouch && peer.count === LARGEST;
          if (!isSlow || number < REPETITIONS_PEER_LARGEST) {
            peer.times.push(await peer.arrive());
          }
        }
      });
      const timesOf = (kind, count) => peers.find((peer) => peer.kind === kind && peer.count === count).times;
      const both = (count) => ({ pouch: timesOf(pouch, count), rx: timesOf(rx, count) });
      return shops.map((one) => ({ ...kept(one), ...both(one.entities) }));
    });
  });
}

/** One size of state behind two histories. */
async function histories(bench) {
  const shops = [];
  return closed(shops, async () => {
    for (const history of HISTORIES) {
      const one = await shopOf(SIZES[1]);
      await sendMany(one.shop, 4 * DEVICES);
      await bench("grow", one.shop.url, DEVICES, history);
      // What is found must be newer than all of that.
      [one.last] = await sendOrders(one.shop, 1, LAST + 1_000);
      shops.push({ ...one, history });
    }
    await inTurn(shops);
    return shops.map(kept);
  });
}

const bench = await program();
const bySize = await sizes();
table(
  [`entities, ${REPETITIONS} repetitions`, "ours, ms", "received, MB", "PouchDB 9, ms", "RxDB 17, ms", "x PouchDB", "x RxDB"],
  bySize.map((one) => [
    short(one.entities),
    withEdges(spread(one.times)),
    short(spread(one.bytes).median / 1e6),
    `${withEdges(spread(one.pouch))}, ${one.pouch.length} times`,
    withEdges(spread(one.rx)),
    short(middle(one) / spread(one.pouch).median),
    short(middle(one) / spread(one.rx).median),
  ]),
);
const grows = (times) => short(slope(bySize.map((one) => [one.entities, spread(one[times]).median])));
console.log(`  slope of the time over the entities: ${grows("times")} ours, ${grows("pouch")} PouchDB, ${grows("rx")} RxDB`);
console.log(`  budget: ${short(BUDGET_PEER)} x PouchDB; a sign-in is in our time`);
console.log();
const byHistory = await histories(bench);
table(
  [`${short(byHistory[0].entities)} entities, ${REPETITIONS} repetitions`, "ours, ms", "x the short history"],
  byHistory.map((one) => [
    `behind ${short(one.history)} events`,
    withEdges(spread(one.times)),
    withEdges(spread(one.times.map((time, number) => time / byHistory[0].times[number]))),
  ]),
);
console.log(`  budget: ${BUDGET_GROWTH} x the short history; ${load()}`);
await save("bootstrap", { budgetPeer: BUDGET_PEER, budgetGrowth: BUDGET_GROWTH, bySize, byHistory });
