// Films for a fake camera: labels with Code 128 and invented ID cards on a grey table, as a browser's own canvas draws them.
//
// In: what lies on the table, for how many pictures. Out: a file that Chromium shows instead of a camera's pictures,
// from its beginning again when it ends. Must not: borrow the app's own encoder, which is on trial.

import { readFile, writeFile } from "node:fs/promises";

/** Widths of bars and spaces of every character, as the standard prints them; the stop is the last. */
const WIDTHS =
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211" +
  "221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113" +
  "132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121" +
  "312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211" +
  "221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141" +
  "114113114311411113411311113141114131311141411131211412211214211232";
const STOP = "2331112";
const START_B = 104;
const MODULUS = 103;

/** Where a label lies and how big its modules are, when a story does not say. */
const PLACE = { x: 640, y: 360, scale: 3 };

function widths(text) {
  const values = [START_B, ...[...text].map((letter) => letter.charCodeAt(0) - 32)];
  values.push(values.reduce((sum, value, place) => sum + value * Math.max(place, 1)) % MODULUS);
  return values.map((value) => WIDTHS.slice(value * 6, value * 6 + 6)).join("") + STOP;
}

/** The wide code on the back of an invented card, module by module. */
async function modulesOf(name) {
  const file = new URL(`../../fixtures/cards/${name}.txt`, import.meta.url);
  return (await readFile(file, "utf8")).trim().split("\n");
}

/** One picture as a JPEG file. In the dark nothing is seen of the labels either. */
async function picture(page, labels, dark, rows) {
  const drawn = labels.map((label) => ({ ...PLACE, ...label, widths: widths(label.text) }));
  const address = await page.evaluate(([labels, dark, rows]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
    const pen = canvas.getContext("2d");
    pen.fillStyle = dark ? "#000" : "#707070";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    for (const { x, y, scale, widths } of labels) {
      const modules = [...widths].reduce((sum, width) => sum + Number(width), 0);
      const [left, high] = [x - (modules * scale) / 2, 40 * scale];
      pen.fillStyle = "#f4f4f0";
      pen.fillRect(left - 12 * scale, y - high / 2 - 10, (modules + 24) * scale, high + 20);
      pen.fillStyle = "#181818";
      let at = left;
      [...widths].forEach((width, place) => {
        if (place % 2 === 0) {
          pen.fillRect(at, y - high / 2, width * scale, high);
        }
        at += width * scale;
      });
    }
    // A card fills most of the picture.
    const wide = Math.floor(1000 / (rows[0]?.length ?? 1));
    const [left, top] = [640 - (wide * (rows[0]?.length ?? 0)) / 2, 360 - (wide * 3 * rows.length) / 2];
    if (rows.length > 0) {
      pen.fillStyle = "#f4f4f0";
      pen.fillRect(left - 40, top - 40, wide * rows[0].length + 80, wide * 3 * rows.length + 80);
      pen.fillStyle = "#181818";
    }
    rows.forEach((row, y) => {
      [...row].forEach((dot, x) => {
        if (dot === "1") {
          pen.fillRect(left + x * wide, top + y * wide * 3, wide, wide * 3);
        }
      });
    });
    return canvas.toDataURL("image/jpeg", 0.9);
  }, [drawn, dark, rows]);
  return Buffer.from(address.split(",")[1], "base64");
}

/** Writes a film; each scene is `{ labels: [{ text, x, y, scale }], card, pictures, dark }`. */
export async function film(page, file, scenes) {
  const parts = [];
  for (const { labels = [], card, pictures = 1, dark = false } of scenes) {
    const drawn = await picture(page, labels, dark, card ? await modulesOf(card) : []);
    parts.push(...Array.from({ length: pictures }, () => drawn));
  }
  await writeFile(file, Buffer.concat(parts));
  return file;
}
