// A stopwatch inside the page: from a scan's last key to the painted word, and the same with nothing of ours between.
//
// In: a page that has not loaded yet. Out: times in milliseconds by the page's own clock. Must not: slow the page down;
// one look per change of the screen, and nothing between scans.

/** A key no scanner sends and the app does not know; it starts the floor. */
export const FLOOR_KEY = "F9";

/** A scan that is not accepted by then was refused. */
const ACCEPTED_MS_MAX = 10_000;

/** Runs in the page, before the app does. */
function install(floorKey) {
  const FLOOR = "bench-floor";
  let watched = null;
  let followed = null;
  let database = null;
  let bare = null;

  const counted = () => document.querySelector(".head-count")?.textContent;
  const isRefused = () => document.querySelector('[data-verdict="attention"], .refusal') !== null;
  const say = (name, value) => {
    watched[name] = value;
  };

  // The task behind the frame's own callback runs when the frame has been handed over to be shown.
  const afterPaint = (then) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => then(performance.now());
      channel.port2.postMessage(null);
    });

  addEventListener(
    "keydown",
    (event) => {
      if (watched && event.key === "Enter") {
        // When the browser made the event, not when the page got round to it.
        say("begun", event.timeStamp);
      } else if (followed && event.key === "Enter") {
        followed.begun.push(event.timeStamp);
      } else if (bare && event.key === floorKey) {
        write(event.timeStamp);
      }
    },
    true,
  );

  // The floor: a key, so many bytes strictly written, a word, its paint.
  function write(begun) {
    const { length, key, done } = bare;
    bare = null;
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const writing = performance.now();
    const transaction = database.transaction("rows", "readwrite", { durability: "strict" });
    transaction.objectStore("rows").add(bytes, key);
    transaction.oncomplete = () => {
      const written = performance.now();
      word().textContent = key;
      afterPaint((painted) => done({ write: written - writing, bare: painted - begun }));
    };
    transaction.commit();
  }

  function word() {
    let word = document.getElementById("bench-word");
    if (!word) {
      word = document.createElement("p");
      word.id = "bench-word";
      word.style.cssText = "position:fixed;left:0;top:0;margin:0;font-size:10px;pointer-events:none";
      document.body.append(word);
    }
    return word;
  }

  new MutationObserver(() => {
    const count = counted();
    if (followed && count !== undefined && count !== followed.count) {
      const { painted } = followed;
      followed.count = count;
      afterPaint((at) => painted.push(at));
    }
    const scan = watched;
    if (!scan?.begun || scan.said) {
      return;
    }
    if (counted() === scan.before || !document.querySelector("[data-saved]")) {
      if (isRefused() && !scan.wasRefused) {
        scan.done(null);
      }
      return;
    }
    say("said", performance.now());
    afterPaint((painted) => scan.done({ said: scan.said - scan.begun, painted: painted - scan.begun }));
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });

  const open = (name, make) =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onupgradeneeded = () => make?.(request.result);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  window.stopwatch = {
    /** Watches for the next scan that is accepted. */
    watch() {
      watched = { before: counted(), wasRefused: isRefused() };
      watched.result = new Promise((resolve) => say("done", resolve));
    },

    /** Follows all scans from now on. */
    follow() {
      followed = { count: counted(), begun: [], painted: [] };
    },

    /** When those that came were scanned, and when as many counts as changed were painted. */
    followed() {
      const { begun, painted } = followed;
      return { begun, painted };
    },

    /** That scan's times; null when it was refused. */
    async result(limit) {
      const late = new Promise((resolve) => setTimeout(resolve, limit, null));
      const result = await Promise.race([watched.result, late]);
      watched = null;
      return result;
    },

    /** The bytes of the last event the app kept. */
    async lastEventBytes() {
      const core = await open("custody-core");
      const request = core.transaction("log").objectStore("log").openCursor(null, "prev");
      const bytes = await new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result.value.length);
      });
      core.close();
      return bytes;
    },

    /** Makes ready to write so many bytes at the next floor key. */
    async ready(length, key) {
      database ??= await open(FLOOR, (made) => made.createObjectStore("rows"));
      bare = { length, key };
      bare.result = new Promise((resolve) => (bare.done = resolve));
      window.stopwatch.bare = bare.result;
    },
  };
}

/** Puts the stopwatch into every page that this page will show. */
export async function installIn(page) {
  await page.addInitScript(install, FLOOR_KEY);
}

/** Starts watching; the scan follows. */
export async function watch(page) {
  await page.evaluate(() => window.stopwatch.watch());
}

/** Follows all scans from now on, until the page has painted so many counts; when each was scanned and painted. */
export async function follow(page) {
  await page.evaluate(() => window.stopwatch.follow());
}

export async function followed(page, count) {
  const isPainted = (count) => window.stopwatch.followed().painted.length >= count;
  await page.waitForFunction(isPainted, count, { timeout: ACCEPTED_MS_MAX });
  return page.evaluate(() => window.stopwatch.followed());
}

/**
 * How long the scan took: until the screen's words were set, until they were painted. Null when it was refused: on a
 * starved machine a key may come so late that the app takes the rest for another scan.
 */
export function result(page) {
  return page.evaluate((limit) => window.stopwatch.result(limit), ACCEPTED_MS_MAX);
}

export function lastEventBytes(page) {
  return page.evaluate(() => window.stopwatch.lastEventBytes());
}

/** How long a key, one bare strict write of so many bytes and a painted word take, and the write alone. */
export async function floor(page, bytes, key) {
  await page.evaluate(([bytes, key]) => window.stopwatch.ready(bytes, key), [bytes, key]);
  await page.keyboard.press(FLOOR_KEY);
  return page.evaluate(() => window.stopwatch.bare);
}
