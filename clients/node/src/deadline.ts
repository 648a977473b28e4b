// Deadlines on the monotonic clock.

/** What a timer of Node can wait at most: 24.8 days. */
export const TIMEOUT_MILLIS_MAX = 2 ** 31 - 1;

/** The instant at which a call gives up: all its attempts, waits and connecting included. */
export class Deadline {
  readonly #at: number;

  /** `millis` from now. Throws a RangeError unless it is above 0 and at most 2^31 - 1. */
  constructor(millis: number, readonly now: () => number = () => performance.now()) {
    this.#at = now() + checkMillis(millis, "a timeout");
  }

  /** Milliseconds left, never below 0. */
  remaining(): number {
    return Math.max(0, this.#at - this.now());
  }

  /**
   * The deadline to tell the server, in milliseconds: nine tenths of what is left, at least 1. The server then gives up
   * first, and its sure NOT_EXECUTED arrives before the client has to call the outcome unknown.
   */
  serverMillis(): number {
    return Math.max(1, Math.floor(this.remaining() * 0.9));
  }
}

/** Throws unless this is a time that can be waited for. */
export function checkMillis(millis: number, what: string): number {
  if (typeof millis !== "number") throw new TypeError(`${what} is a number of milliseconds, not a ${typeof millis}`);
  if (!(millis > 0 && millis <= TIMEOUT_MILLIS_MAX)) {
    throw new RangeError(`${what} is above 0 and at most ${TIMEOUT_MILLIS_MAX} milliseconds, not ${millis}`);
  }
  return millis;
}
