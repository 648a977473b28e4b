// The errors that answers stand for.

import { REMEMBERED } from "./codes.js";
import { DeadlineExceeded, NotExecuted, ProtocolError, Rejected, Unauthenticated } from "./errors.js";
import type { NotExecutedOptions, WalletError } from "./errors.js";
import { ErrorInfo, ErrorReason } from "./proto/messages.js";
import { NOT_EXECUTED, REPLAYED } from "./wire/frames.js";
import type { Frame } from "./wire/frames.js";

// The server could not, rather than would not.
const COULD_NOT = new Map<ErrorReason, typeof NotExecuted>([
  ["UNAVAILABLE", NotExecuted],
  ["RESOURCE_EXHAUSTED", NotExecuted],
  ["CANCELLED", NotExecuted],
  ["INTERNAL", NotExecuted],
  ["DEADLINE_EXCEEDED", DeadlineExceeded],
  ["UNAUTHENTICATED", Unauthenticated],
]);

// For an error whose payload names no reason: the statuses that have just one.
const REASON_BY_STATUS: { readonly [status: number]: ErrorReason } = {
  1: "CANCELLED",
  4: "DEADLINE_EXCEEDED",
  7: "PERMISSION_DENIED",
  8: "RESOURCE_EXHAUSTED",
  12: "UNIMPLEMENTED",
  13: "INTERNAL",
  14: "UNAVAILABLE",
  16: "UNAUTHENTICATED",
};

/** Whether the refusal is recorded. A batch's is when that of its item would have been. */
export function remembered(error: WalletError): boolean {
  if (!(error instanceof Rejected)) return false;
  return REMEMBERED.has(error.cause?.reason ?? error.reason);
}

/** Whether this answer settles a key for good, whatever became of earlier attempts. */
export function resolves(error: WalletError, flags: number): boolean {
  return remembered(error) && (flags & (NOT_EXECUTED | REPLAYED)) !== 0;
}

/** The error that a RESPONSE whose status isn't 0, or a CONNECTION_ERROR, stands for. */
export function errorOf(answer: Frame): WalletError {
  let error: ErrorInfo;
  try {
    error = ErrorInfo.decode(answer.payload);
  } catch (cause) {
    return new ProtocolError(`the error of an answer with status ${answer.code} does not parse`, { cause });
  }
  const reason = error.reason === "UNSPECIFIED" ? REASON_BY_STATUS[answer.code] ?? error.reason : error.reason;
  const Kind = COULD_NOT.get(reason);
  if (Kind === undefined) {
    return rejected({ ...error, reason }, { status: answer.code, replayed: (answer.flags & REPLAYED) !== 0 });
  }
  const said = error.detail?.case === "retryAfter" ? error.detail.value.retryAfterMillis : 0;
  const options: NotExecutedOptions = { reason, retryAfterMillis: answer.millis || said };
  return new Kind(error.message, options);
}

/** The refusal as an error. */
export function rejected(
  error: ErrorInfo,
  answer: { status?: number; replayed?: boolean; key?: string | undefined } = {},
): Rejected {
  const aborted = error.detail?.case === "batchAborted" ? error.detail.value : undefined;
  const cause = aborted?.cause && rejected(aborted.cause);
  return new Rejected(
    error.message,
    {
      reason: error.reason,
      reasonNumber: ErrorReason.numberOf(error.reason),
      detail: error.detail,
      status: answer.status ?? 0,
      replayed: error.replayed || answer.replayed === true,
      commitSeq: error.commitSeq,
      index: aborted?.index,
      itemCause: cause,
    },
    answer.key,
  );
}
