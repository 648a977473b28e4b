// WRP/1 frames: bytes to frames and back. No sockets and no messages; proto/WIRE.md is the specification.

import { crc32 } from "./crc32.js";

/** What a client writes before its first frame. */
export const PREFACE = Buffer.from("WRP/1\r\n\0", "latin1");

export const LENGTH_BYTES = 4;
/** The length field included. */
export const HEADER_BYTES = 20;
export const LENGTH_MIN = HEADER_BYTES - LENGTH_BYTES;

const CRC_AT = 16;
const NO_PAYLOAD = Buffer.alloc(0);

export const FrameType = {
  HELLO: 1,
  HELLO_ACK: 2,
  REQUEST: 3,
  RESPONSE: 4,
  CANCEL: 5,
  PING: 6,
  PONG: 7,
  GOAWAY: 8,
  CONNECTION_ERROR: 9,
  EVENT: 10,
} as const;
const FRAME_TYPE_MAX = 10;

/** Of a RESPONSE: this attempt had no effect and never will. */
export const NOT_EXECUTED = 0x02;
/** Of a RESPONSE: the first result of the key, answered again. */
export const REPLAYED = 0x04;
/** Of an EVENT: the one before an OK. */
export const LAST = 0x08;

// Unknown bits of the low nibble are errors, those of the high one are ignored.
const LOW_FLAGS = 0x0f;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** REQUEST: the number of the method; RESPONSE: the status; else 0. */
  readonly code: number;
  readonly requestId: number;
  /** REQUEST: the deadline; RESPONSE: when to try again; else 0. */
  readonly millis: number;
  readonly payload: Buffer;
}

/** The check that failed. */
export type FrameRule = "length_min" | "length_max" | "checksum" | "type" | "flags";

/** These bytes are not a frame; the connection they came from is of no more use. */
export class FrameError extends Error {
  override name = "FrameError";

  constructor(readonly rule: FrameRule, message: string) {
    super(message);
  }
}

/** A frame of these parts; those left out are 0 or empty. */
export function frame(type: number, parts: Partial<Omit<Frame, "type">> = {}): Frame {
  const { flags = 0, code = 0, requestId = 0, millis = 0, payload = NO_PAYLOAD } = parts;
  return { type, flags, code, requestId, millis, payload };
}

/** The bytes of a frame. */
export function encode(frame: Frame): Buffer {
  const { payload } = frame;
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  bytes.writeUInt32BE(LENGTH_MIN + payload.length, 0);
  bytes[4] = frame.type;
  bytes[5] = frame.flags;
  bytes.writeUInt16BE(frame.code, 6);
  bytes.writeUInt32BE(frame.requestId, 8);
  bytes.writeUInt32BE(frame.millis, 12);
  bytes.set(payload, HEADER_BYTES);
  bytes.writeUInt32BE(checksum(bytes, bytes.length), CRC_AT);
  return bytes;
}

/** Over the header behind the length, and the payload. */
function checksum(bytes: Buffer, end: number): number {
  return crc32(bytes, HEADER_BYTES, end, crc32(bytes, LENGTH_BYTES, CRC_AT));
}

/** Makes frames of bytes that arrive in pieces of any size. */
export class Deframer {
  /**
   * Bounds a whole frame, its length field included. It is checked as soon as the length is known, before the body is
   * waited for, so that a hostile length never costs memory.
   */
  frameBytesMax: number;

  #pieces: Buffer[] = [];
  #size = 0;
  #at = 0; // in the first piece

  constructor(frameBytesMax: number) {
    this.frameBytesMax = frameBytesMax;
  }

  /** Takes bytes that have arrived; they must not change afterwards. */
  feed(data: Buffer): void {
    if (data.length === 0) return;
    this.#pieces.push(data);
    this.#size += data.length;
  }

  /** The next whole frame, or undefined until more bytes arrive. Throws FrameError, and then again on each call. */
  next(): Frame | undefined {
    if (this.#size < LENGTH_BYTES) return undefined;
    const length = this.#front(LENGTH_BYTES).readUInt32BE(this.#at);
    if (length < LENGTH_MIN) throw new FrameError("length_min", `a frame length of ${length} is below ${LENGTH_MIN}`);
    const whole = LENGTH_BYTES + length;
    if (whole > this.frameBytesMax) {
      throw new FrameError("length_max", `a frame of ${whole} bytes is over ${this.frameBytesMax}`);
    }
    if (this.#size < whole) return undefined;
    const first = this.#front(whole);
    const found = decode(first.subarray(this.#at, this.#at + whole));
    this.#at += whole;
    this.#size -= whole;
    if (this.#at === first.length) {
      this.#pieces.shift();
      this.#at = 0;
    }
    return found;
  }

  /** The first piece, with so many bytes in it; there are as many. */
  #front(size: number): Buffer {
    const first = this.#pieces[0] as Buffer;
    if (first.length - this.#at >= size) return first;
    const joined = Buffer.concat([first.subarray(this.#at), ...this.#pieces.slice(1)]);
    this.#pieces = [joined];
    this.#at = 0;
    return joined;
  }
}

function decode(bytes: Buffer): Frame {
  if (bytes.readUInt32BE(CRC_AT) !== checksum(bytes, bytes.length)) {
    throw new FrameError("checksum", "the checksum of a frame is wrong");
  }
  const type = bytes[4] as number;
  const flags = bytes[5] as number;
  if (type < 1 || type > FRAME_TYPE_MAX) throw new FrameError("type", `frame type ${type} is unknown`);
  const taken = type === FrameType.RESPONSE ? NOT_EXECUTED | REPLAYED : type === FrameType.EVENT ? LAST : 0;
  if (flags & LOW_FLAGS & ~taken) throw new FrameError("flags", `flags ${flags} on a frame of type ${type}`);
  return {
    type,
    flags,
    code: bytes.readUInt16BE(6),
    requestId: bytes.readUInt32BE(8),
    millis: bytes.readUInt32BE(12),
    payload: bytes.subarray(HEADER_BYTES),
  };
}
