// CRC-32 as in zlib.

import * as zlib from "node:zlib";

const TABLE = new Int32Array(256);
for (let index = 0; index < 256; index++) {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  TABLE[index] = value;
}

// Below this a loop here is faster than a call into zlib, which older Nodes don't have.
const SHORT_BYTES = 64;

/** The checksum of `data` from `start` to `end`, going on from that of what came before it. */
export function crc32(data: Buffer, start: number, end: number, before = 0): number {
  if (end - start > SHORT_BYTES && zlib.crc32 !== undefined) return zlib.crc32(data.subarray(start, end), before);
  return crc32InSteps(data, start, end, before);
}

/** The same without zlib. */
export function crc32InSteps(data: Uint8Array, start: number, end: number, before = 0): number {
  let crc = ~before;
  for (let at = start; at < end; at++) {
    crc = (TABLE[(crc ^ (data[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
