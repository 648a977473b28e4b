// What the verbs give, where that is more than the message of the answer.

import type { OutcomeUnknown, Rejected } from "./errors.js";
import type * as proto from "./proto/types.js";
import type { AdministrationRow, Token, Transaction, Wallet } from "./proto/types.js";

/** What a mutation did, and the wallet after it. */
export interface MutationResult extends proto.MutationResponse {
  /** The idempotency key, also when the client made it. */
  key: string;
  transaction: Transaction;
}

export interface TransferResult {
  key: string;
  /** The row that took the amount out, and the source after it. */
  source: MutationResult;
  /** The row that put it in; it shows the destination after it. */
  destination: Transaction;
  commitSeq: bigint;
  /** The first result of this key, answered again. */
  replayed: boolean;
  /** What would have been: nothing is written. */
  dryRun: boolean;
}

export interface AdministrationResult extends proto.AdministrationResponse {
  key: string;
  row: AdministrationRow;
}

/** A principal that was let in. */
export interface CreateTokenResult extends AdministrationResult {
  /**
   * The token, where its secret is known here: it is shown now or never. Undefined for a digest, a certificate or a
   * Unix user, and in a dry run.
   */
  token: string | undefined;
}

/** An item of a batch that was done, and its wallet after it. */
export interface ItemDone extends Omit<proto.BatchResult, "error"> {
  key: string;
  error?: undefined;
}

/** An item of a batch that wasn't done, or of which nobody can say it. */
export interface ItemFailed {
  key: string;
  error: Rejected | OutcomeUnknown;
}

/** Whether `error` is undefined tells which of the two it is. */
export type BatchItemResult = ItemDone | ItemFailed;

export interface BatchResult {
  /** Of an atomic batch; else the one from which those of items without a key were counted up. */
  key: string;
  /** One for each item, in their order. */
  results: BatchItemResult[];
  commitSeq: bigint;
  /** An atomic batch, answered again; of other batches each result says it. */
  replayed: boolean;
  dryRun: boolean;
}

/** A wallet as of a place of the journal. */
export interface WalletResult extends Wallet {
  /** The last durable place of the journal, which this answer reflects. */
  commitSeq: bigint;
}

/** One page of a list. */
interface Page {
  /** Empty: that was all. A page may be short, or empty, and still have one. */
  nextCursor: string;
  /** The last durable place of the journal, which this answer reflects. */
  commitSeq: bigint;
}

export interface WalletPage extends Page {
  wallets: Wallet[];
}

export interface TransactionPage extends Page {
  transactions: Transaction[];
  currency: string;
  exponent: number;
}

export interface TokenPage extends Page {
  tokens: Token[];
}

/** A mutation that was refused for a business reason: one immutable row of the journal. */
export interface Refusal extends Omit<proto.Refusal, "error"> {
  /** As its caller was told. */
  error: Rejected;
}

export interface RefusalPage extends Page {
  refusals: Refusal[];
}

/** What a verification tells: how far it is, what it finds, and at the end the report. */
export type VerifyEvent = NonNullable<proto.VerifyEvent["event"]>;

/** What a backup tells: how far it is, and at the end the report. */
export type BackupEvent = NonNullable<proto.BackupEvent["event"]>;
