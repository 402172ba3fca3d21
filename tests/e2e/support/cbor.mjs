// CBOR, as much of it as Custody's own messages have: whole numbers, bytes, text, lists, maps, yes, no and nothing.
//
// In: values; bytes are a Buffer, a map is a Map. Out: bytes, and from bytes the same values. Must not: borrow the app's
// own coder, which is on trial.

function head(major, value) {
  const number = BigInt(value);
  const size = number < 24n ? 0 : number < 0x100n ? 1 : number < 0x1_0000n ? 2 : number < 0x1_0000_0000n ? 4 : 8;
  if (size === 0) {
    return Buffer.of((major << 5) | Number(number));
  }
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = (major << 5) | (24 + Math.log2(size));
  bytes.fill(Buffer.from(number.toString(16).padStart(size * 2, "0"), "hex"), 1);
  return bytes;
}

/** The bytes of a value. */
export function encode(value) {
  if (value === null) {
    return Buffer.of(0xf6);
  }
  if (typeof value === "boolean") {
    return Buffer.of(value ? 0xf5 : 0xf4);
  }
  if (typeof value === "number" || typeof value === "bigint") {
    return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value);
  }
  if (Buffer.isBuffer(value)) {
    return Buffer.concat([head(2, value.length), value]);
  }
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([head(3, text.length), text]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([head(4, value.length), ...value.map(encode)]);
  }
  const pairs = [...value].flatMap(([key, inner]) => [encode(key), encode(inner)]);
  return Buffer.concat([head(5, value.size), ...pairs]);
}

/** The value whose bytes these are. Numbers too large for JavaScript's own are BigInts. */
export function decode(bytes) {
  let at = 0;
  const take = (count) => bytes.subarray(at, (at += count));
  const number = (low) => {
    if (low < 24) {
      return low;
    }
    const value = BigInt(`0x${take(2 ** (low - 24)).toString("hex")}`);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  };
  const next = () => {
    const [first] = take(1);
    const [major, low] = [first >> 5, first & 31];
    if (major === 7) {
      return { 20: false, 21: true, 22: null }[low];
    }
    const value = number(low);
    const many = (read) => Array.from({ length: value }, read);
    return [
      () => value,
      () => -1 - value,
      () => Buffer.from(take(value)),
      () => take(value).toString(),
      () => many(next),
      () => new Map(many(() => [next(), next()])),
    ][major]();
  };
  return next();
}
