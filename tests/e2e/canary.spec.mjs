// Marks that nobody else has, as a customer's name, address, telephone and note: on no disk may they stand in clear.
//
// A tablet shows the customer, is switched off, and its whole profile is read byte by byte; so are the server's folder, a
// backup, everything the server said, and every answer the tablet got from it, as whoever ends the line in between would. Each mark is looked for as text, as the two bytes a letter that browsers keep
// some texts in, and as base64 at each of its three places.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { launch } from "./support/chromium.mjs";
import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

const MARKS = {
  first: "Quillonzva",
  last: "Rethkamarr",
  street: "99 Xylantbone Passage",
  city: "Ombrevault",
  phone: "+15555550187",
  birth: "1961-02-09",
  note: "Blufenwick at the gate",
};

/** Every form in which a text may lie on a disk. */
function forms(text) {
  const bytes = Buffer.from(text);
  // What lies before it moves it within base64's groups of three; the ends may hold bits of a neighbour.
  const base64 = [0, 1, 2].map((before) => {
    const moved = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return Buffer.from(moved.slice(before === 0 ? 0 : 4, -4));
  });
  return [bytes, Buffer.from(text, "utf16le"), ...base64];
}

async function* filesOf(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* filesOf(path);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}

/** Where marks stand, as `mark in file`, and how many bytes were read. */
async function found(folder) {
  const hits = [];
  let bytes = 0;
  for await (const path of filesOf(folder)) {
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    bytes += content.length;
    for (const [mark, text] of Object.entries(MARKS)) {
      if (forms(text).some((form) => content.includes(form))) {
        hits.push(`${mark} in ${path.slice(folder.length)}`);
      }
    }
  }
  return { hits, bytes };
}

/** Every answer of the server that comes to a browser, as it comes. */
function overheard(browser) {
  const answers = [];
  browser.on("response", (response) => {
    if (/\/v1\/.*\/(pull|push|chunks|chain|snapshot|sign-in)/u.test(response.url())) {
      answers.push(response.body().catch(() => Buffer.alloc(0)));
    }
  });
  return () => Promise.all(answers);
}

test("nothing of a customer stands in clear on a tablet, on the line, at the server, in a backup or in what the server says", async ({ shop }) => {
  const ordered = order({
    goods: { [products.gummies]: 1 },
    channel: "delivery",
    customer: `${MARKS.first} ${MARKS.last}`,
    note: MARKS.note,
  });
  ordered.customer.phone = MARKS.phone;
  ordered.customer.dob = MARKS.birth;
  ordered.customer.address = { street: MARKS.street, city: MARKS.city, state: "CA", postal_code: "90001" };
  const { code } = await shop.take(ordered);
  const [profile, elsewhere] = await Promise.all(
    ["profile", "backup"].map((what) => mkdtemp(join(tmpdir(), `custody-${what}-`))),
  );
  try {
    const tablet = await chromium.launchPersistentContext(profile, { ...launch });
    const heard = overheard(tablet);
    const page = await tablet.newPage();
    await screen.begin(page, shop, shop.person("associate"));
    await screen.installed(page);
    await screen.claim(page, code);
    await screen.pickAll(page);
    await screen.expectAllSent(page);
    // The counter calls customers by their names: the device has them, and can read them.
    await screen.begin(page, shop, shop.person("front-of-house"), "/counter");
    await expect(page.locator("body")).toContainText(MARKS.first);
    await expect.poll(() => page.evaluate(() => indexedDB.databases().then((all) => all.length))).toBeGreaterThan(1);
    const line = Buffer.concat(await heard());
    expect(line.length).toBeGreaterThan(100_000);
    const named = Object.values(MARKS).filter((text) => forms(text).some((form) => line.includes(form)));
    expect(named).toEqual([]);
    await tablet.close();
    const onTablet = await found(profile);
    expect(onTablet.hits).toEqual([]);
    expect(onTablet.bytes).toBeGreaterThan(1_000_000);

    await shop.command("backup", join(elsewhere, "copy"));
    const inBackup = await found(elsewhere);
    expect(inBackup.hits).toEqual([]);
    expect(inBackup.bytes).toBeGreaterThan(100_000);
    const atServer = await found(shop.directory);
    expect(atServer.hits).toEqual([]);
    expect(atServer.bytes).toBeGreaterThan(500_000);
    for (const text of Object.values(MARKS)) {
      expect(shop.log).not.toContain(text);
    }
  } finally {
    for (const folder of [profile, elsewhere]) {
      await rm(folder, { recursive: true, force: true });
    }
  }
});

test("a mark that does stand in clear is found in every form", async () => {
  const folder = await mkdtemp(join(tmpdir(), "custody-marks-"));
  try {
    for (const [place, form] of forms(MARKS.street).entries()) {
      await writeFile(join(folder, `${place}`), Buffer.concat([Buffer.from("before"), form, Buffer.from("behind")]));
    }
    const { hits } = await found(folder);
    expect(hits).toHaveLength(forms(MARKS.street).length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
