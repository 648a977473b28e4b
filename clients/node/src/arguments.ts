// What the verbs take. Amounts are bigints of minor units, times are bigints of microseconds since 1970 in UTC, and
// lengths of text are in bytes of UTF-8.

import type { ErrorReason, FreezeScope, TransactionKind, WindowLimit } from "./proto/types.js";
import type { CancelSignal } from "./signal.js";

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds for all of it, connecting and all attempts included. Default: the client's. */
  readonly timeoutMillis?: number | undefined;
  /** Ends the call: a read as Cancelled, a mutation that was sent as OutcomeUnknown. */
  readonly signal?: CancelSignal | undefined;
}

/** Options of one call of a mutation. */
export interface MutationCallOptions extends CallOptions {
  /**
   * An attempt of the key that this client doesn't know of, of another process perhaps, ended unknown: only OK, a
   * replay or a remembered refusal will then do, everything else is OutcomeUnknown.
   */
  readonly retryOfUnknown?: boolean | undefined;
}

/** Options of a stream. */
export interface StreamOptions extends CallOptions {
  /** Milliseconds until its first event. Default: those of the client. */
  readonly timeoutMillis?: number | undefined;
}

/** Options of a watch. */
export interface WatchOptions extends StreamOptions {
  /** For how many milliseconds the server may be away before the watch ends with an error. Default: for ever. */
  readonly patienceMillis?: number | undefined;
}

/** A wallet by its id; a `currency` that is given must then be the wallet's. */
export interface WalletById {
  readonly id: bigint;
  readonly currency?: string | undefined;
}

/** A wallet by its owner, its currency and its name; without a name it is "main". */
export interface WalletByOwner {
  /** At most 64 bytes of [A-Za-z0-9._:@-]. */
  readonly ownerId: string;
  /** At most 16 bytes of [A-Z0-9-]. */
  readonly currency: string;
  /** At most 32 bytes. */
  readonly name?: string | undefined;
}

/** Names a wallet. A {@link Wallet} of an answer does, too. */
export type WalletAddress = WalletById | WalletByOwner;

/** What every mutation takes beside its own arguments. */
export interface MutationArguments {
  /** Why: a short code of [a-z0-9._-], at most 64 bytes, such as "esim.purchase". */
  readonly reason: string;
  /** 8 to 64 printable ASCII characters. One that isn't given is made: a UUIDv7. */
  readonly idempotencyKey?: string | undefined;
  /** At most 128 bytes. */
  readonly reference?: string | undefined;
  /** At most 64 bytes of [A-Za-z0-9._:@-]; a W3C traceparent fits. It is passed on as it is. */
  readonly correlationId?: string | undefined;
  /** At most 256 bytes. */
  readonly note?: string | undefined;
  /** At most 64 bytes of [A-Za-z0-9._:@-]. */
  readonly onBehalfOf?: string | undefined;
  /** Business time; stored, never used by a rule. */
  readonly occurredAtMicros?: bigint | undefined;
  /** At most 16 pairs and 1 KiB; a list of pairs keeps its order. */
  readonly metadata?: { readonly [key: string]: string } | readonly { key: string; value: string }[] | undefined;
  /**
   * Check everything and give the figures that would follow, but write nothing: no row, no refusal, and the key stays
   * new. A key that is known already is answered as ever. Not for items of a batch, which has its own.
   */
  readonly dryRun?: boolean | undefined;
}

/** What every mutation of a wallet that is there already takes. */
export interface ChangeArguments extends MutationArguments {
  /** The wallet's version must be this one, a transfer's is its source's; 0n: not checked. */
  readonly expectedVersion?: bigint | undefined;
}

export interface OpenWalletArguments extends MutationArguments {
  readonly wallet: WalletByOwner;
}

export interface DebitArguments extends ChangeArguments {
  readonly wallet: WalletAddress;
  /** From 1n. */
  readonly amount: bigint;
  /** Default "sales". */
  readonly counterAccount?: string | undefined;
}

export interface CreditArguments extends ChangeArguments {
  readonly wallet: WalletAddress;
  /** From 1n. */
  readonly amount: bigint;
  /** Default "funding". */
  readonly counterAccount?: string | undefined;
}

export interface TransferArguments extends ChangeArguments {
  /** The source. */
  readonly wallet: WalletAddress;
  readonly to: WalletAddress;
  /** From 1n. */
  readonly amount: bigint;
}

export interface HoldArguments extends ChangeArguments {
  readonly wallet: WalletAddress;
  /** From 1n. */
  readonly amount: bigint;
  /** When the hold ends, by the server's clock: 1 to 31,622,400,000 (366 days) from now. */
  readonly timeoutMillis: bigint | number;
}

export interface CaptureArguments extends ChangeArguments {
  readonly holdId: bigint;
  /** From 1n. Left out: all that is left, and then the capture is final. */
  readonly amount?: bigint | undefined;
  /** Nothing more will be captured; the rest is given back. */
  readonly final?: boolean | undefined;
  /** Of the amount; when given it must be the wallet's. */
  readonly currency?: string | undefined;
  /** Default "sales". */
  readonly counterAccount?: string | undefined;
}

export interface ReleaseArguments extends ChangeArguments {
  readonly holdId: bigint;
}

export interface RefundArguments extends ChangeArguments {
  /** Of a debit or a capture. */
  readonly transactionId: bigint;
  /** From 1n. Left out: all that wasn't refunded yet. */
  readonly amount?: bigint | undefined;
  /** Of the amount; when given it must be the wallet's. */
  readonly currency?: string | undefined;
  /** Default "refunds". */
  readonly counterAccount?: string | undefined;
}

export interface FreezeArguments extends ChangeArguments {
  readonly wallet: WalletAddress;
  readonly scope: FreezeScope;
  /** From then on the freeze has no effect; left out: until it is lifted. */
  readonly untilMicros?: bigint | undefined;
}

export interface UnfreezeArguments extends ChangeArguments {
  readonly wallet: WalletAddress;
  readonly scope: FreezeScope;
}

/** Limits of a wallet; one that is left out is none. */
export interface LimitArguments {
  /** How far the balance may fall below zero. */
  readonly overdraftLimit?: bigint | undefined;
  readonly maxBalance?: bigint | undefined;
  /** Of one debit, outgoing transfer or hold. */
  readonly maxAmount?: bigint | undefined;
  readonly day?: Partial<WindowLimit> | undefined;
  /** From Monday. */
  readonly week?: Partial<WindowLimit> | undefined;
  readonly month?: Partial<WindowLimit> | undefined;
}

export interface SetLimitsArguments extends ChangeArguments {
  readonly wallet: WalletAddress;
  /** All of them: those left out are lifted. */
  readonly limits: LimitArguments;
}

export interface CloseWalletArguments extends ChangeArguments {
  readonly wallet: WalletAddress;
}

export interface RegisterCurrencyArguments extends MutationArguments {
  /** At most 16 bytes of [A-Z0-9-]. */
  readonly code: string;
  /** Digits after the point, at most 18. */
  readonly exponent: number;
}

export interface AddCounterAccountArguments extends MutationArguments {
  /** At most 32 bytes of [a-z0-9._-]. */
  readonly name: string;
}

/**
 * Who is let in, what for, and by what: one of `secret`, `secretDigest`, `certificateName` and `unixUser`. Without any
 * of them a secret is made. To call again after OutcomeUnknown give the secret yourself: the server has its digest
 * only.
 */
export interface CreateTokenArguments extends MutationArguments {
  /** At most 64 bytes of [A-Za-z0-9._:@-]; the actor of each row that it writes. */
  readonly principal: string;
  /** Of read, debit, credit, hold, refund, transfer, freeze, limits, import, admin. What isn't in them is denied. */
  readonly scopes: readonly string[];
  /** 32 random bytes. A principal has at most two secrets that are live. */
  readonly secret?: Uint8Array | undefined;
  /** The SHA-256 of a secret that stays elsewhere. */
  readonly secretDigest?: Uint8Array | undefined;
  /** The common name, a DNS name or a URI of a client's certificate. */
  readonly certificateName?: string | undefined;
  /** The user at the other end of a Unix socket. */
  readonly unixUser?: number | undefined;
  /** Only wallets in one of them; left out: in all. */
  readonly currencies?: readonly string[] | undefined;
  /** Only wallets of owners whose ids begin so; left out: of all. */
  readonly ownerPrefix?: string | undefined;
  /** Of one mutation; left out: no bound. */
  readonly maxAmount?: bigint | undefined;
  /** Left out: never. */
  readonly expiresAtMicros?: bigint | undefined;
}

export interface RevokeTokenArguments extends MutationArguments {
  readonly tokenId: bigint;
}

export interface ListTokensArguments extends PageArguments {
  /** Left out: of all. */
  readonly principal?: string | undefined;
  readonly withRevoked?: boolean | undefined;
}

/** One mutation of a batch: `{ debit: { … } }`. In an atomic batch items have no keys. */
export type BatchItem =
  | { readonly openWallet: OpenWalletArguments }
  | { readonly debit: DebitArguments }
  | { readonly credit: CreditArguments }
  | { readonly transfer: TransferArguments }
  | { readonly hold: HoldArguments }
  | { readonly capture: CaptureArguments }
  | { readonly release: ReleaseArguments }
  | { readonly refund: RefundArguments }
  | { readonly freeze: FreezeArguments }
  | { readonly unfreeze: UnfreezeArguments }
  | { readonly setLimits: SetLimitsArguments }
  | { readonly closeWallet: CloseWalletArguments };

export interface BatchArguments {
  /** 1 to 8,190. */
  readonly items: readonly BatchItem[];
  /** All or none, under the batch's key. */
  readonly atomic?: boolean | undefined;
  /** Of an atomic batch; else a UUID from which the keys of items that have none are counted up. */
  readonly idempotencyKey?: string | undefined;
  /** Whole transactions in the results; for at most 1,023 items. */
  readonly fullResults?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/** Which page of a list, and how long. */
export interface PageArguments {
  /** Default 50; at most 1,000. */
  readonly pageSize?: number | undefined;
  /** `nextCursor` of the page before it. */
  readonly cursor?: string | undefined;
}

export interface ListWalletsArguments extends PageArguments {
  readonly ownerId: string;
}

/** What rows must have; what is left out excludes nothing. */
export interface TransactionFilterArguments {
  /** Stored at or after it. */
  readonly fromMicros?: bigint | undefined;
  /** Stored before it. */
  readonly beforeMicros?: bigint | undefined;
  /** One of them. */
  readonly kinds?: readonly TransactionKind[] | undefined;
  readonly reason?: string | undefined;
  readonly actor?: string | undefined;
  readonly reference?: string | undefined;
  /** Of the balance's change without its sign, or of what a hold reserves. */
  readonly minAmount?: bigint | undefined;
  readonly maxAmount?: bigint | undefined;
}

export interface ListTransactionsArguments extends PageArguments {
  readonly wallet: WalletAddress;
  /** Default: newest first. */
  readonly oldestFirst?: boolean | undefined;
  readonly filter?: TransactionFilterArguments | undefined;
}

export interface ListRefusalsArguments extends PageArguments {
  /** Those that its address led to; left out: of all wallets. */
  readonly wallet?: WalletAddress | undefined;
  /** Default: newest first. */
  readonly oldestFirst?: boolean | undefined;
  readonly fromMicros?: bigint | undefined;
  readonly beforeMicros?: bigint | undefined;
  /** One of them. */
  readonly reasons?: readonly ErrorReason[] | undefined;
  readonly actor?: string | undefined;
  /** As the requests named it. */
  readonly ownerId?: string | undefined;
}

/** A balance at a time, or right after a version of the wallet; one of the two. */
export interface GetBalanceAtArguments {
  readonly wallet: WalletAddress;
  /** Not in the future; rows stored at this very time count. */
  readonly timeMicros?: bigint | undefined;
  /** From 1n to the wallet's version. */
  readonly version?: bigint | undefined;
}

export interface ExplainBalanceArguments {
  readonly wallet: WalletAddress;
  /** What came before it is the opening balance; left out: from the wallet's beginning. */
  readonly fromMicros?: bigint | undefined;
  /** How many of the newest rows are told. Default 10; at most 100. */
  readonly lastChanges?: number | undefined;
}

export interface VerifyArguments {
  /** A head that was kept elsewhere: the journal must have it. */
  readonly expectedHead?: { readonly seq: bigint; readonly digest: Uint8Array } | undefined;
  /** SQLite's own check, for which a copy of the file is made for a while. */
  readonly skipIntegrityCheck?: boolean | undefined;
}

export interface BackupArguments {
  /** Only the rows behind the newest backup. */
  readonly incremental?: boolean | undefined;
}

/** Where a watch begins: one of the first three; none of them: with what comes from now on. */
export interface WatchTransactionsArguments {
  /** Behind this place: a transaction's id or a commitSeq. 0n: with the first row. */
  readonly afterSeq?: bigint | undefined;
  /** Behind the event that this token came with. */
  readonly resumeToken?: string | undefined;
  readonly fromNow?: boolean | undefined;
  /** At most 1,000; none: all. */
  readonly walletIds?: readonly bigint[] | undefined;
  /** None: all. */
  readonly kinds?: readonly TransactionKind[] | undefined;
}
