// What the codes of errors mean for a client.

import { ErrorReason as Codes } from "./proto/messages.js";
import type { ErrorReason } from "./proto/types.js";

/** Refusals that are recorded: the same key gets the same refusal for ever. BATCH_ABORTED is when its cause is. */
export const REMEMBERED: ReadonlySet<ErrorReason> = new Set(
  between("CURRENCY_UNKNOWN", "AMOUNT_OVERFLOW")
    .filter((reason) => reason !== "VERSION_CONFLICT")
    .concat("COUNTER_ACCOUNT_EXISTS"),
);

/** Answers after which the client tries again by itself. */
export const RETRIED: ReadonlySet<ErrorReason> = new Set<ErrorReason>(["UNAVAILABLE", "RESOURCE_EXHAUSTED"]);

function between(first: ErrorReason, last: ErrorReason): ErrorReason[] {
  const reasons: ErrorReason[] = [];
  for (let number = Codes.numberOf(first); number <= Codes.numberOf(last); number++) {
    reasons.push(Codes.nameOf(number));
  }
  return reasons;
}
