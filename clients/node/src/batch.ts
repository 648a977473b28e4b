// Batches: several mutations in one request and one commit.

import type { BatchArguments, BatchItem, MutationArguments, MutationCallOptions } from "./arguments.js";
import type { Request } from "./attempts.js";
import { OutcomeUnknown } from "./errors.js";
import { countedKey, newKey } from "./keys.js";
import * as proto from "./proto/messages.js";
import { rejected, remembered } from "./reasons.js";
import { bodyOf, encodeOf } from "./requests.js";
import type { ItemVerb } from "./requests.js";
import type { BatchItemResult, BatchResult } from "./results.js";

const ITEMS_MAX = 8_190;
const BYTES_MAX = 4 * 1024 * 1024;

/** Throws TypeError and RangeError for what can't be a batch. */
export function batch(given: BatchArguments, options: MutationCallOptions): Request<BatchResult> {
  const { items, atomic = false, idempotencyKey: key = newKey(), dryRun = false, ...rest } = given;
  if (!Array.isArray(items)) throw new TypeError("items is an array");
  if (items.length < 1 || items.length > ITEMS_MAX) {
    throw new RangeError(`${items.length} items; a batch has 1 to ${ITEMS_MAX}`);
  }
  const parts = items.map(partsOf);
  const keys = parts.map(({ given: item }, index) => {
    if (item.dryRun) throw new TypeError(`item ${index} is a dry run of its own; dryRun of the batch is for all of it`);
    if (!atomic) return item.idempotencyKey ?? countedKey(key, index);
    if (item.idempotencyKey) throw new TypeError(`item ${index} has a key; an atomic batch has one for all`);
    return key;
  });
  const messages = parts.map(({ verb, given: item }, index) => {
    const value = { ...bodyOf(verb, item), idempotencyKey: atomic ? "" : keys[index] };
    checkNames(verb, value, index);
    return { mutation: { case: verb, value } };
  });
  const payload = encodeOf(proto.BatchRequest, {
    ...rest,
    items: messages,
    atomic,
    dryRun,
    idempotencyKey: atomic ? key : "",
  });
  if (payload.length > BYTES_MAX) throw new RangeError(`${payload.length} bytes; a batch has at most ${BYTES_MAX}`);

  const result: Request<BatchResult>["result"] = (bytes, answer) => {
    const response = proto.BatchResponse.decode(bytes);
    if (response.results.length !== items.length) {
      throw new RangeError(`${response.results.length} results to a batch of ${items.length}`);
    }
    let isKeyOpen = false;
    const told = response.results.map((one, index) => {
      const itemKey = keys[index] as string;
      const item = itemOf(one, itemKey, !atomic && !dryRun && answer.isUnknown(itemKey));
      // A dry run settles nothing.
      if (item.error instanceof OutcomeUnknown) isKeyOpen ||= itemKey === key;
      else if (!dryRun) answer.settled(itemKey);
      return item;
    });
    if (!dryRun && !isKeyOpen) answer.settled(key);
    const { commitSeq, replayed } = response;
    return { key, results: told, commitSeq, replayed, dryRun: response.dryRun };
  };
  const request = { method: proto.methods.batch.number, payload, result, isBatch: true };
  // It changes nothing: to the client it is a read.
  if (dryRun) return request;
  return { ...request, key, retryOfUnknown: options.retryOfUnknown, ...(atomic ? {} : { itemKeys: keys }) };
}

function partsOf(item: BatchItem, index: number): { verb: ItemVerb; given: MutationArguments } {
  const entries = Object.entries(item ?? {});
  const [verb, given] = entries[0] ?? [];
  const known = proto.BatchItem.fields.some((field) => field.name === verb);
  if (entries.length !== 1 || !known) {
    throw new TypeError(`item ${index} is one mutation by its name, such as { debit: { … } }`);
  }
  return { verb: verb as ItemVerb, given: given as MutationArguments };
}

function checkNames(verb: ItemVerb, value: object, index: number): void {
  const type = proto.methods[verb].request;
  for (const name in value) {
    if (!type.members.has(name)) throw new TypeError(`item ${index}: ${type.name} has no ${JSON.stringify(name)}`);
  }
}

function itemOf(result: proto.BatchResult, key: string, unknown: boolean): BatchItemResult {
  const { error, ...done } = result;
  if (error === undefined) return { ...done, key };
  const refusal = rejected(error, { key });
  return { key, error: unknown && !remembered(refusal) ? new OutcomeUnknown(refusal, key) : refusal };
}
