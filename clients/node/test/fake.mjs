// A scripted server on a free loopback port: each connection is played by the next function of a list.

import { once } from "node:events";
import net from "node:net";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
export const frames = require("../dist/wire/frames.js");
export const proto = require("../dist/proto/messages.js");
const { FrameType } = frames;

const PATIENCE_MILLIS = 10_000;

/** The server's side of one connection. */
export class Peer {
  #deframer = new frames.Deframer(1 << 20);
  #received = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  constructor(socket) {
    this.socket = socket;
    socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on("end", end).on("close", end).on("error", end);
  }

  /** Reads the preface and HELLO, answers HELLO_ACK. */
  async hello(limits) {
    const hello = await this.readHello();
    this.send(FrameType.HELLO_ACK, proto.HelloAck.encode({ version: 1, limits }));
    return hello;
  }

  async readHello() {
    const preface = await this.bytes(frames.PREFACE.length);
    if (!preface.equals(frames.PREFACE)) throw new Error(`a preface of ${preface.toString("hex")}`);
    const frame = await this.read();
    if (frame.type !== FrameType.HELLO) throw new Error(`a frame of type ${frame.type} instead of HELLO`);
    return proto.Hello.decode(frame.payload);
  }

  async bytes(count) {
    await this.#until(() => this.#received.length >= count);
    const taken = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return taken;
  }

  /** The next frame. Rejects when the client closes first. */
  async read() {
    let frame;
    await this.#until(() => {
      this.#deframer.feed(this.#received);
      this.#received = Buffer.alloc(0);
      frame = this.#deframer.next();
      return frame !== undefined;
    });
    return frame;
  }

  async request() {
    const frame = await this.read();
    if (frame.type !== FrameType.REQUEST) throw new Error(`a frame of type ${frame.type} instead of a REQUEST`);
    if (!(frame.millis > 0)) throw new Error("a REQUEST without a deadline");
    return frame;
  }

  send(type, payload = Buffer.alloc(0), parts = {}) {
    this.socket.write(frames.encode(frames.frame(type, { ...parts, payload })));
  }

  ok(request, payload, flags = 0) {
    this.send(FrameType.RESPONSE, payload, { requestId: request.requestId, flags });
  }

  event(request, payload, flags = 0) {
    this.send(FrameType.EVENT, payload, { requestId: request.requestId, flags });
  }

  fail(request, reason, status, { flags = 0x02, millis = 0, ...rest } = {}) {
    const payload = proto.ErrorInfo.encode({ reason, message: "scripted", ...rest });
    this.send(FrameType.RESPONSE, payload, { requestId: request.requestId, code: status, flags, millis });
  }

  /** Waits until the client closes, whatever it may still send. */
  async ends() {
    this.socket.resume();
    while (!this.#ended) await new Promise((resolve) => (this.#wake = resolve));
  }

  async #until(condition) {
    while (!condition()) {
      if (this.#ended) throw new EndOfConnection();
      await new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("nothing came")), PATIENCE_MILLIS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

export class EndOfConnection extends Error {}

/** Plays the scripts, one a connection, in their order. `close` rejects with what a script threw. */
export class FakeServer {
  connections = 0;
  #scripts;
  #players = [];
  #sockets = new Set();
  #server;

  constructor(scripts, makeServer = net.createServer) {
    this.#scripts = [...scripts];
    this.#server = makeServer((socket) => this.#play(socket));
    this.#server.on("tlsClientError", () => {});
  }

  async listen(where = { host: "127.0.0.1", port: 0 }) {
    this.#server.listen(where);
    await once(this.#server, "listening");
    const address = this.#server.address();
    this.address = typeof address === "string" ? `unix:${address}` : `127.0.0.1:${address.port}`;
    return this;
  }

  #play(socket) {
    socket.on("error", () => {});
    this.#sockets.add(socket);
    const script = this.#scripts[this.connections++];
    if (script === undefined) {
      socket.destroy();
      return;
    }
    const played = Promise.resolve(script(new Peer(socket))).finally(() => socket.destroy());
    played.catch(() => {}); // it is looked at by close
    this.#players.push(played);
  }

  async close() {
    this.#server.close();
    try {
      await Promise.all(this.#players);
    } finally {
      for (const socket of this.#sockets) socket.destroy();
    }
  }
}

/** Runs `body` with a server of these scripts. */
export async function withServer(scripts, body) {
  const server = await new FakeServer(scripts).listen();
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

/** An address on loopback where nobody listens. */
export async function refusedAddress() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return `127.0.0.1:${port}`;
}

export function mutation(fields = {}) {
  return proto.MutationResponse.encode({ currency: "USD", exponent: 2, ...fields });
}
