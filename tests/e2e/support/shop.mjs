// The shop under test: a real server, with the invented shop in a directory of its own.
//
// In: nothing but the program that was built. Out: an address, people with PINs, a token for other programs.
// Must not: stand in for the server in any way; it is started, stopped and killed like a shop's own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const program = process.env.CUSTODY_BIN || join(cache, "custody", "target", "release", "custody");

const SEED = process.env.SHOP_SEED || "1";
const START_MS_MAX = 30_000;
const LOG_CHARACTERS_MAX = 20_000;

const PERSON = /^ {2}(\S.*?) {2,}([a-z-]+) +PIN (\d{6})$/gm;
const TOKEN = /^ {2}(custody-[0-9a-f]+)$/m;
const GREETED = /^Made from seed/m;

async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export class Shop {
  /** Makes a shop and starts its server. */
  static async open() {
    const shop = new Shop();
    shop.directory = await mkdtemp(join(tmpdir(), "custody-e2e-"));
    shop.port = await freePort();
    await shop.start();
    return shop;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  get isRunning() {
    return Boolean(this.server) && this.server.exitCode === null && this.server.signalCode === null;
  }

  /** Starts the server, on the same directory and the same port as before. */
  async start() {
    const listen = `127.0.0.1:${this.port}`;
    const words = ["serve", "--demo", "--data", this.directory, "--listen", listen, "--seed", SEED];
    // A group of its own, so that a kill reaches whatever the program started.
    this.server = spawn(program, words, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.ended = once(this.server, "exit");
    this.log = "";
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the server said nothing:\n${this.log}`)), START_MS_MAX);
      const hear = (part) => {
        this.log = (this.log + part).slice(-LOG_CHARACTERS_MAX);
        if (GREETED.test(this.log)) {
          clearTimeout(late);
          resolve();
        }
      };
      this.server.stdout.on("data", hear);
      this.server.stderr.on("data", hear);
      this.server.on("error", reject);
      this.server.on("exit", (code) => reject(new Error(`the server ended (${code}):\n${this.log}`)));
    });
    this.people ??= [...this.log.matchAll(PERSON)].map(([, name, role, pin]) => ({ name, role, pin }));
    this.token ??= TOKEN.exec(this.log)[1];
  }

  /** Ends the server the way Ctrl-C does, and waits until it has ended. */
  async stop() {
    await this.#end("SIGINT");
  }

  /** Ends the server the way a power cut does. */
  async kill() {
    await this.#end("SIGKILL");
  }

  async #end(signal) {
    if (this.isRunning) {
      process.kill(-this.server.pid, signal);
      await this.ended;
    }
  }

  /** Stops the server and forgets the shop. */
  async close() {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** The first person of a role. */
  person(role) {
    return this.people.find((person) => person.role === role);
  }

  /** Sends one order as another program would; the answer's result for it. */
  async take(order) {
    const answer = await this.#ask("/api/v1/orders", { method: "POST", body: JSON.stringify(order) });
    const said = await answer.json();
    if (!answer.ok) {
      throw new Error(`the order was not taken: ${JSON.stringify(said)}`);
    }
    return said.results[0];
  }

  /** Sends many orders at once, as after an outage. */
  async takeAll(orders) {
    const AT_ONCE = 250;
    for (let from = 0; from < orders.length; from += AT_ONCE) {
      const body = JSON.stringify(orders.slice(from, from + AT_ONCE));
      const answer = await this.#ask("/api/v1/orders", { method: "POST", body });
      if (!answer.ok) {
        throw new Error(`the orders were not taken: ${await answer.text()}`);
      }
    }
  }

  /** Where an order stands, as another program is told. */
  async standing(order) {
    const answer = await this.#ask(`/api/v1/orders/${order.source}/${encodeURIComponent(order.id)}`, {});
    return answer.json();
  }

  #ask(path, request) {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    return fetch(this.url + path, { ...request, headers });
  }

  /** Runs a command of the program on this shop; what it printed. */
  async command(...words) {
    const { code, said } = await run(...words, "--data", this.directory);
    if (code !== 0) {
      throw new Error(`custody ${words.join(" ")} ended with ${code}:\n${said}`);
    }
    return said;
  }

  /** What the program says of an auditor's bundle, with nothing but the file. */
  async check(file) {
    const { said } = await run("verify", "--json", file);
    return JSON.parse(said);
  }
}

async function run(...words) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (part) => (said += part));
  child.stderr.on("data", (part) => (said += part));
  const [code] = await once(child, "close");
  return { code, said };
}
