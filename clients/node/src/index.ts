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
  BackupArguments,
  BatchArguments,
  BatchItem,
  CallOptions,
  CaptureArguments,
  ChangeArguments,
  CloseWalletArguments,
  CreateTokenArguments,
  CreditArguments,
  DebitArguments,
  ExplainBalanceArguments,
  FreezeArguments,
  GetBalanceAtArguments,
  HoldArguments,
  LimitArguments,
  ListRefusalsArguments,
  ListTokensArguments,
  ListTransactionsArguments,
  ListWalletsArguments,
  MutationArguments,
  MutationCallOptions,
  OpenWalletArguments,
  PageArguments,
  RefundArguments,
  RegisterCurrencyArguments,
  ReleaseArguments,
  RevokeTokenArguments,
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
  BackupProgress,
  BackupReport,
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
  Token,
  TokenKind,
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
  BackupEvent,
  BatchItemResult,
  BatchResult,
  CreateTokenResult,
  ItemDone,
  ItemFailed,
  MutationResult,
  Refusal,
  RefusalPage,
  TokenPage,
  TransactionPage,
  TransferResult,
  VerifyEvent,
  WalletPage,
  WalletResult,
} from "./results.js";
