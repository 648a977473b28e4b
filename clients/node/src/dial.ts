// Opens the socket of a connection, inside of TLS if that is wanted, and says what went wrong.

import { readFile } from "node:fs/promises";
import * as net from "node:net";
import * as tls from "node:tls";

import { Disconnected, ProtocolError, Unauthenticated } from "./errors.js";
import type { WalletError } from "./errors.js";
import type { TlsOptions } from "./options.js";
import type { Settings } from "./settings.js";

const ALPN = "wrp/1";
const KEEP_ALIVE_MILLIS = 30_000;

type Problem = Error & { code?: string };

/** What a connection needs from files: they may have changed since the last one. */
export interface Identity {
  readonly token: string | undefined;
  readonly ca: Uint8Array | undefined;
  readonly cert: Uint8Array | undefined;
  readonly key: Uint8Array | undefined;
}

export async function readIdentity(settings: Settings): Promise<Identity> {
  const { tls = {}, tokenFile } = settings;
  const [token, ca, cert, key] = await Promise.all([
    tokenFile === undefined ? settings.token : readFile(tokenFile, "utf8").then((text) => text.trim()),
    pem(tls.ca, tls.caFile),
    pem(tls.cert, tls.certFile),
    pem(tls.key, tls.keyFile),
  ]);
  return { token, ca, cert, key };
}

async function pem(given: string | Uint8Array | undefined, file: string | undefined): Promise<Uint8Array | undefined> {
  if (file !== undefined) return readFile(file);
  return typeof given === "string" ? Buffer.from(given, "utf8") : given;
}

/** A socket that is connecting; `ready` is called when bytes may be written. */
export function dial(settings: Settings, identity: Identity, ready: () => void): net.Socket {
  const { address } = settings;
  if ("path" in address) return net.connect(address).on("connect", ready);
  let socket: net.Socket;
  if (settings.tls === undefined) {
    socket = net.connect({ ...address, autoSelectFamily: true }).on("connect", ready);
  } else {
    socket = tls.connect(tlsOptions(address, settings.tls, identity)).on("secureConnect", ready);
  }
  return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MILLIS);
}

function tlsOptions(
  address: { readonly host: string; readonly port: number },
  options: TlsOptions,
  identity: Identity,
): tls.ConnectionOptions {
  const name = options.serverName ?? address.host;
  const { ca, cert, key } = identity;
  return {
    ...address,
    // An IP address isn't a name that may be asked for, but it is one that the certificate must have.
    ...(net.isIP(name) === 0 ? { servername: name } : {}),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    minVersion: "TLSv1.3",
    ALPNProtocols: [ALPN],
    rejectUnauthorized: true,
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(name, certificate),
    autoSelectFamily: true,
  };
}

// TLS alerts with which a server says that it doesn't take the client's certificate, or its lack.
const REFUSED_CERTIFICATE = /ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|UNSUPPORTED_CERTIFICATE)/;
// Both versions of OpenSSL's names for a record or a handshake that isn't TLS 1.3.
const NOT_TLS = /^(EPROTO|ERR_SSL_)/;
// What Node says of the server's certificate.
const NOT_TRUSTED = /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_|PATH_LENGTH_|ERR_TLS)/;

/** A fault of the socket as an error, and whether another try has hope. */
export function problemOf(problem: Problem, where: string): { error: WalletError; retry: boolean } {
  const { code = "" } = problem;
  const text = `no connection to ${where}: ${problem.message || code || "refused"}`;
  const options = { cause: problem };
  if (REFUSED_CERTIFICATE.test(code)) {
    const said = `${where} refused the client's certificate: ${problem.message}`;
    return { error: new Unauthenticated(said, options), retry: false };
  }
  if (NOT_TRUSTED.test(code)) {
    const said = `the certificate of ${where} is not trusted: ${problem.message} (${code})`;
    return { error: new Unauthenticated(said, options), retry: false };
  }
  if (NOT_TLS.test(code)) return { error: new ProtocolError(text, options), retry: false };
  return { error: new Disconnected(text, options), retry: true };
}
