// What to do after each attempt of a call: return, throw, or try again. No sockets and no waiting.
//
// This is where the client keeps its word about unknown outcomes: once an attempt of a key has ended unknown, only OK,
// a replay or a remembered refusal resolves it.

import { RETRIED } from "./codes.js";
import type { Answered, Outcome } from "./core.js";
import type { Deadline } from "./deadline.js";
import { Cancelled, DeadlineExceeded, Disconnected, NotExecuted, OutcomeUnknown, ProtocolError } from "./errors.js";
import type { WalletError } from "./errors.js";
import type { UnresolvedKeys } from "./keys.js";
import { errorOf, resolves } from "./reasons.js";
import type { RetryBudget, RetryPolicy } from "./retry.js";
import { NOT_EXECUTED } from "./wire/frames.js";
import type { Frame } from "./wire/frames.js";

/** One call of a verb, before it meets a connection. */
export interface Request<T> {
  readonly method: number;
  readonly payload: Buffer;
  /** Makes the result of an OK; throws for bytes that aren't one. `answer` says which keys have an unknown attempt. */
  readonly result: (payload: Buffer, answer: { isUnknown(key: string): boolean; settled(key: string): void }) => T;
  /** The idempotency key: mutations have one, reads don't. */
  readonly key?: string | undefined;
  /** The caller knows that an earlier attempt of the key ended unknown. */
  readonly retryOfUnknown?: boolean | undefined;
  /** The keys of a batch's items, where it has none for all; `key` is then the one they were made from. */
  readonly itemKeys?: readonly string[];
  /** Whether it counts as a batch for the limits of sizes. */
  readonly isBatch?: boolean;
}

/** What calls of one client share. */
export interface Shared {
  readonly policy: RetryPolicy;
  readonly budget: RetryBudget;
  readonly unresolved: UnresolvedKeys;
}

/** The attempts of one call. The owner makes one at a time and tells what came of it to `settle`. */
export class Attempts<T> {
  result: T | undefined;

  #count = 0;
  #unknown = false; // an attempt of this very call ended unknown

  constructor(readonly request: Request<T>, readonly deadline: Deadline, readonly shared: Shared) {
    shared.budget.earn();
    if (request.key !== undefined && request.retryOfUnknown === true) this.#noteUnknown(request.key);
  }

  /** Undefined when `result` is set, else the milliseconds to wait before the next attempt. Throws the call's error. */
  settle(outcome: Outcome): number | undefined {
    this.#count++;
    if (outcome.type === "answered") return this.#answered(outcome);
    return this.#failed(outcome.error, { sure: !outcome.sent, retry: outcome.retry, free: outcome.leaving });
  }

  /** The error when the deadline passes; `sent`: while a request was under way. */
  timedOut(sent: boolean): WalletError {
    const missed = sent ? "an answer came" : "the request could be sent";
    return this.#final(new DeadlineExceeded(`the deadline passed before ${missed}`), !sent);
  }

  /** The error when the caller's signal ends the call; `sent`: while a request was under way. */
  cancelled(sent: boolean, cause: unknown): WalletError {
    return this.#final(new Cancelled("the call was cancelled", { cause }), !sent);
  }

  /** The error when the client is closed before an attempt. */
  closed(): WalletError {
    return this.#final(new Disconnected("the client is closed"), true);
  }

  #answered(outcome: Answered): number | undefined {
    const { frame } = outcome;
    if (frame.code === 0) {
      this.result = this.#ok(frame);
      return undefined;
    }
    const error = errorOf(frame);
    const resolved = resolves(error, frame.flags);
    if (resolved) this.#noteResolved();
    const sure = resolved || ((frame.flags & NOT_EXECUTED) !== 0 && !(error instanceof ProtocolError));
    const retry = error instanceof NotExecuted && error.reason !== undefined && RETRIED.has(error.reason);
    return this.#failed(error, { sure, retry, free: outcome.leaving });
  }

  #ok(frame: Frame): T {
    if (frame.flags & NOT_EXECUTED) {
      throw this.#final(new ProtocolError("the peer answered OK and NOT_EXECUTED at once"), false);
    }
    const settled: string[] = [];
    let result: T;
    try {
      result = this.request.result(frame.payload, {
        isUnknown: (key) => this.#unknown || this.shared.unresolved.has(key),
        settled: (key) => settled.push(key),
      });
    } catch (cause) {
      const text = `the answer does not parse: ${(cause as Error).message}`;
      throw this.#final(new ProtocolError(text, { cause }), false);
    }
    // Of a batch its reader says it, since the first item may have the batch's own key and stay unknown.
    if (!this.request.isBatch) this.#noteResolved();
    for (const key of settled) this.shared.unresolved.delete(key);
    return result;
  }

  /** `sure`: this attempt had no effect and never will. `free`: another one costs nothing, since the server leaves. */
  #failed(error: WalletError, how: { sure: boolean; retry: boolean; free: boolean }): number {
    const final = this.#final(error, how.sure);
    const { policy, budget } = this.shared;
    const wait = policy.wait(this.#count, error instanceof NotExecuted ? error.retryAfterMillis : 0);
    if (!how.retry || this.#count >= policy.attemptsMax || wait >= this.deadline.remaining()) throw final;
    if (!how.free && !budget.spend()) throw final;
    return wait;
  }

  /** The error of the call if this attempt is its last one. */
  #final(error: WalletError, sure: boolean): WalletError {
    const { key, itemKeys = [] } = this.request;
    if (key === undefined) return error.withKey(undefined);
    if (!sure) this.#noteUnknown(key);
    const { unresolved } = this.shared;
    if (this.#unknown || unresolved.has(key) || itemKeys.some((one) => unresolved.has(one))) {
      return new OutcomeUnknown(error.withKey(key), key);
    }
    return error.withKey(key);
  }

  #noteUnknown(key: string): void {
    this.#unknown = true;
    this.shared.unresolved.add(key);
    for (const one of this.request.itemKeys ?? []) this.shared.unresolved.add(one);
  }

  #noteResolved(): void {
    this.#unknown = false;
    if (this.request.key !== undefined) this.shared.unresolved.delete(this.request.key);
  }
}
