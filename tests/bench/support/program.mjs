// The programs that play devices, make bundles, plan walks and run floors: examples of the crates they measure.
//
// In: the server that was built. Out: what the program said. Must not: be built with another compiler than the server;
// everything would be built again.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
/** The server. */
export const custody = process.env.CUSTODY_BIN || join(cache, "custody", "target", "release", "custody");
const target = dirname(dirname(custody));

export const run = promisify(execFile);

/** The compiler set-up made the server with. */
async function toolchain() {
  try {
    const { stdout } = await run("rustup", ["toolchain", "list"]);
    return /^custody\b/m.test(stdout) ? { RUSTUP_TOOLCHAIN: "custody" } : {};
  } catch {
    return {};
  }
}

/** Builds the one that needs a server; a function that runs it with some words and returns what it said. */
export async function program() {
  return example("sync-server", "bench");
}

/** The same for any crate's example. */
export async function example(crate, name) {
  const words = ["build", "--quiet", "--release", "--package", crate, "--example", name];
  const web = process.env.CUSTODY_WEB_DIST || join(target, "web-dist");
  const env = { ...process.env, ...(await toolchain()), CARGO_TARGET_DIR: target, CUSTODY_WEB_DIST: web };
  const cargo = spawn("cargo", words, { cwd: root, env, stdio: "inherit" });
  const [code] = await once(cargo, "exit");
  if (code !== 0) {
    throw new Error(`cargo ${words.join(" ")} ended with ${code}`);
  }
  const file = join(target, "release", "examples", name);
  return async (...said) => {
    const { stdout } = await run(file, said.map(String), { maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout);
  };
}
