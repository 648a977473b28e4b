// Cancelling and closing, and many calls at once, against scripted servers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Cancelled, Client, OutcomeUnknown } from "../dist/index.mjs";
import { frames, mutation, proto, refusedAddress, withServer } from "./fake.mjs";
import { ONCE, WALLET, KEY, answers, debit, errorOf, scripted, settleable } from "./scripted.mjs";

const { FrameType } = frames;

test("a cancelled read sends CANCEL and ends at once", async () => {
  const asked = settleable();
  const cancelled = settleable();
  const script = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    asked.resolve();
    const cancel = await peer.read();
    assert.deepEqual([cancel.type, cancel.requestId], [FrameType.CANCEL, request.requestId]);
    cancelled.resolve();
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const controller = new AbortController();
    const call = client.getBalance(WALLET, { signal: controller.signal });
    await asked.promise;
    controller.abort(new Error("enough"));
    const error = await errorOf(call, "cancelled");
    assert.ok(error instanceof Cancelled);
    assert.equal(error.cause.message, "enough");
    await cancelled.promise;
  });
});

test("a cancelled mutation that was sent is unknown, and remembered", async () => {
  const asked = settleable();
  const script = async (peer) => {
    await peer.hello();
    await peer.request();
    asked.resolve();
    assert.equal((await peer.read()).type, FrameType.CANCEL);
    peer.fail(await peer.request(), "UNAVAILABLE", 14);
    await peer.ends();
  };
  await scripted([script], { retry: ONCE }, async (client) => {
    const controller = new AbortController();
    const call = debit(client, {}, { signal: controller.signal });
    await asked.promise;
    controller.abort();
    const error = await errorOf(call, "outcome_unknown");
    assert.deepEqual([error.key, error.cause.kind], [KEY, "cancelled"]);
    await errorOf(debit(client), "outcome_unknown");
  });
});

test("a mutation that is cancelled before it was sent is cancelled", async () => {
  const client = new Client(await refusedAddress());
  const error = await errorOf(debit(client, {}, { signal: AbortSignal.abort() }), "cancelled");
  assert.equal(error.key, KEY);
  await scripted([(peer) => peer.ends()], {}, async (opening) => {
    const controller = new AbortController();
    const call = debit(opening, {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await errorOf(call, "cancelled"); // HELLO was never answered
  });
  client.close();
});

test("cancelling ends the wait between two attempts", async () => {
  const client = new Client(await refusedAddress(), { retry: { backoffMillis: 8_000, backoffMillisMax: 8_000 } });
  const controller = new AbortController();
  const call = debit(client, {}, { signal: controller.signal, timeoutMillis: 60_000 });
  setTimeout(() => controller.abort(), 50);
  await errorOf(call, "cancelled");
  client.close();
});

test("a signal that outlives its calls keeps nothing of them", async () => {
  await scripted([answers(20)], {}, async (client) => {
    const listeners = new Set();
    const signal = {
      aborted: false,
      addEventListener: (_, listener) => listeners.add(listener),
      removeEventListener: (_, listener) => listeners.delete(listener),
    };
    for (let index = 0; index < 20; index++) await debit(client, {}, { signal });
    assert.equal(listeners.size, 0);
  });
});

test("using and await using close the client", async () => {
  for (const name of ["dispose", "asyncDispose"]) {
    const client = new Client(await refusedAddress());
    await client[Symbol[name]]();
    assert.match((await errorOf(client.ping(), "disconnected")).message, /closed/);
  }
});

test("a closed client", async () => {
  const client = new Client(await refusedAddress());
  client.close();
  client.close();
  const error = await errorOf(debit(client), "disconnected");
  assert.match(error.message, /closed/);
  assert.equal(error.key, KEY);
  assert.throws(() => client.watchTransactions({ afterSeq: 0n, fromNow: true }), TypeError);
  await errorOf(client.watchTransactions().next(), "disconnected");
});

test("closing ends the calls in flight, and those that wait to try again", async () => {
  const asked = settleable();
  const script = async (peer) => {
    await peer.hello();
    await peer.request();
    await peer.request();
    asked.resolve();
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const calls = [errorOf(debit(client), "outcome_unknown"), errorOf(client.getBalance(WALLET), "disconnected")];
    await asked.promise;
    await client[Symbol.asyncDispose]();
    const [unknown] = await Promise.all(calls);
    assert.ok(unknown instanceof OutcomeUnknown);
  });
  const away = new Client(await refusedAddress(), { retry: { backoffMillis: 8_000, backoffMillisMax: 8_000 } });
  const waiting = errorOf(debit(away, {}, { timeoutMillis: 60_000 }), "disconnected");
  setTimeout(() => away.close(), 50);
  await waiting;
});

// ---------------------------------------------------------------- many calls

test("calls share a connection, and answers come in any order", async () => {
  const count = 200;
  const script = async (peer) => {
    await peer.hello();
    const requests = [];
    while (requests.length < count) requests.push(await peer.request());
    assert.equal(new Set(requests.map(({ requestId }) => requestId)).size, count);
    const amounts = requests.map(({ payload }) => proto.DebitRequest.decode(payload).amount);
    assert.deepEqual(amounts, amounts.map((_, index) => BigInt(index + 1)), "they keep their order");
    requests.reverse().forEach((request, index) => peer.ok(request, mutation({ balance: amounts[count - 1 - index] })));
    await peer.ends();
  };
  await scripted([script], {}, async (client, server) => {
    const calls = Array.from({ length: count }, (_, index) =>
      client.debit({ wallet: WALLET, amount: BigInt(index + 1), reason: "test" }),
    );
    const balances = (await Promise.all(calls)).map(({ balance }) => balance);
    assert.deepEqual(balances, balances.map((_, index) => BigInt(index + 1)));
    assert.equal(server.connections, 1);
  });
});

test("no more are in flight than the server allows; the others wait their turn", async () => {
  const script = async (peer) => {
    await peer.hello({ requestsInFlightMax: 3 });
    for (let answered = 0; answered < 12; answered += 3) {
      const requests = [await peer.request(), await peer.request(), await peer.request()];
      peer.send(FrameType.PING, Buffer.alloc(8), { requestId: 1 });
      assert.equal((await peer.read()).type, FrameType.PONG, "a fourth request was sent");
      for (const request of requests) peer.ok(request, mutation());
    }
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => debit(client, { idempotencyKey: `scripted-${index}` })));
  });
});

test("PING is answered with PONG, at any time", async () => {
  const script = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    peer.send(FrameType.PING, Buffer.from("12345678"), { requestId: 77 });
    const pong = await peer.read();
    assert.deepEqual([pong.type, pong.requestId, pong.payload.toString()], [FrameType.PONG, 77, "12345678"]);
    peer.ok(request, proto.PingResponse.encode({ commitSeq: 5n }));
    await peer.ends();
  };
  await scripted([script], {}, async (client) => assert.equal((await client.ping()).commitSeq, 5n));
});

test("several connections: mutations share one, reads use all", async () => {
  const codes = new Map();
  const script = async (peer) => {
    await peer.hello();
    try {
      for (;;) {
        const request = await peer.request();
        codes.set(peer, [...(codes.get(peer) ?? []), request.code]);
        peer.ok(request, Buffer.alloc(0));
      }
    } catch {
      // the client is done
    }
  };
  await withServer([script, script, script], async (server) => {
    const client = new Client(server.address, { connections: 3 });
    await Promise.all(Array.from({ length: 9 }, () => client.getBalance(WALLET)));
    await Promise.all(Array.from({ length: 5 }, (_, index) => debit(client, { idempotencyKey: `scripted-${index}` })));
    client.close();
    assert.equal(server.connections, 3);
    const debits = [...codes.values()].map((each) => each.filter((code) => code === proto.methods.debit.number).length);
    assert.deepEqual(debits.sort(), [0, 0, 5]);
  });
});
