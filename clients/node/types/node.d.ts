// The part of Node's own API that this package uses, so that it builds with nothing but the TypeScript compiler.
// A test of the package never sees this file: its declarations name nothing of Node.

interface Buffer extends Uint8Array {
  readUInt32BE(offset: number): number;
  readUInt16BE(offset: number): number;
  writeUInt32BE(value: number, offset: number): number;
  writeUInt16BE(value: number, offset: number): number;
  write(text: string, offset: number, length: number, encoding: "utf8"): number;
  copy(target: Uint8Array, targetStart?: number): number;
  subarray(begin?: number, end?: number): Buffer;
  toString(encoding?: "hex" | "utf8" | "latin1" | "base64"): string;
}
declare const Buffer: {
  alloc(size: number): Buffer;
  allocUnsafe(size: number): Buffer;
  byteLength(text: string, encoding: "utf8"): number;
  concat(parts: readonly Uint8Array[], length?: number): Buffer;
  from(text: string, encoding: "hex" | "utf8" | "latin1"): Buffer;
  from(bytes: Uint8Array): Buffer;
  from(memory: ArrayBufferLike, byteOffset: number, length: number): Buffer;
};

declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

interface Event {
  readonly type: string;
}
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

interface Timer {
  ref(): this;
  unref(): this;
}
declare function setTimeout(callback: () => void, millis: number): Timer;
declare function clearTimeout(timer: Timer | undefined): void;
declare function setImmediate(callback: () => void): Timer;
declare function queueMicrotask(callback: () => void): void;
declare const performance: { now(): number };
declare const console: { log(...values: unknown[]): void; error(...values: unknown[]): void };
declare const process: {
  readonly argv: string[];
  readonly env: { readonly [name: string]: string | undefined };
  exitCode: number | undefined;
  readonly stdin: AsyncIterable<Buffer>;
  readonly stdout: { write(text: string, done?: (error?: Error | null) => void): boolean };
  hrtime: { bigint(): bigint };
};

declare module "node:net" {
  export interface Socket {
    readonly writableNeedDrain: boolean;
    readonly writableLength: number;
    readonly destroyed: boolean;
    on(event: "connect" | "end" | "close" | "drain" | "secureConnect", listener: () => void): this;
    on(event: "data", listener: (data: Buffer) => void): this;
    on(event: "error", listener: (error: Error & { code?: string }) => void): this;
    write(data: Uint8Array): boolean;
    once(event: "close", listener: () => void): this;
    destroy(): this;
    destroySoon(): void;
    ref(): this;
    unref(): this;
    setNoDelay(on: boolean): this;
    setKeepAlive(on: boolean, delayMillis: number): this;
  }
  export function connect(
    options: { path: string } | { host: string; port: number; autoSelectFamily?: boolean },
  ): Socket;
  export function isIP(text: string): 0 | 4 | 6;
}

declare module "node:tls" {
  import { Socket } from "node:net";
  export interface TLSSocket extends Socket {
    readonly alpnProtocol: string | false | null;
  }
  export interface ConnectionOptions {
    host: string;
    port: number;
    servername?: string;
    ca?: Uint8Array;
    cert?: Uint8Array;
    key?: Uint8Array;
    minVersion: "TLSv1.3";
    ALPNProtocols: string[];
    rejectUnauthorized: true;
    checkServerIdentity(hostname: string, certificate: object): Error | undefined;
    autoSelectFamily?: boolean;
  }
  export function connect(options: ConnectionOptions): TLSSocket;
  export function checkServerIdentity(hostname: string, certificate: object): Error | undefined;
}

declare module "node:crypto" {
  export function randomFillSync(bytes: Buffer): Buffer;
  export function createHash(name: "sha256"): { update(bytes: Uint8Array): { digest(): Buffer } };
}

declare module "node:fs/promises" {
  export function readFile(path: string): Promise<Buffer>;
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
}

declare module "node:zlib" {
  /** Since Node 20.15. */
  export const crc32: ((data: Uint8Array, seed?: number) => number) | undefined;
}

declare module "node:readline" {
  export function createInterface(options: { input: AsyncIterable<Buffer> }): AsyncIterable<string>;
}

declare module "node:assert/strict" {
  export function equal(actual: unknown, expected: unknown, message?: string): void;
  export function ok(value: unknown, message?: string): asserts value;
}

declare module "node:timers/promises" {
  export function setTimeout(millis: number): Promise<void>;
}
