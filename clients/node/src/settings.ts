// What a client is told at its making: where the server is, who calls, and how patiently.

import { checkMillis } from "./deadline.js";
import type { ClientOptions, TlsOptions } from "./options.js";
import type { Hello } from "./proto/messages.js";
import { VERSION } from "./core.js";
import { PACKAGE_VERSION } from "./version.js";

/** The path of a Unix socket, or host and port. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

export interface Settings {
  readonly text: string;
  readonly address: Address;
  readonly tls: TlsOptions | undefined;
  readonly timeoutMillis: number;
  readonly connectTimeoutMillis: number;
  readonly connections: number;
  /** Without the credentials. */
  readonly hello: Pick<Hello, "versions" | "clientName" | "ledgerId">;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
}

const HOST_PORT = /^(?:\[([^\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/;
const CONNECTIONS_MAX = 8;

/** Reads "host:port", "[v6]:port" or "unix:PATH". Throws a RangeError for anything else. */
export function parseAddress(text: string): Address {
  if (text.startsWith("unix:") && text.length > "unix:".length) return { path: text.slice("unix:".length) };
  const match = HOST_PORT.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new RangeError(`an address is "host:port", "[v6]:port" or "unix:PATH", not ${JSON.stringify(text)}`);
  }
  return { host: (match[1] ?? match[2]) as string, port };
}

/** Throws TypeError and RangeError for options that can't be. */
export function makeSettings(address: string, options: ClientOptions): Settings {
  const { timeoutMillis = 10_000, connectTimeoutMillis = 5_000, connections = 1, token, tokenFile, tls } = options;
  if (token !== undefined && tokenFile !== undefined) {
    throw new TypeError("a token comes as it is or from a file, not both");
  }
  if (!Number.isInteger(connections) || connections < 1 || connections > CONNECTIONS_MAX) {
    throw new RangeError(`connections are 1 to ${CONNECTIONS_MAX}`);
  }
  const parsed = parseAddress(address);
  if (tls && "path" in parsed) throw new TypeError("a Unix socket has no TLS");
  return {
    text: address,
    address: parsed,
    tls: tls === true ? {} : tls || undefined,
    timeoutMillis: checkMillis(timeoutMillis, "timeoutMillis"),
    connectTimeoutMillis: checkMillis(connectTimeoutMillis, "connectTimeoutMillis"),
    connections,
    hello: {
      versions: [VERSION],
      clientName: options.clientName ?? `walletd-node/${PACKAGE_VERSION}`,
      ledgerId: options.ledgerId ?? "",
    },
    token,
    tokenFile,
  };
}
