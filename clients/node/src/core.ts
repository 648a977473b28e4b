// One WRP/1 connection without its socket: bytes in, settled calls out, bytes to write out.

import { RETRIED } from "./codes.js";
import type { Deadline } from "./deadline.js";
import { Disconnected, NotExecuted, ProtocolError, Rejected } from "./errors.js";
import type { WalletError } from "./errors.js";
import { Hello, HelloAck } from "./proto/messages.js";
import type { Limits } from "./proto/messages.js";
import type { Given } from "./proto/runtime.js";
import { errorOf } from "./reasons.js";
import { Deframer, encode, frame, FrameType, HEADER_BYTES, PREFACE } from "./wire/frames.js";
import type { Frame } from "./wire/frames.js";

export const VERSION = 1;
/** Of the server, before HELLO_ACK names the real limit. */
const OPENING_FRAME_BYTES_MAX = 64 * 1024;
const RESPONSE_BYTES_DEFAULT = 1024 * 1024;
/** Whatever the server says. */
const RESPONSE_BYTES_CEILING = 16 * 1024 * 1024;
/** How much one `take` hands out, and so how much may wait below the core. */
const WRITE_BYTES_MAX = 64 * 1024;
/** PONGs that the peer doesn't read. */
const CONTROL_BYTES_MAX = 64 * 1024;
const SILENT_TIMEOUTS_MAX = 2;
const REQUEST_ID_MAX = 2 ** 32 - 1;

/** The RESPONSE of a call. */
export interface Answered {
  readonly type: "answered";
  readonly frame: Frame;
  /** The server said GOAWAY before. */
  readonly leaving: boolean;
}

/** The end of an attempt that got no RESPONSE. */
export interface Failed {
  readonly type: "failed";
  readonly error: WalletError;
  /** Whether any byte of the request may have left. If not, nothing can have happened. */
  readonly sent: boolean;
  /** Whether another attempt has hope. */
  readonly retry: boolean;
  /** The server said GOAWAY before. */
  readonly leaving: boolean;
}

export type Outcome = Answered | Failed;

/** Who waits for a call. */
export interface Waiter {
  /** The end; called once. */
  settled(outcome: Outcome): void;
  /** An EVENT of a stream, which goes on. Only streams have it. */
  happened?(event: Frame): void;
}

export interface CoreRequest {
  readonly method: number;
  readonly payload: Buffer;
  readonly deadline: Deadline;
  readonly isBatch?: boolean;
}

interface Pending extends CoreRequest {
  readonly waiter: Waiter;
  sent: boolean;
  heardWhenSent: number;
}

/** opening: HELLO is on its way; leaving: no new calls, those in flight finish. */
export type State = "opening" | "open" | "leaving" | "closed";

/** The state of a connection, from the preface to its end. */
export class Core {
  state: State = "opening";
  /** What becomes of a call that finds this connection no longer accepting. */
  refusal: Failed = failed(new Disconnected("the server is going away"), { retry: true, leaving: true });

  readonly #hello: Given<Hello>;
  #control: Buffer[] = [];
  #controlBytes = 0;
  readonly #queue = new Map<number, Pending>(); // not sent yet, in order
  readonly #inFlight = new Map<number, Pending>();
  readonly #deframer = new Deframer(OPENING_FRAME_BYTES_MAX);
  #limits: Pick<Limits, "requestBytesMax" | "batchRequestBytesMax" | "requestsInFlightMax"> | undefined;
  #lastId = 0;
  #heard = 0; // bytes received
  #silentTimeouts = 0;
  #saidGoaway = false;

  constructor(hello: Given<Hello>) {
    this.#hello = hello;
  }

  /** Says HELLO, with a token if there is one. */
  open(token?: string): void {
    const credentials = token === undefined ? undefined : { kind: { case: "token", value: token } as const };
    const payload = Hello.encode({ ...this.#hello, credentials });
    this.#send(PREFACE);
    this.#send(encode(frame(FrameType.HELLO, { payload })));
  }

  /** Whether new calls may be given to this connection. */
  get accepting(): boolean {
    return this.state === "opening" || this.state === "open";
  }

  /** Whether the socket is to be closed. */
  get finished(): boolean {
    if (this.state !== "leaving") return this.state === "closed";
    return this.pending === 0 && this.#control.length === 0;
  }

  /** How many calls wait for their end. */
  get pending(): number {
    return this.#inFlight.size + this.#queue.size;
  }

  /** Queues a request and returns its id. `accepting` must be true. It leaves by `take`, once HELLO_ACK is in. */
  call(request: CoreRequest, waiter: Waiter): number {
    const id = this.#unusedId();
    const { method, payload, deadline, isBatch = false } = request;
    this.#lastId = id;
    this.#queue.set(id, { method, payload, deadline, isBatch, waiter, sent: false, heardWhenSent: 0 });
    return id;
  }

  /**
   * Ends the wait for a call; its late RESPONSE will be dropped. True if any of it may have been sent; then a CANCEL is
   * queued.
   *
   * `timedOut` twice in a row without hearing a byte since the request left, the connection is taken for dead, so that
   * the next call gets a new one: TCP alone takes a quarter of an hour to notice.
   */
  forget(id: number, timedOut: boolean): boolean {
    if (this.#queue.delete(id)) return false;
    const pending = this.#inFlight.get(id);
    if (pending === undefined) return true; // settled in this moment
    this.#inFlight.delete(id);
    if (this.state !== "closed") this.#send(encode(frame(FrameType.CANCEL, { requestId: id })));
    if (timedOut && pending.heardWhenSent === this.#heard) this.#silentTimeouts++;
    if (this.#silentTimeouts >= SILENT_TIMEOUTS_MAX) this.distrust();
    return true;
  }

  /** What should have been heard wasn't: the next call gets a new connection. */
  distrust(): void {
    if (this.state === "open") this.state = "leaving";
  }

  /**
   * Bytes to write next, undefined if there are none. What is handed out counts as sent, so take only what the socket
   * can have: what is still queued when the connection ends is certain not to have been executed.
   */
  take(): Buffer | undefined {
    if (this.state === "closed") return undefined;
    const out = this.#control;
    let size = this.#controlBytes;
    this.#control = [];
    this.#controlBytes = 0;
    const inFlightMax = this.#limits?.requestsInFlightMax || Infinity;
    if (this.state !== "opening") {
      for (const [id, pending] of this.#queue) {
        if (size >= WRITE_BYTES_MAX || this.#inFlight.size >= inFlightMax) break;
        this.#queue.delete(id);
        if (this.#tooLong(pending)) continue;
        pending.sent = true;
        pending.heardWhenSent = this.#heard;
        this.#inFlight.set(id, pending);
        const millis = pending.deadline.serverMillis();
        const { method: code, payload } = pending;
        const bytes = encode(frame(FrameType.REQUEST, { code, requestId: id, millis, payload }));
        out.push(bytes);
        size += bytes.length;
      }
    }
    if (out.length === 0) return undefined;
    return out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out);
  }

  /** Takes bytes from the peer and tells those who waited for them. */
  receive(data: Buffer): void {
    this.#heard += data.length;
    this.#silentTimeouts = 0;
    this.#deframer.feed(data);
    try {
      while (this.state !== "closed") {
        const next = this.#deframer.next();
        if (next === undefined) break;
        this.#handle(next);
      }
    } catch (cause) {
      this.#broken(`the peer does not speak WRP/1: ${(cause as Error).message}`);
    }
  }

  /** Ends the connection and all its calls with `error`. */
  lost(error: WalletError, retry = true): void {
    if (this.state === "closed") return;
    if (this.state === "opening") this.refusal = failed(error, { retry });
    this.state = "closed";
    const ended = [...this.#inFlight.values(), ...this.#queue.values()];
    this.#inFlight.clear();
    this.#queue.clear();
    this.#control = [];
    for (const { waiter, sent } of ended) waiter.settled(failed(error, { sent, retry, leaving: this.#saidGoaway }));
  }

  #handle(received: Frame): void {
    const opening = this.state === "opening";
    switch (received.type) {
      case FrameType.CONNECTION_ERROR:
        return this.#refused(received);
      case FrameType.GOAWAY:
        return this.#leave();
      case FrameType.PING: {
        const { payload, requestId } = received;
        if (payload.length !== 8) return this.#broken("the peer sent a PING that isn't of 8 bytes");
        if (this.#controlBytes > CONTROL_BYTES_MAX) return this.#broken("the peer doesn't read the PONGs to its PINGs");
        return this.#send(encode(frame(FrameType.PONG, { requestId, payload })));
      }
      case FrameType.HELLO_ACK:
        if (opening) return this.#opened(received);
        return this.#broken("the peer sent a second HELLO_ACK");
    }
    if (opening) return this.#broken(`the peer sent a frame of type ${received.type} before HELLO_ACK`);
    if (received.requestId === 0 && received.type !== FrameType.PONG) {
      return this.#broken(`the peer sent a frame of type ${received.type} for no request`);
    }
    switch (received.type) {
      case FrameType.RESPONSE: {
        const pending = this.#inFlight.get(received.requestId);
        // An unknown id is a benign race: the answer to a call that was given up.
        this.#inFlight.delete(received.requestId);
        return pending?.waiter.settled({ type: "answered", frame: received, leaving: this.#saidGoaway });
      }
      case FrameType.EVENT:
        return this.#inFlight.get(received.requestId)?.waiter.happened?.(received);
      case FrameType.PONG:
        return;
    }
    this.#broken(`the peer sent a frame of type ${received.type}, which servers do not send`);
  }

  #opened(received: Frame): void {
    let ack: HelloAck;
    try {
      ack = HelloAck.decode(received.payload);
    } catch (cause) {
      return this.#broken(`HELLO_ACK does not parse: ${(cause as Error).message}`);
    }
    if (ack.version !== VERSION) return this.#broken(`the peer chose version ${ack.version}`);
    const limits = ack.limits;
    // The response to a batch may be as long as its request.
    const limit = Math.max(limits?.responseBytesMax || RESPONSE_BYTES_DEFAULT, limits?.batchRequestBytesMax ?? 0);
    // Room for a header, should the server mean payloads.
    this.#deframer.frameBytesMax = Math.min(limit, RESPONSE_BYTES_CEILING) + HEADER_BYTES;
    this.#limits = limits;
    this.state = "open";
  }

  /** GOAWAY: what is in flight finishes here, what is queued has to find another connection. */
  #leave(): void {
    if (this.state === "opening") this.refusal = failed(new Disconnected("the server is going away"), { retry: true });
    this.state = "leaving";
    this.#saidGoaway = true;
    const queued = [...this.#queue.values()];
    this.#queue.clear();
    for (const { waiter } of queued) waiter.settled(this.refusal);
  }

  #refused(received: Frame): void {
    const error = errorOf(received);
    const reason = error instanceof Rejected || error instanceof NotExecuted ? error.reason : undefined;
    if (error instanceof ProtocolError || reason === "INVALID_FRAME") {
      return this.#broken(`the connection was refused: ${error.message}`);
    }
    if (this.state === "opening") return this.lost(error, reason !== undefined && RETRIED.has(reason));
    this.lost(new Disconnected(`the server closed the connection: ${error.message}`));
  }

  /** The peer's fault, or ours: asking again would break it again, so no retry. */
  #broken(message: string): void {
    this.lost(new ProtocolError(message), false);
  }

  /** The server would close the connection for it, and with that end all other calls. */
  #tooLong(pending: Pending): boolean {
    const { requestBytesMax = 0, batchRequestBytesMax = 0 } = this.#limits ?? {};
    const limit = pending.isBatch ? Math.max(batchRequestBytesMax, requestBytesMax) : requestBytesMax;
    if (limit === 0 || pending.payload.length <= limit) return false;
    const text = `the request has ${pending.payload.length} bytes, and the server takes ${limit}`;
    pending.waiter.settled(failed(new NotExecuted(text)));
    return true;
  }

  #send(bytes: Buffer): void {
    this.#control.push(bytes);
    this.#controlBytes += bytes.length;
  }

  #unusedId(): number {
    let id = this.#lastId;
    do id = (id % REQUEST_ID_MAX) + 1;
    while (this.#inFlight.has(id) || this.#queue.has(id));
    return id;
  }
}

/** @internal */
export function failed(error: WalletError, how: Partial<Omit<Failed, "type" | "error">> = {}): Failed {
  const { sent = false, retry = false, leaving = false } = how;
  return { type: "failed", error, sent, retry, leaving };
}
