// The shop's server as it is after an update: the same files under another build's name.
//
// In: a shop. Out: an address in front of it, which hands out the newer service worker once it is told to.

import { createServer, request } from "node:http";
import { once } from "node:events";

const BUILD = /const BUILD = "[^"]*"/;

export class NewerBuild {
  static async before(shop) {
    const front = new NewerBuild();
    front.name = null;
    front.server = createServer((asked, answer) => front.#pass(shop, asked, answer));
    front.server.listen(0, "127.0.0.1");
    await once(front.server, "listening");
    front.url = `http://127.0.0.1:${front.server.address().port}`;
    return front;
  }

  /** From now on browsers find a build of this name. */
  publish(name) {
    this.name = name;
  }

  #pass(shop, asked, answer) {
    const { method, url: path } = asked;
    const headers = { ...asked.headers };
    const isWorker = path === "/sw.js" && this.name !== null;
    if (isWorker) {
      delete headers["if-none-match"];
      delete headers["accept-encoding"];
    }
    const inner = request({ host: "127.0.0.1", port: shop.port, path, method, headers }, (given) => {
      if (isWorker) {
        this.#rename(given, answer);
      } else {
        answer.writeHead(given.statusCode, given.headers);
        given.pipe(answer);
      }
    });
    inner.on("error", () => answer.destroy());
    answer.on("close", () => inner.destroy());
    asked.pipe(inner);
  }

  async #rename(given, answer) {
    const parts = await given.toArray();
    const script = Buffer.concat(parts).toString().replace(BUILD, `const BUILD = "${this.name}"`);
    answer.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-cache" });
    answer.end(script);
  }

  async close() {
    if (this.server.listening) {
      this.server.close();
      this.server.closeAllConnections();
      await once(this.server, "close");
    }
  }
}

/** The name of the build that answers for this page. */
export function runningBuild(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (answer) => resolve(answer.data.build);
        navigator.serviceWorker.controller.postMessage({ type: "which-build" }, [port2]);
      }),
  );
}

/** Has the browser look for a newer build now, as it does by itself once a day. */
export function lookForBuild(page) {
  return page.evaluate(async () => (await navigator.serviceWorker.ready).update().then(() => undefined));
}
