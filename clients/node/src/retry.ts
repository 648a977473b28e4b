// How often and how patiently to try again; always within the deadline of the call.

/** Options of trying again. The n-th wait is between half of and the whole `backoffMillis` × 2ⁿ⁻¹. */
export interface RetryOptions {
  /** Attempts of a call in all, from 1. Default 6. */
  readonly attemptsMax?: number | undefined;
  /** Default 50. */
  readonly backoffMillis?: number | undefined;
  /** No wait is longer, unless the server asks for it. Default 2,000. */
  readonly backoffMillisMax?: number | undefined;
  /** A number from 0 to below 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
}

/** @internal */
export class RetryPolicy {
  readonly attemptsMax: number;
  readonly #backoffMillis: number;
  readonly #backoffMillisMax: number;
  readonly #random: () => number;

  /** Throws a RangeError for options that can't be. */
  constructor(options: RetryOptions = {}) {
    const { attemptsMax = 6, backoffMillis = 50, backoffMillisMax = 2_000, random = Math.random } = options;
    if (!Number.isInteger(attemptsMax) || attemptsMax < 1) throw new RangeError("attemptsMax is a whole number from 1");
    if (!(backoffMillis >= 0) || !(backoffMillisMax >= 0)) throw new RangeError("a wait is not negative");
    this.attemptsMax = attemptsMax;
    this.#backoffMillis = backoffMillis;
    this.#backoffMillisMax = backoffMillisMax;
    this.#random = random;
  }

  /** Milliseconds to wait after the given count of attempts. */
  wait(attempts: number, retryAfterMillis: number): number {
    const doubled = this.#backoffMillis * 2 ** Math.min(attempts - 1, 16);
    const jitter = Math.min(doubled, this.#backoffMillisMax) * (0.5 + this.#random() / 2);
    if (retryAfterMillis === 0) return jitter;
    // Beyond the server's wish by a first wait at most, so that the clients it sent away don't come back at once.
    return Math.max(jitter, retryAfterMillis + this.#backoffMillis * this.#random());
  }
}

/**
 * What a client may spend on trying again, so that a server in trouble isn't asked many times as much as before. Each
 * first attempt earns a tenth of a retry; 100 are saved up at most, and 10 are there at the start.
 */
export class RetryBudget {
  // In tenths, so that they add up.
  #tenths = 100;

  earn(): void {
    this.#tenths = Math.min(1_000, this.#tenths + 1);
  }

  /** False when it is spent. */
  spend(): boolean {
    if (this.#tenths < 10) return false;
    this.#tenths -= 10;
    return true;
  }
}
