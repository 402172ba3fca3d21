// Chance that can be had again: the same seed, the same story.

/** A row of numbers from 0 to 1. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seed nobody chose, unless somebody did. */
export function seedOr(chosen) {
  return chosen ? Number(chosen) : Math.floor(Math.random() * 1_000_000);
}
