// A day's orders for measurements, made over the same door as other programs use.
//
// In: a shop and how much is to be picked. Out: the codes of orders that can be filled whole. Must not: count on a
// product having stock; what comes back short is left alone.

/** The invented shop's article numbers run from here, one per product. */
const SKU_FIRST = 1_001;
const PRODUCTS = 600;
const LINES = 4;
const UNITS_OF_LINE = 3;
export const UNITS_OF_ORDER = LINES * UNITS_OF_LINE;

const MINUTE = 60_000;

/** As many as one request may bring in, far below the largest body. */
const AT_ONCE = 200;

function document(number) {
  const at = (minutes) => new Date(Date.now() + minutes * MINUTE).toISOString();
  const line = (index) => ({
    sku: `HL-${SKU_FIRST + ((number * LINES + index) % PRODUCTS)}`,
    product: "as the shop knows it",
    quantity: UNITS_OF_LINE,
    unit_price_cents: 2_000,
  });
  return {
    id: `BENCH-${number}`,
    source: "bench",
    channel: "pickup",
    placed_at: at(-1),
    promise: { start: at(90), end: at(120) },
    customer: { name: "Jordan Perrin-Vale", dob: "1984-07-19" },
    lines: Array.from({ length: LINES }, (_, index) => line(index)),
  };
}

/** Sends orders, numbered from `first`, until so many can be picked whole; their codes. */
export async function sendOrders(shop, wanted, first = 0) {
  const codes = [];
  for (let number = first; codes.length < wanted; number += 1) {
    if (number > first + 4 * wanted + PRODUCTS) {
      throw new Error(`the shop's stock fills ${codes.length} of ${wanted} orders`);
    }
    const order = document(number);
    const { code } = await shop.take(order);
    if ((await shop.standing(order)).status === "ready") {
      codes.push(code);
    }
  }
  return codes;
}

/** Sends so many orders in few requests; some of them may come back short. */
export async function sendMany(shop, count) {
  const all = Array.from({ length: count }, (_, number) => document(number));
  for (let from = 0; from < all.length; from += AT_ONCE) {
    await shop.take(all.slice(from, from + AT_ONCE));
  }
}
