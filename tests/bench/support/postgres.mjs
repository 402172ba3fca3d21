// A PostgreSQL server of this measurement's own, with its disk's full attention, thrown away at the end.
//
// In: PostgreSQL's own programs. Out: addresses for `CUSTODY_DATABASE`, or nothing where there is none. Must not: turn
// off what makes a commit last.

import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Where Debian keeps what is not in the search path. */
const DEBIAN = "/usr/lib/postgresql";

async function programs() {
  const versions = await readdir(DEBIAN).catch(() => []);
  return versions.map((version) => join(DEBIAN, version, "bin")).sort().at(-1);
}

async function idOf(user) {
  const { stdout } = await run("id", ["-u", user]);
  return Number(stdout);
}

/** Starts one; `null` when PostgreSQL is not installed. */
export async function startPostgres() {
  const bin = await programs();
  if (!bin) {
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), "custody-pg-"));
  const data = join(folder, "data");
  // It refuses to run as root; this user owns nothing.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    await chown(folder, await idOf("nobody"), -1);
  }
  const as = (program, words) => {
    const whole = [join(bin, program), ...words];
    const [first, ...rest] = isRoot ? ["runuser", "-u", "nobody", "--", ...whole] : whole;
    return run(first, rest, { cwd: folder });
  };
  await as("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]);
  const settings = `-k '${folder}' -c listen_addresses=`;
  await as("pg_ctl", ["-D", data, "-w", "-l", join(folder, "log"), "-o", settings, "start"]);
  const sql = (text) => as("psql", ["-h", folder, "-U", "postgres", "-q", "-c", text]);
  await sql("CREATE ROLE custody LOGIN");
  let made = 0;
  return {
    /** A database of its own for a shop; its address. */
    database: async () => {
      made += 1;
      await sql(`CREATE DATABASE custody_${made} OWNER custody`);
      return `postgres:///custody_${made}?host=${folder}&user=custody`;
    },
    stop: async () => {
      await as("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
