// The streams of the client: watching transactions, and verifying the ledger.

import type { BackupArguments, StreamOptions, VerifyArguments } from "./arguments.js";
import type { WatchOptions, WatchTransactionsArguments } from "./arguments.js";
import { ProtocolError, WalletError } from "./errors.js";
import { EventIterator } from "./iteration.js";
import type { Events } from "./iteration.js";
import { BackupEvent as BackupMessage, methods, VerifyEvent as VerifyMessage, WatchEvent } from "./proto/messages.js";
import { encodeOf } from "./requests.js";
import type { BackupEvent, VerifyEvent } from "./results.js";
import type { CancelSignal } from "./signal.js";
import type { Transport } from "./transport.js";
import { Resumption } from "./watching.js";

export function watch(
  transport: Transport,
  given: WatchTransactionsArguments,
  options: WatchOptions,
): Events<WatchEvent> {
  const resumption = new Resumption(given, options.patienceMillis, transport.shared.policy);
  return iterate(options.signal, (stop) => watching(transport, resumption, options, stop));
}

async function* watching(
  transport: Transport,
  resumption: Resumption,
  options: WatchOptions,
  stop: CancelSignal,
): AsyncGenerator<WatchEvent, void> {
  const { number: method } = methods.watchTransactions;
  for (;;) {
    const request = { method, payload: resumption.payload(), decode: (bytes: Buffer) => WatchEvent.decode(bytes) };
    let wait: number;
    try {
      for await (const event of transport.stream(request, options, stop)) {
        if (resumption.told(event)) yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof WalletError) || transport.closed) throw error;
      wait = resumption.ended(error, performance.now());
    }
    await transport.pause(wait, stop);
  }
}

export function verify(transport: Transport, given: VerifyArguments, options: StreamOptions): Events<VerifyEvent> {
  const { number: method, request: type } = methods.verify;
  const decode = (bytes: Buffer) => eventOf(VerifyMessage.decode(bytes));
  const request = { method, payload: encodeOf(type, given), decode };
  return iterate(options.signal, (stop) => transport.stream(request, options, stop));
}

export function backup(transport: Transport, given: BackupArguments, options: StreamOptions): Events<BackupEvent> {
  const { number: method, request: type } = methods.backup;
  const decode = (bytes: Buffer) => eventOf(BackupMessage.decode(bytes));
  const request = { method, payload: encodeOf(type, given), decode };
  return iterate(options.signal, (stop) => transport.stream(request, options, stop));
}

function eventOf<E>(message: { event: E | undefined }): E {
  if (message.event === undefined) throw new ProtocolError("an event without anything in it");
  return message.event;
}

/** An iterator that its reader may end at any time, and the caller's signal too. */
function iterate<T>(
  signal: CancelSignal | undefined,
  events: (stop: CancelSignal) => AsyncGenerator<T, void>,
): Events<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  async function* all(): AsyncGenerator<T, void> {
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    try {
      yield* events(controller.signal);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }
  return new EventIterator(all(), () => controller.abort());
}
