// A PNG as dots, black or white: what a renderer of labels gives back.
//
// In: the bytes of a PNG of 8 bits a channel, not interlaced. Out: width, height, and a question about each dot.

import { inflateSync } from "node:zlib";

const CHANNELS = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** The picture's size, and whether a dot of it is black. */
export function dots(bytes) {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, colour, , , interlace] = bytes.subarray(24, 29);
  if (![1, 8].includes(depth) || interlace !== 0 || (colour !== 3 && !(colour in CHANNELS))) {
    throw new Error(`a PNG of another kind: ${depth} bits, colour ${colour}, interlace ${interlace}`);
  }
  const parts = [];
  let palette;
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString("latin1", at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (kind === "IDAT") parts.push(data);
    if (kind === "PLTE") palette = data;
    at += length + 12;
  }
  const channels = colour === 3 ? 1 : CHANNELS[colour];
  const step = Math.max(1, (channels * depth) >> 3);
  const row = Math.ceil((width * channels * depth) / 8);
  const plain = unfiltered(inflateSync(Buffer.concat(parts)), height, row, step);
  const sample = (x, y) => {
    if (depth === 8) return plain[y * row + x * step];
    const bit = (plain[y * row + (x >> 3)] >> (7 - (x & 7))) & 1;
    return colour === 3 ? bit : bit * 255;
  };
  const grey = (x, y) => (colour === 3 ? palette[sample(x, y) * 3] : sample(x, y));
  return { width, height, isBlack: (x, y) => grey(x, y) < 128 };
}

function unfiltered(bytes, height, row, step) {
  const plain = Buffer.alloc(height * row);
  for (let y = 0; y < height; y += 1) {
    const filter = bytes[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const left = x < step ? 0 : plain[y * row + x - step];
      const above = y === 0 ? 0 : plain[(y - 1) * row + x];
      const corner = x < step || y === 0 ? 0 : plain[(y - 1) * row + x - step];
      plain[y * row + x] = bytes[y * (row + 1) + 1 + x] + guess(filter, left, above, corner);
    }
  }
  return plain;
}

function guess(filter, left, above, corner) {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const near = left + above - corner;
  const far = [left, above, corner].map((value) => Math.abs(near - value));
  if (far[0] <= far[1] && far[0] <= far[2]) return left;
  return far[1] <= far[2] ? above : corner;
}
