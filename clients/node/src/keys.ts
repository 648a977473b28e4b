// Idempotency keys, and the memory of those whose outcome is unknown.

import { randomFillSync } from "node:crypto";

const UNRESOLVED_KEYS_MAX = 10_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The bits behind the variant, which is where keys of a batch are counted. */
const COUNTED = (1n << 62n) - 1n;

const RANDOM_BYTES = 10;
const pool = Buffer.alloc(RANDOM_BYTES * 64);
let used = pool.length;

/**
 * A fresh idempotency key: a UUIDv7 (RFC 9562), whose leading time keeps the server's index of keys compact. Its last
 * 74 bits are random.
 */
export function newKey(): string {
  // Random bytes are had in bulk: asking for ten of them costs as much as asking for hundreds.
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.alloc(16);
  const millis = Date.now();
  bytes.writeUInt16BE(Math.floor(millis / 0x1_0000_0000), 0);
  bytes.writeUInt32BE(millis % 0x1_0000_0000, 2);
  bytes.set(pool.subarray(used, used + RANDOM_BYTES), 6);
  used += RANDOM_BYTES;
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return uuidOf(bytes.toString("hex"));
}

/**
 * The key `index` places after `first`, counted in the bits that are neither version nor variant.
 *
 * Throws a RangeError when `first` is not a UUID in lower case, as `newKey` writes it.
 */
export function countedKey(first: string, index: number): string {
  if (!UUID.test(first)) {
    throw new RangeError(`the key that items get theirs from is a UUID in lower case, not ${JSON.stringify(first)}`);
  }
  const value = BigInt(`0x${first.replaceAll("-", "")}`);
  const counted = (value & ~COUNTED) | ((value + BigInt(index)) & COUNTED);
  return uuidOf(counted.toString(16).padStart(32, "0"));
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Keys of which an attempt ended unknown and that nothing has resolved since.
 *
 * A client holds one for all its calls: when the caller repeats a key in a call of its own, a NOT_EXECUTED answer to
 * that later call says nothing about the earlier attempt. Bounded; the oldest key goes when it is full.
 */
export class UnresolvedKeys {
  readonly #keys = new Set<string>();

  constructor(readonly keysMax = UNRESOLVED_KEYS_MAX) {}

  add(key: string): void {
    this.#keys.delete(key); // it becomes the newest
    this.#keys.add(key);
    if (this.#keys.size > this.keysMax) this.#keys.delete(this.#keys.values().next().value as string);
  }

  delete(key: string): void {
    this.#keys.delete(key);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }
}
