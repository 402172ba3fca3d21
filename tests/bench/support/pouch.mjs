// The peer: a PouchDB that was offline sends what it has to another one, or a new one gets what another has.
//
// In: how many documents, of how many bytes. Out: how long the replication took. Both ends write to disk as they do by
// default, and neither checks a signature or a rule.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import PouchDB from "pouchdb";

/** As many as Custody sends at once. */
const BATCH = 500;
/** As many as Custody's pages have rows; its own guide advises about as many. */
const BATCH_PULLED = 2_000;
const LOADED_AT_ONCE = 5_000;

const program = fileURLToPath(new URL("pouch_server.mjs", import.meta.url));

function idOf(number) {
  return `event-${String(number).padStart(9, "0")}`;
}

function documents(count, bytes, from = 0) {
  return Array.from({ length: count }, (_, number) => ({
    _id: idOf(from + number),
    bytes: randomBytes(bytes).toString("base64"),
  }));
}

/** A PouchDB behind a server of its own, for as long as `work` takes. */
async function withServer(work) {
  const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
  const server = spawn(process.execPath, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [port] = await once(server.stdout, "data");
    return await work(folder, `http://127.0.0.1:${Number(port)}/shop`);
  } finally {
    server.stdin.end();
    await once(server, "exit");
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the first request to the last answer, when so many documents go to an empty server. */
export async function replicate(count, bytes) {
  return withServer(async (folder, address) => {
    const device = new PouchDB(join(folder, "device"));
    await device.bulkDocs(documents(count, bytes));
    const begun = performance.now();
    const done = await device.replicate.to(address, { batch_size: BATCH });
    const took = performance.now() - begun;
    if (done.docs_written !== count) {
      throw new Error(`PouchDB wrote ${done.docs_written} of ${count}`);
    }
    await device.close();
    return took;
  });
}

/** Fills a server; `work` gets a function that makes a new device and says how long it took to have and find all. */
export async function withFilled(count, bytes, work) {
  return withServer(async (folder, address) => {
    const shop = new PouchDB(address);
    for (let from = 0; from < count; from += LOADED_AT_ONCE) {
      await shop.bulkDocs(documents(Math.min(LOADED_AT_ONCE, count - from), bytes, from));
    }
    let number = 0;
    return work(async () => {
      number += 1;
      const device = new PouchDB(join(folder, `device-${number}`));
      const begun = performance.now();
      const done = await device.replicate.from(address, { batch_size: BATCH_PULLED });
      const last = await device.get(idOf(count - 1));
      const took = performance.now() - begun;
      if (done.docs_written !== count || !last.bytes) {
        throw new Error(`PouchDB wrote ${done.docs_written} of ${count}`);
      }
      await device.destroy();
      return took;
    });
  });
}
