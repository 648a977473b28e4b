// The wire format of protobuf: varints and length-delimited bytes.

/** These bytes are not the message that they should be. */
export class DecodeError extends Error {
  override name = "DecodeError";
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const HIGH = 0x1_0000_0000;
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
const ASCII_LOOP_MAX = 48;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Writes into a buffer that grows. */
export class Writer {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  /** What was written, in memory of its own. */
  finish(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }

  /** A number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#reserve(10);
    while (value >= 0x80) {
      this.#buffer[this.#length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.#buffer[this.#length++] = value;
  }

  int64(value: bigint): void {
    if (typeof value !== "bigint") throw new TypeError(`a 64-bit integer is a bigint, not a ${typeof value}`);
    if (value < INT64_MIN || value > INT64_MAX) throw new RangeError(`${value} does not fit 64 bits`);
    if (value >= 0n && value <= SAFE_MAX) return this.varint(Number(value));
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  string(value: string): void {
    if (typeof value !== "string") throw new TypeError(`text is a string, not a ${typeof value}`);
    // Buffer would make another character of it, and so another text.
    if (LONE_SURROGATE.test(value)) throw new RangeError("text with half a surrogate pair is not Unicode");
    const size = Buffer.byteLength(value, "utf8");
    this.varint(size);
    this.#reserve(size);
    this.#buffer.write(value, this.#length, size, "utf8");
    this.#length += size;
  }

  bytes(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw new TypeError("bytes are a Uint8Array");
    this.varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Writes what `body` writes, behind its length. */
  nested(body: () => void): void {
    // Most messages take one byte for their length; longer ones are moved.
    this.#reserve(1);
    const start = ++this.#length;
    body();
    const size = this.#length - start;
    if (size < 0x80) {
      this.#buffer[start - 1] = size;
      return;
    }
    const more = size < 0x4000 ? 1 : size < 0x20_0000 ? 2 : size < 0x1000_0000 ? 3 : 4;
    this.#reserve(more + 10);
    this.#buffer.copyWithin(start + more, start, this.#length);
    this.#length = start - 1;
    this.varint(size);
    this.#length += size;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + size));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** Reads bytes from a place to an end, never beyond. */
export class Reader {
  #at = 0;
  #end: number;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** The low 32 bits of a varint, as a number from 0. */
  uint32(): number {
    const first = this.#bytes[this.#at] as number;
    if (first < 0x80 && this.#at < this.#end) {
      this.#at++;
      return first;
    }
    return this.#varint().low;
  }

  bool(): boolean {
    const { low, high } = this.#varint();
    return (low | high) !== 0;
  }

  int64(): bigint {
    const { low, high } = this.#varint();
    if (high < 0x20_0000) return BigInt(high * HIGH + low);
    return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
  }

  bytes(): Uint8Array {
    const start = this.#skipLength();
    return new Uint8Array(this.#bytes.subarray(start, this.#at)); // a copy
  }

  string(): string {
    const start = this.#skipLength();
    const bytes = this.#bytes;
    if (this.#at - start <= ASCII_LOOP_MAX) {
      let text = "";
      let at = start;
      for (; at < this.#at; at++) {
        const byte = bytes[at] as number;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (at === this.#at) return text;
    }
    try {
      return utf8.decode(bytes.subarray(start, this.#at));
    } catch {
      throw new DecodeError("text that is not UTF-8");
    }
  }

  /** Goes into a length-delimited value; give what this returns to `leave`. */
  enter(): number {
    const start = this.#skipLength();
    const outer = this.#end;
    this.#end = this.#at;
    this.#at = start;
    return outer;
  }

  leave(outer: number): void {
    this.#at = this.#end;
    this.#end = outer;
  }

  /** Passes over a value of a field that isn't known. */
  skip(wireType: number): void {
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.#skipLength();
    else if (wireType === 5) this.#advance(4);
    else throw new DecodeError(`wire type ${wireType}`);
  }

  #skipLength(): number {
    const size = this.uint32();
    const start = this.#at;
    this.#advance(size);
    return start;
  }

  #advance(size: number): void {
    if (size > this.#end - this.#at) throw new DecodeError("a value that ends beyond its message");
    this.#at += size;
  }

  #varint(): { low: number; high: number } {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.#at >= this.#end) throw new DecodeError("a varint that ends beyond its message");
      const byte = this.#bytes[this.#at++] as number;
      const bits = byte & 0x7f;
      if (index < 4) low |= bits << (index * 7);
      else if (index === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (index * 7 - 32);
      if (byte < 0x80) return { low: low >>> 0, high: high >>> 0 };
    }
    throw new DecodeError("a varint of more than ten bytes");
  }
}
