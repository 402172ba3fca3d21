// Orders as another program sends them.
//
// In: what matters to a story. Out: a whole order in Custody's own form. Nobody in it exists.

const MINUTE = 60_000;

let number = 0;

function at(minutes) {
  return new Date(Date.now() + minutes * MINUTE).toISOString();
}

/** Products of the invented shop that have the same packages whatever the seed. */
export const products = {
  /** Two packages on one shelf whose tags differ by a swap: …47218 and …47281. */
  flower: "Tidewater OG, 3.5 g",
  gummies: "Night Ferry gummies 10-pack",
  preRoll: "Salt Marsh pre-roll, 1 g",
};

/** An order; `goods` says how many of which product. */
export function order({ goods, channel = "pickup", customer = "Jordan Perrin-Vale", note, minutes = 45, id }) {
  number += 1;
  return {
    id: id ?? `E2E-${number}`,
    source: "e2e",
    channel,
    placed_at: at(-5),
    promise: { start: at(minutes - 15), end: at(minutes) },
    customer: {
      name: customer,
      dob: "1984-07-19",
      phone: "+15555550142",
      address: channel === "delivery" ? { street: "7 Ropewalk", city: "Windle", state: "CA", postal_code: "90001" } : null,
    },
    lines: Object.entries(goods).map(([product, quantity], line) => ({
      sku: `E2E-SKU-${number}-${line}`,
      product,
      quantity,
      unit_price_cents: 1_900,
    })),
    notes: note ?? "",
  };
}
