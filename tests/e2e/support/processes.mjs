// The processes of one browser, found by its profile, and their sudden end.

import { readFileSync, readdirSync } from "node:fs";

/** Every process as `{ pid, parent, command }`; those that end while we look are left out. */
function all() {
  const found = [];
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name)) {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "latin1");
        // The command in brackets may hold anything; the fields behind it do not.
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        found.push({ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, "latin1") });
      } catch {
        continue;
      }
    }
  }
  return found;
}

/** The browser that works in a profile, and everything it started, its first process first. */
export function treeOf(profile) {
  const processes = all();
  const tree = new Set(processes.filter((one) => one.command.includes(`--user-data-dir=${profile}`)).map((one) => one.pid));
  for (let before = -1; before !== tree.size; ) {
    before = tree.size;
    processes.filter((one) => tree.has(one.parent)).forEach((one) => tree.add(one.pid));
  }
  return [...tree].sort((one, other) => one - other);
}

/** Kills them all, with no chance to tidy up. */
export function killTree(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") {
        throw error;
      }
    }
  }
}
