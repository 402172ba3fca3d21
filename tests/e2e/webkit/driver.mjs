// WebKitGTK's MiniBrowser, driven over W3C WebDriver.
//
// In: a display (xvfb-run gives one). Out: one browser window, its pages, clicks and keys. Must not: outlive the test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setInterval } from "node:timers/promises";

const DRIVER = process.env.WEBKIT_DRIVER || "/usr/bin/WebKitWebDriver";
const LIBRARIES = "/usr/lib";
const LOOK_MS = 100;
const WAIT_MS_MAX = 30_000;

function miniBrowser() {
  const folders = readdirSync(LIBRARIES).flatMap((machine) =>
    ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"].map((kind) => join(LIBRARIES, machine, kind, "MiniBrowser")),
  );
  const found = folders.find((path) => existsSync(path));
  if (!found) {
    throw new Error("there is no MiniBrowser; the package webkit2gtk-driver brings it");
  }
  return found;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Looks again and again until `look` gives something; what it gave. */
export async function until(what, look, longest = WAIT_MS_MAX) {
  const started = Date.now();
  for await (const _ of setInterval(LOOK_MS)) {
    const found = await look();
    if (found) {
      return found;
    }
    if (Date.now() - started > longest) {
      throw new Error(`waited ${longest} ms for ${what}`);
    }
  }
}

export class WebKit {
  static async open() {
    const browser = new WebKit();
    const port = await freePort();
    browser.base = `http://127.0.0.1:${port}`;
    browser.driver = spawn(DRIVER, [`--port=${port}`], { stdio: ["ignore", "inherit", "inherit"] });
    await until("the driver", () => fetch(`${browser.base}/status`).then((answer) => answer.ok, () => false));
    const capabilities = {
      alwaysMatch: { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] } },
    };
    const { sessionId } = await browser.#call("POST", "/session", { capabilities });
    browser.base += `/session/${sessionId}`;
    return browser;
  }

  async #call(method, path, body) {
    const answer = await fetch(this.base + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const { value } = await answer.json();
    if (!answer.ok) {
      throw new Error(`WebKit, ${method} ${path}: ${value.error}: ${value.message}`);
    }
    return value;
  }

  go(url) {
    return this.#call("POST", "/url", { url });
  }

  reload() {
    return this.#call("POST", "/refresh", {});
  }

  /** Runs a function in the page and gives back what it returns or promises. */
  run(work, ...words) {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${work})(...[...arguments].slice(0, -1))).then(done, (error) => done({ failed: String(error) }));`;
    return this.#call("POST", "/execute/async", { script, args: words });
  }

  /** The text of the first element that fits, or null. */
  text(selector) {
    return this.run((selector) => document.querySelector(selector)?.textContent ?? null, selector);
  }

  attribute(selector, name) {
    return this.run((selector, name) => document.querySelector(selector)?.getAttribute(name) ?? null, selector, name);
  }

  /** Waits for an element that fits and, when asked, says this text. */
  async appears(selector, text = "") {
    const id = await until(`${selector} ${text}`, async () => {
      const all = await this.#call("POST", "/elements", { using: "css selector", value: selector });
      for (const element of all) {
        const [id] = Object.values(element);
        const said = text && (await this.#call("GET", `/element/${id}/text`));
        if (!text || said.includes(text)) {
          return id;
        }
      }
      return null;
    });
    return id;
  }

  async click(selector, text) {
    const id = await this.appears(selector, text);
    await this.#call("POST", `/element/${id}/click`, {});
  }

  /** Types like a scanner: every key at once, then Enter. */
  async scan(text) {
    const strokes = [...text, "\uE007"].flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    await this.#call("POST", "/actions", { actions: [{ type: "key", id: "scanner", actions: strokes }] });
  }

  async close() {
    await this.#call("DELETE", "").catch(() => undefined);
    this.driver.kill();
    await once(this.driver, "exit");
  }
}
