// A device that signs whatever it is told to: what no honest tablet does, in the very bytes that a tablet sends.
//
// In: a shop that lets devices in by itself. Out: one more device, and files of its acts, or of another's with a change.
// Must not: write anything into the shop but by the ways that every device has.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { decode, encode } from "./cbor.mjs";

const MAGIC = Buffer.from("custody-lifeboat-1\n");
const HASH_BYTES = 32;
const ANA = 1;

/** Kinds of events, by their numbers in the protocol. */
export const kinds = { opened: 1, signedIn: 2, clock: 5, fromTheFuture: 60_001 };

function hash(...parts) {
  return createHash("sha256").update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
}

const hashOf = (envelope) => hash("custody-event-1\n", envelope);

export class Signer {
  /** Takes a new device in. */
  static async enrolled(shop, name) {
    const signer = new Signer();
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    signer.key = privateKey;
    const proof = signer.#sign(hash("custody-enrol-1\n", "", "\n", raw));
    const body = encode(new Map([[0, ""], [1, name], [2, 0], [3, raw], [4, proof]]));
    const answer = await fetch(`${shop.url}/v1/enrol`, { method: "POST", body });
    if (!answer.ok) {
      throw new Error(`the device was not taken in: ${answer.status}`);
    }
    const enrolled = decode(Buffer.from(await answer.arrayBuffer()));
    signer.shop = shop;
    signer.name = name;
    signer.store = enrolled.get(0);
    signer.id = enrolled.get(1).get(0);
    signer.begin();
    return signer;
  }

  /** Starts a chain, as an app that was just opened; `before` is what it says came before. */
  begin(before) {
    this.epoch = randomBytes(16);
    this.events = [];
    const opened = new Map([[0, 1], [2, 0], [3, "e2e"], [4, "strict"], [5, true], [6, 0], [7, "America/Los_Angeles"]]);
    if (before) {
      opened.set(1, before);
    }
    this.write(kinds.opened, new Map([...opened].sort(([one], [other]) => one - other)));
    this.write(kinds.signedIn, new Map([[0, ANA], [1, true]]));
  }

  /** Signs one act behind the last. `lease` is a lease as another envelope names it. */
  write(kind, body, lease) {
    const wall = Date.now();
    const stamp = Buffer.from(wall.toString(16).padStart(12, "0"), "hex");
    const id = Buffer.concat([stamp, Buffer.of(0x70), randomBytes(9)]);
    const last = this.events.at(-1);
    const envelope = new Map([
      [1, 1],
      [2, this.store],
      [3, this.id],
      [4, this.epoch],
      [5, this.events.length],
      [6, last ? hashOf(last[0]) : Buffer.alloc(HASH_BYTES)],
      [7, id],
      [8, BigInt(wall) << 16n],
      [9, this.events.length * 10],
      [10, wall],
      [11, [ANA, 1]],
      [12, 0],
      [13, [kind, 1]],
      ...(lease ? [[14, lease]] : []),
      [15, encode(body)],
    ]);
    const bytes = encode(envelope);
    this.events.push([bytes, this.#sign(hashOf(bytes))]);
  }

  /** Brings its acts to the server in a file. */
  async deliver(from = 0) {
    const part = [this.epoch, from, this.events.slice(from)];
    await takeIn(this.shop, boatBytes([this.store, this.id, this.name, Date.now(), [part]]));
  }

  #sign(bytes) {
    return sign(null, bytes, this.key);
  }
}

function boatBytes(boat) {
  const bytes = Buffer.concat([MAGIC, encode(boat)]);
  return Buffer.concat([bytes, hash(bytes)]);
}

/** What a tablet saved in a file, with its parts in the order of its chains: `{ epoch, from, events }`. */
export async function readBoat(file) {
  const bytes = await readFile(file);
  const [store, device, name, madeAt, parts] = decode(bytes.subarray(MAGIC.length, -HASH_BYTES));
  return {
    store,
    device: device.toString("hex"),
    name,
    parts: parts.map(([epoch, from, events]) => ({ epoch, from, events })),
    bytes: (some) => boatBytes([store, device, name, madeAt, some.map(({ epoch, from, events }) => [epoch, from, events])]),
  };
}

/** The lease an act names, as its envelope has it. */
export function leaseOf([envelope]) {
  return decode(envelope).get(14);
}

/** Gives the server a file of acts, as whoever carries one to it does. */
export async function takeIn(shop, bytes) {
  const file = join(shop.directory, "carried.lifeboat");
  await writeFile(file, bytes);
  return shop.command("lifeboat", file);
}
