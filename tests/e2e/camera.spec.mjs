// The camera as a scanner: what is held before it is picked, once; what nobody can tell apart is not; and where there
// is no camera, the screen says so and everything else works on.

import { join } from "node:path";

import { ownCode } from "./support/codes.mjs";
import { film } from "./support/film.mjs";
import { order } from "./support/orders.mjs";
import { scan } from "./support/scanner.mjs";
import * as screen from "./support/screen.mjs";
import { takeIn } from "./support/stock.mjs";
import { expect, test } from "./support/story.mjs";
import { seen, times } from "./support/witness.mjs";

/** The first reading waits for the camera and for a module of half a megabyte to be compiled. */
const FIRST = { timeout: 40_000 };
/** Pictures in which a code stays in view: more than enough for it to be counted twice, if it could be. */
const STAYS = 75;

const ITEM = "Quick Silver 1g";
const OTHER_ITEM = "Slow Copper 1g";

/** A device at the pick of an order, with a film before its camera. */
async function atThePick({ shop, device, filmed, goods, scenes }) {
  const { code } = await shop.take(order({ goods }));
  const artist = await (await device()).newPage();
  const file = await film(artist, join(shop.directory, "film.mjpeg"), scenes);
  const page = await (await filmed({ film: file })).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  return page;
}

/** Waits until the camera has delivered so many more pictures. */
async function picturesGoBy(page, count) {
  const delivered = () => page.evaluate(() => document.querySelector("video").getVideoPlaybackQuality().totalVideoFrames);
  const before = await delivered();
  await expect.poll(delivered, FIRST).toBeGreaterThan(before + count);
}

const words = (page) => page.locator(".view-says");
const openCamera = (page) => page.getByRole("button", { name: "Camera", exact: true }).click();

test("a tag held before the camera is picked once and saved, also without a network", async ({ shop, device, filmed }) => {
  const [{ tag }] = await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const scenes = [{ labels: [{ text: tag }] }];
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 3 }, scenes });
  await screen.installed(page);
  await shop.stop();
  await openCamera(page);
  await expect.poll(() => screen.units(page), FIRST).toEqual({ picked: 1, due: 3 });
  await expect(words(page)).toContainText("Read. Show the next one");
  await picturesGoBy(page, STAYS);
  await screen.expectUnits(page, 1, 3);
  expect(await times(page, "saved")).toBe(1);
  expect(await times(page, "refused")).toBe(0);
  await shop.start();
  await screen.expectAllSent(page);
  await page.getByRole("button", { name: "Stop camera" }).click();
  await expect(page.locator(".view")).toHaveCount(0);
  await scan(page, tag);
  await screen.expectUnits(page, 2, 3);
});

test("a tag that leaves the picture and comes back is the next unit", async ({ shop, device, filmed }) => {
  const [{ tag }] = await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const scenes = [{ labels: [{ text: tag }], pictures: 60 }, { pictures: 90 }];
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 2 }, scenes });
  await openCamera(page);
  await expect.poll(() => screen.units(page), FIRST).toEqual({ picked: 2, due: 2 });
});

test("of several codes in the picture the one that the order wants is picked", async ({ shop, device, filmed }) => {
  const [wanted, other] = await takeIn(shop, [{ item: ITEM, units: 20 }, { item: OTHER_ITEM, units: 20 }]);
  const scenes = [{ labels: [{ text: other.tag, y: 200, scale: 2 }, { text: wanted.tag, y: 480, scale: 2 }] }];
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 2 }, scenes });
  await openCamera(page);
  await expect.poll(() => screen.units(page), FIRST).toEqual({ picked: 1, due: 2 });
  await picturesGoBy(page, STAYS);
  await screen.expectUnits(page, 1, 2);
  expect(await times(page, "refused")).toBe(0);
});

test("two codes that the order wants both are not chosen between", async ({ shop, device, filmed }) => {
  const both = await takeIn(shop, [{ item: ITEM, units: 20 }, { item: OTHER_ITEM, units: 20 }]);
  const labels = both.map(({ tag }, place) => ({ text: tag, y: 200 + 280 * place, scale: 2 }));
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 1, [OTHER_ITEM]: 1 }, scenes: [{ labels }] });
  await openCamera(page);
  await expect(words(page)).toContainText("Several codes in view", FIRST);
  await picturesGoBy(page, STAYS);
  await screen.expectUnits(page, 0, 2);
  expect((await seen(page)).filter(({ word }) => word !== "waiting")).toEqual([]);
});

test("a wrong tag before the camera is refused as a scanner's would be", async ({ shop, device, filmed }) => {
  const [, other] = await takeIn(shop, [{ item: ITEM, units: 20 }, { item: OTHER_ITEM, units: 20 }]);
  const scenes = [{ labels: [{ text: other.tag }] }];
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 1 }, scenes });
  await openCamera(page);
  await expect(page.locator(".refusal[data-reason]")).toBeVisible(FIRST);
  await screen.expectUnits(page, 0, 1);
  // The picture stays in sight, to aim with the right one.
  await expect(page.locator(".viewfinder video")).toBeVisible();
});

test("a ticket that lies before the camera reports nothing, and a tag beside its commands is picked", async ({ shop, device, filmed }) => {
  const [{ tag }] = await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const [undo, short] = ["UNDO", "SHORT"].map((id, place) => ({ text: ownCode("C", id), x: 360 + 560 * place, y: 200, scale: 2 }));
  const scenes = [
    { labels: [undo, short], pictures: 90 },
    { labels: [undo, short, { text: tag, y: 480, scale: 2 }], pictures: 900 },
  ];
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 2 }, scenes });
  await openCamera(page);
  await expect.poll(() => screen.units(page), FIRST).toEqual({ picked: 1, due: 2 });
  await expect(page.locator(".view-asks")).toHaveCount(0);
  const words = (await seen(page)).filter(({ word }) => word !== "waiting");
  expect(words.map(({ word }) => word)).toEqual(["saved"]);
});

test("a command held alone before the camera is asked about, and one tap answers", async ({ shop, device, filmed }) => {
  await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const scenes = [{ labels: [{ text: ownCode("C", "SHORT") }], pictures: 600 }, { pictures: 60 }];
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 2 }, scenes });
  await openCamera(page);
  const asked = page.locator(".view-asks");
  await expect(asked).toContainText("Do you mean this?", FIRST);
  await picturesGoBy(page, STAYS);
  expect(await times(page, "saved")).toBe(0);
  await asked.getByRole("button", { name: "No", exact: true }).click();
  await expect(asked).toHaveCount(0);
  await picturesGoBy(page, STAYS);
  await expect(asked, "it was answered, and has not been away").toHaveCount(0);
  expect(await times(page, "saved")).toBe(0);
  await expect(asked, "it came back").toBeVisible(FIRST);
  const confirm = asked.getByRole("button", { name: "Not here" });
  const { height } = await confirm.boundingBox();
  expect(height).toBeGreaterThanOrEqual(72);
  await expect(async () => {
    await confirm.click({ timeout: 1_000 });
    expect(await times(page, "saved")).toBe(1);
  }).toPass(FIRST);
  await expect(page.locator('.lines [data-state="short"]')).toBeVisible();
});

test("a scanner pointed at a command is obeyed at once, also while the camera is on", async ({ shop, device, filmed }) => {
  await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 2 }, scenes: [{}] });
  await openCamera(page);
  await scan(page, ownCode("C", "SHORT"));
  await expect(page.locator('.lines [data-state="short"]')).toBeVisible();
  expect(await times(page, "saved")).toBe(1);
});

/** A browser's own reader: what it says of pictures, one after the other, over and over; `proven` reads the app's proof. */
async function withReader(page, { proven, says }) {
  await page.addInitScript(([proven, says]) => {
    let asked = 0;
    globalThis.BarcodeDetector = class {
      static async getSupportedFormats() {
        return ["code_128", "qr_code"];
      }
      async detect() {
        asked += 1;
        globalThis.asked = asked;
        const rawValue = asked === 1 ? proven && "CUSTODY" : says[(asked - 2) % says.length];
        const cornerPoints = [[400, 300], [800, 300], [800, 400], [400, 400]].map(([x, y]) => ({ x, y }));
        return rawValue ? [{ format: "code_128", rawValue, cornerPoints }] : [];
      }
    };
  }, [proven, says]);
}

/** At the pick, with a film of nothing, and a browser that has a reader of its own. */
async function withItsReader({ shop, device, filmed, reader }) {
  const [{ tag }] = await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const { code } = await shop.take(order({ goods: { [ITEM]: 2 } }));
  const artist = await (await device()).newPage();
  const file = await film(artist, join(shop.directory, "film.mjpeg"), [{}]);
  const page = await (await filmed({ film: file })).newPage();
  await withReader(page, reader(tag));
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await openCamera(page);
  return page;
}

const asked = (page) => page.evaluate(() => globalThis.asked ?? 0);

test("what the browser's own reader says twice is picked once", async ({ shop, device, filmed }) => {
  const page = await withItsReader({ shop, device, filmed, reader: (tag) => ({ proven: true, says: [tag] }) });
  await expect.poll(() => screen.units(page), FIRST).toEqual({ picked: 1, due: 2 });
  await picturesGoBy(page, STAYS);
  await screen.expectUnits(page, 1, 2);
});

test("what it says once, and what is no code, is not believed", async ({ shop, device, filmed }) => {
  const page = await withItsReader({ shop, device, filmed, reader: (tag) => ({ proven: true, says: [tag, null, "12", "12"] }) });
  await expect.poll(() => asked(page), FIRST).toBeGreaterThan(20);
  await screen.expectUnits(page, 0, 2);
  expect((await seen(page)).filter(({ word }) => word !== "waiting")).toEqual([]);
});

test("a reader that cannot read the app's own picture is not asked again", async ({ shop, device, filmed }) => {
  const page = await withItsReader({ shop, device, filmed, reader: (tag) => ({ proven: false, says: [tag] }) });
  await expect(words(page)).toHaveAttribute("data-seeing", "on", FIRST);
  await picturesGoBy(page, STAYS);
  expect(await asked(page)).toBe(1);
  await screen.expectUnits(page, 0, 2);
});

test("a camera that sees nothing says so", async ({ shop, device, filmed }) => {
  await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const page = await atThePick({ shop, device, filmed, goods: { [ITEM]: 1 }, scenes: [{ dark: true }] });
  await openCamera(page);
  await expect(words(page)).toContainText("The camera sees nothing", FIRST);
});

test("where there is no camera the screen says so, and scanner and keypad work on", async ({ shop, device }) => {
  const [{ tag }] = await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const { code } = await shop.take(order({ goods: { [ITEM]: 1 } }));
  const page = await (await device()).newPage();
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await openCamera(page);
  await expect(words(page)).toHaveAttribute("data-seeing", /not-allowed|missing/);
  await expect(words(page)).toContainText("type the code");
  await expect(page.getByRole("button", { name: "Type the code" })).toBeVisible();
  await scan(page, tag);
  await screen.expectUnits(page, 1, 1);
});

/**
 * A page whose camera is a canvas: `fails` names what asking for it comes to, `can` what it says it can do. What it is
 * asked to do stands in `wishes`.
 */
async function withCamera({ shop, device, fails, can = {} }) {
  const [{ tag }] = await takeIn(shop, [{ item: ITEM, units: 20 }]);
  const { code } = await shop.take(order({ goods: { [ITEM]: 2 } }));
  const page = await (await device()).newPage();
  await page.addInitScript(([fails, can]) => {
    globalThis.wishes = [];
    const open = async () => {
      if (fails) {
        throw new DOMException("", fails);
      }
      const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
      const pen = canvas.getContext("2d");
      setInterval(() => {
        pen.fillStyle = pen.fillStyle === "#808080" ? "#828282" : "#808080";
        pen.fillRect(0, 0, canvas.width, canvas.height);
      }, 30);
      const stream = canvas.captureStream(30);
      const [track] = stream.getVideoTracks();
      track.getCapabilities = () => can;
      track.applyConstraints = async (wish) => globalThis.wishes.push(...wish.advanced);
      globalThis.track = track;
      return stream;
    };
    navigator.mediaDevices.getUserMedia = open;
  }, [fails, can]);
  await screen.begin(page, shop, shop.person("associate"));
  await screen.claim(page, code);
  await openCamera(page);
  return { page, tag };
}

for (const [fails, seeing, says] of [
  ["NotAllowedError", "not-allowed", "type the code"],
  ["NotReadableError", "busy", "Another program has the camera"],
  ["NotFoundError", "missing", "There is no camera here"],
]) {
  test(`a camera that answers ${fails} is said to be ${seeing}, and a scanner works on`, async ({ shop, device }) => {
    const { page, tag } = await withCamera({ shop, device, fails });
    await expect(words(page)).toHaveAttribute("data-seeing", seeing);
    await expect(words(page)).toContainText(says);
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
    await scan(page, tag);
    await screen.expectUnits(page, 1, 2);
  });
}

test("a camera that stops is said to be lost, and comes back when it is asked for again", async ({ shop, device }) => {
  const { page, tag } = await withCamera({ shop, device });
  await expect(words(page)).toHaveAttribute("data-seeing", "on", FIRST);
  await page.evaluate(() => globalThis.track.stop());
  await expect(words(page)).toHaveAttribute("data-seeing", "lost", FIRST);
  await expect(words(page)).toContainText("use a scanner, or type the code");
  await scan(page, tag);
  await screen.expectUnits(page, 1, 2);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(words(page)).toHaveAttribute("data-seeing", "on", FIRST);
});

test("light and magnification are there where the camera has them, and only there", async ({ shop, device }) => {
  const able = await withCamera({ shop, device, can: { torch: true, zoom: { min: 1, max: 4 }, focusMode: ["continuous"] } });
  await able.page.getByRole("button", { name: "Light", exact: true }).click();
  await able.page.getByRole("button", { name: "Nearer", exact: true }).click();
  const wishes = () => able.page.evaluate(() => globalThis.wishes);
  await expect.poll(wishes).toEqual([{ focusMode: "continuous" }, { torch: true }, { zoom: 2 }]);

  const plain = await withCamera({ shop, device });
  await expect(words(plain.page)).toHaveAttribute("data-seeing", "on", FIRST);
  await expect(plain.page.getByRole("button", { name: "Light", exact: true })).toHaveCount(0);
  await expect(plain.page.getByRole("button", { name: "Nearer", exact: true })).toHaveCount(0);
});
