/**
 * The client of walletd, the wallet and ledger server.
 *
 * @packageDocumentation
 */

export { Client } from "./client.js";
export { REMEMBERED, RETRIED } from "./codes.js";
export {
  Cancelled,
  DeadlineExceeded,
  Disconnected,
  NotExecuted,
  OutcomeUnknown,
  ProtocolError,
  Rejected,
  Unauthenticated,
  WalletError,
} from "./errors.js";
export type { ErrorDetail, ErrorKind } from "./errors.js";
export { countedKey, newKey } from "./keys.js";
export { formatMoney, parseMoney } from "./money.js";
export { PACKAGE_VERSION } from "./version.js";
export type { Events } from "./iteration.js";
export type { RetryOptions } from "./retry.js";
export type { CancelSignal } from "./signal.js";
export type { ClientOptions, TlsOptions } from "./options.js";
export type {
  AddCounterAccountArguments,
  BatchArguments,
  BatchItem,
  CallOptions,
  CaptureArguments,
  ChangeArguments,
  CloseWalletArguments,
  CreditArguments,
  DebitArguments,
  ExplainBalanceArguments,
  FreezeArguments,
  GetBalanceAtArguments,
  HoldArguments,
  LimitArguments,
  ListRefusalsArguments,
  ListTransactionsArguments,
  ListWalletsArguments,
  MutationArguments,
  MutationCallOptions,
  OpenWalletArguments,
  PageArguments,
  RefundArguments,
  RegisterCurrencyArguments,
  ReleaseArguments,
  SetLimitsArguments,
  StreamOptions,
  TransactionFilterArguments,
  TransferArguments,
  UnfreezeArguments,
  VerifyArguments,
  WalletAddress,
  WalletById,
  WalletByOwner,
  WatchOptions,
  WatchTransactionsArguments,
} from "./arguments.js";
export type {
  AdministrationRow,
  BalanceSum,
  CounterAccountBalance,
  CurrencyBalance,
  ErrorReason,
  ExplainBalanceResponse,
  FreezeInfo,
  FreezeScope,
  GetBalanceAtResponse,
  GetBalanceResponse,
  GetSchemaResponse,
  GetServerInfoResponse,
  HoldInfo,
  JournalHead,
  LimitKind,
  Limits,
  LimitUse,
  MetadataEntry,
  Method,
  PingResponse,
  Transaction,
  TransactionKind,
  TrialBalanceResponse,
  VerifyFinding,
  VerifyProgress,
  VerifyReport,
  Wallet,
  WalletLimits,
  WalletStatus,
  WatchEvent,
  WindowLimit,
} from "./proto/types.js";
export type {
  AdministrationResult,
  BatchItemResult,
  BatchResult,
  ItemDone,
  ItemFailed,
  MutationResult,
  Refusal,
  RefusalPage,
  TransactionPage,
  TransferResult,
  VerifyEvent,
  WalletPage,
  WalletResult,
} from "./results.js";
