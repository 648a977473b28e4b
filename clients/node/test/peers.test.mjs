// Each way in which a peer, or the way to it, can fail.

import assert from "node:assert/strict";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { test } from "node:test";

import { Client, NotExecuted, OutcomeUnknown, ProtocolError, WalletError } from "../dist/index.mjs";
import { FakeServer, frames, mutation, proto, refusedAddress } from "./fake.mjs";
import { EAGER, KEY, ONCE, WALLET, answers, debit, errorOf, scripted, within } from "./scripted.mjs";

const { FrameType, encode, frame } = frames;

test("nobody listens", async () => {
  for (const timeoutMillis of [200, 5_000]) {
    const client = new Client(await refusedAddress(), { timeoutMillis, retry: { backoffMillis: 10 } });
    const error = await within(timeoutMillis + 3_000, () => errorOf(debit(client), "disconnected"));
    assert.ok(error instanceof NotExecuted && error instanceof WalletError);
    assert.equal(error.key, KEY);
    client.close();
  }
});

test("a name that leads nowhere", async () => {
  const client = new Client("wallets.invalid:7411", { timeoutMillis: 3_000, retry: ONCE });
  await within(8_000, () => assert.rejects(debit(client), NotExecuted));
  client.close();
});

test("a port that accepts and never answers", async () => {
  await scripted([(peer) => peer.ends()], {}, async (client) => {
    const error = await within(5_000, () => errorOf(debit(client, {}, { timeoutMillis: 200 }), "deadline_exceeded"));
    assert.equal(error.key, KEY);
    await errorOf(client.ping({ timeoutMillis: 200 }), "deadline_exceeded");
  });
});

test("connecting has a limit of its own", async () => {
  const ends = (peer) => peer.ends();
  const options = { connectTimeoutMillis: 150, retry: { attemptsMax: 2, backoffMillis: 5 } };
  await scripted([ends, ends], options, async (client, server) => {
    const error = await errorOf(debit(client), "disconnected");
    assert.match(error.message, /HELLO/);
    assert.equal(server.connections, 2);
  });
});

test("a Unix socket", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "walletd-"));
  const server = await new FakeServer([answers()]).listen({ path: path.join(folder, "s") });
  const client = new Client(server.address);
  assert.equal((await debit(client)).balance, 100n);
  client.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

// ---------------------------------------------------------------- peers that speak something else

async function http(peer) {
  await peer.bytes(8);
  peer.socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  await peer.ends();
}

async function noise(peer) {
  peer.socket.write(Buffer.from("000000209a3f" + "00112233".repeat(16), "hex"));
  await peer.ends();
}

for (const script of [http, noise]) {
  test(`a server that speaks ${script.name}`, async () => {
    // Nothing was sent but HELLO, so a mutation too is certain not to have happened.
    for (const act of [debit, (client) => client.getBalance(WALLET)]) {
      await scripted([script], {}, async (client, server) => {
        assert.match((await errorOf(act(client), "protocol")).message, /WRP\/1/);
        assert.equal(server.connections, 1);
      });
    }
  });
}

test("a server that says nothing and closes", async () => {
  await scripted([async () => {}, async () => {}], { retry: { attemptsMax: 2, backoffMillis: 1 } }, async (client) => {
    await errorOf(debit(client), "disconnected");
  });
});

const response = (request, payload, more = {}) =>
  encode(frame(FrameType.RESPONSE, { requestId: request.requestId, payload: Buffer.from(payload, "hex"), ...more }));

const GARBAGE = {
  "a wrong checksum": (request) => {
    const bytes = response(request, "1005");
    bytes[bytes.length - 1] ^= 1;
    return bytes;
  },
  "a frame beyond every limit": () => Buffer.from("7fffffff", "hex"),
  "a frame too short": () => Buffer.alloc(8),
  "a body that doesn't parse": (request) => response(request, "ffff"),
  "OK and NOT_EXECUTED at once": (request) => response(request, "", { flags: 2 }),
  "an answer to no request": () => response({ requestId: 0 }, ""),
  "a REQUEST": (request) => encode(frame(FrameType.REQUEST, { requestId: request.requestId, code: 1 })),
  "a second HELLO_ACK": () => encode(frame(FrameType.HELLO_ACK, { payload: Buffer.from("0801", "hex") })),
  "a PING that isn't of 8 bytes": () => encode(frame(FrameType.PING, { payload: Buffer.from("08", "hex") })),
};
for (const [name, answer] of Object.entries(GARBAGE)) {
  test(`${name} instead of an answer`, async () => {
    const script = async (peer) => {
      await peer.hello();
      peer.socket.write(answer(await peer.request()));
      await peer.ends();
    };
    await scripted([script, script], {}, async (client, server) => {
      const error = await errorOf(debit(client), "outcome_unknown");
      assert.equal(error.key, KEY);
      assert.ok(error instanceof OutcomeUnknown && error.cause instanceof ProtocolError);
      assert.equal(server.connections, 1);
    });
    await scripted([script], {}, (client) => errorOf(client.getBalance(WALLET), "protocol"));
  });
}

const OPENINGS = {
  "another version": [FrameType.HELLO_ACK, Buffer.from("0802", "hex")],
  "a HELLO_ACK that doesn't parse": [FrameType.HELLO_ACK, Buffer.from("ff", "hex")],
  "a RESPONSE": [FrameType.RESPONSE, Buffer.alloc(0)],
  "INVALID_FRAME": [FrameType.CONNECTION_ERROR, Buffer.from(proto.ErrorInfo.encode({ reason: "INVALID_FRAME" }))],
};
for (const [name, [type, payload]] of Object.entries(OPENINGS)) {
  test(`${name} instead of HELLO_ACK`, async () => {
    const script = async (peer) => {
      await peer.readHello();
      peer.send(type, payload);
      await peer.ends();
    };
    await scripted([script], {}, (client) => errorOf(debit(client), "protocol"));
  });
}

test("a frame over the limit costs no memory: its body isn't waited for", async () => {
  const script = async (peer) => {
    await peer.hello({ responseBytesMax: 4096 });
    await peer.request();
    const length = Buffer.alloc(4);
    length.writeUInt32BE(64 << 20);
    peer.socket.write(length);
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    assert.match((await errorOf(client.getBalance(WALLET), "protocol")).message, /over/);
  });
});

test("a request over the server's limit isn't sent, and others go on", async () => {
  const script = async (peer) => {
    await peer.hello({ requestBytesMax: 1_000, batchRequestBytesMax: 5_000 });
    for (let index = 0; index < 2; index++) {
      const request = await peer.request();
      const isBatch = request.code === proto.methods.batch.number;
      peer.ok(request, isBatch ? proto.BatchResponse.encode({ results: [{}] }) : mutation({ balance: 1n }));
    }
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const error = await errorOf(debit(client, { note: "n".repeat(2_000) }), "not_executed");
    assert.match(error.message, /the server takes 1000/);
    assert.equal((await debit(client)).balance, 1n);
    await client.batch({ items: [{ debit: { wallet: WALLET, amount: 1n, reason: "t", note: "n".repeat(2_000) } }] });
  });
});

// ---------------------------------------------------------------- deadlines

test("a silent server: CANCEL is sent; a read timed out, a mutation is unknown", async () => {
  const seen = [];
  let told;
  const cancelled = new Promise((resolve) => (told = resolve));
  const script = async (peer) => {
    await peer.hello();
    for (let index = 0; index < 2; index++) {
      const request = await peer.request();
      const cancel = await peer.read();
      assert.deepEqual([cancel.type, cancel.requestId], [FrameType.CANCEL, request.requestId]);
      seen.push(request);
      peer.send(FrameType.PONG, Buffer.alloc(8)); // a sign of life
    }
    told();
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const read = await errorOf(client.getBalance(WALLET, { timeoutMillis: 200 }), "deadline_exceeded");
    assert.equal(read.key, undefined);
    const mutated = await errorOf(debit(client, {}, { timeoutMillis: 200 }), "outcome_unknown");
    assert.equal(mutated.key, KEY);
    await cancelled;
  });
  assert.deepEqual(seen.map(({ code }) => code), [proto.methods.getBalance.number, proto.methods.debit.number]);
  assert.ok(seen.every(({ millis }) => millis > 0 && millis <= 180));
});

test("a late answer is dropped", async () => {
  const script = async (peer) => {
    await peer.hello();
    const first = await peer.request();
    assert.equal((await peer.read()).type, FrameType.CANCEL);
    const second = await peer.request();
    assert.notEqual(second.requestId, first.requestId);
    peer.ok(first, mutation({ balance: 1n }));
    peer.ok({ requestId: 4_000_000_000 }, mutation({ balance: 3n }));
    peer.ok(second, mutation({ balance: 2n }));
    await peer.ends();
  };
  await scripted([script], {}, async (client, server) => {
    await errorOf(debit(client, {}, { timeoutMillis: 200 }), "outcome_unknown");
    assert.equal((await debit(client)).balance, 2n);
    assert.equal(server.connections, 1);
  });
});

test("a dead connection is left: two deadlines in a row without a byte", async () => {
  const silent = async (peer) => {
    await peer.hello();
    await peer.ends();
  };
  await scripted([silent, answers()], {}, async (client, server) => {
    for (let index = 0; index < 2; index++) {
      await errorOf(client.ping({ timeoutMillis: 100 }), "deadline_exceeded");
    }
    assert.equal((await debit(client)).balance, 100n);
    assert.equal(server.connections, 2);
  });
});

test("a peer that reads nothing: what never left is certain not to have happened", async () => {
  let done;
  const held = new Promise((resolve) => (done = resolve));
  const script = async (peer) => {
    await peer.hello();
    peer.socket.pause();
    await held;
  };
  await scripted([script], {}, async (client) => {
    const note = "n".repeat(900_000);
    const calls = Array.from({ length: 60 }, () =>
      client.debit({ wallet: WALLET, amount: 1n, reason: "test", note }, { timeoutMillis: 1_500 }),
    );
    const kinds = (await Promise.allSettled(calls)).map(({ reason }) => reason.kind);
    const unknown = kinds.filter((kind) => kind === "outcome_unknown").length;
    const sure = kinds.filter((kind) => kind === "deadline_exceeded").length;
    assert.equal(unknown + sure, 60, `${new Set(kinds)}`);
    assert.ok(unknown > 0 && sure > 0, `${unknown} unknown, ${sure} sure`);
    done();
  });
});

// ---------------------------------------------------------------- the way there: proxies

/** Passes bytes on in both directions, as `piece` says. */
async function proxy(target, piece, body) {
  const { port } = new URL(`tcp://${target}`);
  const sockets = new Set();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => to.destroy());
      from.on("data", (data) => piece(data, to, from));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await body(`127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

test("bytes that come one by one", async () => {
  const server = await new FakeServer([answers(5)]).listen();
  const slice = (data, to) => {
    to.setNoDelay(true);
    for (const byte of data) to.write(Buffer.from([byte]));
  };
  await proxy(server.address, slice, async (address) => {
    const client = new Client(address);
    for (let index = 0; index < 5; index++) assert.equal((await debit(client)).balance, 100n);
    client.close();
  });
  await server.close();
});

test("a way that swallows everything from some place on", async () => {
  const server = await new FakeServer([(peer) => answers(1)(peer).catch(() => {})]).listen();
  let passed = 0;
  const swallow = (data, to) => (passed++ < 4 ? to.write(data) : undefined);
  await proxy(server.address, swallow, async (address) => {
    const client = new Client(address, { retry: ONCE });
    assert.equal((await debit(client)).balance, 100n);
    await errorOf(debit(client, { idempotencyKey: "another-key" }, { timeoutMillis: 200 }), "outcome_unknown");
    await errorOf(client.getBalance(WALLET, { timeoutMillis: 200 }), "deadline_exceeded");
    client.close();
  });
  await server.close();
});

test("a way that is cut again and again", async () => {
  const scripts = Array.from({ length: 40 }, () => (peer) => answers(100)(peer).catch(() => {}));
  const server = await new FakeServer(scripts).listen();
  let passed = 0;
  const cut = (data, to, from) => {
    // Each fifth piece is cut in the middle.
    if (++passed % 5 !== 0) return to.write(data);
    to.write(data.subarray(0, data.length >> 1));
    from.destroy();
  };
  await proxy(server.address, cut, async (address) => {
    const client = new Client(address, { retry: { ...EAGER, attemptsMax: 10 } });
    for (let index = 1; index <= 10; index++) {
      const result = await debit(client, { amount: BigInt(index), idempotencyKey: `cut-key-${index}` });
      assert.equal(result.balance, BigInt(index));
    }
    client.close();
  });
  await server.close();
});
