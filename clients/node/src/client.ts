// The client: a method for each verb.

import "./dispose.js";
import type * as args from "./arguments.js";
import { batch } from "./batch.js";
import type { Events } from "./iteration.js";
import { pages } from "./pages.js";
import { methods } from "./proto/messages.js";
import type * as proto from "./proto/types.js";
import * as requests from "./requests.js";
import type * as results from "./results.js";
import { makeSettings } from "./settings.js";
import type { ClientOptions } from "./options.js";
import { backup, verify, watch } from "./subscriptions.js";
import { createToken, revokeToken } from "./tokens.js";
import { Transport } from "./transport.js";

/**
 * A client of one server, for any number of callers.
 *
 * They share one connection, on which their calls are in flight at the same time. It is made by the first call, and
 * made anew when it is lost or the server goes away. A client with no call under way doesn't keep the program running.
 *
 * Each call rejects with a WalletError: Rejected, NotExecuted or, mutations only, OutcomeUnknown; and with a TypeError
 * or a RangeError, before anything is sent, for arguments that can't be.
 */
export class Client {
  readonly #transport: Transport;

  /**
   * `address` is "host:port", "[v6]:port" or "unix:PATH". Doesn't connect yet. Throws a TypeError or a RangeError for
   * an address or options that can't be.
   */
  constructor(address: string, options: ClientOptions = {}) {
    this.#transport = new Transport(makeSettings(address, options), options.retry);
  }

  /** Ends the connection, and the calls in flight with an error; later calls are NotExecuted. */
  close(): void {
    this.#transport.close();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The same, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  // ---------------------------------------------------------------- server

  /** Asks for a sign of life of the whole server, its store included. */
  async ping(options: args.CallOptions = {}): Promise<proto.PingResponse> {
    return this.#transport.call(requests.read("ping", {}, same), options);
  }

  /** Who the server is, how far its journal is, and whether it takes mutations. */
  async getServerInfo(options: args.CallOptions = {}): Promise<proto.GetServerInfoResponse> {
    return this.#transport.call(requests.read("getServerInfo", {}, same), options);
  }

  /** The messages that the server speaks, as a google.protobuf.FileDescriptorSet. */
  async getSchema(options: args.CallOptions = {}): Promise<proto.GetSchemaResponse> {
    return this.#transport.call(requests.read("getSchema", {}, same), options);
  }

  // ---------------------------------------------------------------- mutations

  /** Opens a wallet with balance 0. Rejected with WALLET_EXISTS if there is one. */
  async openWallet(
    given: args.OpenWalletArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.MutationResult> {
    return this.#mutate("openWallet", given, options);
  }

  /** Takes `amount` out of the wallet. Rejected with INSUFFICIENT_FUNDS if it lacks it. */
  async debit(given: args.DebitArguments, options: args.MutationCallOptions = {}): Promise<results.MutationResult> {
    return this.#mutate("debit", given, options);
  }

  /** Puts `amount` into the wallet. */
  async credit(given: args.CreditArguments, options: args.MutationCallOptions = {}): Promise<results.MutationResult> {
    return this.#mutate("credit", given, options);
  }

  /**
   * Moves `amount` from one wallet to another of the same currency, at once or not at all. Rejected with
   * INSUFFICIENT_FUNDS if `wallet` lacks it, and with SAME_WALLET or CURRENCY_MISMATCH where the two don't fit.
   */
  async transfer(
    given: args.TransferArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.TransferResult> {
    return this.#transport.call(requests.transfer(given, options), options);
  }

  /**
   * Reserves `amount`: it stays in the balance and isn't available until the hold is captured, released or has ended.
   * The transaction's id is the hold's. Rejected with INSUFFICIENT_FUNDS if the wallet lacks the amount.
   *
   * `timeoutMillis` of the arguments is the hold's, that of the options is the call's.
   */
  async hold(given: args.HoldArguments, options: args.MutationCallOptions = {}): Promise<results.MutationResult> {
    return this.#mutate("hold", given, options);
  }

  /**
   * Takes a part of a hold, or all that is left of it. Never fails for funds or limits. Rejected with HOLD_CAPTURED,
   * HOLD_RELEASED or HOLD_EXPIRED if the hold has ended, and with HOLD_AMOUNT_EXCEEDED if less is left of it.
   */
  async capture(given: args.CaptureArguments, options: args.MutationCallOptions = {}): Promise<results.MutationResult> {
    return this.#mutate("capture", given, options);
  }

  /** Gives back what is left of a hold. Rejected with HOLD_CAPTURED, HOLD_RELEASED or HOLD_EXPIRED if it has ended. */
  async release(given: args.ReleaseArguments, options: args.MutationCallOptions = {}): Promise<results.MutationResult> {
    return this.#mutate("release", given, options);
  }

  /**
   * Gives back a debit or a capture, or a part of it. All refunds of one together never exceed it: Rejected with
   * REFUND_EXCEEDS_ORIGINAL. NOT_REFUNDABLE is what is neither a debit nor a capture.
   */
  async refund(given: args.RefundArguments, options: args.MutationCallOptions = {}): Promise<results.MutationResult> {
    return this.#mutate("refund", given, options);
  }

  /**
   * Stops the wallet for debits, credits or both, whether it is stopped already or not: the last freeze counts. What it
   * stops is Rejected with WALLET_FROZEN; holds may still be released, and end in their time.
   */
  async freeze(given: args.FreezeArguments, options: args.MutationCallOptions = {}): Promise<results.MutationResult> {
    return this.#mutate("freeze", given, options);
  }

  /** Lifts the wallet's freeze, or one side of it. */
  async unfreeze(
    given: args.UnfreezeArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.MutationResult> {
    return this.#mutate("unfreeze", given, options);
  }

  /**
   * Sets the wallet's limits, all of them. They apply to what was used already. Rejected with INSUFFICIENT_FUNDS if the
   * balance lies below the new overdraft limit.
   */
  async setLimits(
    given: args.SetLimitsArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.MutationResult> {
    return this.#mutate("setLimits", given, options);
  }

  /**
   * Ends the wallet; its name is never used again. Rejected with WALLET_NOT_EMPTY unless its balance is 0 and it has no
   * open holds.
   */
  async closeWallet(
    given: args.CloseWalletArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.MutationResult> {
    return this.#mutate("closeWallet", given, options);
  }

  /**
   * Does up to 8,190 mutations in one request and one commit, in order; each sees those before it.
   *
   * Item by item, what became of each item is in the result, its errors as values; items without a key get one that is
   * counted up from the batch's, a UUID. With `atomic` all items are done or none, under the batch's key: Rejected with
   * BATCH_ABORTED has the `index` of the item that was refused, and its `cause`. After OutcomeUnknown call again with
   * `idempotencyKey: error.key` and the same items.
   */
  async batch(given: args.BatchArguments, options: args.MutationCallOptions = {}): Promise<results.BatchResult> {
    return this.#transport.call(batch(given, options), options);
  }

  // ---------------------------------------------------------------- administration

  /**
   * Makes a currency of your own known, such as ESIM-MB. Its exponent never changes. Rejected with CURRENCY_EXISTS if
   * the code is known, be it of ISO 4217 or registered before.
   */
  async registerCurrency(
    given: args.RegisterCurrencyArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.AdministrationResult> {
    return this.#transport.call(requests.administration("registerCurrency", given, options), options);
  }

  /** Adds an account that may stand against wallets. Rejected with COUNTER_ACCOUNT_EXISTS if there is one. */
  async addCounterAccount(
    given: args.AddCounterAccountArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.AdministrationResult> {
    return this.#transport.call(requests.administration("addCounterAccount", given, options), options);
  }

  /**
   * Lets a principal in: by a token, whose secret is made here unless it is given, by a client certificate with this
   * name, or as this user of a Unix socket. The result has the token, now or never: the server keeps a SHA-256 of its
   * secret alone. Needs the scope admin.
   */
  async createToken(
    given: args.CreateTokenArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.CreateTokenResult> {
    return this.#transport.call(createToken(given, options), options);
  }

  /** From now on nothing is done for the token; connections that it opened are closed. Needs the scope admin. */
  async revokeToken(
    given: args.RevokeTokenArguments,
    options: args.MutationCallOptions = {},
  ): Promise<results.AdministrationResult> {
    return this.#transport.call(revokeToken(given, options), options);
  }

  /** One page of what was granted, by id. Needs the scope admin. */
  async listTokens(given: args.ListTokensArguments = {}, options: args.CallOptions = {}): Promise<results.TokenPage> {
    return this.#transport.call(requests.read("listTokens", given, same), options);
  }

  /** All that was granted, by id. `timeoutMillis` is that of each page. */
  tokens(given: args.ListTokensArguments = {}, options: args.CallOptions = {}): Events<proto.Token> {
    return pages(given, async (page) => {
      const { tokens, nextCursor } = await this.listTokens(page, options);
      return { items: tokens, nextCursor };
    });
  }

  /**
   * What all wallets of each currency have, and what stands against them; both sum to zero. Without a currency: all
   * that have wallets and all that were registered. Rejected with CURRENCY_UNKNOWN if there is no such currency.
   */
  async trialBalance(
    given: { readonly currency?: string | undefined } = {},
    options: args.CallOptions = {},
  ): Promise<proto.TrialBalanceResponse> {
    return this.#transport.call(requests.read("trialBalance", given, same), options);
  }

  // ---------------------------------------------------------------- reads

  /** The wallet with all its columns. Rejected with WALLET_NOT_FOUND if there is none. */
  async getWallet(wallet: args.WalletAddress, options: args.CallOptions = {}): Promise<results.WalletResult> {
    return this.#transport.call(requests.getWallet(wallet), options);
  }

  /** The wallet's figures only. Rejected with WALLET_NOT_FOUND if there is none. */
  async getBalance(wallet: args.WalletAddress, options: args.CallOptions = {}): Promise<proto.GetBalanceResponse> {
    return this.#transport.call(requests.read("getBalance", { wallet: requests.walletRef(wallet) }, same), options);
  }

  /**
   * A balance as it was, at a time or right after a version. What was answered of a time stays so. Rejected with
   * INVALID_ARGUMENT for a time in the future or a version that the wallet doesn't have, and with WALLET_NOT_FOUND for
   * a time before the wallet was opened.
   */
  async getBalanceAt(
    given: args.GetBalanceAtArguments,
    options: args.CallOptions = {},
  ): Promise<proto.GetBalanceAtResponse> {
    return this.#transport.call(requests.getBalanceAt(given), options);
  }

  /** Why a balance is what it is: the sums of its rows, read anew, and what stands in its way. */
  async explainBalance(
    given: args.ExplainBalanceArguments,
    options: args.CallOptions = {},
  ): Promise<proto.ExplainBalanceResponse> {
    const message = { ...given, wallet: requests.walletRef(given.wallet) };
    return this.#transport.call(requests.read("explainBalance", message, same), options);
  }

  /** One page of the owner's wallets, by id. */
  async listWallets(given: args.ListWalletsArguments, options: args.CallOptions = {}): Promise<results.WalletPage> {
    return this.#transport.call(requests.read("listWallets", given, same), options);
  }

  /** All of the owner's wallets, by id. `timeoutMillis` is that of each page. */
  wallets(given: args.ListWalletsArguments, options: args.CallOptions = {}): Events<proto.Wallet> {
    return pages(given, async (page) => {
      const { wallets, nextCursor } = await this.listWallets(page, options);
      return { items: wallets, nextCursor };
    });
  }

  /** One page of a wallet's transactions. A filtered page may be short, or empty, and go on. */
  async listTransactions(
    given: args.ListTransactionsArguments,
    options: args.CallOptions = {},
  ): Promise<results.TransactionPage> {
    const message = { ...given, wallet: requests.walletRef(given.wallet) };
    return this.#transport.call(requests.read("listTransactions", message, same), options);
  }

  /** All of a wallet's transactions that pass the filter; newest first unless `oldestFirst`. */
  transactions(given: args.ListTransactionsArguments, options: args.CallOptions = {}): Events<proto.Transaction> {
    return pages(given, async (page) => {
      const { transactions, nextCursor } = await this.listTransactions(page, options);
      return { items: transactions, nextCursor };
    });
  }

  /** One page of the mutations that were refused. It may be short, or empty, and go on. */
  async listRefusals(
    given: args.ListRefusalsArguments = {},
    options: args.CallOptions = {},
  ): Promise<results.RefusalPage> {
    return this.#transport.call(requests.listRefusals(given), options);
  }

  /** All mutations that were refused; newest first unless `oldestFirst`. */
  refusals(given: args.ListRefusalsArguments = {}, options: args.CallOptions = {}): Events<results.Refusal> {
    return pages(given, async (page) => {
      const { refusals, nextCursor } = await this.listRefusals(page, options);
      return { items: refusals, nextCursor };
    });
  }

  // ---------------------------------------------------------------- streams

  /**
   * Every transaction behind a place of the journal, in the order of their ids, and then each new one when it is
   * durable: each exactly once. The first event is a mere token, without a transaction: the watch stands.
   *
   * It goes on by itself, from the last event that was read, after a lost connection, a server that leaves, and a
   * reader that has fallen behind by more than 1 MiB. It has no end of its own: leave the loop, or abort its signal.
   * Who stores `resumeToken` beside what he made of an event misses none and takes none twice.
   *
   * Rejects with Rejected for what the server refuses (RESUME_INVALID: the place isn't in this ledger), with
   * NotExecuted when it can't begin within `timeoutMillis` or the server is away for longer than `patienceMillis`.
   * Throws a TypeError when it would begin at several places.
   */
  watchTransactions(
    given: args.WatchTransactionsArguments = {},
    options: args.WatchOptions = {},
  ): Events<proto.WatchEvent> {
    return watch(this.#transport, given, options);
  }

  /**
   * Proves that the ledger is what its journal says, while it is served. Tells how far it is and what it finds; its
   * last event is the report.
   *
   * One runs at a time: NotExecuted with RESOURCE_EXHAUSTED where another one still does after some tries. A lost
   * connection is Disconnected. Leaving the loop cancels it.
   */
  verify(given: args.VerifyArguments = {}, options: args.StreamOptions = {}): Events<results.VerifyEvent> {
    return verify(this.#transport, given, options);
  }

  /**
   * Has the server make a file, in its folder of backups, that the ledger can be restored from. Tells how far it is;
   * its last event is the report. Commits go on meanwhile, and the backup is verified before it takes its place.
   *
   * One runs at a time: NotExecuted with RESOURCE_EXHAUSTED where another one still does after some tries. A lost
   * connection is Disconnected. Leaving the loop drops it. Needs the scope admin.
   */
  backup(given: args.BackupArguments = {}, options: args.StreamOptions = {}): Events<results.BackupEvent> {
    return backup(this.#transport, given, options);
  }

  #mutate(
    verb: Exclude<requests.ItemVerb, "transfer">,
    given: args.MutationArguments,
    options: args.MutationCallOptions,
  ): Promise<results.MutationResult> {
    return this.#transport.call(requests.mutation(verb, given, options), options);
  }
}

function same<T>(response: T): T {
  return response;
}

// Every rpc of the schema is a method of the client; else this doesn't compile.
type Missing = Exclude<keyof typeof methods, keyof Client>;
const complete: [Missing] extends [never] ? true : Missing = true;
void complete;
