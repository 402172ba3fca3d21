// One unit of one package, picked by two people who cannot know of each other.
//
// In: a shop and two devices. Out: two orders, and the pages on which they were picked; the second pick reached the
// server after the first.

import { unitLink } from "./codes.mjs";
import { order, products } from "./orders.mjs";
import { scan } from "./scanner.mjs";
import * as screen from "./screen.mjs";

const UNIT = 4_711;

/** Ana picks it with a network, Marcus without; then his device is heard again. */
export async function pickTheSameUnit(shop, devices) {
  const people = shop.people.filter((person) => person.role === "associate");
  const orders = [1, 2].map(() => order({ goods: { [products.gummies]: 1 }, minutes: 25 }));
  const codes = [];
  for (const one of orders) {
    codes.push((await shop.take(one)).code);
  }
  const pages = [];
  for (const [place, device] of devices.entries()) {
    const page = await device.newPage();
    await screen.begin(page, shop, people[place]);
    await screen.claim(page, codes[place]);
    await screen.expectAllSent(page);
    await screen.kept(page);
    pages.push(page);
  }
  const tag = await screen.tagToTake(pages[0]);
  await devices[1].setOffline(true);
  for (const page of [pages[1], pages[0]]) {
    await scan(page, unitLink(tag, UNIT));
    await screen.expectUnits(page, 1, 1);
  }
  await screen.expectAllSent(pages[0]);
  await devices[1].setOffline(false);
  await screen.expectAllSent(pages[1]);
  return { orders, codes, pages, people, tag, unit: unitLink(tag, UNIT) };
}
