// The options of a client.

import type { RetryOptions } from "./retry.js";

/** TLS 1.3. Without an authority those that Node trusts are asked. Files are read anew for each connection. */
export interface TlsOptions {
  /** The authority that the server's certificate must come from, as PEM. */
  readonly ca?: string | Uint8Array | undefined;
  /** The same, from a file. */
  readonly caFile?: string | undefined;
  /** The client's certificate and its chain, as PEM. */
  readonly cert?: string | Uint8Array | undefined;
  readonly certFile?: string | undefined;
  /** The key of the client's certificate, as PEM. */
  readonly key?: string | Uint8Array | undefined;
  readonly keyFile?: string | undefined;
  /** The name that must be in the server's certificate. Default: the host of the address. */
  readonly serverName?: string | undefined;
}

/** Options of a client. */
export interface ClientOptions {
  /** A token that says who calls. */
  readonly token?: string | undefined;
  /** A file with the token in it, which is read for each connection. */
  readonly tokenFile?: string | undefined;
  /** TLS; true: with the system's authorities. Default: none. */
  readonly tls?: TlsOptions | boolean | undefined;
  /** How the client calls itself: at most 64 bytes of [A-Za-z0-9._:@/-], stored beside each row that it writes. */
  readonly clientName?: string | undefined;
  /** Calls are rejected unless the server serves the ledger of this id. */
  readonly ledgerId?: string | undefined;
  /** Milliseconds of each call, connecting and all attempts included. Default 10,000. */
  readonly timeoutMillis?: number | undefined;
  /** Milliseconds of one try to connect, HELLO_ACK included. Default 5,000. */
  readonly connectTimeoutMillis?: number | undefined;
  /** Connections, 1 to 8. Mutations share the first, so that they keep their order; reads and streams use all. */
  readonly connections?: number | undefined;
  readonly retry?: RetryOptions | undefined;
}
