// What a call can end with. Every error is a WalletError, and is one of three kinds.

import type { ErrorInfo, ErrorReason } from "./proto/types.js";

/** The figures of a refusal: `case` is the name of their message in the schema, `value` holds them. */
export type ErrorDetail = NonNullable<ErrorInfo["detail"]>;

/** What a WalletError is, for a `switch`. */
export type ErrorKind =
  | "rejected"
  | "not_executed"
  | "disconnected"
  | "deadline_exceeded"
  | "protocol"
  | "unauthenticated"
  | "cancelled"
  | "outcome_unknown";

/** Base of all errors of calls: {@link Rejected}, {@link NotExecuted} with its subclasses, {@link OutcomeUnknown}. */
export abstract class WalletError extends Error {
  abstract readonly kind: ErrorKind;

  /**
   * The idempotency key of the mutation, also when the client made it; undefined for a read. A mutation may be
   * repeated with it.
   */
  readonly key: string | undefined;

  /** @internal */
  constructor(message: string, options: { key?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.key = options.key;
  }

  /** The same error as that of a call with this key. @internal */
  abstract withKey(key: string | undefined): WalletError;
}

/** @internal */
export interface Refusal {
  readonly reason: ErrorReason;
  readonly reasonNumber: number;
  readonly detail: ErrorDetail | undefined;
  readonly status: number;
  readonly replayed: boolean;
  readonly commitSeq: bigint;
  readonly index: number | undefined;
  readonly itemCause: Rejected | undefined;
}

/**
 * The server decided against the request; no balance has changed. A refusal that is remembered is answered again to the
 * same key, for ever: a new attempt takes a new key.
 */
export class Rejected extends WalletError {
  override name = "Rejected";
  override readonly kind = "rejected";

  /** The code, such as "INSUFFICIENT_FUNDS"; "UNKNOWN_" and its number if it is newer than this package. */
  readonly reason: ErrorReason;
  /** The code's number, which never changes. */
  readonly reasonNumber: number;
  /** The figures that decided it; undefined if there are none. */
  readonly detail: ErrorDetail | undefined;
  /** The gRPC status, 1 to 16; 0 when the connection itself was refused, and for an item of a batch. */
  readonly status: number;
  /** A remembered refusal, answered again with its first figures. */
  readonly replayed: boolean;
  /** The refusal's place in the journal when it was recorded, else the last durable place. */
  readonly commitSeq: bigint;
  /** Of BATCH_ABORTED: the item that was refused, from 0. Its error is `cause`. */
  readonly index: number | undefined;
  /** Of BATCH_ABORTED: why that item was refused. */
  override readonly cause?: Rejected;

  readonly #text: string;
  readonly #refusal: Refusal;

  /** @internal */
  constructor(text: string, refusal: Refusal, key?: string) {
    super(text === "" ? refusal.reason : `${refusal.reason}: ${text}`, { key, cause: refusal.itemCause });
    this.#text = text;
    this.#refusal = refusal;
    this.reason = refusal.reason;
    this.reasonNumber = refusal.reasonNumber;
    this.detail = refusal.detail;
    this.status = refusal.status;
    this.replayed = refusal.replayed;
    this.commitSeq = refusal.commitSeq;
    this.index = refusal.index;
    if (refusal.itemCause !== undefined) this.cause = refusal.itemCause;
  }

  /** @internal */
  override withKey(key: string | undefined): Rejected {
    return new Rejected(this.#text, this.#refusal, key);
  }
}

/** What is known of something that didn't happen. @internal */
export interface NotExecutedOptions {
  readonly reason?: ErrorReason | undefined;
  readonly retryAfterMillis?: number;
  readonly key?: string | undefined;
  readonly cause?: unknown;
}

/** Nothing happened and nothing will. A mutation may be repeated, with the same key or a new one. */
export class NotExecuted extends WalletError {
  override name = "NotExecuted";
  override readonly kind: Exclude<ErrorKind, "rejected" | "outcome_unknown"> = "not_executed";

  /** The server's code, such as "UNAVAILABLE"; undefined when no answer came. */
  readonly reason: ErrorReason | undefined;
  /** The wait in milliseconds that the server asked for; 0 when it didn't. */
  readonly retryAfterMillis: number;

  readonly #text: string;

  /** @internal */
  constructor(text: string, options: NotExecutedOptions = {}) {
    super([options.reason, text].filter(Boolean).join(": "), options);
    this.#text = text;
    this.reason = options.reason;
    this.retryAfterMillis = options.retryAfterMillis ?? 0;
  }

  /** @internal */
  override withKey(key: string | undefined): NotExecuted {
    const { reason, retryAfterMillis, cause } = this;
    const Same = this.constructor as typeof NotExecuted;
    return new Same(this.#text, { reason, retryAfterMillis, key, cause });
  }
}

/** No connection could be made, or it ended before an answer to a read. */
export class Disconnected extends NotExecuted {
  override name = "Disconnected";
  override readonly kind = "disconnected";
}

/** The deadline passed: of a read, or of a mutation of which not one byte was sent or the server is sure. */
export class DeadlineExceeded extends NotExecuted {
  override name = "DeadlineExceeded";
  override readonly kind = "deadline_exceeded";
}

/** The other side sent what is not WRP/1, or not what was asked for. */
export class ProtocolError extends NotExecuted {
  override name = "ProtocolError";
  override readonly kind = "protocol";
}

/**
 * One side doesn't accept who the other one is: the server the token or the client's certificate, or that there is
 * none; or the client the server's certificate or the name in it.
 */
export class Unauthenticated extends NotExecuted {
  override name = "Unauthenticated";
  override readonly kind = "unauthenticated";
}

/** The call's signal ended it: a read, or a mutation of which not one byte was sent. `cause` is the signal's reason. */
export class Cancelled extends NotExecuted {
  override name = "Cancelled";
  override readonly kind = "cancelled";
}

/**
 * A mutation was sent and no answer is sure: it may have taken place, or may yet. Repeat the call with `key` and
 * otherwise the same arguments until it returns or is rejected: the server executes a key at most once. `cause` is the
 * error of the last attempt.
 */
export class OutcomeUnknown extends WalletError {
  override name = "OutcomeUnknown";
  override readonly kind = "outcome_unknown";
  override readonly key: string;

  /** @internal */
  constructor(cause: WalletError, key: string) {
    super(`whether it took place is unknown: ${cause.message}`, { key, cause });
    this.key = key;
  }

  /** @internal */
  override withKey(key: string): OutcomeUnknown {
    return new OutcomeUnknown(this.cause as WalletError, key);
  }
}
