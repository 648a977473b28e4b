// Streams: what has arrived and wasn't read yet. No sockets.
//
// The connection carries other calls too, so it is always read. A reader that falls behind by more than its queue takes
// has its stream cancelled; what the queue took is still read.

import type { Outcome, Waiter } from "./core.js";
import { Disconnected, NotExecuted } from "./errors.js";
import { errorOf } from "./reasons.js";
import type { Frame } from "./wire/frames.js";

const QUEUE_BYTES_MAX = 1024 * 1024;
/** What an event counts for at least, with what it needs in memory. */
const EVENT_BYTES_MIN = 200;
/** A server gives a sign of life each 15 seconds. One that doesn't is gone, whatever TCP says. */
export const SILENCE_MILLIS_MAX = 45_000;

/** More events waited to be read than the client keeps. */
export class ReaderTooSlow extends NotExecuted {}

/** An event, or the end of a stream; undefined where nothing came in time or nobody reads any more. */
export type Item =
  | { readonly type: "event"; readonly payload: Buffer }
  | { readonly type: "overrun" }
  | Outcome
  | undefined;

/** The events between connection and reader. */
export class EventQueue implements Waiter {
  /** Ends the stream at the server. */
  cancel: () => void = () => {};

  #items: Item[] = [];
  #head = 0;
  #bytes = 0;
  #over = false;
  #stopped = false;
  #wake: (() => void) | undefined;

  happened(event: Frame): void {
    if (this.#over) return;
    const size = Math.max(EVENT_BYTES_MIN, event.payload.length);
    // One event always fits, or a stream of long ones would never go on.
    if (this.#bytes > 0 && this.#bytes + size > QUEUE_BYTES_MAX) {
      this.#end({ type: "overrun" });
      this.cancel();
      return;
    }
    this.#bytes += size;
    // A copy, since the payload lies in what was received with it.
    this.#items.push({ type: "event", payload: Buffer.from(event.payload) });
    this.#wake?.();
  }

  settled(outcome: Outcome): void {
    if (!this.#over) this.#end(outcome);
  }

  /** Nobody reads any more: `get` gives undefined from now on. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  /** The next item; undefined when none came in so many milliseconds, or after `stop`. */
  async get(millis: number): Promise<Item> {
    if (this.#head === this.#items.length && !this.#stopped) await this.#wait(millis);
    if (this.#stopped || this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    }
    if (item?.type === "event") this.#bytes -= Math.max(EVENT_BYTES_MIN, item.payload.length);
    return item;
  }

  #end(item: Item): void {
    this.#over = true;
    this.#items.push(item);
    this.#wake?.();
  }

  #wait(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), Math.ceil(millis));
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

/** The end of a stream that had events: returns when it is a good one, else throws why. */
export function checkEnd(item: Item): void {
  if (item === undefined) throw new Disconnected("the server gave no sign of life");
  if (item.type === "overrun") throw new ReaderTooSlow(`more than ${QUEUE_BYTES_MAX} bytes of events wait to be read`);
  if (item.type === "failed") throw item.error.withKey(undefined);
  if (item.type === "answered" && item.frame.code !== 0) throw errorOf(item.frame);
}
