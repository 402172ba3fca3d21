// A camera's picture to the text of its codes: Custody's worker against zxing-cpp, in one browser, on the same pictures.
//
// Both are web workers that get a frame as a camera delivers it, brightness first and colours after it, and answer with
// texts; what is measured is the page's whole wait. Each takes of the frame what its reader needs in the quickest way
// there is: the peer's takes red, green and blue, which the browser makes of a frame more quickly than a canvas does.
// They take turns, picture by picture. Every picture is looked at several times, as a camera does; it counts as read
// when one look read it, because Custody looks for Data Matrix only in every third.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

import { Shop } from "../e2e/support/shop.mjs";
import { withBrowser } from "./support/browser.mjs";
import { kilobytes, load, quantile, save, short, table } from "./support/figures.mjs";
import { bytesOverTheWire } from "./support/wire.mjs";

/** Beside the project unless somebody says otherwise: photographs are too big to be a part of it. */
const CORPUS =
  process.env.CUSTODY_SCAN_CORPUS || fileURLToPath(new URL("../../../shared/scan-corpus", import.meta.url));
const LOOKS = 7;
/** Code 128, QR, Data Matrix: what the peer looks for too. */
const WANTED = 1 | 2 | 4;
const PEER = "peer-worker.js";
/** Where the page finds the corpus. */
const PICTURES = "/api/bench/pictures/";
const KINDS = { ".png": "image/png", ".webp": "image/webp", ".bmp": "image/bmp" };

const PEER_OPTIONS = {
  formats: ["Code128", "QRCode", "DataMatrix"],
  tryHarder: true,
  tryRotate: true,
  tryDownscale: true,
  tryInvert: false,
  maxNumberOfSymbols: 1,
};

/** The peer as a worker that does what ours does: copies the frame, reads. */
async function peerFiles() {
  const entry = createRequire(import.meta.url).resolve("zxing-wasm/reader");
  const folder = join(dirname(entry), "..", "..");
  const script = await readFile(join(folder, "iife", "reader", "index.js"), "utf8");
  const module = await readFile(join(folder, "reader", "zxing_reader.wasm"));
  const work = `
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => "/api/bench/peer.wasm" }, fireImmediately: true })
      .then(() => postMessage(null));
    let pixels;
    onmessage = async ({ data: [frame] }) => {
      const { width, height } = frame.visibleRect;
      if (!pixels || pixels.width !== width || pixels.height !== height) {
        pixels = new ImageData(width, height);
      }
      await frame.copyTo(pixels.data, { format: "RGBA" });
      frame.close();
      const found = await ZXingWASM.readBarcodes(pixels, ${JSON.stringify(PEER_OPTIONS)});
      postMessage(found.filter((one) => one.isValid).map((one) => one.text));
    };`;
  return { script: `${script}\n${work}`, module, bytes: brotliCompressSync(module).length };
}

/**
 * In the page, before the race: makes a camera's frames of a picture. A camera keeps brightness at full size and each of
 * two colours at half; a colour here is that of one pixel of four.
 */
function filming() {
  globalThis.filmed = async (address) => {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const [width, height] = [bitmap.width, bitmap.height].map((side) => side - (side % 2));
    const pen = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true, alpha: false });
    pen.drawImage(bitmap, 0, 0);
    const { data } = pen.getImageData(0, 0, width, height);
    const [all, half] = [width * height, width / 2];
    const bytes = new Uint8ClampedArray((all * 3) / 2);
    for (let at = 0; at < all; at += 1) {
      const [red, green, blue] = data.subarray(4 * at, 4 * at + 3);
      const light = 0.299 * red + 0.587 * green + 0.114 * blue;
      bytes[at] = light;
      const [x, y] = [at % width, Math.floor(at / width)];
      if (x % 2 === 0 && y % 2 === 0) {
        const place = all + (y / 2) * half + x / 2;
        bytes[place] = 128 + (blue - light) * 0.564;
        bytes[place + all / 4] = 128 + (red - light) * 0.713;
      }
    }
    const colorSpace = { fullRange: true, matrix: "smpte170m", primaries: "bt709", transfer: "iec61966-2-1" };
    const kind = { format: "I420", codedWidth: width, codedHeight: height, timestamp: 0, colorSpace };
    return () => new VideoFrame(bytes, kind);
  };
}

/** In the page: looks at every picture with both, in turns. */
async function race({ pictures, looks, wanted, peer }) {
  // The worker's answer is CBOR of arrays, numbers, texts and truth values.
  const texts = (bytes) => {
    let at = 0;
    const next = () => {
      const [kind, low] = [bytes[at] >> 5, bytes[at] & 31];
      at += 1;
      let size = low;
      if (low >= 24 && low < 27) {
        size = 0;
        for (let left = 1 << (low - 24); left > 0; left -= 1) {
          size = size * 256 + bytes[at];
          at += 1;
        }
      }
      if (kind === 4) {
        return Array.from({ length: size }, next);
      }
      if (kind === 3) {
        at += size;
        return new TextDecoder().decode(bytes.subarray(at - size, at));
      }
      return size;
    };
    return next()[0].map(([text]) => text);
  };
  const start = (address) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(address);
      worker.onerror = (event) => reject(new Error(`${address}: ${event.message}`));
      worker.onmessage = () => resolve(worker);
    });
  const ours = document.querySelector("meta[name=worker-camera]").content;
  const engines = { custody: await start(ours), zxing: await start(peer) };
  const ask = (worker, frame) =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data instanceof Uint8Array ? texts(data) : data);
      worker.postMessage([frame, wanted], [frame]);
    });
  const results = [];
  for (const address of pictures) {
    const frame = await filmed(address);
    const seen = { custody: { texts: [], ms: [] }, zxing: { texts: [], ms: [] } };
    for (let look = 0; look < looks; look += 1) {
      for (const [name, worker] of Object.entries(engines)) {
        const picture = frame();
        const from = performance.now();
        const found = await ask(worker, picture);
        seen[name].ms.push(performance.now() - from);
        seen[name].texts.push(...found);
      }
    }
    results.push(seen);
  }
  return results;
}

/** Whether an engine read a picture's text in any look. */
const hasRead = (image, seen) => seen.texts.includes(image.text);

/** How long both took for the pictures that both read, and for those without a code: medians of the same pictures. */
function shared(images, results) {
  const medians = (some) =>
    ["custody", "zxing"].map((name) => quantile(some.flatMap((one) => one[name].ms.slice(1)), 0.5));
  const pairs = images.map((image, place) => ({ image, ...results[place] }));
  const both = pairs.filter(({ image, custody, zxing }) => image.text && hasRead(image, custody) && hasRead(image, zxing));
  return { count: both.length, ms: both.length > 0 ? medians(both) : [] };
}

function summary(name, images, results) {
  const own = images.map((image, place) => ({ image, ...results[place][name] }));
  const readable = own.filter(({ image }) => image.text);
  const isRead = (one) => hasRead(one.image, one);
  const wrong = own.filter(({ image, texts }) => texts.some((text) => text !== image.text));
  const ms = (some) => some.flatMap((one) => one.ms.slice(1));
  const times = (some) => (some.length ? [0.5, 0.95].map((part) => quantile(ms(some), part)) : []);
  const rate = (format) => {
    const some = readable.filter(({ image }) => image.format === format);
    return `${some.filter(isRead).length} of ${some.length}`;
  };
  return {
    name,
    readable: readable.length,
    rates: ["CODE_128", "QR_CODE", "DATA_MATRIX"].map(rate),
    wrong: wrong.map(({ image, texts }) => ({ file: image.file, texts: [...new Set(texts)] })),
    read: readable.filter(isRead).length,
    hit: times(readable.filter(isRead)),
    miss: times(readable.filter((one) => !isRead(one))),
    empty: times(own.filter(({ image }) => !image.text)),
  };
}

/** Ours beside the peer's, as the targets are said: each line is a measure and one figure, or that there is none. */
function ratios([own, peer], both, bytes) {
  const part = (one, other) => (one && other ? `${short(one / other)} x zxing` : "nothing to compare");
  return [
    ["read", `${own.read} of ${own.readable}, zxing ${peer.read}`],
    ["false reads", `${own.wrong.length} pictures, zxing ${peer.wrong.length}`],
    ["time of a picture that is read, median", part(own.hit[0], peer.hit[0])],
    ["time of a picture that is read, 95 of 100", part(own.hit[1], peer.hit[1])],
    [`time of the ${both.count} pictures that both read, median`, part(...both.ms)],
    ["time of a picture without a code, median", part(own.empty[0], peer.empty[0])],
    ["time of a picture without a code, 95 of 100", part(own.empty[1], peer.empty[1])],
    ["bytes of the module", `${part(bytes.custody, bytes.zxing)}, ${bytes.custody} bytes`],
  ];
}

/** What a folder says of its pictures: a list of `{ file, format, text }`, without `text` where there is no code. */
async function manifestOf(folder) {
  const file = join(folder, "manifest.json");
  let images;
  try {
    ({ images } = JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if (cause.code === "ENOENT" && !process.env.CUSTODY_SCAN_CORPUS) {
      console.log("  There is no corpus of pictures beside the project; name one: cargo xtask bench decode --corpus DIR");
      process.exit(0);
    }
    throw new Error(`${file} cannot be read: ${cause.message}`, { cause });
  }
  if (!Array.isArray(images) || !images.every(({ file }) => typeof file === "string")) {
    throw new Error(`${file} has no list \`images\` of entries with a \`file\` each`);
  }
  return images;
}

const images = await manifestOf(CORPUS);
const shop = await Shop.open();
try {
  const files = await peerFiles();
  const results = await withBrowser(async (newPage) => {
    const page = await newPage();
    // No part of the app, so under an address that its service worker leaves alone.
    await page.route("**/api/bench/**", async (route) => {
      const name = new URL(route.request().url()).pathname.split("/").at(-1);
      if (name === PEER) {
        return route.fulfill({ contentType: "text/javascript", body: files.script });
      }
      if (name === "peer.wasm") {
        return route.fulfill({ contentType: "application/wasm", body: files.module });
      }
      // A picture may lie in a folder of the corpus, and have any name.
      const file = decodeURIComponent(new URL(route.request().url()).pathname.slice(PICTURES.length));
      const kind = KINDS[extname(file).toLowerCase()] ?? "image/jpeg";
      return route.fulfill({ contentType: kind, body: await readFile(join(CORPUS, file)) });
    });
    await page.goto(shop.url);
    await page.locator(".person").first().waitFor();
    const pictures = images.map(({ file }) => PICTURES + file.split("/").map(encodeURIComponent).join("/"));
    await page.evaluate(filming);
    return page.evaluate(race, { pictures, looks: LOOKS, wanted: WANTED, peer: `/api/bench/${PEER}` });
  });
  const page = await (await fetch(shop.url)).text();
  const script = /worker-camera" content="([^"]+)"/.exec(page)[1];
  const own = await bytesOverTheWire(shop.url + script.replace(".js", "_bg.wasm"));
  const bytes = { custody: own.bytes, zxing: files.bytes };
  const summaries = ["custody", "zxing"].map((name) => summary(name, images, results));
  const rows = summaries.map(({ name, rates, wrong, hit, miss, empty }) =>
    [name, ...rates, wrong.length, ...[hit, miss, empty].map((ms) => ms.map(short).join(" / ")), kilobytes(bytes[name])]);
  table(["", "Code 128", "QR", "Data Matrix", "wrong", "read, ms", "not read, ms", "no code, ms", "module"], rows);
  console.log(`  ms are median / 95 of 100, ${LOOKS - 1} looks each after a first. ${load()}`);
  const compared = ratios(summaries, shared(images, results), bytes);
  compared.forEach(([measure, figure]) => console.log(`  ${measure}: ${figure}`));
  await save("decode", { summaries, compared, bytes, results });
} finally {
  await shop.close();
}
