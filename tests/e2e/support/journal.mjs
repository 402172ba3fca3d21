// The journal in which Chromium keeps a site's databases, as files.
//
// In: the folder of a browser that is not running, the app's address. Out: the same folder as after a kill in the midst
// of a record, or with a damaged one. Must not: touch a byte that was there.

import { appendFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** LevelDB's journals are blocks of so many bytes. */
const BLOCK_BYTES = 32_768;
/** Checksum, length and kind of a record. */
const HEAD_BYTES = 7;
const WHOLE = 1;
/** Bytes of a record that reach the disk, and those that one promises which was cut short. */
const THERE = 100;
const PROMISED = 500;

function folderOf(profile, url) {
  return join(profile, "Default", "IndexedDB", `http_127.0.0.1_${new URL(url).port}.indexeddb.leveldb`);
}

/** The journals there are, oldest first. */
export async function journals(profile, url) {
  const names = await readdir(folderOf(profile, url));
  return names.filter((name) => name.endsWith(".log")).sort();
}

/** Puts the beginning of a record behind the newest journal. Returns that journal's name. */
export async function tear(profile, url) {
  return append(profile, url, PROMISED);
}

/** Puts a whole record behind the newest journal that is not what its checksum says. */
export async function damage(profile, url) {
  return append(profile, url, THERE);
}

async function append(profile, url, length) {
  const newest = (await journals(profile, url)).at(-1);
  const file = join(folderOf(profile, url), newest);
  const left = BLOCK_BYTES - ((await stat(file)).size % BLOCK_BYTES);
  // A record does not begin where it has no room, and ends with its block.
  const padding = left < HEAD_BYTES + THERE ? left : 0;
  const promised = Math.min(length, (padding ? BLOCK_BYTES : left) - HEAD_BYTES);
  const record = Buffer.alloc(padding + HEAD_BYTES + THERE, 0x5a);
  record.fill(0, 0, padding);
  record.writeUInt16LE(promised, padding + 4);
  record.writeUInt8(WHOLE, padding + 6);
  await appendFile(file, record);
  return newest;
}
