// What lies in the printer's tray: the page that the browser would have printed.
//
// In: a page that was told to print. Out: the texts on the paper, its size, its sheets.

const PAPER = ".printout";

/** A headless browser prints nothing: the call is counted instead. */
export async function catchPrints(context) {
  await context.addInitScript(() => {
    globalThis.prints = 0;
    window.print = () => {
      globalThis.prints += 1;
    };
  });
}

/** How often the page asked the browser to print since it was loaded. */
export function prints(page) {
  return page.evaluate(() => globalThis.prints);
}

/** The code printed on the pick ticket. */
export async function ticketCode(page) {
  return (await page.locator(`${PAPER} .ticket-code p`).textContent()).trim();
}

/** Tags and units as the paper in the packer's hand names them. */
export async function tagsOnTicket(page) {
  const rows = await page.locator(".printout tbody tr").evaluateAll((all) =>
    all.map((row) => ({
      tag: row.textContent.replaceAll(" ", "").match(/1A4F\w{20}/)[0].slice(0, 24),
      count: Number(row.querySelector(".ticket-take").textContent),
    })),
  );
  return rows;
}

/** Every line of text on the exit label. */
export async function labelLines(page) {
  const lines = await page.locator(`${PAPER} .exit-label svg text`).allTextContents();
  return lines.map((line) => line.trim());
}

/** Width and height in inches of each sheet that the browser would print now. */
export async function sheets(page) {
  await page.evaluate(() => document.documentElement.setAttribute("data-printing", ""));
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  await page.evaluate(() => document.documentElement.removeAttribute("data-printing"));
  const boxes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
  return boxes.map(([, width, height]) => [width / 72, height / 72].map((inches) => Math.round(inches * 100) / 100));
}
