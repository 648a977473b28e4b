// A connection: a socket around the core, and the waits of those who call on it.

import type { Attempts } from "./attempts.js";
import { Core } from "./core.js";
import type { CoreRequest, Outcome, Waiter } from "./core.js";
import { dial, problemOf, readIdentity } from "./dial.js";
import { Disconnected, Unauthenticated } from "./errors.js";
import type { WalletError } from "./errors.js";
import type { Socket } from "node:net";
import type { Settings } from "./settings.js";
import type { CancelSignal } from "./signal.js";

const GOODBYE_MILLIS_MAX = 500;

export class Connection {
  #core: Core;
  #socket: Socket | undefined;
  #ready = false; // the socket takes bytes
  #flushing = false;
  #referenced = true;
  #opening: ReturnType<typeof setTimeout> | undefined;
  readonly #settings: Settings;

  /** Starts to connect and returns at once. */
  constructor(settings: Settings) {
    this.#settings = settings;
    this.#core = new Core(settings.hello);
    const late = () => this.#lost(new Disconnected("the server did not answer HELLO in time"), true);
    this.#opening = setTimeout(late, settings.connectTimeoutMillis);
    this.#open();
  }

  /** Whether new calls may be given to this connection. */
  get accepting(): boolean {
    return this.#core.accepting;
  }

  /** How many calls wait for their end here. */
  get pending(): number {
    return this.#core.pending;
  }

  /** Sends the request and waits for its end. Rejects with the call's error when its deadline or signal ends it. */
  attempt<T>(attempts: Attempts<T>, signal: CancelSignal | undefined): Promise<Outcome> {
    const { request, deadline } = attempts;
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", cancel);
      };
      const settled = (outcome: Outcome) => {
        done();
        resolve(outcome);
      };
      const cancel = () => {
        done();
        reject(attempts.cancelled(this.forget(id), signal?.reason));
      };
      const id = this.#call({ ...request, deadline }, { settled });
      const timer = setTimeout(() => {
        done();
        reject(attempts.timedOut(this.forget(id, { timedOut: true })));
      }, Math.ceil(deadline.remaining()));
      signal?.addEventListener("abort", cancel);
    });
  }

  /** Asks for a stream, whose events and end go to `waiter`. Returns its id, for `forget`. */
  subscribe(request: CoreRequest, waiter: Waiter): number {
    return this.#call(request, waiter);
  }

  /** Nobody waits any more. True if any of the request may have been sent. `silent`: no sign of life came. */
  forget(id: number, how: { timedOut?: boolean; silent?: boolean } = {}): boolean {
    const sent = this.#core.forget(id, how.timedOut === true);
    if (how.silent === true) this.#core.distrust();
    this.#flushSoon();
    return sent;
  }

  /** Ends all calls with `error`, and the connection. */
  close(error: WalletError): void {
    this.#lost(error, false);
  }

  #call(request: CoreRequest, waiter: Waiter): number {
    const id = this.#core.call(request, waiter);
    this.#flushSoon();
    return id;
  }

  async #open(): Promise<void> {
    const { text } = this.#settings;
    try {
      const identity = await readIdentity(this.#settings);
      if (this.#core.state === "closed") return;
      this.#core.open(identity.token);
      const socket = dial(this.#settings, identity, () => {
        this.#ready = true;
        this.#flush();
      });
      this.#socket = socket;
      socket.on("data", (data) => this.#received(data));
      socket.on("drain", () => this.#flush());
      socket.on("error", (problem) => {
        const { error, retry } = problemOf(problem, text);
        this.#lost(error, retry);
      });
      socket.on("end", () => this.#lost(new Disconnected("the server closed the connection"), true));
      socket.on("close", () => this.#lost(new Disconnected("the connection ended"), true));
    } catch (cause) {
      // A file of the client's identity that can't be read, or a key that doesn't fit its certificate.
      const why = (cause as Error).message;
      this.#lost(new Unauthenticated(`no connection to ${text}: ${why}`, { cause }), false);
    }
  }

  #received(data: Buffer): void {
    this.#core.receive(data);
    if (this.#core.state !== "opening") {
      clearTimeout(this.#opening);
      this.#opening = undefined;
    }
    this.#flushSoon();
  }

  #lost(error: WalletError, retry: boolean): void {
    this.#core.lost(error, retry);
    clearTimeout(this.#opening);
    this.#leave();
  }

  /** Ends the socket; TLS says so to the other side (close_notify), unless the socket takes nothing. */
  #leave(): void {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    if (this.#settings.tls === undefined || !this.#ready || socket.writableLength > 0) {
      socket.destroy();
      return;
    }
    const late = setTimeout(() => socket.destroy(), GOODBYE_MILLIS_MAX).unref();
    socket.once("close", () => clearTimeout(late));
    socket.destroySoon();
  }

  /** Once for all that is called in this turn of the event loop, so that many calls share a write. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  /** Writes what the socket takes; what it doesn't take stays in the core, certain not to have been sent. */
  #flush(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    while (this.#ready && !socket.writableNeedDrain) {
      const bytes = this.#core.take();
      if (bytes === undefined) break;
      socket.write(bytes);
    }
    if (this.#core.finished) {
      clearTimeout(this.#opening);
      this.#leave();
    }
    this.#reference(this.#core.pending > 0 || this.#core.state === "opening");
  }

  /** A connection on which nobody waits doesn't keep the program running. */
  #reference(wanted: boolean): void {
    if (wanted === this.#referenced) return;
    this.#referenced = wanted;
    if (wanted) this.#socket?.ref();
    else this.#socket?.unref();
  }
}
