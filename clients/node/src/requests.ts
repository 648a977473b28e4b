// The verbs: each makes the Request of one call of its arguments.

import type * as args from "./arguments.js";
import type { Request } from "./attempts.js";
import { newKey } from "./keys.js";
import { checkAmount } from "./money.js";
import * as proto from "./proto/messages.js";
import type { AnyMessageType, Given, MessageType } from "./proto/runtime.js";
import { rejected } from "./reasons.js";
import type * as results from "./results.js";

const { methods } = proto;

type Verb = keyof typeof methods;

/** A read: the answer's message is its result, or what `result` makes of it. */
export function read<V extends Verb, T>(
  verb: V,
  message: object,
  result: (response: ReturnType<(typeof methods)[V]["response"]["create"]>) => T,
): Request<T> {
  const { number, request, response } = methods[verb];
  const payload = encodeOf(request, message);
  return { method: number, payload, result: (bytes) => result(response.decode(bytes) as never) };
}

/** Encodes what a caller gave. A misspelt name is a TypeError, for it would be left out in silence. */
export function encodeOf(type: AnyMessageType, message: object): Buffer {
  for (const name in message) {
    if (!type.members.has(name)) throw new TypeError(`${type.name} has no ${JSON.stringify(name)}`);
  }
  return type.encode(message);
}

export const getWallet = (wallet: args.WalletAddress): Request<results.WalletResult> =>
  read("getWallet", { wallet: walletRef(wallet) }, (response) => ({
    ...(response.wallet ?? proto.Wallet.create()),
    commitSeq: response.commitSeq,
  }));

export function getBalanceAt(given: args.GetBalanceAtArguments): Request<proto.GetBalanceAtResponse> {
  const { wallet, timeMicros, version, ...rest } = given;
  if ((timeMicros === undefined) === (version === undefined)) {
    throw new TypeError("a balance is asked for either at a time or of a version");
  }
  const at =
    timeMicros !== undefined ? { case: "timeMicros", value: timeMicros } : { case: "version", value: version };
  return read("getBalanceAt", { ...rest, wallet: walletRef(wallet), at }, (response) => response);
}

export function listRefusals(given: args.ListRefusalsArguments): Request<results.RefusalPage> {
  const wallet = given.wallet && walletRef(given.wallet);
  return read("listRefusals", { ...given, wallet }, (response) => ({
    ...response,
    refusals: response.refusals.map((row) => ({
      ...row,
      error: rejected(row.error ?? proto.ErrorInfo.create(), { key: row.idempotencyKey }),
    })),
  }));
}

/** The mutations of which a batch may be made, by their names. */
export type ItemVerb = Exclude<keyof typeof shapes, never>;

/** What an item's arguments are in its request, without its key. */
export function bodyOf(verb: ItemVerb, given: args.MutationArguments): object {
  return shapes[verb](given as never);
}

const shapes = {
  openWallet: (given: args.OpenWalletArguments) => ({ ...common(given), wallet: walletRef(given.wallet) }),
  debit: (given: args.DebitArguments) => posting(given),
  credit: (given: args.CreditArguments) => posting(given),
  transfer: (given: args.TransferArguments) => ({ ...posting(given), to: walletRef(given.to) }),
  hold: (given: args.HoldArguments) => ({ ...posting(given), timeoutMillis: millisOf(given.timeoutMillis) }),
  capture: (given: args.CaptureArguments) => ({ ...common(given), amount: partOf(given.amount) }),
  release: (given: args.ReleaseArguments) => common(given),
  refund: (given: args.RefundArguments) => ({ ...common(given), amount: partOf(given.amount) }),
  freeze: (given: args.FreezeArguments) => ({ ...common(given), wallet: walletRef(given.wallet) }),
  unfreeze: (given: args.UnfreezeArguments) => ({ ...common(given), wallet: walletRef(given.wallet) }),
  setLimits: (given: args.SetLimitsArguments) => ({ ...common(given), wallet: walletRef(given.wallet) }),
  closeWallet: (given: args.CloseWalletArguments) => ({ ...common(given), wallet: walletRef(given.wallet) }),
};

/** A mutation of a wallet. */
export function mutation(
  verb: Exclude<ItemVerb, "transfer">,
  given: args.MutationArguments,
  options: args.MutationCallOptions,
): Request<results.MutationResult> {
  return keyed(verb, bodyOf(verb, given), given, options, proto.MutationResponse, mutationResult);
}

export function transfer(
  given: args.TransferArguments,
  options: args.MutationCallOptions,
): Request<results.TransferResult> {
  const result = (response: proto.TransferResponse, key: string): results.TransferResult => {
    const { replayed, commitSeq, dryRun } = response;
    const source = mutationResult(response.source ?? proto.MutationResponse.create(), key);
    const destination = response.destination ?? proto.Transaction.create();
    return { key, source: { ...source, replayed, commitSeq }, destination, replayed, commitSeq, dryRun };
  };
  return keyed("transfer", bodyOf("transfer", given), given, options, proto.TransferResponse, result);
}

export function administration(
  verb: "registerCurrency" | "addCounterAccount",
  given: args.MutationArguments,
  options: args.MutationCallOptions,
): Request<results.AdministrationResult> {
  return keyed(verb, common(given), given, options, proto.AdministrationResponse, (response, key) => ({
    ...response,
    key,
    row: response.row ?? proto.AdministrationRow.create(),
  }));
}

/** A mutation with the key that was given, or a new one. */
export function keyed<R, T>(
  verb: Verb,
  body: object,
  given: args.MutationArguments,
  options: args.MutationCallOptions,
  response: MessageType<R>,
  result: (response: R, key: string) => T,
): Request<T> {
  const key = given.idempotencyKey ?? newKey();
  const { number: method, request } = methods[verb];
  const payload = encodeOf(request, { ...body, idempotencyKey: key });
  const made = (bytes: Buffer) => result(response.decode(bytes), key);
  // A dry run changes nothing, and says nothing of what became of other attempts: to the client it is a read.
  if (given.dryRun === true) return { method, payload, result: made };
  return { method, payload, result: made, key, retryOfUnknown: options.retryOfUnknown };
}

function mutationResult(response: proto.MutationResponse, key: string): results.MutationResult {
  return { ...response, key, transaction: response.transaction ?? proto.Transaction.create() };
}

/** What all mutations have in common, as their requests have it. */
export function common(given: args.MutationArguments): object {
  const { metadata } = given;
  if (typeof given.reason !== "string") throw new TypeError("a mutation has a reason");
  if (metadata === undefined) return { ...given };
  if (Array.isArray(metadata)) return { ...given, metadata };
  const pairs = Object.entries(metadata as { [key: string]: string });
  return { ...given, metadata: pairs.map(([key, value]) => ({ key, value })) };
}

function posting(given: args.MutationArguments & { wallet: args.WalletAddress; amount: bigint }): object {
  return { ...common(given), wallet: walletRef(given.wallet), amount: checkAmount(given.amount) };
}

/** On the wire 0 is all that is left, which nobody means who has reckoned an amount. */
function partOf(amount: bigint | undefined): bigint {
  if (amount === undefined) return 0n;
  if (checkAmount(amount) === 0n) throw new RangeError("an amount is from 1n; without one it is all that is left");
  return amount;
}

function millisOf(millis: bigint | number): bigint {
  if (typeof millis === "bigint") return millis;
  if (!Number.isSafeInteger(millis)) throw new TypeError("timeoutMillis is a whole number of milliseconds");
  return BigInt(millis);
}

/** A wallet's address as requests have it. Throws a TypeError for what names none, or two. */
export function walletRef(wallet: args.WalletAddress): Given<proto.WalletRef> {
  if (typeof wallet !== "object" || wallet === null) {
    throw new TypeError(`a wallet is { id } or { ownerId, currency, name }, not a ${typeof wallet}`);
  }
  const { id = 0n, ownerId = "", currency = "", name = "" } = wallet as Partial<proto.WalletRef>;
  // A Wallet of an answer has all of them.
  if ("version" in wallet) return { id };
  if (id !== 0n ? ownerId !== "" || name !== "" : ownerId === "" || currency === "") {
    throw new TypeError("a wallet is named either by its id, or by ownerId and currency (and name)");
  }
  return { id, ownerId, currency, name };
}
