// The invented shop grown to a large one: more packages than a vault of that size ever held, years of orders.
//
// In: a running shop, how much it is to hold. Out: the same shop, larger. Must not: leave open orders behind; a shop's
// thousands of orders are those that are over.

import { takeIn } from "../../e2e/support/stock.mjs";

/** What the invented shop brings by itself. */
const PACKAGES_HAD = 1_200;
const ORDERS_HAD = 60;
/** As many as one request may bring in. */
const ORDERS_AT_ONCE = 500;
/** Packages of one product, as in the invented shop. */
const PACKAGES_OF_PRODUCT = 2;

function product(number) {
  return `Quarry ${String(Math.floor(number / PACKAGES_OF_PRODUCT)).padStart(5, "0")}, 1 g`;
}

function past(number) {
  const at = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  return {
    id: `PAST-${number}`,
    source: "bench",
    channel: "pickup",
    placed_at: at(90),
    promise: { start: at(60), end: at(30) },
    customer: { name: "Jordan Perrin-Vale", dob: "1984-07-19" },
    lines: [1, 2, 3].map((line) => ({
      sku: `PAST-SKU-${number}-${line}`,
      product: product(number * 3 + line),
      quantity: line,
      unit_price_cents: 2_000,
    })),
  };
}

async function send(shop, orders) {
  for (let from = 0; from < orders.length; from += ORDERS_AT_ONCE) {
    await shop.take(orders.slice(from, from + ORDERS_AT_ONCE));
  }
}

/** Brings so many packages in, two of each product. */
export async function morePackages(shop, count) {
  const more = Array.from({ length: count }, (_, number) => ({ item: product(number), units: 24 }));
  await takeIn(shop, more);
}

/** Sends so many orders that are over. */
export async function moreOrders(shop, count) {
  const over = Array.from({ length: count }, (_, number) => past(number));
  await send(shop, over);
  await send(shop, over.map(({ id, source }) => ({ id, source, status: "cancelled" })));
}

/** Fills the shop up to so many packages and orders. */
export async function grow(shop, packages, orders) {
  await morePackages(shop, packages - PACKAGES_HAD);
  await moreOrders(shop, orders - ORDERS_HAD);
}
