// Stock as METRC's own Active Packages page exports it, for stories that need more of it than the shop has.
//
// In: packages. Out: a file that `custody store import-packages` reads, taken in by the running shop.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const HEADINGS = [
  "Tag",
  "Location",
  "Sublocation",
  "Item",
  "Category",
  "Quantity",
  "Unit Of Measure",
  "Lab Test Status",
  "Administrative Hold",
  "Packaged Date",
];

/** Long enough ago to be sold first, recent enough to be good. */
const PACKAGED_DAYS_AGO = 20;

let serial = 0;

/** A tag nobody has used: the form of a real one, with a number of its own. */
export function freshTag() {
  serial += 1;
  return `1A4FF03000E2E${String(serial).padStart(11, "0")}`;
}

function quoted(text) {
  return `"${String(text).replaceAll('"', '""')}"`;
}

function packaged() {
  const day = new Date(Date.now() - PACKAGED_DAYS_AGO * 86_400_000);
  return day.toLocaleDateString("en-US", { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** Takes packages in; each is `{ item, units }`, and gets its tag; `hold` puts it on hold. */
export async function takeIn(shop, packages) {
  const tagged = packages.map((one) => ({ tag: freshTag(), ...one }));
  const rows = tagged.map(({ tag, item, units, hold }) =>
    [tag, "Vault", "E-01-1", item, "Flower (packaged - each)", units, "ea", "TestPassed", hold ? "Yes" : "No", packaged()].map(quoted).join(","),
  );
  const file = join(shop.directory, "packages.csv");
  await writeFile(file, [HEADINGS.join(","), ...rows, ""].join("\r\n"));
  await shop.command("store", "import-packages", file);
  return tagged;
}
