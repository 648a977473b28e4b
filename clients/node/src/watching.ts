// Where a watch goes on, and whether. No sockets and no waiting.

import type { WatchTransactionsArguments } from "./arguments.js";
import { Cancelled, NotExecuted } from "./errors.js";
import type { WalletError } from "./errors.js";
import { methods } from "./proto/messages.js";
import type { WatchEvent } from "./proto/messages.js";
import type { ErrorReason } from "./proto/messages.js";
import { encodeOf } from "./requests.js";
import type { RetryPolicy } from "./retry.js";
import { ReaderTooSlow } from "./streams.js";

const PASSING: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
  "UNAVAILABLE",
  "RESOURCE_EXHAUSTED",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
]);

type Start =
  | { case: "afterSeq"; value: bigint }
  | { case: "resumeToken"; value: string }
  | { case: "fromNow"; value: true };

/** The state of a watch over all streams that it takes. */
export class Resumption {
  #start: Start;
  readonly #rest: object;
  readonly #patienceMillis: number | undefined;
  readonly #policy: RetryPolicy;
  #stood = false;
  #failures = 0;
  #lostSince: number | undefined;

  /** Throws a TypeError when it would begin at several places. */
  constructor(given: WatchTransactionsArguments, patienceMillis: number | undefined, policy: RetryPolicy) {
    const { afterSeq, resumeToken, fromNow, ...rest } = given;
    const starts: Start[] = [];
    if (afterSeq !== undefined) starts.push({ case: "afterSeq", value: afterSeq });
    if (resumeToken !== undefined) starts.push({ case: "resumeToken", value: resumeToken });
    if (fromNow === true) starts.push({ case: "fromNow", value: true });
    if (starts.length > 1) throw new TypeError("a watch begins behind a place, with a token or now: one of them");
    this.#start = starts[0] ?? { case: "fromNow", value: true };
    this.#rest = rest;
    this.#patienceMillis = patienceMillis;
    this.#policy = policy;
    this.payload();
  }

  /** What the next stream is asked for with. */
  payload(): Buffer {
    return encodeOf(methods.watchTransactions.request, { ...this.#rest, start: this.#start });
  }

  /** An event came. False for a token that the reader has already. */
  told(event: WatchEvent): boolean {
    const known = this.#start.case === "resumeToken" && this.#start.value === event.resumeToken;
    this.#start = { case: "resumeToken", value: event.resumeToken };
    this.#stood = true;
    this.#lostSince = undefined;
    // A server that takes every watch in and sends it away at once isn't asked without a pause.
    if (event.transaction !== undefined) this.#failures = 0;
    return event.transaction !== undefined || !known;
  }

  /** A stream ended: the milliseconds to wait before the next one. Throws `error` when the watch is over too. */
  ended(error: WalletError, now: number): number {
    if (error instanceof ReaderTooSlow) return 0;
    const since = this.#lostSince ?? now;
    const lasting = this.#patienceMillis !== undefined && now - since > this.#patienceMillis;
    if (!this.#stood || lasting || !passes(error)) throw error;
    this.#lostSince = since;
    this.#failures++;
    return this.#policy.wait(this.#failures, error instanceof NotExecuted ? error.retryAfterMillis : 0);
  }
}

/** Whether another try has hope. */
function passes(error: WalletError): boolean {
  if (error.kind === "disconnected" || error.kind === "deadline_exceeded") return true;
  if (error instanceof Cancelled) return false;
  return error instanceof NotExecuted && error.reason !== undefined && PASSING.has(error.reason);
}
