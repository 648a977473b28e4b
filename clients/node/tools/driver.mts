// The driver of the conformance tests: operations as JSON lines in, results as JSON lines out. It does what it is told
// with the client's public methods, and no more; clients/conformance/DRIVER.md says what.

import { createInterface } from "node:readline";

import { Client, formatMoney, newKey, parseMoney, ProtocolError } from "walletd";
import type { CallOptions, ClientOptions, Events, TlsOptions } from "walletd";
import frames from "../dist/wire/frames.js";
import { ClientTable, fromJson, told, toJson } from "./json.mjs";
import type { Json } from "./json.mjs";

type Operation = Json & { readonly op: string; readonly id: unknown };
type Method = (given: unknown, options: CallOptions) => Promise<object> | Events<object>;

const FRAME_BYTES_MAX = 16 << 20;

class IncompleteFrame extends ProtocolError {}

const clients = new Map<unknown, Client>();
const cancels = new Map<unknown, AbortController>();

function connect(operation: Operation): Json {
  const { timeout_millis: timeoutMillis, token_file: tokenFile, tls, attempts_max: attemptsMax } = operation;
  const options = {
    timeoutMillis,
    tokenFile,
    tls: tls && (Object.fromEntries(Object.entries(tls).map(([key, value]) => [camel(key), value])) as TlsOptions),
    retry: attemptsMax === undefined ? undefined : { attemptsMax },
  };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  clients.set(operation["client"], new Client(operation["address"] as string, given as ClientOptions));
  return {};
}

function close(operation: Operation): Json {
  clientOf(operation).close();
  return {};
}

function cancel(operation: Operation): Json {
  cancels.get(operation["target"])?.abort();
  return {};
}

async function call(operation: Operation, signal: AbortSignal): Promise<unknown> {
  const { method, given } = methodOf(operation);
  const options = { signal, timeoutMillis: operation["timeout_millis"], retryOfUnknown: operation["retry_of_unknown"] };
  const result = (await method(given, options as CallOptions)) as Json;
  if (operation["verb"] === "GetWallet") {
    const { commitSeq, ...wallet } = result;
    return toJson({ wallet, commitSeq });
  }
  const { results, ...rest } = result;
  if (!Array.isArray(results)) return toJson(result);
  const items = results.map((item) => (item.error === undefined ? { ok: toJson(item) } : { error: told(item.error) }));
  return { ...(toJson(rest) as Json), results: items };
}

async function stream(operation: Operation, signal: AbortSignal): Promise<unknown> {
  const { method, given } = methodOf(operation);
  const options = { signal, timeoutMillis: operation["timeout_millis"] };
  const limit = operation["limit"] as number | undefined;
  let count = 0;
  for await (const event of method(given, options as CallOptions) as Events<object>) {
    const isChoice = "case" in event;
    write({ id: operation.id, event: toJson(isChoice ? { event } : event) });
    if (++count === limit) break;
  }
  return {};
}

/** The client's method of the verb, and what it takes. */
function methodOf(operation: Operation): { method: Method; given: unknown } {
  const verb = operation["verb"] as string;
  const name = (verb.charAt(0).toLowerCase() + verb.slice(1)) as keyof typeof ClientTable;
  if (!(name in ClientTable)) throw new TypeError(`no verb ${JSON.stringify(verb)}`);
  const client = clientOf(operation);
  const made = client[name].bind(client) as unknown as Method;
  const given = fromJson(name, (operation["args"] ?? {}) as Json);
  // Those take no more than a wallet, or nothing.
  if (name === "getWallet" || name === "getBalance") return { method: made, given: given["wallet"] };
  if (name === "ping" || name === "getServerInfo" || name === "getSchema") {
    return { method: (_, options) => (made as unknown as (options: CallOptions) => Promise<object>)(options), given };
  }
  return { method: made, given };
}

function clientOf(operation: Operation): Client {
  const client = clients.get(operation["client"]);
  if (client === undefined) throw new TypeError(`no client ${JSON.stringify(operation["client"])}`);
  return client;
}

function decodeFrame(operation: Operation): Json {
  const deframer = new frames.Deframer(FRAME_BYTES_MAX);
  deframer.feed(Buffer.from(operation["hex"] as string, "hex"));
  const frame = deframer.next();
  if (frame === undefined) throw new IncompleteFrame("the frame isn't whole");
  return toJson({ ...frame, payload: frame.payload }) as Json;
}

function encodeFrame(operation: Operation): Json {
  const { type, flags, code, request_id: requestId, millis, payload } = operation;
  const parts = { flags, code, requestId, millis, payload: Buffer.from((payload as string) ?? "", "hex") };
  const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return { hex: frames.encode(frames.frame(type as number, given)).toString("hex") };
}

async function perform(operation: Operation, signal: AbortSignal): Promise<unknown> {
  switch (operation.op) {
    case "connect":
      return connect(operation);
    case "close":
      return close(operation);
    case "cancel":
      return cancel(operation);
    case "call":
      return call(operation, signal);
    case "stream":
      return stream(operation, signal);
    case "money_parse":
      return { amount: `${parseMoney(operation["text"] as string, operation["exponent"] as number)}` };
    case "money_format":
      return { text: formatMoney(BigInt(operation["amount"] as string), operation["exponent"] as number) };
    case "new_key":
      return { keys: Array.from({ length: operation["count"] as number }, newKey) };
    case "decode_frame":
      return decodeFrame(operation);
    case "encode_frame":
      return encodeFrame(operation);
  }
  throw new TypeError(`no operation ${JSON.stringify(operation.op)}`);
}

function write(line: Json): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

async function answer(operation: Operation): Promise<void> {
  const { id } = operation;
  const controller = new AbortController();
  cancels.set(id, controller);
  try {
    write({ id, ok: await perform(operation, controller.signal) });
  } catch (error) {
    write({ id, error: told(error) });
  } finally {
    cancels.delete(id);
  }
}

const answers = new Set<Promise<void>>();
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  const answered = answer(JSON.parse(line) as Operation);
  answers.add(answered);
  void answered.then(() => answers.delete(answered));
}
await Promise.all(answers);
for (const client of clients.values()) client.close();
