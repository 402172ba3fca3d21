// The peer: a PouchDB that was offline sends what it has to another one.
//
// In: how many events, of how many bytes. Out: how long the replication took. Both ends write to disk as they do by
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

const program = fileURLToPath(new URL("pouch_server.mjs", import.meta.url));

function documents(count, bytes) {
  return Array.from({ length: count }, (_, number) => ({
    _id: `event-${String(number).padStart(9, "0")}`,
    bytes: randomBytes(bytes).toString("base64"),
  }));
}

/** Milliseconds from the first request to the last answer. */
export async function replicate(count, bytes) {
  const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
  const server = spawn(process.execPath, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [port] = await once(server.stdout, "data");
    const device = new PouchDB(join(folder, "device"));
    await device.bulkDocs(documents(count, bytes));
    const begun = performance.now();
    const done = await device.replicate.to(`http://127.0.0.1:${Number(port)}/shop`, { batch_size: BATCH });
    const took = performance.now() - begun;
    if (done.docs_written !== count) {
      throw new Error(`PouchDB wrote ${done.docs_written} of ${count}`);
    }
    await device.close();
    return took;
  } finally {
    server.stdin.end();
    await once(server, "exit");
    await rm(folder, { recursive: true, force: true });
  }
}
