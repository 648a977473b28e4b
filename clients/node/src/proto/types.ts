// Made by tools/generate.py of proto/wallet/v1/wallet.proto: change that and run `make -C clients/node generate`.
//
// What the messages are. Amounts are minor units, times are microseconds since 1970 in UTC; text that isn't given is
// empty, a number that isn't given is 0.

/**
 * The number of a verb is the `code` of its REQUEST frame. Numbers are never reused. A number that is newer than this
 * package reads as UNKNOWN_ and the number.
 */
export type Method =
  | "UNSPECIFIED"
  | "PING"
  | "GET_SCHEMA"
  | "GET_SERVER_INFO"
  | "HELLO"
  | "OPEN_WALLET"
  | "GET_WALLET"
  | "LIST_WALLETS"
  | "GET_BALANCE"
  | "DEBIT"
  | "CREDIT"
  | "LIST_TRANSACTIONS"
  | "TRANSFER"
  | "HOLD"
  | "CAPTURE"
  | "RELEASE"
  | "REFUND"
  | "FREEZE"
  | "UNFREEZE"
  | "SET_LIMITS"
  | "CLOSE_WALLET"
  | "BATCH"
  | "GET_BALANCE_AT"
  | "EXPLAIN_BALANCE"
  | "LIST_REFUSALS"
  | "TRIAL_BALANCE"
  | "VERIFY"
  | "WATCH_TRANSACTIONS"
  | "REGISTER_CURRENCY"
  | "ADD_COUNTER_ACCOUNT"
  | "CREATE_TOKEN"
  | "REVOKE_TOKEN"
  | "LIST_TOKENS"
  | "BACKUP"
  | "IMPORT"
  | `UNKNOWN_${number}`;

/**
 * One code per result. In decisions, from IDEMPOTENCY_MISMATCH down, the lowest number that applies is the answer. A
 * number that is newer than this package reads as UNKNOWN_ and the number.
 */
export type ErrorReason =
  | "UNSPECIFIED"
  | "INVALID_FRAME"
  | "UNAUTHENTICATED"
  | "PERMISSION_DENIED"
  | "UNIMPLEMENTED"
  | "RESOURCE_EXHAUSTED"
  | "CANCELLED"
  | "DEADLINE_EXCEEDED"
  | "UNAVAILABLE"
  | "INVALID_ARGUMENT"
  | "RESUME_INVALID"
  | "IDEMPOTENCY_MISMATCH"
  | "CURRENCY_UNKNOWN"
  | "CURRENCY_EXISTS"
  | "CURRENCY_MISMATCH"
  | "COUNTER_ACCOUNT_UNKNOWN"
  | "WALLET_NOT_FOUND"
  | "WALLET_EXISTS"
  | "SAME_WALLET"
  | "TRANSACTION_NOT_FOUND"
  | "NOT_REFUNDABLE"
  | "WALLET_CLOSED"
  | "WALLET_FROZEN"
  | "WALLET_NOT_EMPTY"
  | "VERSION_CONFLICT"
  | "HOLD_NOT_FOUND"
  | "HOLD_CAPTURED"
  | "HOLD_RELEASED"
  | "HOLD_EXPIRED"
  | "HOLD_AMOUNT_EXCEEDED"
  | "REFUND_EXCEEDS_ORIGINAL"
  | "LIMIT_EXCEEDED"
  | "MAX_BALANCE_EXCEEDED"
  | "INSUFFICIENT_FUNDS"
  | "AMOUNT_OVERFLOW"
  | "BATCH_ABORTED"
  | "INTERNAL"
  | "COUNTER_ACCOUNT_EXISTS"
  | `UNKNOWN_${number}`;

/** A number that is newer than this package reads as UNKNOWN_ and the number. */
export type LimitKind =
  | "UNSPECIFIED"
  | "TRANSACTION_AMOUNT"
  | "DAY_AMOUNT"
  | "DAY_COUNT"
  | "WEEK_AMOUNT"
  | "WEEK_COUNT"
  | "MONTH_AMOUNT"
  | "MONTH_COUNT"
  | `UNKNOWN_${number}`;

/** A number that is newer than this package reads as UNKNOWN_ and the number. */
export type WalletStatus =
  | "UNSPECIFIED"
  | "OPEN"
  | "CLOSED"
  | `UNKNOWN_${number}`;

/** A number that is newer than this package reads as UNKNOWN_ and the number. */
export type TransactionKind =
  | "UNSPECIFIED"
  | "OPEN"
  | "DEBIT"
  | "CREDIT"
  | "TRANSFER_OUT"
  | "TRANSFER_IN"
  | "HOLD"
  | "CAPTURE"
  | "RELEASE"
  | "EXPIRE"
  | "REFUND"
  | "FREEZE"
  | "UNFREEZE"
  | "SET_LIMITS"
  | "CLOSE"
  | `UNKNOWN_${number}`;

/** A number that is newer than this package reads as UNKNOWN_ and the number. */
export type FreezeScope =
  | "UNSPECIFIED"
  | "DEBIT"
  | "CREDIT"
  | "ALL"
  | `UNKNOWN_${number}`;

/** A number that is newer than this package reads as UNKNOWN_ and the number. */
export type TokenKind =
  | "UNSPECIFIED"
  | "SECRET"
  | "CERTIFICATE"
  | "UNIX_USER"
  | `UNKNOWN_${number}`;

/** The first frame of a connection, sent by the client. */
export interface Hello {
  /** protocol versions spoken; this page is version 1 */
  versions: number[];
  /** at most 64 bytes of [A-Za-z0-9._:@/-]; stored beside each row that this connection writes */
  clientName: string;
  credentials: Credentials | undefined;
  /** wanted features; unknown ones are ignored */
  features: string[];
  /** when given, the server refuses unless it serves this ledger */
  ledgerId: string;
}

export interface Credentials {
  kind:
    /** wlt_, its id, _, and 64 hexadecimal digits */
    | { case: "token"; value: string }
    | undefined;
}

export interface HelloAck {
  version: number;
  serverName: string;
  /** becomes the actor of each row that this connection writes */
  principal: string;
  scopes: string[];
  features: string[];
  limits: Limits | undefined;
  serverTimeMicros: bigint;
  /** SHA-256 of the FileDescriptorSet that GetSchema answers */
  schemaDigest: Uint8Array;
  ledgerId: string;
  /** raised by each restore */
  epoch: number;
}

/** Every limit of the connection; each is a setting of the server. */
export interface Limits {
  requestBytesMax: number;
  batchRequestBytesMax: number;
  responseBytesMax: number;
  requestsInFlightMax: number;
  idleTimeoutMillis: number;
  defaultDeadlineMillis: number;
}

/** Payload of GOAWAY: requests sent after it are answered UNAVAILABLE with NOT_EXECUTED; those in flight finish. */
export interface GoAway {
  message: string;
}

/** Payload of every RESPONSE whose status is not 0, and of CONNECTION_ERROR. */
export interface ErrorInfo {
  reason: ErrorReason;
  /** for people; programs read `reason` and `detail` */
  message: string;
  /** the refusal's place in the journal when it was recorded, else the last durable place */
  commitSeq: bigint;
  /** a remembered refusal, answered again with its first figures */
  replayed: boolean;
  detail:
    | { case: "invalidArgument"; value: InvalidArgument }
    | { case: "unimplemented"; value: Unimplemented }
    | { case: "frameLimit"; value: FrameLimit }
    | { case: "retryAfter"; value: RetryAfter }
    | { case: "idempotencyMismatch"; value: IdempotencyMismatch }
    | { case: "currency"; value: CurrencyDetail }
    | { case: "counterAccount"; value: CounterAccountDetail }
    | { case: "wallet"; value: WalletDetail }
    | { case: "versionConflict"; value: VersionConflict }
    | { case: "insufficientFunds"; value: InsufficientFunds }
    | { case: "amountOverflow"; value: AmountOverflow }
    | { case: "internal"; value: Internal }
    | { case: "scope"; value: ScopeDetail }
    | { case: "batchAborted"; value: BatchAborted }
    | { case: "transaction"; value: TransactionDetail }
    | { case: "hold"; value: HoldDetail }
    | { case: "refundExceeds"; value: RefundExceeds }
    | { case: "walletFrozen"; value: WalletFrozen }
    | { case: "walletNotEmpty"; value: WalletNotEmpty }
    | { case: "limitExceeded"; value: LimitExceeded }
    | { case: "maxBalanceExceeded"; value: MaxBalanceExceeded }
    | { case: "streamEnd"; value: StreamEnd }
    | undefined;
}

export interface InvalidArgument {
  /** the path of the field as written in this file, such as "amount" or "metadata[2].key" */
  field: string;
  /** the rule that it breaks */
  rule: string;
}

export interface Unimplemented {
  method: number;
  /** a field that the method doesn't take yet, such as "dry_run"; else empty */
  feature: string;
}

export interface FrameLimit {
  rule: string;
  /** bytes, where the rule is a size; else 0 */
  limit: number;
}

export interface RetryAfter {
  retryAfterMillis: number;
}

export interface IdempotencyMismatch {
  /** the first field that differs, in the order verb, wallet, amount, currency, reason, note, ... */
  field: string;
}

export interface CurrencyDetail {
  /** empty when no wallet is in question */
  walletCurrency: string;
  requestCurrency: string;
}

export interface CounterAccountDetail {
  counterAccount: string;
}

export interface WalletDetail {
  /** 0 where the wallet isn't known by an id */
  walletId: bigint;
  ownerId: string;
  currency: string;
  name: string;
}

export interface VersionConflict {
  expected: bigint;
  actual: bigint;
  balance: bigint;
}

export interface InsufficientFunds {
  requested: bigint;
  available: bigint;
  balance: bigint;
  held: bigint;
  overdraftLimit: bigint;
  /** requested - available */
  shortfall: bigint;
  version: bigint;
}

export interface AmountOverflow {
  /** the sum that would leave int64 */
  field: string;
}

export interface Internal {
  /** find it in the server's log */
  id: string;
}

/** Why a caller was turned away. */
export interface ScopeDetail {
  /** that is missing; of the rule "scope" */
  scope: string;
  /**
   * PERMISSION_DENIED: "scope", "wallet", "max_amount", "whole_ledger". UNAUTHENTICATED: "missing", "wrong", "expired",
   * "revoked", "certificate", "unix_user".
   */
  rule: string;
  /** of the rule "max_amount" */
  maxAmount: bigint;
  /** in a Refusal: denied calls of the same principal before it that have no row */
  omitted: bigint;
}

export interface BatchAborted {
  /** the item that was refused, from 0; all others were aborted for it */
  index: number;
  /** why; never BATCH_ABORTED itself */
  cause: ErrorInfo | undefined;
}

export interface TransactionDetail {
  transactionId: bigint;
}

export interface HoldDetail {
  holdId: bigint;
  /** when it was captured, released or ended; else when it will end */
  atMicros: bigint;
  /** what is left of it */
  remaining: bigint;
}

export interface RefundExceeds {
  /** what the debit or capture took */
  original: bigint;
  /** of it, until now */
  refunded: bigint;
  remaining: bigint;
}

export interface WalletFrozen {
  walletId: bigint;
  scope: FreezeScope;
  reason: string;
  sinceMicros: bigint;
  /** 0: until it is lifted */
  untilMicros: bigint;
}

export interface WalletNotEmpty {
  balance: bigint;
  openHolds: bigint;
}

export interface LimitExceeded {
  kind: LimitKind;
  limit: bigint;
  used: bigint;
  remaining: bigint;
  /** 0 where there is no window */
  windowEndMicros: bigint;
}

export interface MaxBalanceExceeded {
  limit: bigint;
  balance: bigint;
  /** what may still be put in */
  remaining: bigint;
}

/** Why a stream ended before its time: nothing is lost, it may be asked for again. */
export interface StreamEnd {
  /** of the last event that was sent; a new WatchTransactions with it goes on behind that */
  resumeToken: string;
}

/**
 * Names a wallet: either by `id`, or by `owner_id`, `currency` and `name` (empty: "main"). Beside an `id`, a `currency`
 * may be given and must then be the wallet's.
 */
export interface WalletRef {
  id: bigint;
  /** at most 64 bytes of [A-Za-z0-9._:@-] */
  ownerId: string;
  /** at most 16 bytes of [A-Z0-9-] */
  currency: string;
  /** at most 32 bytes */
  name: string;
}

export interface Wallet {
  id: bigint;
  ownerId: string;
  currency: string;
  exponent: number;
  name: string;
  status: WalletStatus;
  /** posted */
  balance: bigint;
  held: bigint;
  /** balance - held + overdraft_limit */
  available: bigint;
  overdraftLimit: bigint;
  /** the count of the wallet's transactions */
  version: bigint;
  createdAtMicros: bigint;
  createdBy: string;
  updatedAtMicros: bigint;
  updatedBy: string;
  /** holds have ended whose rows aren't written yet; held and available are without them */
  expiryPending: boolean;
}

/** One immutable row of the journal. */
export interface Transaction {
  /** its place in the journal */
  id: bigint;
  kind: TransactionKind;
  walletId: bigint;
  /** the wallet's version after this row: 1, 2, 3 ... without a gap */
  walletVersion: bigint;
  /** signed change of the balance */
  amount: bigint;
  heldChange: bigint;
  /** after this row */
  balance: bigint;
  /** after this row */
  held: bigint;
  /** after this row */
  overdraftLimit: bigint;
  counterAccount: string;
  counterWalletId: bigint;
  holdId: bigint;
  relatedTransactionId: bigint;
  actor: string;
  onBehalfOf: string;
  reason: string;
  note: string;
  reference: string;
  /** of an item of an atomic batch: the batch's key, U+00B7 and the item's index */
  idempotencyKey: string;
  requestDigest: Uint8Array;
  correlationId: string;
  /** the caller's address */
  source: string;
  /** as the caller calls itself */
  clientName: string;
  metadata: MetadataEntry[];
  occurredAtMicros: bigint;
  createdAtMicros: bigint;
  detail: Uint8Array;
  digest: Uint8Array;
  lane: number;
  rowFormat: number;
}

export interface MetadataEntry {
  key: string;
  value: string;
}

export type PingRequest = Record<string, never>;

export interface PingResponse {
  serverTimeMicros: bigint;
  commitSeq: bigint;
}

export type GetSchemaRequest = Record<string, never>;

export interface GetSchemaResponse {
  /** a google.protobuf.FileDescriptorSet */
  fileDescriptorSet: Uint8Array;
  /** its SHA-256 */
  digest: Uint8Array;
  commitSeq: bigint;
}

export type GetServerInfoRequest = Record<string, never>;

export interface GetServerInfoResponse {
  /** program and version */
  serverName: string;
  ledgerId: string;
  epoch: number;
  head: JournalHead | undefined;
  serverTimeMicros: bigint;
  limits: Limits | undefined;
  schemaDigest: Uint8Array;
  /** engine and version */
  storage: string;
  startedAtMicros: bigint;
  mutationsAvailable: boolean;
  mutationsUnavailableBecause: string;
  commitSeq: bigint;
  /** "release" or "debug"; a debug build is many times slower */
  build: string;
}

/** Keep it elsewhere: whoever has it can tell whether the journal before it was changed. */
export interface JournalHead {
  seq: bigint;
  digest: Uint8Array;
}

export interface OpenWalletRequest {
  /** by owner_id, currency and name */
  wallet: WalletRef | undefined;
  /** 8 to 64 printable ASCII characters */
  idempotencyKey: string;
  /** at most 64 bytes of [a-z0-9._-], required */
  reason: string;
  /** at most 128 bytes */
  reference: string;
  /** at most 64 bytes of [A-Za-z0-9._:@-] */
  correlationId: string;
  /** at most 256 bytes */
  note: string;
  /** at most 64 bytes of [A-Za-z0-9._:@-] */
  onBehalfOf: string;
  /** business time; stored, never used by a rule */
  occurredAtMicros: bigint;
  /** at most 16 pairs and 1 KiB */
  metadata: MetadataEntry[];
  dryRun: boolean;
}

export interface DebitRequest {
  wallet: WalletRef | undefined;
  /** minor units, from 1 */
  amount: bigint;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  /** the wallet's version must be this one; 0: not checked */
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  /** empty: "sales" */
  counterAccount: string;
  metadata: MetadataEntry[];
  dryRun: boolean;
}

export interface CreditRequest {
  wallet: WalletRef | undefined;
  /** minor units, from 1 */
  amount: bigint;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  /** empty: "funding" */
  counterAccount: string;
  metadata: MetadataEntry[];
  dryRun: boolean;
}

/** Moves an amount between two wallets of one currency: two rows that name each other. */
export interface TransferRequest {
  /** the source */
  wallet: WalletRef | undefined;
  /** minor units, from 1 */
  amount: bigint;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  /** of the source */
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
  to: WalletRef | undefined;
}

export interface TransferResponse {
  /** the row that took the amount out, and the source after it */
  source: MutationResponse | undefined;
  /** the row that put it in; it shows the destination after it */
  destination: Transaction | undefined;
  commitSeq: bigint;
  replayed: boolean;
  /** as in a MutationResponse */
  dryRun: boolean;
}

/**
 * Reserves an amount: it stays in the balance and isn't available until it is captured, released or the hold ends. The
 * transaction's id is the hold's.
 */
export interface HoldRequest {
  wallet: WalletRef | undefined;
  /** minor units, from 1 */
  amount: bigint;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
  /** from 1 to 31,622,400,000 (366 days); the server reckons the end by its own clock */
  timeoutMillis: bigint;
}

/** Takes a part of a hold, or all that is left of it. A final capture gives back the rest. */
export interface CaptureRequest {
  /** minor units; 0: all that is left, and then the capture is final */
  amount: bigint;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  /** empty: "sales" */
  counterAccount: string;
  metadata: MetadataEntry[];
  dryRun: boolean;
  holdId: bigint;
  /** nothing more will be captured */
  final: boolean;
  /** of the amount; when given it must be the wallet's */
  currency: string;
}

/** Gives back what is left of a hold. */
export interface ReleaseRequest {
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
  holdId: bigint;
}

/** Gives back a debit or capture, or a part of it. All refunds of one together never exceed it. */
export interface RefundRequest {
  /** minor units; 0: all that wasn't refunded yet */
  amount: bigint;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  /** empty: "refunds" */
  counterAccount: string;
  metadata: MetadataEntry[];
  dryRun: boolean;
  transactionId: bigint;
  /** of the amount; when given it must be the wallet's */
  currency: string;
}

/** Stops a wallet for debits, credits or both, whether it is stopped already or not: the last freeze counts. */
export interface FreezeRequest {
  wallet: WalletRef | undefined;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
  scope: FreezeScope;
  /** from then on the freeze has no effect; 0: until it is lifted */
  untilMicros: bigint;
}

export interface UnfreezeRequest {
  wallet: WalletRef | undefined;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
  /** what is lifted */
  scope: FreezeScope;
}

/** The limits of a wallet, as a whole: those left out are lifted. */
export interface SetLimitsRequest {
  wallet: WalletRef | undefined;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
  limits: WalletLimits | undefined;
}

/**
 * Amounts are minor units. 0: no such limit, but for overdraft_limit. Days, ISO weeks and months are those of UTC, by
 * the time at which a row is stored.
 */
export interface WalletLimits {
  /** how far the balance may fall below zero */
  overdraftLimit: bigint;
  maxBalance: bigint;
  /** of one debit, outgoing transfer or hold */
  maxAmount: bigint;
  day: WindowLimit | undefined;
  /** from Monday */
  week: WindowLimit | undefined;
  month: WindowLimit | undefined;
}

export interface WindowLimit {
  amount: bigint;
  count: bigint;
}

/** Ends a wallet that is empty and has no open holds. Its name is never used again. */
export interface CloseWalletRequest {
  wallet: WalletRef | undefined;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  expectedVersion: bigint;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
}

export interface MutationResponse {
  transaction: Transaction | undefined;
  balance: bigint;
  held: bigint;
  available: bigint;
  version: bigint;
  currency: string;
  exponent: number;
  /** the first result of this key, answered again */
  replayed: boolean;
  commitSeq: bigint;
  /** what would have been: nothing is written, and the transaction has no id and no digest */
  dryRun: boolean;
}

/** Makes a currency of one's own known, such as ESIM-MB. Its exponent never changes. */
export interface RegisterCurrencyRequest {
  /** at most 16 bytes of [A-Z0-9-] */
  code: string;
  /** digits after the point, at most 18 */
  exponent: number;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
}

/** Adds an account that may stand against wallets in double entry. */
export interface AddCounterAccountRequest {
  /** at most 32 bytes of [a-z0-9._-] */
  name: string;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
}

/**
 * Lets a principal in, in one of three ways. What isn't in `scopes` is denied. The caller makes the secret, 32 random
 * bytes, and sends its SHA-256: the server never sees the secret before it is used, and the same request may come
 * again. With the id of the answer's row the token is "wlt_", the id, "_" and the secret in lower-case hexadecimal
 * digits.
 */
export interface CreateTokenRequest {
  /** at most 64 bytes of [A-Za-z0-9._:@-]; the actor of each row that it writes */
  principal: string;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
  credential:
    /** SHA-256 of the secret; a principal has two that are live at most */
    | { case: "secretDigest"; value: Uint8Array }
    /** the common name, a DNS name or a URI of a client's certificate */
    | { case: "certificateName"; value: string }
    /** the user at the other end of a Unix socket */
    | { case: "unixUser"; value: number }
    | undefined;
  /** of read, debit, credit, hold, refund, transfer, freeze, limits, import, admin */
  scopes: string[];
  /** only wallets in one of them; left out: in all */
  currencies: string[];
  /** only wallets of owners whose ids begin so; left out: of all */
  ownerPrefix: string;
  /** of one mutation, minor units; 0: no bound */
  maxAmount: bigint;
  /** 0: never */
  expiresAtMicros: bigint;
}

/** From its commit on nothing is done for the token, on open connections either: they are closed. */
export interface RevokeTokenRequest {
  tokenId: bigint;
  idempotencyKey: string;
  reason: string;
  reference: string;
  correlationId: string;
  note: string;
  onBehalfOf: string;
  occurredAtMicros: bigint;
  metadata: MetadataEntry[];
  dryRun: boolean;
}

export interface ListTokensRequest {
  /** left out: of all */
  principal: string;
  /** 0: 50; at most 1,000 */
  pageSize: number;
  cursor: string;
  withRevoked: boolean;
}

export interface ListTokensResponse {
  /** by id, rising */
  tokens: Token[];
  /** empty: that was all */
  nextCursor: string;
  commitSeq: bigint;
}

/** What was granted; of a secret there is nothing to show. */
export interface Token {
  /** the place of its row in the journal */
  tokenId: bigint;
  principal: string;
  /** of a grant to a certificate */
  certificateName: string;
  /** of a grant to a Unix user */
  unixUser: number;
  kind: TokenKind;
  scopes: string[];
  currencies: string[];
  ownerPrefix: string;
  maxAmount: bigint;
  expiresAtMicros: bigint;
  createdAtMicros: bigint;
  /** 0: it wasn't */
  revokedAtMicros: bigint;
}

export interface AdministrationResponse {
  row: AdministrationRow | undefined;
  replayed: boolean;
  dryRun: boolean;
  commitSeq: bigint;
}

/** One immutable row of the journal that changes no wallet. */
export interface AdministrationRow {
  /** its place in the journal */
  id: bigint;
  verb: Method;
  /** the currency's code, the counter-account's name, or the token's principal */
  subject: string;
  /** of a currency */
  exponent: number;
  /** that was created or revoked */
  tokenId: bigint;
  actor: string;
  onBehalfOf: string;
  reason: string;
  note: string;
  reference: string;
  idempotencyKey: string;
  requestDigest: Uint8Array;
  correlationId: string;
  source: string;
  clientName: string;
  metadata: MetadataEntry[];
  occurredAtMicros: bigint;
  createdAtMicros: bigint;
  detail: Uint8Array;
  digest: Uint8Array;
  lane: number;
  rowFormat: number;
}

/**
 * Up to 8,190 mutations in one request and one commit. They are carried out in order, and each sees those before it.
 * Item by item, each item has a key and a result of its own, and one that fails doesn't hinder the others. With
 * `atomic`, all or none is done, under one key: the first item that is refused undoes those before it, and the answer
 * is an Error of the reason BATCH_ABORTED.
 */
export interface BatchRequest {
  /** with `atomic` only; the items have none then */
  idempotencyKey: string;
  dryRun: boolean;
  atomic: boolean;
  items: BatchItem[];
  /** whole transactions in the results; at most 1,023 items then */
  fullResults: boolean;
}

export interface BatchItem {
  mutation:
    | { case: "openWallet"; value: OpenWalletRequest }
    | { case: "debit"; value: DebitRequest }
    | { case: "credit"; value: CreditRequest }
    | { case: "transfer"; value: TransferRequest }
    | { case: "hold"; value: HoldRequest }
    | { case: "capture"; value: CaptureRequest }
    | { case: "release"; value: ReleaseRequest }
    | { case: "refund"; value: RefundRequest }
    | { case: "freeze"; value: FreezeRequest }
    | { case: "unfreeze"; value: UnfreezeRequest }
    | { case: "setLimits"; value: SetLimitsRequest }
    | { case: "closeWallet"; value: CloseWalletRequest }
    | undefined;
}

export interface BatchResponse {
  /** one for each item, in their order */
  results: BatchResult[];
  commitSeq: bigint;
  /** an atomic batch, answered again; of other batches each result says it */
  replayed: boolean;
  /** what would have been; the ids of transactions are 0 */
  dryRun: boolean;
}

/** Either an error, or what a mutation gave. */
export interface BatchResult {
  transactionId: bigint;
  walletVersion: bigint;
  balance: bigint;
  held: bigint;
  error: ErrorInfo | undefined;
  /** the first result of the item's key, answered again */
  replayed: boolean;
  /** with full_results only */
  transaction: Transaction | undefined;
  walletId: bigint;
  available: bigint;
  currency: string;
  exponent: number;
}

export interface GetWalletRequest {
  wallet: WalletRef | undefined;
}

export interface GetWalletResponse {
  wallet: Wallet | undefined;
  commitSeq: bigint;
}

export interface ListWalletsRequest {
  ownerId: string;
  /** 0: 50; at most 1,000 */
  pageSize: number;
  cursor: string;
}

export interface ListWalletsResponse {
  /** by id, rising */
  wallets: Wallet[];
  /** empty: that was all */
  nextCursor: string;
  commitSeq: bigint;
}

export interface GetBalanceRequest {
  wallet: WalletRef | undefined;
}

export interface GetBalanceResponse {
  walletId: bigint;
  balance: bigint;
  held: bigint;
  available: bigint;
  version: bigint;
  currency: string;
  exponent: number;
  overdraftLimit: bigint;
  /** the last durable place of the journal, which this answer reflects */
  commitSeq: bigint;
  /** holds have ended whose rows aren't written yet; held and available are without them */
  expiryPending: boolean;
}

export interface ListTransactionsRequest {
  wallet: WalletRef | undefined;
  /** 0: 50; at most 1,000 rows and 512 KiB */
  pageSize: number;
  /** of a list with the same wallet, order and filter */
  cursor: string;
  oldestFirst: boolean;
  /** a filtered page looks at 10,000 rows at most: it may be short, or empty, and go on */
  filter: TransactionFilter | undefined;
}

/** What rows must have; what is left out excludes nothing. */
export interface TransactionFilter {
  /** stored at or after it */
  fromMicros: bigint;
  /** stored before it; 0: no end */
  beforeMicros: bigint;
  /** one of them */
  kinds: TransactionKind[];
  reason: string;
  actor: string;
  reference: string;
  /** of the change of the balance without its sign, or of what a hold reserves */
  minAmount: bigint;
  /** 0: no bound */
  maxAmount: bigint;
}

export interface ListTransactionsResponse {
  /** newest first unless oldest_first */
  transactions: Transaction[];
  /** empty: that was all */
  nextCursor: string;
  currency: string;
  exponent: number;
  commitSeq: bigint;
}

/** A balance as it was: at a time, or right after a version. */
export interface GetBalanceAtRequest {
  wallet: WalletRef | undefined;
  at:
    /** not in the future; rows stored at this very time count, holds that ended by then don't */
    | { case: "timeMicros"; value: bigint }
    /** from 1 to the wallet's version */
    | { case: "version"; value: bigint }
    | undefined;
}

export interface GetBalanceAtResponse {
  walletId: bigint;
  balance: bigint;
  held: bigint;
  available: bigint;
  overdraftLimit: bigint;
  version: bigint;
  /** the row that made it so */
  transactionId: bigint;
  /** when that row was stored */
  createdAtMicros: bigint;
  currency: string;
  exponent: number;
  commitSeq: bigint;
}

/** Why a balance is what it is. */
export interface ExplainBalanceRequest {
  wallet: WalletRef | undefined;
  /** what came before it is the opening balance; 0: from the wallet's beginning */
  fromMicros: bigint;
  /** how many of the newest rows are told; 0: 10; at most 100 */
  lastChanges: number;
}

export interface ExplainBalanceResponse {
  wallet: Wallet | undefined;
  /** before the first row that was summed */
  openingBalance: bigint;
  /** the wallet's version then; 0: from its beginning */
  openingVersion: bigint;
  /** when the first row that was summed was stored */
  openingAtMicros: bigint;
  /** by kind and reason, largest amount first */
  sums: BalanceSum[];
  /** open ones, by their ends */
  holds: HoldInfo[];
  /** in effect */
  freezes: FreezeInfo[];
  /** what a freeze of debits keeps from being spent: all that would be available, else 0 */
  frozenAmount: bigint;
  limits: WalletLimits | undefined;
  /** one for each limit that is set and counted */
  limitUses: LimitUse[];
  /** newest first */
  lastChanges: Transaction[];
  /** rows of the wallet that were read and added up */
  rowsRecomputed: bigint;
  /** the sum, and each row's figures, are those of the wallet */
  equal: boolean;
  /** what differs; empty when nothing does */
  difference: string;
  /** the links of all rows read are right, up to this transaction; 0: one isn't */
  chainVerifiedTo: bigint;
  commitSeq: bigint;
}

export interface BalanceSum {
  kind: TransactionKind;
  reason: string;
  count: bigint;
  /** signed */
  amount: bigint;
  heldChange: bigint;
}

export interface HoldInfo {
  holdId: bigint;
  /** as it was reserved */
  amount: bigint;
  captured: bigint;
  remaining: bigint;
  createdAtMicros: bigint;
  endsAtMicros: bigint;
  reason: string;
  reference: string;
}

export interface FreezeInfo {
  scope: FreezeScope;
  reason: string;
  sinceMicros: bigint;
  /** 0: until it is lifted */
  untilMicros: bigint;
}

export interface LimitUse {
  kind: LimitKind;
  limit: bigint;
  used: bigint;
  remaining: bigint;
  /** 0 where there is no window */
  windowEndMicros: bigint;
}

/**
 * Refusals, newest first unless oldest_first. A page looks at 10,000 rows at most: it may be short, or empty, and go
 * on.
 */
export interface ListRefusalsRequest {
  /** those that its address led to; left out: of all wallets */
  wallet: WalletRef | undefined;
  /** 0: 50; at most 1,000 rows and 512 KiB */
  pageSize: number;
  /** of a list with the same order and filter */
  cursor: string;
  oldestFirst: boolean;
  fromMicros: bigint;
  /** 0: no end */
  beforeMicros: bigint;
  /** one of them */
  reasons: ErrorReason[];
  actor: string;
  /** as the requests named it */
  ownerId: string;
}

export interface ListRefusalsResponse {
  refusals: Refusal[];
  /** empty: that was all */
  nextCursor: string;
  commitSeq: bigint;
}

/**
 * One immutable row of the journal: a mutation that was refused for a business reason, or any call that was denied,
 * which has no key.
 */
export interface Refusal {
  /** its place in the journal */
  id: bigint;
  verb: Method;
  /** as its caller was told */
  error: ErrorInfo | undefined;
  /** that the address led to; 0: to none */
  walletId: bigint;
  /** as it was given */
  wallet: WalletRef | undefined;
  amount: bigint;
  counterAccount: string;
  /** of the wallet, or else as it was given */
  currency: string;
  /** of the currency, when that is known */
  exponent: number;
  actor: string;
  onBehalfOf: string;
  reason: string;
  note: string;
  reference: string;
  idempotencyKey: string;
  requestDigest: Uint8Array;
  correlationId: string;
  source: string;
  clientName: string;
  metadata: MetadataEntry[];
  occurredAtMicros: bigint;
  createdAtMicros: bigint;
  digest: Uint8Array;
  lane: number;
  rowFormat: number;
}

/** The totals of each currency: they are kept on their own with every commit, and sum to zero. */
export interface TrialBalanceRequest {
  /** left out: all that have been used, and those that were registered */
  currency: string;
}

export interface TrialBalanceResponse {
  /** by code */
  currencies: CurrencyBalance[];
  commitSeq: bigint;
  /** all there are, by name */
  counterAccounts: string[];
}

export interface CurrencyBalance {
  currency: string;
  exponent: number;
  /** of all wallets' balances */
  walletsTotal: bigint;
  /** those that were posted to, by name */
  counterAccounts: CounterAccountBalance[];
  /** the sum of all; anything but 0 is a fault */
  difference: bigint;
  /** by RegisterCurrency, not by ISO 4217 */
  registered: boolean;
}

export interface CounterAccountBalance {
  name: string;
  total: bigint;
}

/**
 * Recomputes everything from the journal and compares: the chain of digests, every wallet, key, hold, limit and total,
 * and SQLite's own structures. It works beside everything else and takes its time; one at a time.
 */
export interface VerifyRequest {
  /** a head that was kept elsewhere: the journal must have it */
  expectedHead: JournalHead | undefined;
  /** of SQLite, which takes a copy of the file */
  skipIntegrityCheck: boolean;
}

/** The last event is the report; the response behind it is empty. */
export interface VerifyEvent {
  event:
    | { case: "progress"; value: VerifyProgress }
    | { case: "finding"; value: VerifyFinding }
    | { case: "report"; value: VerifyReport }
    | undefined;
}

export interface VerifyProgress {
  /** "journal", "wallets", "keys", "totals", "copy", "integrity" */
  stage: string;
  done: bigint;
  total: bigint;
}

export interface VerifyFinding {
  /** such as "digest", "wallet.balance", "key" */
  what: string;
  /** 0 where it is no wallet's */
  walletId: bigint;
  /** the row of the journal; 0 where it is none's */
  seq: bigint;
  expected: string;
  found: string;
}

export interface VerifyReport {
  /** up to which all of it was verified */
  head: JournalHead | undefined;
  /** of the journal: transactions, refusals and administration */
  rows: bigint;
  wallets: bigint;
  keys: bigint;
  findings: bigint;
  /** at most 1,000 are told one by one */
  findingsTold: bigint;
  integrityChecked: boolean;
  integritySkippedBecause: string;
  /** how long it took */
  micros: bigint;
  commitSeq: bigint;
}

/** Every transaction behind a place of the journal, as it was committed, and then each new one. */
export interface WatchTransactionsRequest {
  start:
    /** a commit_seq; 0: from the beginning */
    | { case: "afterSeq"; value: bigint }
    /** of an event, or of a StreamEnd */
    | { case: "resumeToken"; value: string }
    | { case: "fromNow"; value: boolean }
    | undefined;
  /** at most 1,000; left out: all */
  walletIds: bigint[];
  /** left out: all */
  kinds: TransactionKind[];
}

/**
 * The stream has no end of its own. A watcher that is too slow to take its events is told to resume: the response is
 * RESOURCE_EXHAUSTED with a StreamEnd.
 */
export interface WatchEvent {
  /** left out: nothing but a new token, while no row passes the filter */
  transaction: Transaction | undefined;
  balanceBefore: bigint;
  heldBefore: bigint;
  currency: string;
  exponent: number;
  resumeToken: string;
  /** of this event's row; of a mere token the place up to which it has looked */
  commitSeq: bigint;
}

/**
 * Makes a file in the server's folder of backups (--backup-dir) that the ledger can be restored from, beside everything
 * else. Its name is the server's; it is verified before it takes its place. One at a time.
 */
export interface BackupRequest {
  /** only the rows behind the newest backup */
  incremental: boolean;
}

/** The last event is the report; the response behind it is empty. */
export interface BackupEvent {
  event:
    | { case: "progress"; value: BackupProgress }
    | { case: "report"; value: BackupReport }
    | undefined;
}

export interface BackupProgress {
  /** "copy", "verify …", "rows", "seal" */
  stage: string;
  done: bigint;
  total: bigint;
}

export interface BackupReport {
  /** in the server's folder; beside it lies a manifest of the same name that ends with .json */
  file: string;
  /** the last row in it */
  head: JournalHead | undefined;
  epoch: number;
  /** of the file */
  bytes: bigint;
  /** of the file */
  sha256: Uint8Array;
  incremental: boolean;
  /** of an increment: the row that it goes on behind */
  baseSeq: bigint;
  /** of the journal */
  rows: bigint;
  /** nothing has come since this file, so none was made */
  old: boolean;
  /** how long it took */
  micros: bigint;
  commitSeq: bigint;
}
