// Made by tools/generate.py of proto/wallet/v1/wallet.proto: change that and run `make -C clients/node generate`.
//
// The tables by which they are encoded and decoded.

import { EnumType, MessageType, NO_BYTES } from "./runtime.js";
import type * as types from "./types.js";

export type Method = types.Method;
export const Method = new EnumType<Method>("Method", [
  [0, "UNSPECIFIED"],
  [1, "PING"],
  [2, "GET_SCHEMA"],
  [3, "GET_SERVER_INFO"],
  [4, "HELLO"],
  [256, "OPEN_WALLET"],
  [257, "GET_WALLET"],
  [258, "LIST_WALLETS"],
  [259, "GET_BALANCE"],
  [260, "DEBIT"],
  [261, "CREDIT"],
  [262, "LIST_TRANSACTIONS"],
  [263, "TRANSFER"],
  [264, "HOLD"],
  [265, "CAPTURE"],
  [266, "RELEASE"],
  [267, "REFUND"],
  [268, "FREEZE"],
  [269, "UNFREEZE"],
  [270, "SET_LIMITS"],
  [271, "CLOSE_WALLET"],
  [272, "BATCH"],
  [273, "GET_BALANCE_AT"],
  [274, "EXPLAIN_BALANCE"],
  [275, "LIST_REFUSALS"],
  [276, "TRIAL_BALANCE"],
  [277, "VERIFY"],
  [278, "WATCH_TRANSACTIONS"],
  [512, "REGISTER_CURRENCY"],
  [513, "ADD_COUNTER_ACCOUNT"],
  [514, "CREATE_TOKEN"],
  [515, "REVOKE_TOKEN"],
  [516, "LIST_TOKENS"],
  [517, "BACKUP"],
  [518, "IMPORT"],
]);

export type ErrorReason = types.ErrorReason;
export const ErrorReason = new EnumType<ErrorReason>("ErrorReason", [
  [0, "UNSPECIFIED"],
  [1, "INVALID_FRAME"],
  [2, "UNAUTHENTICATED"],
  [3, "PERMISSION_DENIED"],
  [4, "UNIMPLEMENTED"],
  [5, "RESOURCE_EXHAUSTED"],
  [6, "CANCELLED"],
  [7, "DEADLINE_EXCEEDED"],
  [8, "UNAVAILABLE"],
  [9, "INVALID_ARGUMENT"],
  [10, "RESUME_INVALID"],
  [11, "IDEMPOTENCY_MISMATCH"],
  [12, "CURRENCY_UNKNOWN"],
  [13, "CURRENCY_EXISTS"],
  [14, "CURRENCY_MISMATCH"],
  [15, "COUNTER_ACCOUNT_UNKNOWN"],
  [16, "WALLET_NOT_FOUND"],
  [17, "WALLET_EXISTS"],
  [18, "SAME_WALLET"],
  [19, "TRANSACTION_NOT_FOUND"],
  [20, "NOT_REFUNDABLE"],
  [21, "WALLET_CLOSED"],
  [22, "WALLET_FROZEN"],
  [23, "WALLET_NOT_EMPTY"],
  [24, "VERSION_CONFLICT"],
  [25, "HOLD_NOT_FOUND"],
  [26, "HOLD_CAPTURED"],
  [27, "HOLD_RELEASED"],
  [28, "HOLD_EXPIRED"],
  [29, "HOLD_AMOUNT_EXCEEDED"],
  [30, "REFUND_EXCEEDS_ORIGINAL"],
  [31, "LIMIT_EXCEEDED"],
  [32, "MAX_BALANCE_EXCEEDED"],
  [33, "INSUFFICIENT_FUNDS"],
  [34, "AMOUNT_OVERFLOW"],
  [35, "BATCH_ABORTED"],
  [36, "INTERNAL"],
  [37, "COUNTER_ACCOUNT_EXISTS"],
]);

export type LimitKind = types.LimitKind;
export const LimitKind = new EnumType<LimitKind>("LimitKind", [
  [0, "UNSPECIFIED"],
  [1, "TRANSACTION_AMOUNT"],
  [2, "DAY_AMOUNT"],
  [3, "DAY_COUNT"],
  [4, "WEEK_AMOUNT"],
  [5, "WEEK_COUNT"],
  [6, "MONTH_AMOUNT"],
  [7, "MONTH_COUNT"],
]);

export type WalletStatus = types.WalletStatus;
export const WalletStatus = new EnumType<WalletStatus>("WalletStatus", [
  [0, "UNSPECIFIED"],
  [1, "OPEN"],
  [2, "CLOSED"],
]);

export type TransactionKind = types.TransactionKind;
export const TransactionKind = new EnumType<TransactionKind>("TransactionKind", [
  [0, "UNSPECIFIED"],
  [1, "OPEN"],
  [2, "DEBIT"],
  [3, "CREDIT"],
  [4, "TRANSFER_OUT"],
  [5, "TRANSFER_IN"],
  [6, "HOLD"],
  [7, "CAPTURE"],
  [8, "RELEASE"],
  [9, "EXPIRE"],
  [10, "REFUND"],
  [11, "FREEZE"],
  [12, "UNFREEZE"],
  [13, "SET_LIMITS"],
  [14, "CLOSE"],
]);

export type FreezeScope = types.FreezeScope;
export const FreezeScope = new EnumType<FreezeScope>("FreezeScope", [
  [0, "UNSPECIFIED"],
  [1, "DEBIT"],
  [2, "CREDIT"],
  [3, "ALL"],
]);

export type TokenKind = types.TokenKind;
export const TokenKind = new EnumType<TokenKind>("TokenKind", [
  [0, "UNSPECIFIED"],
  [1, "SECRET"],
  [2, "CERTIFICATE"],
  [3, "UNIX_USER"],
]);

export type Hello = types.Hello;
export const Hello: MessageType<Hello> = new MessageType<Hello>(
  "Hello",
  () => ({
    versions: [],
    clientName: "",
    credentials: undefined,
    features: [],
    ledgerId: "",
  }),
  [
    { no: 1, name: "versions", proto: "versions", kind: "uint32", repeated: true },
    { no: 2, name: "clientName", proto: "client_name", kind: "string" },
    { no: 3, name: "credentials", proto: "credentials", kind: "message", type: () => Credentials },
    { no: 4, name: "features", proto: "features", kind: "string", repeated: true },
    { no: 5, name: "ledgerId", proto: "ledger_id", kind: "string" },
  ],
);

export type Credentials = types.Credentials;
export const Credentials: MessageType<Credentials> = new MessageType<Credentials>(
  "Credentials",
  () => ({
    kind: undefined,
  }),
  [
    { no: 1, name: "token", proto: "token", kind: "string", oneof: "kind" },
  ],
);

export type HelloAck = types.HelloAck;
export const HelloAck: MessageType<HelloAck> = new MessageType<HelloAck>(
  "HelloAck",
  () => ({
    version: 0,
    serverName: "",
    principal: "",
    scopes: [],
    features: [],
    limits: undefined,
    serverTimeMicros: 0n,
    schemaDigest: NO_BYTES,
    ledgerId: "",
    epoch: 0,
  }),
  [
    { no: 1, name: "version", proto: "version", kind: "uint32" },
    { no: 2, name: "serverName", proto: "server_name", kind: "string" },
    { no: 3, name: "principal", proto: "principal", kind: "string" },
    { no: 4, name: "scopes", proto: "scopes", kind: "string", repeated: true },
    { no: 5, name: "features", proto: "features", kind: "string", repeated: true },
    { no: 6, name: "limits", proto: "limits", kind: "message", type: () => Limits },
    { no: 7, name: "serverTimeMicros", proto: "server_time_micros", kind: "int64" },
    { no: 8, name: "schemaDigest", proto: "schema_digest", kind: "bytes" },
    { no: 9, name: "ledgerId", proto: "ledger_id", kind: "string" },
    { no: 10, name: "epoch", proto: "epoch", kind: "uint32" },
  ],
);

export type Limits = types.Limits;
export const Limits: MessageType<Limits> = new MessageType<Limits>(
  "Limits",
  () => ({
    requestBytesMax: 0,
    batchRequestBytesMax: 0,
    responseBytesMax: 0,
    requestsInFlightMax: 0,
    idleTimeoutMillis: 0,
    defaultDeadlineMillis: 0,
  }),
  [
    { no: 1, name: "requestBytesMax", proto: "request_bytes_max", kind: "uint32" },
    { no: 2, name: "batchRequestBytesMax", proto: "batch_request_bytes_max", kind: "uint32" },
    { no: 3, name: "responseBytesMax", proto: "response_bytes_max", kind: "uint32" },
    { no: 4, name: "requestsInFlightMax", proto: "requests_in_flight_max", kind: "uint32" },
    { no: 5, name: "idleTimeoutMillis", proto: "idle_timeout_millis", kind: "uint32" },
    { no: 6, name: "defaultDeadlineMillis", proto: "default_deadline_millis", kind: "uint32" },
  ],
);

export type GoAway = types.GoAway;
export const GoAway: MessageType<GoAway> = new MessageType<GoAway>(
  "GoAway",
  () => ({
    message: "",
  }),
  [
    { no: 1, name: "message", proto: "message", kind: "string" },
  ],
);

export type ErrorInfo = types.ErrorInfo;
export const ErrorInfo: MessageType<ErrorInfo> = new MessageType<ErrorInfo>(
  "Error",
  () => ({
    reason: "UNSPECIFIED",
    message: "",
    commitSeq: 0n,
    replayed: false,
    detail: undefined,
  }),
  [
    { no: 1, name: "reason", proto: "reason", kind: "enum", type: () => ErrorReason },
    { no: 2, name: "message", proto: "message", kind: "string" },
    { no: 3, name: "commitSeq", proto: "commit_seq", kind: "int64" },
    { no: 4, name: "replayed", proto: "replayed", kind: "bool" },
    { no: 16, name: "invalidArgument", proto: "invalid_argument", kind: "message", type: () => InvalidArgument, oneof: "detail" },
    { no: 17, name: "unimplemented", proto: "unimplemented", kind: "message", type: () => Unimplemented, oneof: "detail" },
    { no: 18, name: "frameLimit", proto: "frame_limit", kind: "message", type: () => FrameLimit, oneof: "detail" },
    { no: 19, name: "retryAfter", proto: "retry_after", kind: "message", type: () => RetryAfter, oneof: "detail" },
    { no: 20, name: "idempotencyMismatch", proto: "idempotency_mismatch", kind: "message", type: () => IdempotencyMismatch, oneof: "detail" },
    { no: 21, name: "currency", proto: "currency", kind: "message", type: () => CurrencyDetail, oneof: "detail" },
    { no: 22, name: "counterAccount", proto: "counter_account", kind: "message", type: () => CounterAccountDetail, oneof: "detail" },
    { no: 23, name: "wallet", proto: "wallet", kind: "message", type: () => WalletDetail, oneof: "detail" },
    { no: 24, name: "versionConflict", proto: "version_conflict", kind: "message", type: () => VersionConflict, oneof: "detail" },
    { no: 25, name: "insufficientFunds", proto: "insufficient_funds", kind: "message", type: () => InsufficientFunds, oneof: "detail" },
    { no: 26, name: "amountOverflow", proto: "amount_overflow", kind: "message", type: () => AmountOverflow, oneof: "detail" },
    { no: 27, name: "internal", proto: "internal", kind: "message", type: () => Internal, oneof: "detail" },
    { no: 28, name: "scope", proto: "scope", kind: "message", type: () => ScopeDetail, oneof: "detail" },
    { no: 29, name: "batchAborted", proto: "batch_aborted", kind: "message", type: () => BatchAborted, oneof: "detail" },
    { no: 30, name: "transaction", proto: "transaction", kind: "message", type: () => TransactionDetail, oneof: "detail" },
    { no: 31, name: "hold", proto: "hold", kind: "message", type: () => HoldDetail, oneof: "detail" },
    { no: 32, name: "refundExceeds", proto: "refund_exceeds", kind: "message", type: () => RefundExceeds, oneof: "detail" },
    { no: 33, name: "walletFrozen", proto: "wallet_frozen", kind: "message", type: () => WalletFrozen, oneof: "detail" },
    { no: 34, name: "walletNotEmpty", proto: "wallet_not_empty", kind: "message", type: () => WalletNotEmpty, oneof: "detail" },
    { no: 35, name: "limitExceeded", proto: "limit_exceeded", kind: "message", type: () => LimitExceeded, oneof: "detail" },
    { no: 36, name: "maxBalanceExceeded", proto: "max_balance_exceeded", kind: "message", type: () => MaxBalanceExceeded, oneof: "detail" },
    { no: 37, name: "streamEnd", proto: "stream_end", kind: "message", type: () => StreamEnd, oneof: "detail" },
  ],
);

export type InvalidArgument = types.InvalidArgument;
export const InvalidArgument: MessageType<InvalidArgument> = new MessageType<InvalidArgument>(
  "InvalidArgument",
  () => ({
    field: "",
    rule: "",
  }),
  [
    { no: 1, name: "field", proto: "field", kind: "string" },
    { no: 2, name: "rule", proto: "rule", kind: "string" },
  ],
);

export type Unimplemented = types.Unimplemented;
export const Unimplemented: MessageType<Unimplemented> = new MessageType<Unimplemented>(
  "Unimplemented",
  () => ({
    method: 0,
    feature: "",
  }),
  [
    { no: 1, name: "method", proto: "method", kind: "uint32" },
    { no: 2, name: "feature", proto: "feature", kind: "string" },
  ],
);

export type FrameLimit = types.FrameLimit;
export const FrameLimit: MessageType<FrameLimit> = new MessageType<FrameLimit>(
  "FrameLimit",
  () => ({
    rule: "",
    limit: 0,
  }),
  [
    { no: 1, name: "rule", proto: "rule", kind: "string" },
    { no: 2, name: "limit", proto: "limit", kind: "uint32" },
  ],
);

export type RetryAfter = types.RetryAfter;
export const RetryAfter: MessageType<RetryAfter> = new MessageType<RetryAfter>(
  "RetryAfter",
  () => ({
    retryAfterMillis: 0,
  }),
  [
    { no: 1, name: "retryAfterMillis", proto: "retry_after_millis", kind: "uint32" },
  ],
);

export type IdempotencyMismatch = types.IdempotencyMismatch;
export const IdempotencyMismatch: MessageType<IdempotencyMismatch> = new MessageType<IdempotencyMismatch>(
  "IdempotencyMismatch",
  () => ({
    field: "",
  }),
  [
    { no: 1, name: "field", proto: "field", kind: "string" },
  ],
);

export type CurrencyDetail = types.CurrencyDetail;
export const CurrencyDetail: MessageType<CurrencyDetail> = new MessageType<CurrencyDetail>(
  "CurrencyDetail",
  () => ({
    walletCurrency: "",
    requestCurrency: "",
  }),
  [
    { no: 1, name: "walletCurrency", proto: "wallet_currency", kind: "string" },
    { no: 2, name: "requestCurrency", proto: "request_currency", kind: "string" },
  ],
);

export type CounterAccountDetail = types.CounterAccountDetail;
export const CounterAccountDetail: MessageType<CounterAccountDetail> = new MessageType<CounterAccountDetail>(
  "CounterAccountDetail",
  () => ({
    counterAccount: "",
  }),
  [
    { no: 1, name: "counterAccount", proto: "counter_account", kind: "string" },
  ],
);

export type WalletDetail = types.WalletDetail;
export const WalletDetail: MessageType<WalletDetail> = new MessageType<WalletDetail>(
  "WalletDetail",
  () => ({
    walletId: 0n,
    ownerId: "",
    currency: "",
    name: "",
  }),
  [
    { no: 1, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 2, name: "ownerId", proto: "owner_id", kind: "string" },
    { no: 3, name: "currency", proto: "currency", kind: "string" },
    { no: 4, name: "name", proto: "name", kind: "string" },
  ],
);

export type VersionConflict = types.VersionConflict;
export const VersionConflict: MessageType<VersionConflict> = new MessageType<VersionConflict>(
  "VersionConflict",
  () => ({
    expected: 0n,
    actual: 0n,
    balance: 0n,
  }),
  [
    { no: 1, name: "expected", proto: "expected", kind: "int64" },
    { no: 2, name: "actual", proto: "actual", kind: "int64" },
    { no: 3, name: "balance", proto: "balance", kind: "int64" },
  ],
);

export type InsufficientFunds = types.InsufficientFunds;
export const InsufficientFunds: MessageType<InsufficientFunds> = new MessageType<InsufficientFunds>(
  "InsufficientFunds",
  () => ({
    requested: 0n,
    available: 0n,
    balance: 0n,
    held: 0n,
    overdraftLimit: 0n,
    shortfall: 0n,
    version: 0n,
  }),
  [
    { no: 1, name: "requested", proto: "requested", kind: "int64" },
    { no: 2, name: "available", proto: "available", kind: "int64" },
    { no: 3, name: "balance", proto: "balance", kind: "int64" },
    { no: 4, name: "held", proto: "held", kind: "int64" },
    { no: 5, name: "overdraftLimit", proto: "overdraft_limit", kind: "int64" },
    { no: 6, name: "shortfall", proto: "shortfall", kind: "int64" },
    { no: 7, name: "version", proto: "version", kind: "int64" },
  ],
);

export type AmountOverflow = types.AmountOverflow;
export const AmountOverflow: MessageType<AmountOverflow> = new MessageType<AmountOverflow>(
  "AmountOverflow",
  () => ({
    field: "",
  }),
  [
    { no: 1, name: "field", proto: "field", kind: "string" },
  ],
);

export type Internal = types.Internal;
export const Internal: MessageType<Internal> = new MessageType<Internal>(
  "Internal",
  () => ({
    id: "",
  }),
  [
    { no: 1, name: "id", proto: "id", kind: "string" },
  ],
);

export type ScopeDetail = types.ScopeDetail;
export const ScopeDetail: MessageType<ScopeDetail> = new MessageType<ScopeDetail>(
  "ScopeDetail",
  () => ({
    scope: "",
    rule: "",
    maxAmount: 0n,
    omitted: 0n,
  }),
  [
    { no: 1, name: "scope", proto: "scope", kind: "string" },
    { no: 2, name: "rule", proto: "rule", kind: "string" },
    { no: 3, name: "maxAmount", proto: "max_amount", kind: "int64" },
    { no: 4, name: "omitted", proto: "omitted", kind: "int64" },
  ],
);

export type BatchAborted = types.BatchAborted;
export const BatchAborted: MessageType<BatchAborted> = new MessageType<BatchAborted>(
  "BatchAborted",
  () => ({
    index: 0,
    cause: undefined,
  }),
  [
    { no: 1, name: "index", proto: "index", kind: "uint32" },
    { no: 2, name: "cause", proto: "cause", kind: "message", type: () => ErrorInfo },
  ],
);

export type TransactionDetail = types.TransactionDetail;
export const TransactionDetail: MessageType<TransactionDetail> = new MessageType<TransactionDetail>(
  "TransactionDetail",
  () => ({
    transactionId: 0n,
  }),
  [
    { no: 1, name: "transactionId", proto: "transaction_id", kind: "int64" },
  ],
);

export type HoldDetail = types.HoldDetail;
export const HoldDetail: MessageType<HoldDetail> = new MessageType<HoldDetail>(
  "HoldDetail",
  () => ({
    holdId: 0n,
    atMicros: 0n,
    remaining: 0n,
  }),
  [
    { no: 1, name: "holdId", proto: "hold_id", kind: "int64" },
    { no: 2, name: "atMicros", proto: "at_micros", kind: "int64" },
    { no: 3, name: "remaining", proto: "remaining", kind: "int64" },
  ],
);

export type RefundExceeds = types.RefundExceeds;
export const RefundExceeds: MessageType<RefundExceeds> = new MessageType<RefundExceeds>(
  "RefundExceeds",
  () => ({
    original: 0n,
    refunded: 0n,
    remaining: 0n,
  }),
  [
    { no: 1, name: "original", proto: "original", kind: "int64" },
    { no: 2, name: "refunded", proto: "refunded", kind: "int64" },
    { no: 3, name: "remaining", proto: "remaining", kind: "int64" },
  ],
);

export type WalletFrozen = types.WalletFrozen;
export const WalletFrozen: MessageType<WalletFrozen> = new MessageType<WalletFrozen>(
  "WalletFrozen",
  () => ({
    walletId: 0n,
    scope: "UNSPECIFIED",
    reason: "",
    sinceMicros: 0n,
    untilMicros: 0n,
  }),
  [
    { no: 1, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 2, name: "scope", proto: "scope", kind: "enum", type: () => FreezeScope },
    { no: 3, name: "reason", proto: "reason", kind: "string" },
    { no: 4, name: "sinceMicros", proto: "since_micros", kind: "int64" },
    { no: 5, name: "untilMicros", proto: "until_micros", kind: "int64" },
  ],
);

export type WalletNotEmpty = types.WalletNotEmpty;
export const WalletNotEmpty: MessageType<WalletNotEmpty> = new MessageType<WalletNotEmpty>(
  "WalletNotEmpty",
  () => ({
    balance: 0n,
    openHolds: 0n,
  }),
  [
    { no: 1, name: "balance", proto: "balance", kind: "int64" },
    { no: 2, name: "openHolds", proto: "open_holds", kind: "int64" },
  ],
);

export type LimitExceeded = types.LimitExceeded;
export const LimitExceeded: MessageType<LimitExceeded> = new MessageType<LimitExceeded>(
  "LimitExceeded",
  () => ({
    kind: "UNSPECIFIED",
    limit: 0n,
    used: 0n,
    remaining: 0n,
    windowEndMicros: 0n,
  }),
  [
    { no: 1, name: "kind", proto: "kind", kind: "enum", type: () => LimitKind },
    { no: 2, name: "limit", proto: "limit", kind: "int64" },
    { no: 3, name: "used", proto: "used", kind: "int64" },
    { no: 4, name: "remaining", proto: "remaining", kind: "int64" },
    { no: 5, name: "windowEndMicros", proto: "window_end_micros", kind: "int64" },
  ],
);

export type MaxBalanceExceeded = types.MaxBalanceExceeded;
export const MaxBalanceExceeded: MessageType<MaxBalanceExceeded> = new MessageType<MaxBalanceExceeded>(
  "MaxBalanceExceeded",
  () => ({
    limit: 0n,
    balance: 0n,
    remaining: 0n,
  }),
  [
    { no: 1, name: "limit", proto: "limit", kind: "int64" },
    { no: 2, name: "balance", proto: "balance", kind: "int64" },
    { no: 3, name: "remaining", proto: "remaining", kind: "int64" },
  ],
);

export type StreamEnd = types.StreamEnd;
export const StreamEnd: MessageType<StreamEnd> = new MessageType<StreamEnd>(
  "StreamEnd",
  () => ({
    resumeToken: "",
  }),
  [
    { no: 1, name: "resumeToken", proto: "resume_token", kind: "string" },
  ],
);

export type WalletRef = types.WalletRef;
export const WalletRef: MessageType<WalletRef> = new MessageType<WalletRef>(
  "WalletRef",
  () => ({
    id: 0n,
    ownerId: "",
    currency: "",
    name: "",
  }),
  [
    { no: 1, name: "id", proto: "id", kind: "int64" },
    { no: 2, name: "ownerId", proto: "owner_id", kind: "string" },
    { no: 3, name: "currency", proto: "currency", kind: "string" },
    { no: 4, name: "name", proto: "name", kind: "string" },
  ],
);

export type Wallet = types.Wallet;
export const Wallet: MessageType<Wallet> = new MessageType<Wallet>(
  "Wallet",
  () => ({
    id: 0n,
    ownerId: "",
    currency: "",
    exponent: 0,
    name: "",
    status: "UNSPECIFIED",
    balance: 0n,
    held: 0n,
    available: 0n,
    overdraftLimit: 0n,
    version: 0n,
    createdAtMicros: 0n,
    createdBy: "",
    updatedAtMicros: 0n,
    updatedBy: "",
    expiryPending: false,
  }),
  [
    { no: 1, name: "id", proto: "id", kind: "int64" },
    { no: 2, name: "ownerId", proto: "owner_id", kind: "string" },
    { no: 3, name: "currency", proto: "currency", kind: "string" },
    { no: 4, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 5, name: "name", proto: "name", kind: "string" },
    { no: 6, name: "status", proto: "status", kind: "enum", type: () => WalletStatus },
    { no: 7, name: "balance", proto: "balance", kind: "int64" },
    { no: 8, name: "held", proto: "held", kind: "int64" },
    { no: 9, name: "available", proto: "available", kind: "int64" },
    { no: 10, name: "overdraftLimit", proto: "overdraft_limit", kind: "int64" },
    { no: 11, name: "version", proto: "version", kind: "int64" },
    { no: 12, name: "createdAtMicros", proto: "created_at_micros", kind: "int64" },
    { no: 13, name: "createdBy", proto: "created_by", kind: "string" },
    { no: 14, name: "updatedAtMicros", proto: "updated_at_micros", kind: "int64" },
    { no: 15, name: "updatedBy", proto: "updated_by", kind: "string" },
    { no: 16, name: "expiryPending", proto: "expiry_pending", kind: "bool" },
  ],
);

export type Transaction = types.Transaction;
export const Transaction: MessageType<Transaction> = new MessageType<Transaction>(
  "Transaction",
  () => ({
    id: 0n,
    kind: "UNSPECIFIED",
    walletId: 0n,
    walletVersion: 0n,
    amount: 0n,
    heldChange: 0n,
    balance: 0n,
    held: 0n,
    overdraftLimit: 0n,
    counterAccount: "",
    counterWalletId: 0n,
    holdId: 0n,
    relatedTransactionId: 0n,
    actor: "",
    onBehalfOf: "",
    reason: "",
    note: "",
    reference: "",
    idempotencyKey: "",
    requestDigest: NO_BYTES,
    correlationId: "",
    source: "",
    clientName: "",
    metadata: [],
    occurredAtMicros: 0n,
    createdAtMicros: 0n,
    detail: NO_BYTES,
    digest: NO_BYTES,
    lane: 0,
    rowFormat: 0,
  }),
  [
    { no: 1, name: "id", proto: "id", kind: "int64" },
    { no: 2, name: "kind", proto: "kind", kind: "enum", type: () => TransactionKind },
    { no: 3, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 4, name: "walletVersion", proto: "wallet_version", kind: "int64" },
    { no: 5, name: "amount", proto: "amount", kind: "int64" },
    { no: 6, name: "heldChange", proto: "held_change", kind: "int64" },
    { no: 7, name: "balance", proto: "balance", kind: "int64" },
    { no: 8, name: "held", proto: "held", kind: "int64" },
    { no: 9, name: "overdraftLimit", proto: "overdraft_limit", kind: "int64" },
    { no: 10, name: "counterAccount", proto: "counter_account", kind: "string" },
    { no: 11, name: "counterWalletId", proto: "counter_wallet_id", kind: "int64" },
    { no: 12, name: "holdId", proto: "hold_id", kind: "int64" },
    { no: 13, name: "relatedTransactionId", proto: "related_transaction_id", kind: "int64" },
    { no: 14, name: "actor", proto: "actor", kind: "string" },
    { no: 15, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 16, name: "reason", proto: "reason", kind: "string" },
    { no: 17, name: "note", proto: "note", kind: "string" },
    { no: 18, name: "reference", proto: "reference", kind: "string" },
    { no: 19, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 20, name: "requestDigest", proto: "request_digest", kind: "bytes" },
    { no: 21, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 22, name: "source", proto: "source", kind: "string" },
    { no: 23, name: "clientName", proto: "client_name", kind: "string" },
    { no: 24, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 25, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 26, name: "createdAtMicros", proto: "created_at_micros", kind: "int64" },
    { no: 27, name: "detail", proto: "detail", kind: "bytes" },
    { no: 28, name: "digest", proto: "digest", kind: "bytes" },
    { no: 29, name: "lane", proto: "lane", kind: "uint32" },
    { no: 30, name: "rowFormat", proto: "row_format", kind: "uint32" },
  ],
);

export type MetadataEntry = types.MetadataEntry;
export const MetadataEntry: MessageType<MetadataEntry> = new MessageType<MetadataEntry>(
  "MetadataEntry",
  () => ({
    key: "",
    value: "",
  }),
  [
    { no: 1, name: "key", proto: "key", kind: "string" },
    { no: 2, name: "value", proto: "value", kind: "string" },
  ],
);

export type PingRequest = types.PingRequest;
export const PingRequest: MessageType<PingRequest> = new MessageType<PingRequest>(
  "PingRequest",
  () => ({}),
  [],
);

export type PingResponse = types.PingResponse;
export const PingResponse: MessageType<PingResponse> = new MessageType<PingResponse>(
  "PingResponse",
  () => ({
    serverTimeMicros: 0n,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "serverTimeMicros", proto: "server_time_micros", kind: "int64" },
    { no: 2, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type GetSchemaRequest = types.GetSchemaRequest;
export const GetSchemaRequest: MessageType<GetSchemaRequest> = new MessageType<GetSchemaRequest>(
  "GetSchemaRequest",
  () => ({}),
  [],
);

export type GetSchemaResponse = types.GetSchemaResponse;
export const GetSchemaResponse: MessageType<GetSchemaResponse> = new MessageType<GetSchemaResponse>(
  "GetSchemaResponse",
  () => ({
    fileDescriptorSet: NO_BYTES,
    digest: NO_BYTES,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "fileDescriptorSet", proto: "file_descriptor_set", kind: "bytes" },
    { no: 2, name: "digest", proto: "digest", kind: "bytes" },
    { no: 3, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type GetServerInfoRequest = types.GetServerInfoRequest;
export const GetServerInfoRequest: MessageType<GetServerInfoRequest> = new MessageType<GetServerInfoRequest>(
  "GetServerInfoRequest",
  () => ({}),
  [],
);

export type GetServerInfoResponse = types.GetServerInfoResponse;
export const GetServerInfoResponse: MessageType<GetServerInfoResponse> = new MessageType<GetServerInfoResponse>(
  "GetServerInfoResponse",
  () => ({
    serverName: "",
    ledgerId: "",
    epoch: 0,
    head: undefined,
    serverTimeMicros: 0n,
    limits: undefined,
    schemaDigest: NO_BYTES,
    storage: "",
    startedAtMicros: 0n,
    mutationsAvailable: false,
    mutationsUnavailableBecause: "",
    commitSeq: 0n,
    build: "",
  }),
  [
    { no: 1, name: "serverName", proto: "server_name", kind: "string" },
    { no: 2, name: "ledgerId", proto: "ledger_id", kind: "string" },
    { no: 3, name: "epoch", proto: "epoch", kind: "uint32" },
    { no: 4, name: "head", proto: "head", kind: "message", type: () => JournalHead },
    { no: 5, name: "serverTimeMicros", proto: "server_time_micros", kind: "int64" },
    { no: 6, name: "limits", proto: "limits", kind: "message", type: () => Limits },
    { no: 7, name: "schemaDigest", proto: "schema_digest", kind: "bytes" },
    { no: 8, name: "storage", proto: "storage", kind: "string" },
    { no: 9, name: "startedAtMicros", proto: "started_at_micros", kind: "int64" },
    { no: 10, name: "mutationsAvailable", proto: "mutations_available", kind: "bool" },
    { no: 11, name: "mutationsUnavailableBecause", proto: "mutations_unavailable_because", kind: "string" },
    { no: 12, name: "commitSeq", proto: "commit_seq", kind: "int64" },
    { no: 13, name: "build", proto: "build", kind: "string" },
  ],
);

export type JournalHead = types.JournalHead;
export const JournalHead: MessageType<JournalHead> = new MessageType<JournalHead>(
  "JournalHead",
  () => ({
    seq: 0n,
    digest: NO_BYTES,
  }),
  [
    { no: 1, name: "seq", proto: "seq", kind: "int64" },
    { no: 2, name: "digest", proto: "digest", kind: "bytes" },
  ],
);

export type OpenWalletRequest = types.OpenWalletRequest;
export const OpenWalletRequest: MessageType<OpenWalletRequest> = new MessageType<OpenWalletRequest>(
  "OpenWalletRequest",
  () => ({
    wallet: undefined,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type DebitRequest = types.DebitRequest;
export const DebitRequest: MessageType<DebitRequest> = new MessageType<DebitRequest>(
  "DebitRequest",
  () => ({
    wallet: undefined,
    amount: 0n,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    counterAccount: "",
    metadata: [],
    dryRun: false,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "amount", proto: "amount", kind: "int64" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 11, name: "counterAccount", proto: "counter_account", kind: "string" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type CreditRequest = types.CreditRequest;
export const CreditRequest: MessageType<CreditRequest> = new MessageType<CreditRequest>(
  "CreditRequest",
  () => ({
    wallet: undefined,
    amount: 0n,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    counterAccount: "",
    metadata: [],
    dryRun: false,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "amount", proto: "amount", kind: "int64" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 11, name: "counterAccount", proto: "counter_account", kind: "string" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type TransferRequest = types.TransferRequest;
export const TransferRequest: MessageType<TransferRequest> = new MessageType<TransferRequest>(
  "TransferRequest",
  () => ({
    wallet: undefined,
    amount: 0n,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
    to: undefined,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "amount", proto: "amount", kind: "int64" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "to", proto: "to", kind: "message", type: () => WalletRef },
  ],
);

export type TransferResponse = types.TransferResponse;
export const TransferResponse: MessageType<TransferResponse> = new MessageType<TransferResponse>(
  "TransferResponse",
  () => ({
    source: undefined,
    destination: undefined,
    commitSeq: 0n,
    replayed: false,
    dryRun: false,
  }),
  [
    { no: 1, name: "source", proto: "source", kind: "message", type: () => MutationResponse },
    { no: 2, name: "destination", proto: "destination", kind: "message", type: () => Transaction },
    { no: 3, name: "commitSeq", proto: "commit_seq", kind: "int64" },
    { no: 4, name: "replayed", proto: "replayed", kind: "bool" },
    { no: 5, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type HoldRequest = types.HoldRequest;
export const HoldRequest: MessageType<HoldRequest> = new MessageType<HoldRequest>(
  "HoldRequest",
  () => ({
    wallet: undefined,
    amount: 0n,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
    timeoutMillis: 0n,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "amount", proto: "amount", kind: "int64" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "timeoutMillis", proto: "timeout_millis", kind: "int64" },
  ],
);

export type CaptureRequest = types.CaptureRequest;
export const CaptureRequest: MessageType<CaptureRequest> = new MessageType<CaptureRequest>(
  "CaptureRequest",
  () => ({
    amount: 0n,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    counterAccount: "",
    metadata: [],
    dryRun: false,
    holdId: 0n,
    final: false,
    currency: "",
  }),
  [
    { no: 2, name: "amount", proto: "amount", kind: "int64" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 11, name: "counterAccount", proto: "counter_account", kind: "string" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "holdId", proto: "hold_id", kind: "int64" },
    { no: 17, name: "final", proto: "final", kind: "bool" },
    { no: 18, name: "currency", proto: "currency", kind: "string" },
  ],
);

export type ReleaseRequest = types.ReleaseRequest;
export const ReleaseRequest: MessageType<ReleaseRequest> = new MessageType<ReleaseRequest>(
  "ReleaseRequest",
  () => ({
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
    holdId: 0n,
  }),
  [
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "holdId", proto: "hold_id", kind: "int64" },
  ],
);

export type RefundRequest = types.RefundRequest;
export const RefundRequest: MessageType<RefundRequest> = new MessageType<RefundRequest>(
  "RefundRequest",
  () => ({
    amount: 0n,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    counterAccount: "",
    metadata: [],
    dryRun: false,
    transactionId: 0n,
    currency: "",
  }),
  [
    { no: 2, name: "amount", proto: "amount", kind: "int64" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 11, name: "counterAccount", proto: "counter_account", kind: "string" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "transactionId", proto: "transaction_id", kind: "int64" },
    { no: 18, name: "currency", proto: "currency", kind: "string" },
  ],
);

export type FreezeRequest = types.FreezeRequest;
export const FreezeRequest: MessageType<FreezeRequest> = new MessageType<FreezeRequest>(
  "FreezeRequest",
  () => ({
    wallet: undefined,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
    scope: "UNSPECIFIED",
    untilMicros: 0n,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "scope", proto: "scope", kind: "enum", type: () => FreezeScope },
    { no: 17, name: "untilMicros", proto: "until_micros", kind: "int64" },
  ],
);

export type UnfreezeRequest = types.UnfreezeRequest;
export const UnfreezeRequest: MessageType<UnfreezeRequest> = new MessageType<UnfreezeRequest>(
  "UnfreezeRequest",
  () => ({
    wallet: undefined,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
    scope: "UNSPECIFIED",
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "scope", proto: "scope", kind: "enum", type: () => FreezeScope },
  ],
);

export type SetLimitsRequest = types.SetLimitsRequest;
export const SetLimitsRequest: MessageType<SetLimitsRequest> = new MessageType<SetLimitsRequest>(
  "SetLimitsRequest",
  () => ({
    wallet: undefined,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
    limits: undefined,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "limits", proto: "limits", kind: "message", type: () => WalletLimits },
  ],
);

export type WalletLimits = types.WalletLimits;
export const WalletLimits: MessageType<WalletLimits> = new MessageType<WalletLimits>(
  "WalletLimits",
  () => ({
    overdraftLimit: 0n,
    maxBalance: 0n,
    maxAmount: 0n,
    day: undefined,
    week: undefined,
    month: undefined,
  }),
  [
    { no: 1, name: "overdraftLimit", proto: "overdraft_limit", kind: "int64" },
    { no: 2, name: "maxBalance", proto: "max_balance", kind: "int64" },
    { no: 3, name: "maxAmount", proto: "max_amount", kind: "int64" },
    { no: 4, name: "day", proto: "day", kind: "message", type: () => WindowLimit },
    { no: 5, name: "week", proto: "week", kind: "message", type: () => WindowLimit },
    { no: 6, name: "month", proto: "month", kind: "message", type: () => WindowLimit },
  ],
);

export type WindowLimit = types.WindowLimit;
export const WindowLimit: MessageType<WindowLimit> = new MessageType<WindowLimit>(
  "WindowLimit",
  () => ({
    amount: 0n,
    count: 0n,
  }),
  [
    { no: 1, name: "amount", proto: "amount", kind: "int64" },
    { no: 2, name: "count", proto: "count", kind: "int64" },
  ],
);

export type CloseWalletRequest = types.CloseWalletRequest;
export const CloseWalletRequest: MessageType<CloseWalletRequest> = new MessageType<CloseWalletRequest>(
  "CloseWalletRequest",
  () => ({
    wallet: undefined,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    expectedVersion: 0n,
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 9, name: "expectedVersion", proto: "expected_version", kind: "int64" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type MutationResponse = types.MutationResponse;
export const MutationResponse: MessageType<MutationResponse> = new MessageType<MutationResponse>(
  "MutationResponse",
  () => ({
    transaction: undefined,
    balance: 0n,
    held: 0n,
    available: 0n,
    version: 0n,
    currency: "",
    exponent: 0,
    replayed: false,
    commitSeq: 0n,
    dryRun: false,
  }),
  [
    { no: 1, name: "transaction", proto: "transaction", kind: "message", type: () => Transaction },
    { no: 2, name: "balance", proto: "balance", kind: "int64" },
    { no: 3, name: "held", proto: "held", kind: "int64" },
    { no: 4, name: "available", proto: "available", kind: "int64" },
    { no: 5, name: "version", proto: "version", kind: "int64" },
    { no: 6, name: "currency", proto: "currency", kind: "string" },
    { no: 7, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 8, name: "replayed", proto: "replayed", kind: "bool" },
    { no: 9, name: "commitSeq", proto: "commit_seq", kind: "int64" },
    { no: 10, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type RegisterCurrencyRequest = types.RegisterCurrencyRequest;
export const RegisterCurrencyRequest: MessageType<RegisterCurrencyRequest> = new MessageType<RegisterCurrencyRequest>(
  "RegisterCurrencyRequest",
  () => ({
    code: "",
    exponent: 0,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
  }),
  [
    { no: 1, name: "code", proto: "code", kind: "string" },
    { no: 2, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type AddCounterAccountRequest = types.AddCounterAccountRequest;
export const AddCounterAccountRequest: MessageType<AddCounterAccountRequest> = new MessageType<AddCounterAccountRequest>(
  "AddCounterAccountRequest",
  () => ({
    name: "",
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
  }),
  [
    { no: 1, name: "name", proto: "name", kind: "string" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type CreateTokenRequest = types.CreateTokenRequest;
export const CreateTokenRequest: MessageType<CreateTokenRequest> = new MessageType<CreateTokenRequest>(
  "CreateTokenRequest",
  () => ({
    principal: "",
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
    credential: undefined,
    scopes: [],
    currencies: [],
    ownerPrefix: "",
    maxAmount: 0n,
    expiresAtMicros: 0n,
  }),
  [
    { no: 1, name: "principal", proto: "principal", kind: "string" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 16, name: "secretDigest", proto: "secret_digest", kind: "bytes", oneof: "credential" },
    { no: 17, name: "certificateName", proto: "certificate_name", kind: "string", oneof: "credential" },
    { no: 18, name: "unixUser", proto: "unix_user", kind: "uint32", oneof: "credential" },
    { no: 19, name: "scopes", proto: "scopes", kind: "string", repeated: true },
    { no: 20, name: "currencies", proto: "currencies", kind: "string", repeated: true },
    { no: 21, name: "ownerPrefix", proto: "owner_prefix", kind: "string" },
    { no: 22, name: "maxAmount", proto: "max_amount", kind: "int64" },
    { no: 23, name: "expiresAtMicros", proto: "expires_at_micros", kind: "int64" },
  ],
);

export type RevokeTokenRequest = types.RevokeTokenRequest;
export const RevokeTokenRequest: MessageType<RevokeTokenRequest> = new MessageType<RevokeTokenRequest>(
  "RevokeTokenRequest",
  () => ({
    tokenId: 0n,
    idempotencyKey: "",
    reason: "",
    reference: "",
    correlationId: "",
    note: "",
    onBehalfOf: "",
    occurredAtMicros: 0n,
    metadata: [],
    dryRun: false,
  }),
  [
    { no: 1, name: "tokenId", proto: "token_id", kind: "int64" },
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "reference", proto: "reference", kind: "string" },
    { no: 6, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 7, name: "note", proto: "note", kind: "string" },
    { no: 8, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 10, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 12, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type ListTokensRequest = types.ListTokensRequest;
export const ListTokensRequest: MessageType<ListTokensRequest> = new MessageType<ListTokensRequest>(
  "ListTokensRequest",
  () => ({
    principal: "",
    pageSize: 0,
    cursor: "",
    withRevoked: false,
  }),
  [
    { no: 1, name: "principal", proto: "principal", kind: "string" },
    { no: 2, name: "pageSize", proto: "page_size", kind: "uint32" },
    { no: 3, name: "cursor", proto: "cursor", kind: "string" },
    { no: 4, name: "withRevoked", proto: "with_revoked", kind: "bool" },
  ],
);

export type ListTokensResponse = types.ListTokensResponse;
export const ListTokensResponse: MessageType<ListTokensResponse> = new MessageType<ListTokensResponse>(
  "ListTokensResponse",
  () => ({
    tokens: [],
    nextCursor: "",
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "tokens", proto: "tokens", kind: "message", type: () => Token, repeated: true },
    { no: 2, name: "nextCursor", proto: "next_cursor", kind: "string" },
    { no: 3, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type Token = types.Token;
export const Token: MessageType<Token> = new MessageType<Token>(
  "Token",
  () => ({
    tokenId: 0n,
    principal: "",
    certificateName: "",
    unixUser: 0,
    kind: "UNSPECIFIED",
    scopes: [],
    currencies: [],
    ownerPrefix: "",
    maxAmount: 0n,
    expiresAtMicros: 0n,
    createdAtMicros: 0n,
    revokedAtMicros: 0n,
  }),
  [
    { no: 1, name: "tokenId", proto: "token_id", kind: "int64" },
    { no: 2, name: "principal", proto: "principal", kind: "string" },
    { no: 3, name: "certificateName", proto: "certificate_name", kind: "string" },
    { no: 4, name: "unixUser", proto: "unix_user", kind: "uint32" },
    { no: 5, name: "kind", proto: "kind", kind: "enum", type: () => TokenKind },
    { no: 6, name: "scopes", proto: "scopes", kind: "string", repeated: true },
    { no: 7, name: "currencies", proto: "currencies", kind: "string", repeated: true },
    { no: 8, name: "ownerPrefix", proto: "owner_prefix", kind: "string" },
    { no: 9, name: "maxAmount", proto: "max_amount", kind: "int64" },
    { no: 10, name: "expiresAtMicros", proto: "expires_at_micros", kind: "int64" },
    { no: 11, name: "createdAtMicros", proto: "created_at_micros", kind: "int64" },
    { no: 12, name: "revokedAtMicros", proto: "revoked_at_micros", kind: "int64" },
  ],
);

export type AdministrationResponse = types.AdministrationResponse;
export const AdministrationResponse: MessageType<AdministrationResponse> = new MessageType<AdministrationResponse>(
  "AdministrationResponse",
  () => ({
    row: undefined,
    replayed: false,
    dryRun: false,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "row", proto: "row", kind: "message", type: () => AdministrationRow },
    { no: 2, name: "replayed", proto: "replayed", kind: "bool" },
    { no: 3, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 4, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type AdministrationRow = types.AdministrationRow;
export const AdministrationRow: MessageType<AdministrationRow> = new MessageType<AdministrationRow>(
  "AdministrationRow",
  () => ({
    id: 0n,
    verb: "UNSPECIFIED",
    subject: "",
    exponent: 0,
    tokenId: 0n,
    actor: "",
    onBehalfOf: "",
    reason: "",
    note: "",
    reference: "",
    idempotencyKey: "",
    requestDigest: NO_BYTES,
    correlationId: "",
    source: "",
    clientName: "",
    metadata: [],
    occurredAtMicros: 0n,
    createdAtMicros: 0n,
    detail: NO_BYTES,
    digest: NO_BYTES,
    lane: 0,
    rowFormat: 0,
  }),
  [
    { no: 1, name: "id", proto: "id", kind: "int64" },
    { no: 2, name: "verb", proto: "verb", kind: "enum", type: () => Method },
    { no: 3, name: "subject", proto: "subject", kind: "string" },
    { no: 4, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 5, name: "tokenId", proto: "token_id", kind: "int64" },
    { no: 14, name: "actor", proto: "actor", kind: "string" },
    { no: 15, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 16, name: "reason", proto: "reason", kind: "string" },
    { no: 17, name: "note", proto: "note", kind: "string" },
    { no: 18, name: "reference", proto: "reference", kind: "string" },
    { no: 19, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 20, name: "requestDigest", proto: "request_digest", kind: "bytes" },
    { no: 21, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 22, name: "source", proto: "source", kind: "string" },
    { no: 23, name: "clientName", proto: "client_name", kind: "string" },
    { no: 24, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 25, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 26, name: "createdAtMicros", proto: "created_at_micros", kind: "int64" },
    { no: 27, name: "detail", proto: "detail", kind: "bytes" },
    { no: 28, name: "digest", proto: "digest", kind: "bytes" },
    { no: 29, name: "lane", proto: "lane", kind: "uint32" },
    { no: 30, name: "rowFormat", proto: "row_format", kind: "uint32" },
  ],
);

export type BatchRequest = types.BatchRequest;
export const BatchRequest: MessageType<BatchRequest> = new MessageType<BatchRequest>(
  "BatchRequest",
  () => ({
    idempotencyKey: "",
    dryRun: false,
    atomic: false,
    items: [],
    fullResults: false,
  }),
  [
    { no: 3, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 13, name: "dryRun", proto: "dry_run", kind: "bool" },
    { no: 14, name: "atomic", proto: "atomic", kind: "bool" },
    { no: 15, name: "items", proto: "items", kind: "message", type: () => BatchItem, repeated: true },
    { no: 16, name: "fullResults", proto: "full_results", kind: "bool" },
  ],
);

export type BatchItem = types.BatchItem;
export const BatchItem: MessageType<BatchItem> = new MessageType<BatchItem>(
  "BatchItem",
  () => ({
    mutation: undefined,
  }),
  [
    { no: 1, name: "openWallet", proto: "open_wallet", kind: "message", type: () => OpenWalletRequest, oneof: "mutation" },
    { no: 2, name: "debit", proto: "debit", kind: "message", type: () => DebitRequest, oneof: "mutation" },
    { no: 3, name: "credit", proto: "credit", kind: "message", type: () => CreditRequest, oneof: "mutation" },
    { no: 4, name: "transfer", proto: "transfer", kind: "message", type: () => TransferRequest, oneof: "mutation" },
    { no: 5, name: "hold", proto: "hold", kind: "message", type: () => HoldRequest, oneof: "mutation" },
    { no: 6, name: "capture", proto: "capture", kind: "message", type: () => CaptureRequest, oneof: "mutation" },
    { no: 7, name: "release", proto: "release", kind: "message", type: () => ReleaseRequest, oneof: "mutation" },
    { no: 8, name: "refund", proto: "refund", kind: "message", type: () => RefundRequest, oneof: "mutation" },
    { no: 9, name: "freeze", proto: "freeze", kind: "message", type: () => FreezeRequest, oneof: "mutation" },
    { no: 10, name: "unfreeze", proto: "unfreeze", kind: "message", type: () => UnfreezeRequest, oneof: "mutation" },
    { no: 11, name: "setLimits", proto: "set_limits", kind: "message", type: () => SetLimitsRequest, oneof: "mutation" },
    { no: 12, name: "closeWallet", proto: "close_wallet", kind: "message", type: () => CloseWalletRequest, oneof: "mutation" },
  ],
);

export type BatchResponse = types.BatchResponse;
export const BatchResponse: MessageType<BatchResponse> = new MessageType<BatchResponse>(
  "BatchResponse",
  () => ({
    results: [],
    commitSeq: 0n,
    replayed: false,
    dryRun: false,
  }),
  [
    { no: 1, name: "results", proto: "results", kind: "message", type: () => BatchResult, repeated: true },
    { no: 2, name: "commitSeq", proto: "commit_seq", kind: "int64" },
    { no: 3, name: "replayed", proto: "replayed", kind: "bool" },
    { no: 4, name: "dryRun", proto: "dry_run", kind: "bool" },
  ],
);

export type BatchResult = types.BatchResult;
export const BatchResult: MessageType<BatchResult> = new MessageType<BatchResult>(
  "BatchResult",
  () => ({
    transactionId: 0n,
    walletVersion: 0n,
    balance: 0n,
    held: 0n,
    error: undefined,
    replayed: false,
    transaction: undefined,
    walletId: 0n,
    available: 0n,
    currency: "",
    exponent: 0,
  }),
  [
    { no: 1, name: "transactionId", proto: "transaction_id", kind: "int64" },
    { no: 2, name: "walletVersion", proto: "wallet_version", kind: "int64" },
    { no: 3, name: "balance", proto: "balance", kind: "int64" },
    { no: 4, name: "held", proto: "held", kind: "int64" },
    { no: 5, name: "error", proto: "error", kind: "message", type: () => ErrorInfo },
    { no: 6, name: "replayed", proto: "replayed", kind: "bool" },
    { no: 7, name: "transaction", proto: "transaction", kind: "message", type: () => Transaction },
    { no: 8, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 9, name: "available", proto: "available", kind: "int64" },
    { no: 10, name: "currency", proto: "currency", kind: "string" },
    { no: 11, name: "exponent", proto: "exponent", kind: "uint32" },
  ],
);

export type GetWalletRequest = types.GetWalletRequest;
export const GetWalletRequest: MessageType<GetWalletRequest> = new MessageType<GetWalletRequest>(
  "GetWalletRequest",
  () => ({
    wallet: undefined,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
  ],
);

export type GetWalletResponse = types.GetWalletResponse;
export const GetWalletResponse: MessageType<GetWalletResponse> = new MessageType<GetWalletResponse>(
  "GetWalletResponse",
  () => ({
    wallet: undefined,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => Wallet },
    { no: 2, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type ListWalletsRequest = types.ListWalletsRequest;
export const ListWalletsRequest: MessageType<ListWalletsRequest> = new MessageType<ListWalletsRequest>(
  "ListWalletsRequest",
  () => ({
    ownerId: "",
    pageSize: 0,
    cursor: "",
  }),
  [
    { no: 1, name: "ownerId", proto: "owner_id", kind: "string" },
    { no: 2, name: "pageSize", proto: "page_size", kind: "uint32" },
    { no: 3, name: "cursor", proto: "cursor", kind: "string" },
  ],
);

export type ListWalletsResponse = types.ListWalletsResponse;
export const ListWalletsResponse: MessageType<ListWalletsResponse> = new MessageType<ListWalletsResponse>(
  "ListWalletsResponse",
  () => ({
    wallets: [],
    nextCursor: "",
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "wallets", proto: "wallets", kind: "message", type: () => Wallet, repeated: true },
    { no: 2, name: "nextCursor", proto: "next_cursor", kind: "string" },
    { no: 3, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type GetBalanceRequest = types.GetBalanceRequest;
export const GetBalanceRequest: MessageType<GetBalanceRequest> = new MessageType<GetBalanceRequest>(
  "GetBalanceRequest",
  () => ({
    wallet: undefined,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
  ],
);

export type GetBalanceResponse = types.GetBalanceResponse;
export const GetBalanceResponse: MessageType<GetBalanceResponse> = new MessageType<GetBalanceResponse>(
  "GetBalanceResponse",
  () => ({
    walletId: 0n,
    balance: 0n,
    held: 0n,
    available: 0n,
    version: 0n,
    currency: "",
    exponent: 0,
    overdraftLimit: 0n,
    commitSeq: 0n,
    expiryPending: false,
  }),
  [
    { no: 1, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 2, name: "balance", proto: "balance", kind: "int64" },
    { no: 3, name: "held", proto: "held", kind: "int64" },
    { no: 4, name: "available", proto: "available", kind: "int64" },
    { no: 5, name: "version", proto: "version", kind: "int64" },
    { no: 6, name: "currency", proto: "currency", kind: "string" },
    { no: 7, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 8, name: "overdraftLimit", proto: "overdraft_limit", kind: "int64" },
    { no: 9, name: "commitSeq", proto: "commit_seq", kind: "int64" },
    { no: 10, name: "expiryPending", proto: "expiry_pending", kind: "bool" },
  ],
);

export type ListTransactionsRequest = types.ListTransactionsRequest;
export const ListTransactionsRequest: MessageType<ListTransactionsRequest> = new MessageType<ListTransactionsRequest>(
  "ListTransactionsRequest",
  () => ({
    wallet: undefined,
    pageSize: 0,
    cursor: "",
    oldestFirst: false,
    filter: undefined,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "pageSize", proto: "page_size", kind: "uint32" },
    { no: 3, name: "cursor", proto: "cursor", kind: "string" },
    { no: 4, name: "oldestFirst", proto: "oldest_first", kind: "bool" },
    { no: 5, name: "filter", proto: "filter", kind: "message", type: () => TransactionFilter },
  ],
);

export type TransactionFilter = types.TransactionFilter;
export const TransactionFilter: MessageType<TransactionFilter> = new MessageType<TransactionFilter>(
  "TransactionFilter",
  () => ({
    fromMicros: 0n,
    beforeMicros: 0n,
    kinds: [],
    reason: "",
    actor: "",
    reference: "",
    minAmount: 0n,
    maxAmount: 0n,
  }),
  [
    { no: 1, name: "fromMicros", proto: "from_micros", kind: "int64" },
    { no: 2, name: "beforeMicros", proto: "before_micros", kind: "int64" },
    { no: 3, name: "kinds", proto: "kinds", kind: "enum", type: () => TransactionKind, repeated: true },
    { no: 4, name: "reason", proto: "reason", kind: "string" },
    { no: 5, name: "actor", proto: "actor", kind: "string" },
    { no: 6, name: "reference", proto: "reference", kind: "string" },
    { no: 7, name: "minAmount", proto: "min_amount", kind: "int64" },
    { no: 8, name: "maxAmount", proto: "max_amount", kind: "int64" },
  ],
);

export type ListTransactionsResponse = types.ListTransactionsResponse;
export const ListTransactionsResponse: MessageType<ListTransactionsResponse> = new MessageType<ListTransactionsResponse>(
  "ListTransactionsResponse",
  () => ({
    transactions: [],
    nextCursor: "",
    currency: "",
    exponent: 0,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "transactions", proto: "transactions", kind: "message", type: () => Transaction, repeated: true },
    { no: 2, name: "nextCursor", proto: "next_cursor", kind: "string" },
    { no: 3, name: "currency", proto: "currency", kind: "string" },
    { no: 4, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 5, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type GetBalanceAtRequest = types.GetBalanceAtRequest;
export const GetBalanceAtRequest: MessageType<GetBalanceAtRequest> = new MessageType<GetBalanceAtRequest>(
  "GetBalanceAtRequest",
  () => ({
    wallet: undefined,
    at: undefined,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "timeMicros", proto: "time_micros", kind: "int64", oneof: "at" },
    { no: 3, name: "version", proto: "version", kind: "int64", oneof: "at" },
  ],
);

export type GetBalanceAtResponse = types.GetBalanceAtResponse;
export const GetBalanceAtResponse: MessageType<GetBalanceAtResponse> = new MessageType<GetBalanceAtResponse>(
  "GetBalanceAtResponse",
  () => ({
    walletId: 0n,
    balance: 0n,
    held: 0n,
    available: 0n,
    overdraftLimit: 0n,
    version: 0n,
    transactionId: 0n,
    createdAtMicros: 0n,
    currency: "",
    exponent: 0,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 2, name: "balance", proto: "balance", kind: "int64" },
    { no: 3, name: "held", proto: "held", kind: "int64" },
    { no: 4, name: "available", proto: "available", kind: "int64" },
    { no: 5, name: "overdraftLimit", proto: "overdraft_limit", kind: "int64" },
    { no: 6, name: "version", proto: "version", kind: "int64" },
    { no: 7, name: "transactionId", proto: "transaction_id", kind: "int64" },
    { no: 8, name: "createdAtMicros", proto: "created_at_micros", kind: "int64" },
    { no: 9, name: "currency", proto: "currency", kind: "string" },
    { no: 10, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 11, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type ExplainBalanceRequest = types.ExplainBalanceRequest;
export const ExplainBalanceRequest: MessageType<ExplainBalanceRequest> = new MessageType<ExplainBalanceRequest>(
  "ExplainBalanceRequest",
  () => ({
    wallet: undefined,
    fromMicros: 0n,
    lastChanges: 0,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "fromMicros", proto: "from_micros", kind: "int64" },
    { no: 3, name: "lastChanges", proto: "last_changes", kind: "uint32" },
  ],
);

export type ExplainBalanceResponse = types.ExplainBalanceResponse;
export const ExplainBalanceResponse: MessageType<ExplainBalanceResponse> = new MessageType<ExplainBalanceResponse>(
  "ExplainBalanceResponse",
  () => ({
    wallet: undefined,
    openingBalance: 0n,
    openingVersion: 0n,
    openingAtMicros: 0n,
    sums: [],
    holds: [],
    freezes: [],
    frozenAmount: 0n,
    limits: undefined,
    limitUses: [],
    lastChanges: [],
    rowsRecomputed: 0n,
    equal: false,
    difference: "",
    chainVerifiedTo: 0n,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => Wallet },
    { no: 2, name: "openingBalance", proto: "opening_balance", kind: "int64" },
    { no: 3, name: "openingVersion", proto: "opening_version", kind: "int64" },
    { no: 4, name: "openingAtMicros", proto: "opening_at_micros", kind: "int64" },
    { no: 5, name: "sums", proto: "sums", kind: "message", type: () => BalanceSum, repeated: true },
    { no: 6, name: "holds", proto: "holds", kind: "message", type: () => HoldInfo, repeated: true },
    { no: 7, name: "freezes", proto: "freezes", kind: "message", type: () => FreezeInfo, repeated: true },
    { no: 8, name: "frozenAmount", proto: "frozen_amount", kind: "int64" },
    { no: 9, name: "limits", proto: "limits", kind: "message", type: () => WalletLimits },
    { no: 10, name: "limitUses", proto: "limit_uses", kind: "message", type: () => LimitUse, repeated: true },
    { no: 11, name: "lastChanges", proto: "last_changes", kind: "message", type: () => Transaction, repeated: true },
    { no: 12, name: "rowsRecomputed", proto: "rows_recomputed", kind: "int64" },
    { no: 13, name: "equal", proto: "equal", kind: "bool" },
    { no: 14, name: "difference", proto: "difference", kind: "string" },
    { no: 15, name: "chainVerifiedTo", proto: "chain_verified_to", kind: "int64" },
    { no: 16, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type BalanceSum = types.BalanceSum;
export const BalanceSum: MessageType<BalanceSum> = new MessageType<BalanceSum>(
  "BalanceSum",
  () => ({
    kind: "UNSPECIFIED",
    reason: "",
    count: 0n,
    amount: 0n,
    heldChange: 0n,
  }),
  [
    { no: 1, name: "kind", proto: "kind", kind: "enum", type: () => TransactionKind },
    { no: 2, name: "reason", proto: "reason", kind: "string" },
    { no: 3, name: "count", proto: "count", kind: "int64" },
    { no: 4, name: "amount", proto: "amount", kind: "int64" },
    { no: 5, name: "heldChange", proto: "held_change", kind: "int64" },
  ],
);

export type HoldInfo = types.HoldInfo;
export const HoldInfo: MessageType<HoldInfo> = new MessageType<HoldInfo>(
  "HoldInfo",
  () => ({
    holdId: 0n,
    amount: 0n,
    captured: 0n,
    remaining: 0n,
    createdAtMicros: 0n,
    endsAtMicros: 0n,
    reason: "",
    reference: "",
  }),
  [
    { no: 1, name: "holdId", proto: "hold_id", kind: "int64" },
    { no: 2, name: "amount", proto: "amount", kind: "int64" },
    { no: 3, name: "captured", proto: "captured", kind: "int64" },
    { no: 4, name: "remaining", proto: "remaining", kind: "int64" },
    { no: 5, name: "createdAtMicros", proto: "created_at_micros", kind: "int64" },
    { no: 6, name: "endsAtMicros", proto: "ends_at_micros", kind: "int64" },
    { no: 7, name: "reason", proto: "reason", kind: "string" },
    { no: 8, name: "reference", proto: "reference", kind: "string" },
  ],
);

export type FreezeInfo = types.FreezeInfo;
export const FreezeInfo: MessageType<FreezeInfo> = new MessageType<FreezeInfo>(
  "FreezeInfo",
  () => ({
    scope: "UNSPECIFIED",
    reason: "",
    sinceMicros: 0n,
    untilMicros: 0n,
  }),
  [
    { no: 1, name: "scope", proto: "scope", kind: "enum", type: () => FreezeScope },
    { no: 2, name: "reason", proto: "reason", kind: "string" },
    { no: 3, name: "sinceMicros", proto: "since_micros", kind: "int64" },
    { no: 4, name: "untilMicros", proto: "until_micros", kind: "int64" },
  ],
);

export type LimitUse = types.LimitUse;
export const LimitUse: MessageType<LimitUse> = new MessageType<LimitUse>(
  "LimitUse",
  () => ({
    kind: "UNSPECIFIED",
    limit: 0n,
    used: 0n,
    remaining: 0n,
    windowEndMicros: 0n,
  }),
  [
    { no: 1, name: "kind", proto: "kind", kind: "enum", type: () => LimitKind },
    { no: 2, name: "limit", proto: "limit", kind: "int64" },
    { no: 3, name: "used", proto: "used", kind: "int64" },
    { no: 4, name: "remaining", proto: "remaining", kind: "int64" },
    { no: 5, name: "windowEndMicros", proto: "window_end_micros", kind: "int64" },
  ],
);

export type ListRefusalsRequest = types.ListRefusalsRequest;
export const ListRefusalsRequest: MessageType<ListRefusalsRequest> = new MessageType<ListRefusalsRequest>(
  "ListRefusalsRequest",
  () => ({
    wallet: undefined,
    pageSize: 0,
    cursor: "",
    oldestFirst: false,
    fromMicros: 0n,
    beforeMicros: 0n,
    reasons: [],
    actor: "",
    ownerId: "",
  }),
  [
    { no: 1, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 2, name: "pageSize", proto: "page_size", kind: "uint32" },
    { no: 3, name: "cursor", proto: "cursor", kind: "string" },
    { no: 4, name: "oldestFirst", proto: "oldest_first", kind: "bool" },
    { no: 5, name: "fromMicros", proto: "from_micros", kind: "int64" },
    { no: 6, name: "beforeMicros", proto: "before_micros", kind: "int64" },
    { no: 7, name: "reasons", proto: "reasons", kind: "enum", type: () => ErrorReason, repeated: true },
    { no: 8, name: "actor", proto: "actor", kind: "string" },
    { no: 9, name: "ownerId", proto: "owner_id", kind: "string" },
  ],
);

export type ListRefusalsResponse = types.ListRefusalsResponse;
export const ListRefusalsResponse: MessageType<ListRefusalsResponse> = new MessageType<ListRefusalsResponse>(
  "ListRefusalsResponse",
  () => ({
    refusals: [],
    nextCursor: "",
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "refusals", proto: "refusals", kind: "message", type: () => Refusal, repeated: true },
    { no: 2, name: "nextCursor", proto: "next_cursor", kind: "string" },
    { no: 3, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type Refusal = types.Refusal;
export const Refusal: MessageType<Refusal> = new MessageType<Refusal>(
  "Refusal",
  () => ({
    id: 0n,
    verb: "UNSPECIFIED",
    error: undefined,
    walletId: 0n,
    wallet: undefined,
    amount: 0n,
    counterAccount: "",
    currency: "",
    exponent: 0,
    actor: "",
    onBehalfOf: "",
    reason: "",
    note: "",
    reference: "",
    idempotencyKey: "",
    requestDigest: NO_BYTES,
    correlationId: "",
    source: "",
    clientName: "",
    metadata: [],
    occurredAtMicros: 0n,
    createdAtMicros: 0n,
    digest: NO_BYTES,
    lane: 0,
    rowFormat: 0,
  }),
  [
    { no: 1, name: "id", proto: "id", kind: "int64" },
    { no: 2, name: "verb", proto: "verb", kind: "enum", type: () => Method },
    { no: 3, name: "error", proto: "error", kind: "message", type: () => ErrorInfo },
    { no: 4, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 5, name: "wallet", proto: "wallet", kind: "message", type: () => WalletRef },
    { no: 6, name: "amount", proto: "amount", kind: "int64" },
    { no: 7, name: "counterAccount", proto: "counter_account", kind: "string" },
    { no: 8, name: "currency", proto: "currency", kind: "string" },
    { no: 9, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 14, name: "actor", proto: "actor", kind: "string" },
    { no: 15, name: "onBehalfOf", proto: "on_behalf_of", kind: "string" },
    { no: 16, name: "reason", proto: "reason", kind: "string" },
    { no: 17, name: "note", proto: "note", kind: "string" },
    { no: 18, name: "reference", proto: "reference", kind: "string" },
    { no: 19, name: "idempotencyKey", proto: "idempotency_key", kind: "string" },
    { no: 20, name: "requestDigest", proto: "request_digest", kind: "bytes" },
    { no: 21, name: "correlationId", proto: "correlation_id", kind: "string" },
    { no: 22, name: "source", proto: "source", kind: "string" },
    { no: 23, name: "clientName", proto: "client_name", kind: "string" },
    { no: 24, name: "metadata", proto: "metadata", kind: "message", type: () => MetadataEntry, repeated: true },
    { no: 25, name: "occurredAtMicros", proto: "occurred_at_micros", kind: "int64" },
    { no: 26, name: "createdAtMicros", proto: "created_at_micros", kind: "int64" },
    { no: 28, name: "digest", proto: "digest", kind: "bytes" },
    { no: 29, name: "lane", proto: "lane", kind: "uint32" },
    { no: 30, name: "rowFormat", proto: "row_format", kind: "uint32" },
  ],
);

export type TrialBalanceRequest = types.TrialBalanceRequest;
export const TrialBalanceRequest: MessageType<TrialBalanceRequest> = new MessageType<TrialBalanceRequest>(
  "TrialBalanceRequest",
  () => ({
    currency: "",
  }),
  [
    { no: 1, name: "currency", proto: "currency", kind: "string" },
  ],
);

export type TrialBalanceResponse = types.TrialBalanceResponse;
export const TrialBalanceResponse: MessageType<TrialBalanceResponse> = new MessageType<TrialBalanceResponse>(
  "TrialBalanceResponse",
  () => ({
    currencies: [],
    commitSeq: 0n,
    counterAccounts: [],
  }),
  [
    { no: 1, name: "currencies", proto: "currencies", kind: "message", type: () => CurrencyBalance, repeated: true },
    { no: 2, name: "commitSeq", proto: "commit_seq", kind: "int64" },
    { no: 3, name: "counterAccounts", proto: "counter_accounts", kind: "string", repeated: true },
  ],
);

export type CurrencyBalance = types.CurrencyBalance;
export const CurrencyBalance: MessageType<CurrencyBalance> = new MessageType<CurrencyBalance>(
  "CurrencyBalance",
  () => ({
    currency: "",
    exponent: 0,
    walletsTotal: 0n,
    counterAccounts: [],
    difference: 0n,
    registered: false,
  }),
  [
    { no: 1, name: "currency", proto: "currency", kind: "string" },
    { no: 2, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 3, name: "walletsTotal", proto: "wallets_total", kind: "int64" },
    { no: 4, name: "counterAccounts", proto: "counter_accounts", kind: "message", type: () => CounterAccountBalance, repeated: true },
    { no: 5, name: "difference", proto: "difference", kind: "int64" },
    { no: 6, name: "registered", proto: "registered", kind: "bool" },
  ],
);

export type CounterAccountBalance = types.CounterAccountBalance;
export const CounterAccountBalance: MessageType<CounterAccountBalance> = new MessageType<CounterAccountBalance>(
  "CounterAccountBalance",
  () => ({
    name: "",
    total: 0n,
  }),
  [
    { no: 1, name: "name", proto: "name", kind: "string" },
    { no: 2, name: "total", proto: "total", kind: "int64" },
  ],
);

export type VerifyRequest = types.VerifyRequest;
export const VerifyRequest: MessageType<VerifyRequest> = new MessageType<VerifyRequest>(
  "VerifyRequest",
  () => ({
    expectedHead: undefined,
    skipIntegrityCheck: false,
  }),
  [
    { no: 1, name: "expectedHead", proto: "expected_head", kind: "message", type: () => JournalHead },
    { no: 2, name: "skipIntegrityCheck", proto: "skip_integrity_check", kind: "bool" },
  ],
);

export type VerifyEvent = types.VerifyEvent;
export const VerifyEvent: MessageType<VerifyEvent> = new MessageType<VerifyEvent>(
  "VerifyEvent",
  () => ({
    event: undefined,
  }),
  [
    { no: 1, name: "progress", proto: "progress", kind: "message", type: () => VerifyProgress, oneof: "event" },
    { no: 2, name: "finding", proto: "finding", kind: "message", type: () => VerifyFinding, oneof: "event" },
    { no: 3, name: "report", proto: "report", kind: "message", type: () => VerifyReport, oneof: "event" },
  ],
);

export type VerifyProgress = types.VerifyProgress;
export const VerifyProgress: MessageType<VerifyProgress> = new MessageType<VerifyProgress>(
  "VerifyProgress",
  () => ({
    stage: "",
    done: 0n,
    total: 0n,
  }),
  [
    { no: 1, name: "stage", proto: "stage", kind: "string" },
    { no: 2, name: "done", proto: "done", kind: "int64" },
    { no: 3, name: "total", proto: "total", kind: "int64" },
  ],
);

export type VerifyFinding = types.VerifyFinding;
export const VerifyFinding: MessageType<VerifyFinding> = new MessageType<VerifyFinding>(
  "VerifyFinding",
  () => ({
    what: "",
    walletId: 0n,
    seq: 0n,
    expected: "",
    found: "",
  }),
  [
    { no: 1, name: "what", proto: "what", kind: "string" },
    { no: 2, name: "walletId", proto: "wallet_id", kind: "int64" },
    { no: 3, name: "seq", proto: "seq", kind: "int64" },
    { no: 4, name: "expected", proto: "expected", kind: "string" },
    { no: 5, name: "found", proto: "found", kind: "string" },
  ],
);

export type VerifyReport = types.VerifyReport;
export const VerifyReport: MessageType<VerifyReport> = new MessageType<VerifyReport>(
  "VerifyReport",
  () => ({
    head: undefined,
    rows: 0n,
    wallets: 0n,
    keys: 0n,
    findings: 0n,
    findingsTold: 0n,
    integrityChecked: false,
    integritySkippedBecause: "",
    micros: 0n,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "head", proto: "head", kind: "message", type: () => JournalHead },
    { no: 2, name: "rows", proto: "rows", kind: "int64" },
    { no: 3, name: "wallets", proto: "wallets", kind: "int64" },
    { no: 4, name: "keys", proto: "keys", kind: "int64" },
    { no: 5, name: "findings", proto: "findings", kind: "int64" },
    { no: 6, name: "findingsTold", proto: "findings_told", kind: "int64" },
    { no: 7, name: "integrityChecked", proto: "integrity_checked", kind: "bool" },
    { no: 8, name: "integritySkippedBecause", proto: "integrity_skipped_because", kind: "string" },
    { no: 9, name: "micros", proto: "micros", kind: "int64" },
    { no: 10, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type WatchTransactionsRequest = types.WatchTransactionsRequest;
export const WatchTransactionsRequest: MessageType<WatchTransactionsRequest> = new MessageType<WatchTransactionsRequest>(
  "WatchTransactionsRequest",
  () => ({
    start: undefined,
    walletIds: [],
    kinds: [],
  }),
  [
    { no: 1, name: "afterSeq", proto: "after_seq", kind: "int64", oneof: "start" },
    { no: 2, name: "resumeToken", proto: "resume_token", kind: "string", oneof: "start" },
    { no: 3, name: "fromNow", proto: "from_now", kind: "bool", oneof: "start" },
    { no: 4, name: "walletIds", proto: "wallet_ids", kind: "int64", repeated: true },
    { no: 5, name: "kinds", proto: "kinds", kind: "enum", type: () => TransactionKind, repeated: true },
  ],
);

export type WatchEvent = types.WatchEvent;
export const WatchEvent: MessageType<WatchEvent> = new MessageType<WatchEvent>(
  "WatchEvent",
  () => ({
    transaction: undefined,
    balanceBefore: 0n,
    heldBefore: 0n,
    currency: "",
    exponent: 0,
    resumeToken: "",
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "transaction", proto: "transaction", kind: "message", type: () => Transaction },
    { no: 2, name: "balanceBefore", proto: "balance_before", kind: "int64" },
    { no: 3, name: "heldBefore", proto: "held_before", kind: "int64" },
    { no: 4, name: "currency", proto: "currency", kind: "string" },
    { no: 5, name: "exponent", proto: "exponent", kind: "uint32" },
    { no: 6, name: "resumeToken", proto: "resume_token", kind: "string" },
    { no: 7, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

export type BackupRequest = types.BackupRequest;
export const BackupRequest: MessageType<BackupRequest> = new MessageType<BackupRequest>(
  "BackupRequest",
  () => ({
    incremental: false,
  }),
  [
    { no: 1, name: "incremental", proto: "incremental", kind: "bool" },
  ],
);

export type BackupEvent = types.BackupEvent;
export const BackupEvent: MessageType<BackupEvent> = new MessageType<BackupEvent>(
  "BackupEvent",
  () => ({
    event: undefined,
  }),
  [
    { no: 1, name: "progress", proto: "progress", kind: "message", type: () => BackupProgress, oneof: "event" },
    { no: 2, name: "report", proto: "report", kind: "message", type: () => BackupReport, oneof: "event" },
  ],
);

export type BackupProgress = types.BackupProgress;
export const BackupProgress: MessageType<BackupProgress> = new MessageType<BackupProgress>(
  "BackupProgress",
  () => ({
    stage: "",
    done: 0n,
    total: 0n,
  }),
  [
    { no: 1, name: "stage", proto: "stage", kind: "string" },
    { no: 2, name: "done", proto: "done", kind: "int64" },
    { no: 3, name: "total", proto: "total", kind: "int64" },
  ],
);

export type BackupReport = types.BackupReport;
export const BackupReport: MessageType<BackupReport> = new MessageType<BackupReport>(
  "BackupReport",
  () => ({
    file: "",
    head: undefined,
    epoch: 0,
    bytes: 0n,
    sha256: NO_BYTES,
    incremental: false,
    baseSeq: 0n,
    rows: 0n,
    old: false,
    micros: 0n,
    commitSeq: 0n,
  }),
  [
    { no: 1, name: "file", proto: "file", kind: "string" },
    { no: 2, name: "head", proto: "head", kind: "message", type: () => JournalHead },
    { no: 3, name: "epoch", proto: "epoch", kind: "uint32" },
    { no: 4, name: "bytes", proto: "bytes", kind: "int64" },
    { no: 5, name: "sha256", proto: "sha256", kind: "bytes" },
    { no: 6, name: "incremental", proto: "incremental", kind: "bool" },
    { no: 7, name: "baseSeq", proto: "base_seq", kind: "int64" },
    { no: 8, name: "rows", proto: "rows", kind: "int64" },
    { no: 9, name: "old", proto: "old", kind: "bool" },
    { no: 10, name: "micros", proto: "micros", kind: "int64" },
    { no: 11, name: "commitSeq", proto: "commit_seq", kind: "int64" },
  ],
);

/** The verbs: their numbers, and the messages that they take and give. */
export const methods = {
  ping: { number: 1, request: PingRequest, response: PingResponse, streams: false },
  getSchema: { number: 2, request: GetSchemaRequest, response: GetSchemaResponse, streams: false },
  getServerInfo: { number: 3, request: GetServerInfoRequest, response: GetServerInfoResponse, streams: false },
  openWallet: { number: 256, request: OpenWalletRequest, response: MutationResponse, streams: false },
  getWallet: { number: 257, request: GetWalletRequest, response: GetWalletResponse, streams: false },
  listWallets: { number: 258, request: ListWalletsRequest, response: ListWalletsResponse, streams: false },
  getBalance: { number: 259, request: GetBalanceRequest, response: GetBalanceResponse, streams: false },
  debit: { number: 260, request: DebitRequest, response: MutationResponse, streams: false },
  credit: { number: 261, request: CreditRequest, response: MutationResponse, streams: false },
  listTransactions: { number: 262, request: ListTransactionsRequest, response: ListTransactionsResponse, streams: false },
  transfer: { number: 263, request: TransferRequest, response: TransferResponse, streams: false },
  hold: { number: 264, request: HoldRequest, response: MutationResponse, streams: false },
  capture: { number: 265, request: CaptureRequest, response: MutationResponse, streams: false },
  release: { number: 266, request: ReleaseRequest, response: MutationResponse, streams: false },
  refund: { number: 267, request: RefundRequest, response: MutationResponse, streams: false },
  freeze: { number: 268, request: FreezeRequest, response: MutationResponse, streams: false },
  unfreeze: { number: 269, request: UnfreezeRequest, response: MutationResponse, streams: false },
  setLimits: { number: 270, request: SetLimitsRequest, response: MutationResponse, streams: false },
  closeWallet: { number: 271, request: CloseWalletRequest, response: MutationResponse, streams: false },
  batch: { number: 272, request: BatchRequest, response: BatchResponse, streams: false },
  getBalanceAt: { number: 273, request: GetBalanceAtRequest, response: GetBalanceAtResponse, streams: false },
  explainBalance: { number: 274, request: ExplainBalanceRequest, response: ExplainBalanceResponse, streams: false },
  listRefusals: { number: 275, request: ListRefusalsRequest, response: ListRefusalsResponse, streams: false },
  trialBalance: { number: 276, request: TrialBalanceRequest, response: TrialBalanceResponse, streams: false },
  verify: { number: 277, request: VerifyRequest, response: VerifyEvent, streams: true },
  watchTransactions: { number: 278, request: WatchTransactionsRequest, response: WatchEvent, streams: true },
  registerCurrency: { number: 512, request: RegisterCurrencyRequest, response: AdministrationResponse, streams: false },
  addCounterAccount: { number: 513, request: AddCounterAccountRequest, response: AdministrationResponse, streams: false },
  createToken: { number: 514, request: CreateTokenRequest, response: AdministrationResponse, streams: false },
  revokeToken: { number: 515, request: RevokeTokenRequest, response: AdministrationResponse, streams: false },
  listTokens: { number: 516, request: ListTokensRequest, response: ListTokensResponse, streams: false },
  backup: { number: 517, request: BackupRequest, response: BackupEvent, streams: true },
} as const;
