// The connection without its socket, fed with what a broken or hostile peer may send; and what a client leaves behind.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { frames, mutation, proto } from "./fake.mjs";
import { run } from "./programs.mjs";

const require = createRequire(import.meta.url);
const { Core } = require("../dist/core.js");
const { Deadline } = require("../dist/deadline.js");
const { Disconnected } = require("../dist/errors.js");
const { FrameType, encode, frame } = frames;

/** Numbers from 0 to below 2^32, the same for a seed each time (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const ack = encode(frame(FrameType.HELLO_ACK, { payload: proto.HelloAck.encode({ version: 1 }) }));

/** A core with calls under way, and how often each was settled. */
function busy(calls) {
  const core = new Core({ versions: [1], clientName: "test" });
  core.open();
  core.take();
  core.receive(ack);
  const counts = [];
  for (let index = 0; index < calls; index++) {
    const call = { method: 260, payload: Buffer.from("0801", "hex"), deadline: new Deadline(1_000) };
    counts.push(0);
    core.call(call, { settled: () => counts[index]++, happened: () => {} });
  }
  core.take();
  return { core, counts };
}

/** Frames as a server sends them, in some order. */
function traffic(random, calls) {
  const made = [];
  for (let index = 0; index < 12; index++) {
    const requestId = 1 + (random() % (calls + 2));
    const pick = random() % 8;
    if (pick < 3) made.push(frame(FrameType.RESPONSE, { requestId, payload: mutation({ balance: 1n }) }));
    else if (pick === 3) made.push(frame(FrameType.EVENT, { requestId, payload: Buffer.from("0801", "hex") }));
    else if (pick === 4) made.push(frame(FrameType.PING, { requestId, payload: Buffer.alloc(8) }));
    else if (pick === 5) made.push(frame(FrameType.RESPONSE, { requestId, code: 14, flags: 2 }));
    else if (pick === 6 && random() % 4 === 0) made.push(frame(FrameType.GOAWAY));
    else made.push(frame(1 + (random() % 10), { requestId, payload: Buffer.alloc(random() % 40) }));
  }
  return Buffer.concat(made.map(encode));
}

test("whatever comes, nothing is thrown, and each call is settled once", () => {
  const calls = 10;
  for (let seed = 1; seed <= 2_000; seed++) {
    const random = randomOf(seed);
    const { core, counts } = busy(calls);
    const bytes = traffic(random, calls);
    for (let flips = random() % 4; flips > 0; flips--) bytes[random() % bytes.length] = random() & 0xff;
    for (let at = 0; at < bytes.length;) {
      const size = 1 + (random() % 60);
      core.receive(bytes.subarray(at, at + size));
      at += size;
      core.take();
      if (random() % 10 === 0) core.forget(1 + (random() % calls), true);
    }
    core.lost(new Disconnected("the end"));
    assert.ok(counts.every((count) => count <= 1), `seed ${seed}: ${counts}`);
    assert.equal(core.pending, 0, `seed ${seed}`);
    assert.ok(core.finished);
  }
});

test("messages of random bytes decode or are refused, and never more", () => {
  const types = [proto.ErrorInfo, proto.MutationResponse, proto.BatchResponse, proto.WatchEvent, proto.HelloAck];
  let decoded = 0;
  for (let seed = 1; seed <= 5_000; seed++) {
    const random = randomOf(seed);
    const bytes = Buffer.from(Array.from({ length: random() % 40 }, () => random() & (random() % 2 ? 0x3f : 0xff)));
    try {
      types[seed % types.length].decode(bytes);
      decoded++;
    } catch (error) {
      assert.equal(error.name, "DecodeError", `seed ${seed}: ${error.stack}`);
    }
  }
  assert.ok(decoded > 0);
});

test("ids go round, and pass over those in flight", () => {
  const core = new Core({ versions: [1] });
  core.open();
  core.take();
  core.receive(ack);
  const call = { method: 1, payload: Buffer.alloc(0), deadline: new Deadline(1_000) };
  const ids = Array.from({ length: 3 }, () => core.call(call, { settled: () => {} }));
  assert.deepEqual(ids, [1, 2, 3]);
  assert.ok(!core.forget(2, false), "it was never sent");
  core.take();
  assert.ok(core.forget(1, false), "it was sent");
});

test("a closed client leaves nothing behind: no timer, no socket", async () => {
  const text = `
    import net from "node:net";
    import { Client } from ${JSON.stringify(new URL("../dist/index.mjs", import.meta.url).href)};
    const silent = net.createServer((socket) => socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = "127.0.0.1:" + silent.address().port;
    const clients = [new Client(address), new Client("127.0.0.1:1")];
    const calls = clients.flatMap((client) => [
      client.ping({ timeoutMillis: 60_000 }),
      client.ping({ timeoutMillis: 50 }),
      client.watchTransactions({}, { timeoutMillis: 60_000 }).next(),
    ]);
    for (const call of calls) call.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const client of clients) client.close();
    await Promise.allSettled(calls);
    silent.close();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    const left = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|TLS/.test(name));
    console.log(JSON.stringify(left.filter((name) => name !== "TCPServerWrap")));
  `;
  const { code, out, err } = await run(process.execPath, ["--input-type=module", "-e", text]);
  assert.deepEqual([code, out.trim()], [0, "[]"], err);
});
