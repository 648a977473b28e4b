// Arguments and results of the client as JSON: names in snake_case as in the schema, 64-bit integers as strings.

import { Rejected, WalletError } from "walletd";
import frames from "../dist/wire/frames.js";
import messages from "../dist/proto/messages.js";
import type { AnyMessageType, FieldInfo } from "../dist/proto/runtime.js";

export type Json = Record<string, unknown>;

/** The verbs, by the names of the client's methods. */
export const ClientTable = messages.methods;

/** The arguments of a verb. Integers of 64 bits become bigints by the fields of its request. */
export function fromJson(verb: keyof typeof ClientTable, args: Json): Json {
  return message(ClientTable[verb].request, args);
}

function message(type: AnyMessageType, given: Json): Json {
  const made: Json = {};
  for (const [name, value] of Object.entries(given)) {
    const field = type.fields.find(({ proto }) => proto === name);
    // What the schema doesn't have goes on as it is: refusing it is up to the client.
    made[field?.name ?? name] = field === undefined || value === null ? value : fieldOf(field, value);
  }
  return made;
}

function fieldOf(field: FieldInfo, value: unknown): unknown {
  if (field.repeated === true && Array.isArray(value)) return value.map((item) => one(field, item));
  return one(field, value);
}

function one(field: FieldInfo, value: unknown): unknown {
  if (field.kind === "int64" && typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  if (field.kind === "bytes" && typeof value === "string") return Buffer.from(value, "hex");
  if (field.kind !== "message" || typeof value !== "object" || Array.isArray(value)) return value;
  // Metadata may be given as an object, too.
  if (field.name === "metadata") return value;
  return message(field.type?.() as AnyMessageType, value as Json);
}

/** A result: a choice `{ case, value }` becomes a member of the name of its case. */
export function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return told(value);
  const made: Json = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    if (isChoice(member)) made[snake(member.case)] = toJson(member.value);
    else made[snake(name)] = toJson(member);
  }
  return made;
}

function isChoice(value: unknown): value is { case: string; value: unknown } {
  return typeof value === "object" && value !== null && "case" in value && "value" in value;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** An error as the conformance tests read it. */
export function told(error: unknown): Json {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof frames.FrameError) return { kind: "protocol", rule: error.rule, message };
  if (!(error instanceof WalletError)) return { kind: "invalid", message };
  const { kind, key } = error;
  const shown: Json = { kind, message, key };
  if (error instanceof Rejected) {
    const { reason, detail, replayed, status, commitSeq, index, cause } = error;
    const { reasonNumber } = error;
    Object.assign(shown, { reason, reason_number: reasonNumber, replayed, status, commit_seq: `${commitSeq}`, index });
    shown["detail"] = detail && toJson(detail.value);
    shown["cause"] = cause && told(cause);
  } else if ("retryAfterMillis" in error) {
    const { reason, retryAfterMillis } = error as { reason?: string; retryAfterMillis: number };
    Object.assign(shown, { reason, retry_after_millis: retryAfterMillis });
  } else if (error.cause instanceof WalletError) {
    shown["cause"] = told(error.cause);
  }
  return shown;
}
