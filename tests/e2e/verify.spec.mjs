// An auditor checks a bundle in a browser that belongs to no shop: no PIN, no server, and the event by its name.

import { readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { barriers, overflows } from "./support/judge.mjs";
import { order, products } from "./support/orders.mjs";
import * as screen from "./support/screen.mjs";
import { expect, test } from "./support/story.mjs";

/** A worker with a module of its own is fetched and compiled first. */
const CHECK = { timeout: 30_000 };
const GIGABYTE = 1024 ** 3;

/** Gives the page a file, as a person who chooses one does. */
async function choose(page, path) {
  await page.locator("#audit-file").setInputFiles(path);
}

function verdict(page) {
  return page.locator(".audit-verdict");
}

/** The value beside a name on the sheet. */
function value(page, name) {
  const row = page.locator(".audit-facts > div").filter({ has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) });
  return row.locator("dd");
}

/** A shop's morning as a bundle. */
async function bundle(shop, device) {
  const ordered = order({ goods: { [products.gummies]: 3 } });
  const { code } = await shop.take(ordered);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await screen.pickAll(page);
  await screen.expectAllSent(page);
  const file = join(shop.directory, "bundle");
  await shop.command("audit", file);
  return file;
}

/** The page as an auditor opens it. */
async function auditor(shop, device, options) {
  const page = await (await device(options)).newPage();
  await page.goto(`${shop.url}/verify`);
  await expect(page.locator(".audit-choose")).toBeVisible(CHECK);
  return page;
}

/** As from the clipboard: a text that is inserted at once is what scanners do, and is taken for a scan. */
async function paste(field, text) {
  await field.evaluate((input, value) => {
    input.value = value;
    input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
  }, text);
}

/** The file with one bit turned over, at some byte. */
async function changed(file, at) {
  const bytes = await readFile(file);
  bytes[at] ^= 1;
  const other = `${file}-${at}`;
  await writeFile(other, bytes);
  return other;
}

test("a bundle is in order, and the page says all that the program says of it", async ({ shop, device }) => {
  const file = await bundle(shop, device);
  const page = await auditor(shop, device);
  await choose(page, file);
  await expect(verdict(page)).toHaveAttribute("data-tone", "accept", CHECK);
  const said = await shop.check(file);
  expect(said.ok).toBe(true);
  const count = (number) => number.toLocaleString("en-US");
  await expect(verdict(page).locator("h2")).toContainText(`In these ${count(said.events)} events nothing was changed`);
  const key = (await page.locator(".audit-key").textContent()).replaceAll(" ", "");
  expect(key).toBe(said.log_key);
  await expect(value(page, "Store")).toHaveText(said.store);
  await expect(value(page, "Events")).toHaveText(count(said.events));
  await expect(value(page, "Positions")).toHaveText(`${count(said.first)} to ${count(said.last)}`);
  await expect(value(page, "Exceptions")).toHaveText(count(said.exceptions));
  await expect(value(page, "Exceptions still open")).toHaveText(count(said.open_exceptions));
  await expect(value(page, "Recorded but not applied")).toHaveText(count(said.not_applied));
  await expect(value(page, "Signatures checked")).toHaveText(count(said.signatures));
  const devices = await page.locator(".audit-part .table").first().locator("tbody tr").allTextContents();
  expect(devices.map((row) => row.replaceAll(/\s+/g, " "))).toEqual(
    said.devices.map(({ device, name, events }) => `${name ? `${name} (${device.slice(0, 8)})` : device}${count(events)}`),
  );
  expect(await page.locator(".audit-root").allTextContents()).toEqual(said.heads.map((head) => head.root));

  const given = page.locator(".audit-part input");
  await paste(given, said.log_key.toUpperCase());
  await expect(page.locator(".audit-same")).toHaveAttribute("data-tone", "accept");
  await paste(given, said.log_key.replace(/^./, (first) => (first === "0" ? "1" : "0")));
  await expect(page.locator(".audit-same")).toHaveText("Not the same key. Do not trust this file.");
});

test("a byte changed anywhere names the event that the program names", async ({ shop, device }) => {
  test.setTimeout(180_000);
  const file = await bundle(shop, device);
  const { length } = await readFile(file);
  const page = await auditor(shop, device);
  let named = 0;
  for (let part = 1; part < 12; part += 1) {
    const other = await changed(file, Math.floor((length * part) / 12));
    const { first_bad: bad } = await shop.check(other);
    await choose(page, other);
    await expect(verdict(page)).toHaveAttribute("data-tone", "refuse", CHECK);
    await expect(verdict(page)).toHaveAttribute("data-fault", bad.fault);
    await expect(value(page, "What is wrong")).toHaveText(new RegExp(`^${escaped(bad.says)}\\.$`, "i"));
    await expect(value(page, "Byte of the file")).toHaveText(bad.byte.toLocaleString("en-US"));
    if (bad.position !== null) {
      named += 1;
      await expect(verdict(page)).toHaveAttribute("data-position", String(bad.position));
      await expect(verdict(page).locator("h2")).toContainText(`at position ${bad.position.toLocaleString("en-US")}.`);
    }
    if (bad.position !== null && bad.seq !== null) {
      // The changed byte may be one of the device's own name; then nobody knows whose event it is.
      const known = (await shop.check(file)).devices.find(({ device }) => device === bad.device);
      const whose = known ? `${known.name} (` : "";
      await expect(verdict(page).locator("h2")).toContainText(`NOT in order: event ${bad.seq} of ${whose}`);
    }
    await page.getByRole("button", { name: "Check another file" }).click();
  }
  expect(named, "most of a bundle is events").toBeGreaterThan(6);
});

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test("what is no bundle, is cut short, is empty or is gone says so", async ({ shop, device }) => {
  const file = await bundle(shop, device);
  const bytes = await readFile(file);
  const page = await auditor(shop, device);
  const notice = page.locator(".audit > .notice");
  const make = async (name, contents) => {
    const path = join(shop.directory, name);
    await writeFile(path, contents);
    return path;
  };

  await choose(page, await make("letter.txt", "Dear auditor"));
  await expect(notice).toContainText("This is no audit file", CHECK);
  await choose(page, await make("empty", ""));
  await expect(notice).toContainText("The file is empty");
  await choose(page, await make("cut", bytes.subarray(0, Math.floor(bytes.length / 2))));
  await expect(verdict(page)).toHaveAttribute("data-fault", "truncated", CHECK);
  await page.getByRole("button", { name: "Check another file" }).click();

  // Three gigabytes, of which no more is read than it takes to know.
  const large = await make("large", "");
  await truncate(large, 3 * GIGABYTE);
  await choose(page, large);
  await expect(notice).toContainText("This is no audit file", CHECK);
  const longer = await make("longer", bytes);
  await truncate(longer, 3 * GIGABYTE);
  await choose(page, longer);
  await expect(verdict(page)).toHaveAttribute("data-fault", "trailing", CHECK);
  await expect(value(page, "Byte of the file")).toHaveText(bytes.length.toLocaleString("en-US"));
  await page.getByRole("button", { name: "Check another file" }).click();

  // A file that changes between the choice and the look at it is as unreadable as a folder.
  const gone = await make("gone", bytes);
  await page.evaluate(() => {
    window.addEventListener("change", (event) => event.stopImmediatePropagation(), { capture: true, once: true });
  });
  await choose(page, gone);
  await writeFile(gone, "something else");
  // By its time the browser knows; two writes can have the same.
  const later = new Date(Date.now() + 60_000);
  await utimes(gone, later, later);
  await page.locator("#audit-file").dispatchEvent("change");
  await expect(notice).toContainText("The file cannot be read", CHECK);
});

test("it works with no server once it was opened, and a check can be given up", async ({ shop, device }) => {
  const file = await bundle(shop, device);
  const broken = await changed(file, Math.floor((await readFile(file)).length / 2));
  const { first_bad: bad } = await shop.check(broken);
  const page = await auditor(shop, device);
  await screen.installed(page);
  await shop.stop();
  await page.reload();
  await choose(page, broken);
  await expect(verdict(page)).toHaveAttribute("data-position", String(bad.position), CHECK);
  await page.getByRole("button", { name: "Check another file" }).click();
  await choose(page, file);
  await expect(verdict(page)).toHaveAttribute("data-tone", "accept", CHECK);
  await shop.start();
});

test("a long check tells how far it is, and can be given up half way", async ({ shop, device }) => {
  const file = await bundle(shop, device);
  const page = await auditor(shop, device);
  // The worker is kept from answering, as one that has a million events to look at is for minutes.
  await page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message) {
      globalThis.asked = () => postMessage.call(this, message);
    };
  });
  await choose(page, file);
  await expect(page.locator(".audit-progress progress")).toBeVisible();
  await expect(page.locator(".audit-progress")).toContainText("0 % · 0 events");
  await page.waitForFunction(() => globalThis.asked);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator(".audit-choose")).toBeVisible();
  await page.evaluate(() => globalThis.asked());
  await expect(verdict(page)).toHaveCount(0);
});

test("one signature per run is fewer signatures and the same verdict, and a file can be dropped", async ({ shop, device }) => {
  const file = await bundle(shop, device);
  const page = await auditor(shop, device);
  await choose(page, file);
  const signatures = async () => Number((await value(page, "Signatures checked").textContent()).replaceAll(",", ""));
  await expect(verdict(page)).toHaveAttribute("data-tone", "accept", CHECK);
  const every = await signatures();
  await page.getByRole("button", { name: "Check another file" }).click();
  await page.getByLabel("One signature for each run").check();
  const base64 = (await readFile(file)).toString("base64");
  const carried = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "dropped"));
    return carried;
  }, base64);
  await page.dispatchEvent("main.audit", "drop", { dataTransfer: carried });
  await expect(verdict(page)).toHaveAttribute("data-tone", "accept", CHECK);
  expect(await signatures()).toBeLessThan(every);
  await expect(value(page, "File")).toContainText("dropped");
});

test("it speaks Spanish, fits every device, leaves nobody out and prints as a sheet", async ({ shop, device }) => {
  test.setTimeout(180_000);
  const file = await bundle(shop, device);
  const broken = await changed(file, Math.floor((await readFile(file)).length / 2));
  const page = await auditor(shop, device, { locale: "es-MX" });
  await expect(page.locator("h1")).toHaveText("Revisar un archivo de auditoría");
  const judge = async () => {
    expect(await overflows(page)).toEqual([]);
    for (const theme of ["vault", "desk", "sun"]) {
      await page.locator("html").evaluate((html, theme) => html.setAttribute("data-theme", theme), theme);
      expect(await barriers(page), theme).toEqual([]);
    }
  };
  await judge();
  await choose(page, broken);
  await expect(verdict(page).locator("h2")).toContainText("NO está en orden", CHECK);
  await judge();
  await page.getByRole("button", { name: "Revisar otro archivo" }).click();
  await choose(page, file);
  await expect(verdict(page).locator("h2")).toContainText("Está en orden", CHECK);
  await judge();
  await page.emulateMedia({ media: "print" });
  await expect(verdict(page)).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
});

test("a manager finds it among the desk's pages", async ({ shop, device }) => {
  const file = await bundle(shop, device);
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("compliance-officer") ?? shop.person("general-manager"));
  await page.getByRole("link", { name: "Audit files" }).click();
  await choose(page, file);
  await expect(verdict(page)).toHaveAttribute("data-tone", "accept", CHECK);
});

test("nothing of it is fetched before somebody chooses a file", async ({ shop, device }) => {
  const file = await bundle(shop, device);
  const page = await (await device()).newPage();
  const asked = [];
  page.on("request", (request) => {
    if (!request.serviceWorker()) {
      asked.push(new URL(request.url()).pathname);
    }
  });
  const workers = () => asked.filter((path) => path.startsWith("/worker-"));
  await page.goto(`${shop.url}/verify`);
  await expect(page.locator(".audit-choose")).toBeVisible(CHECK);
  expect(workers()).toEqual([]);
  await choose(page, file);
  await expect(verdict(page)).toBeVisible(CHECK);
  expect(workers().length).toBeGreaterThan(0);
});
