// A device's wall clock, set from outside: hours pass in which nobody touches it, or somebody sets it back.
//
// In: a device before its first page. Out: how far its clock is from the true one. Must not: touch the clock that never
// jumps; like a tablet that was off, the app finds another time when it is opened again.

const HOUR_MS = 3_600_000;
const NAME = "story-clock";

/** Lets the device's clock be set. */
export async function withClock(device) {
  await device.addInitScript((name) => {
    const truth = Date.now.bind(Date);
    Date.now = () => truth() + Number(globalThis.localStorage?.getItem(name) ?? 0);
  }, NAME);
  return device;
}

/** Sets the clock so many hours ahead of the true time; the page that is open has to be opened again. */
export async function setHours(page, hours) {
  await page.evaluate(([name, ahead]) => localStorage.setItem(name, String(ahead)), [NAME, hours * HOUR_MS]);
}
