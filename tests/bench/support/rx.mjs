// The second peer: RxDB with the storage that comes free in Node, memory, and the least server that it can talk to.
//
// In: how many documents, of how many bytes. Out: how long the replication took. Nothing lasts on either side, nothing is
// signed, checked or compared; it is what remains when a database leaves all of that away.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { createRxDatabase } from "rxdb/plugins/core";
import { replicateRxCollection } from "rxdb/plugins/replication";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";

/** As many as Custody sends at once, and as its pages have rows. */
const BATCH_PUSHED = 500;
const BATCH_PULLED = 2_000;
const LOADED_AT_ONCE = 5_000;

const SCHEMA = {
  version: 0,
  primaryKey: "id",
  type: "object",
  properties: { id: { type: "string", maxLength: 20 }, bytes: { type: "string" } },
  required: ["id", "bytes"],
};

const program = fileURLToPath(new URL("rx_server.mjs", import.meta.url));
let databases = 0;

function idOf(number) {
  return `event-${String(number).padStart(9, "0")}`;
}

function documents(count, bytes, from = 0) {
  return Array.from({ length: count }, (_, number) => ({
    id: idOf(from + number),
    bytes: randomBytes(bytes).toString("base64"),
  }));
}

async function withServer(work) {
  const server = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [port] = await once(server.stdout, "data");
    return await work(async (path, body) => {
      const request = { method: "POST", body: JSON.stringify(body) };
      const answer = await fetch(`http://127.0.0.1:${Number(port)}${path}`, request);
      return answer.json();
    });
  } finally {
    server.stdin.end();
    await once(server, "exit");
  }
}

async function withDevice(work) {
  databases += 1;
  const device = await createRxDatabase({
    name: `bench-${databases}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  try {
    const { shop } = await device.addCollections({ shop: { schema: SCHEMA } });
    return await work(shop);
  } finally {
    await device.close();
  }
}

/** Lets a collection replicate once, one way; returns milliseconds. */
async function replicated(collection, way) {
  const begun = performance.now();
  const replication = replicateRxCollection({ collection, replicationIdentifier: "bench", live: false, ...way });
  replication.error$.subscribe((error) => {
    throw error;
  });
  await replication.awaitInitialReplication();
  return performance.now() - begun;
}

/** Milliseconds until so many documents of a device are at an empty server. */
export async function replicate(count, bytes) {
  return withServer((ask) =>
    withDevice(async (collection) => {
      await collection.bulkInsert(documents(count, bytes));
      let pushed = 0;
      const push = {
        batchSize: BATCH_PUSHED,
        handler: (rows) => {
          pushed += rows.length;
          return ask("/push", rows);
        },
      };
      const took = await replicated(collection, { push });
      if (pushed !== count) {
        throw new Error(`RxDB pushed ${pushed} of ${count}`);
      }
      return took;
    }),
  );
}

/** Fills a server; `work` gets a function that makes a new device and says how long it took to have and find all. */
export async function withFilled(count, bytes, work) {
  return withServer(async (ask) => {
    for (let from = 0; from < count; from += LOADED_AT_ONCE) {
      const some = documents(Math.min(LOADED_AT_ONCE, count - from), bytes, from);
      await ask("/push", some.map((newDocumentState) => ({ newDocumentState: { ...newDocumentState, _deleted: false } })));
    }
    return work(() =>
      withDevice(async (collection) => {
        const pull = {
          batchSize: BATCH_PULLED,
          handler: (checkpoint, limit) => ask("/pull", { after: checkpoint?.after ?? 0, limit }),
        };
        const begun = performance.now();
        await replicated(collection, { pull });
        const last = await collection.findOne(idOf(count - 1)).exec();
        if (!last) {
          throw new Error("RxDB does not find the last document");
        }
        return performance.now() - begun;
      }),
    );
  });
}
