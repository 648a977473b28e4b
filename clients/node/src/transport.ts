// What carries the calls of a client: its connections, the attempts of each call, and its streams.

import type { CallOptions } from "./arguments.js";
import { Attempts } from "./attempts.js";
import type { Request, Shared } from "./attempts.js";
import { Connection } from "./connection.js";
import { Deadline } from "./deadline.js";
import { Disconnected, ProtocolError } from "./errors.js";
import { UnresolvedKeys } from "./keys.js";
import { RetryBudget, RetryPolicy } from "./retry.js";
import type { RetryOptions } from "./retry.js";
import type { Settings } from "./settings.js";
import type { CancelSignal } from "./signal.js";
import { checkEnd, EventQueue, SILENCE_MILLIS_MAX } from "./streams.js";
import type { Item } from "./streams.js";

/** One stream of a verb, before it meets a connection. */
export interface StreamRequest<E> {
  readonly method: number;
  readonly payload: Buffer;
  readonly decode: (payload: Buffer) => E;
}

export class Transport {
  readonly shared: Shared;
  readonly #settings: Settings;
  readonly #connections: (Connection | undefined)[] = [];
  /** Those that the server left, while they answer what is in flight. */
  readonly #leaving = new Set<Connection>();
  readonly #pauses = new Set<() => void>();
  #next = 0;
  #closed = false;

  constructor(settings: Settings, retry: RetryOptions | undefined) {
    this.#settings = settings;
    this.shared = { policy: new RetryPolicy(retry), budget: new RetryBudget(), unresolved: new UnresolvedKeys() };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends the connections and all calls that wait. */
  close(): void {
    this.#closed = true;
    const error = new Disconnected("the client was closed");
    for (const connection of [...this.#connections, ...this.#leaving]) connection?.close(error);
    this.#connections.length = 0;
    this.#leaving.clear();
    for (const wake of [...this.#pauses]) wake();
  }

  /** One call, with all its attempts. */
  async call<T>(request: Request<T>, options: CallOptions): Promise<T> {
    const { signal } = options;
    const attempts = new Attempts(request, this.#deadline(options), this.shared);
    for (;;) {
      this.#check(attempts, signal);
      const outcome = await this.#connection(request.key !== undefined).attempt(attempts, signal);
      const wait = attempts.settle(outcome);
      if (wait === undefined) return attempts.result as T;
      await this.pause(wait, signal);
    }
  }

  /** One stream. Before its first event it is tried again as any call is; after it, its end is the end. */
  async *stream<E>(request: StreamRequest<E>, options: CallOptions, stop: CancelSignal): AsyncGenerator<E, void> {
    const call: Request<undefined> = { ...request, result: () => undefined };
    const attempts = new Attempts(call, this.#deadline(options), this.shared);
    for (;;) {
      this.#check(attempts, stop);
      const connection = this.#connection(false);
      const events = new EventQueue();
      const id = connection.subscribe({ ...call, deadline: attempts.deadline }, events);
      const leave = () => events.stop();
      events.cancel = () => connection.forget(id);
      stop.addEventListener("abort", leave);
      let item: Item;
      let began = false;
      let silent = false;
      try {
        item = await events.get(attempts.deadline.remaining());
        while (item?.type === "event") {
          began = true;
          yield decode(request, item.payload);
          item = await events.get(SILENCE_MILLIS_MAX);
        }
        silent = item === undefined && !stop.aborted;
      } finally {
        stop.removeEventListener("abort", leave);
        connection.forget(id, { silent: silent && began, timedOut: silent });
      }
      if (stop.aborted) throw attempts.cancelled(true, stop.reason);
      if (began) return checkEnd(item);
      if (item === undefined) throw attempts.timedOut(true);
      if (item.type === "overrun") continue;
      const wait = attempts.settle(item);
      if (wait === undefined) return; // an OK without an event
      await this.pause(wait, stop);
    }
  }

  /** Waits; closing the client and the signal end it. */
  pause(millis: number, signal: CancelSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.ceil(millis));
      this.#pauses.add(wake);
      signal?.addEventListener("abort", wake);
      if (this.#closed || signal?.aborted) wake();
    });
  }

  #deadline(options: CallOptions): Deadline {
    return new Deadline(options.timeoutMillis ?? this.#settings.timeoutMillis);
  }

  #check(attempts: Attempts<unknown>, signal: CancelSignal | undefined): void {
    if (this.#closed) throw attempts.closed();
    if (signal?.aborted) throw attempts.cancelled(false, signal.reason);
  }

  /** Mutations share one, so that they keep their order. */
  #connection(ordered: boolean): Connection {
    const index = ordered ? 0 : this.#next++ % this.#settings.connections;
    let connection = this.#connections[index];
    if (connection === undefined || !connection.accepting) {
      for (const old of this.#leaving) if (old.pending === 0) this.#leaving.delete(old);
      if (connection !== undefined && connection.pending > 0) this.#leaving.add(connection);
      connection = this.#connections[index] = new Connection(this.#settings);
    }
    return connection;
  }
}

function decode<E>(request: StreamRequest<E>, payload: Buffer): E {
  try {
    return request.decode(payload);
  } catch (cause) {
    throw new ProtocolError(`an event does not parse: ${(cause as Error).message}`, { cause });
  }
}
