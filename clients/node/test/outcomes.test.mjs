// Retries, unknown outcomes and leaving servers, against scripted servers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Rejected } from "../dist/index.mjs";
import { frames, mutation, proto } from "./fake.mjs";
import { EAGER, KEY, ONCE, WALLET } from "./scripted.mjs";
import { answers, debit, drops, errorOf, refuses, scripted, settleable } from "./scripted.mjs";

const { FrameType, REPLAYED } = frames;

test("a lost answer is asked for again with the same key", async () => {
  const keys = [];
  const lost = async (peer) => {
    await peer.hello();
    keys.push(proto.DebitRequest.decode((await peer.request()).payload).idempotencyKey);
  };
  const replays = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    keys.push(proto.DebitRequest.decode(request.payload).idempotencyKey);
    peer.ok(request, mutation({ balance: 900n, replayed: true }), REPLAYED);
    await peer.ends();
  };
  await scripted([lost, lost, replays], { retry: EAGER }, async (client) => {
    const result = await client.debit({ wallet: WALLET, amount: 100n, reason: "test" });
    assert.ok(result.replayed);
    assert.equal(result.balance, 900n);
    assert.deepEqual(keys, [result.key, result.key, result.key]);
  });
});

test("an answer that is lost each time", async () => {
  await scripted(Array(8).fill(drops), { retry: EAGER }, async (client, server) => {
    const error = await errorOf(debit(client), "outcome_unknown");
    assert.equal(error.key, KEY);
    assert.equal(error.cause.kind, "disconnected");
    assert.equal(server.connections, 4);
    await errorOf(client.getBalance(WALLET), "disconnected");
    assert.equal(server.connections, 8);
  });
});

const SURE = [
  ["UNAVAILABLE", 14],
  ["RESOURCE_EXHAUSTED", 8],
  ["DEADLINE_EXCEEDED", 4],
  ["CANCELLED", 1],
  ["VERSION_CONFLICT", 10],
  ["INVALID_ARGUMENT", 3],
  ["UNAUTHENTICATED", 16],
  ["PERMISSION_DENIED", 7],
  ["IDEMPOTENCY_MISMATCH", 6],
  ["INTERNAL", 13],
];
for (const [reason, status] of SURE) {
  test(`${reason} after an unknown attempt leaves the outcome unknown`, async () => {
    // The first attempt may have moved the money: a later "not executed" must not call it unmoved.
    const all = async (peer) => {
      await peer.hello();
      try {
        for (;;) peer.fail(await peer.request(), reason, status);
      } catch {
        // the client is done
      }
    };
    await scripted([drops, all], { retry: EAGER }, async (client) => {
      const error = await errorOf(debit(client), "outcome_unknown");
      assert.equal(error.key, KEY);
      // The client remembers it beyond the call, until something resolves it.
      await errorOf(debit(client), "outcome_unknown");
      assert.notEqual((await errorOf(debit(client, { idempotencyKey: "other-key" }), kindOf(reason))).key, KEY);
    });
  });
}

const REJECTED = ["VERSION_CONFLICT", "INVALID_ARGUMENT", "PERMISSION_DENIED", "IDEMPOTENCY_MISMATCH"];

/** What the answer is of a key that isn't unknown. */
function kindOf(reason) {
  if (reason === "DEADLINE_EXCEEDED") return "deadline_exceeded";
  if (reason === "UNAUTHENTICATED") return "unauthenticated";
  return REJECTED.includes(reason) ? "rejected" : "not_executed";
}

test("a remembered refusal resolves an unknown attempt", async () => {
  const figures = { requested: 100n, available: 40n, balance: 40n, shortfall: 60n, version: 3n };
  const more = {
    flags: 0x06,
    detail: { case: "insufficientFunds", value: figures },
    replayed: true,
    commitSeq: 12n,
  };
  await scripted([drops, refuses("INSUFFICIENT_FUNDS", 9, more)], { retry: EAGER }, async (client) => {
    const error = await errorOf(debit(client), "rejected");
    assert.ok(error instanceof Rejected);
    const { reason, reasonNumber, status, replayed, commitSeq, key } = error;
    assert.deepEqual(
      { reason, reasonNumber, status, replayed, commitSeq, key },
      { reason: "INSUFFICIENT_FUNDS", reasonNumber: 33, status: 9, replayed: true, commitSeq: 12n, key: KEY },
    );
    assert.equal(error.detail.case, "insufficientFunds");
    assert.equal(error.detail.value.shortfall, 60n);
  });
});

test("a replay resolves an unknown attempt for later calls too", async () => {
  const then = async (peer) => {
    await peer.hello();
    peer.ok(await peer.request(), mutation({ balance: 1n, replayed: true }), REPLAYED);
    peer.fail(await peer.request(), "INVALID_ARGUMENT", 3);
    await peer.ends();
  };
  await scripted([drops, then], { retry: ONCE }, async (client) => {
    await errorOf(debit(client), "outcome_unknown");
    assert.equal((await debit(client)).balance, 1n);
    await errorOf(debit(client), "rejected");
  });
});

test("a failure without NOT_EXECUTED is unknown", async () => {
  await scripted([refuses("INTERNAL", 13, { flags: 0 })], {}, async (client) => {
    const error = await errorOf(debit(client), "outcome_unknown");
    assert.equal(error.cause.reason, "INTERNAL");
  });
});

test("retryOfUnknown: what another process doesn't know isn't resolved by NOT_EXECUTED", async () => {
  await scripted([refuses("INVALID_ARGUMENT", 3)], { retry: ONCE }, async (client) => {
    await errorOf(debit(client, {}, { retryOfUnknown: true }), "outcome_unknown");
  });
});

test("a dry run is as harmless as a read", async () => {
  await scripted([drops], { retry: ONCE }, async (client) => {
    await errorOf(debit(client, { dryRun: true }), "disconnected");
  });
});

test("UNAVAILABLE is not executed, with its key", async () => {
  await scripted([refuses("UNAVAILABLE", 14)], { retry: ONCE }, async (client) => {
    const error = await errorOf(debit(client), "not_executed");
    assert.deepEqual([error.reason, error.key], ["UNAVAILABLE", KEY]);
    assert.match(error.message, /UNAVAILABLE: scripted/);
  });
});

test("the server's retry-after is waited for", async () => {
  const times = [];
  const script = async (peer) => {
    await peer.hello();
    const first = await peer.request();
    times.push(performance.now());
    peer.fail(first, "RESOURCE_EXHAUSTED", 8, { millis: 300 });
    const second = await peer.request();
    times.push(performance.now());
    peer.ok(second, mutation({ balance: 1n }));
    await peer.ends();
  };
  await scripted([script], { retry: EAGER }, (client) => debit(client));
  assert.ok(times[1] - times[0] >= 299, `${times[1] - times[0]} ms`);
});

test("a retry-after past the deadline isn't waited for", async () => {
  await scripted([refuses("UNAVAILABLE", 14, { millis: 60_000 })], {}, async (client) => {
    const error = await errorOf(debit(client, {}, { timeoutMillis: 5_000 }), "not_executed");
    assert.equal(error.retryAfterMillis, 60_000);
  });
});

test("the detail's retry-after is known, too", async () => {
  const detail = { case: "retryAfter", value: { retryAfterMillis: 70_000 } };
  await scripted([refuses("RESOURCE_EXHAUSTED", 8, { detail })], {}, async (client) => {
    assert.equal((await errorOf(debit(client), "not_executed")).retryAfterMillis, 70_000);
  });
});

for (const [reason, status, kind] of [
  ["INVALID_ARGUMENT", 3, "rejected"],
  ["VERSION_CONFLICT", 10, "rejected"],
  ["INTERNAL", 13, "not_executed"],
  ["CANCELLED", 1, "not_executed"],
  ["DEADLINE_EXCEEDED", 4, "deadline_exceeded"],
  ["UNAUTHENTICATED", 16, "unauthenticated"],
]) {
  test(`${reason} isn't tried again`, async () => {
    const script = async (peer) => {
      await peer.hello();
      peer.fail(await peer.request(), reason, status);
      await assert.rejects(peer.read());
    };
    await scripted([script], { retry: EAGER }, async (client) => {
      assert.equal((await errorOf(debit(client), kind)).reason, reason);
    });
  });
}

test("six attempts, unless told otherwise", async () => {
  let attempts = 0;
  const script = async (peer) => {
    await peer.hello();
    try {
      for (;;) {
        peer.fail(await peer.request(), "UNAVAILABLE", 14);
        attempts++;
      }
    } catch {
      // the client is done
    }
  };
  await scripted([script], { retry: { backoffMillis: 1 } }, async (client) => {
    await errorOf(debit(client), "not_executed");
    assert.equal(attempts, 6);
    // Five retries are spent, and five are left: then the first attempt's error is the call's.
    await errorOf(debit(client), "not_executed");
    assert.equal(attempts, 12);
    for (let call = 0; call < 3; call++) await errorOf(debit(client), "not_executed");
    assert.equal(attempts, 15);
  });
});

test("an error that names no reason has that of its status", async () => {
  await scripted([refuses("UNSPECIFIED", 7)], {}, async (client) => {
    assert.equal((await errorOf(debit(client), "rejected")).reason, "PERMISSION_DENIED");
  });
});

test("a reason that is newer than this package", async () => {
  await scripted([refuses("UNKNOWN_999", 9)], {}, async (client) => {
    const error = await errorOf(debit(client), "rejected");
    assert.deepEqual([error.reason, error.reasonNumber], ["UNKNOWN_999", 999]);
  });
});

// ---------------------------------------------------------------- a server that leaves, or refuses the connection

test("GOAWAY: what is in flight finishes there, what is new goes to another connection", async () => {
  const going = settleable();
  const finish = settleable();
  const old = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    peer.send(FrameType.GOAWAY, proto.GoAway.encode({ message: "restart" }));
    peer.send(FrameType.PING, Buffer.alloc(8), { requestId: 9 });
    assert.equal((await peer.read()).type, FrameType.PONG); // so it has read GOAWAY
    going.resolve();
    await finish.promise;
    peer.ok(request, mutation({ balance: 1n }));
    await peer.ends(); // the client closes once nothing is in flight
  };
  const fresh = async (peer) => {
    await peer.hello();
    peer.ok(await peer.request(), mutation({ balance: 2n }));
    finish.resolve();
    await peer.ends();
  };
  await scripted([old, fresh], {}, async (client) => {
    const first = debit(client);
    await going.promise;
    assert.equal((await debit(client, { idempotencyKey: "scripted-key-2" })).balance, 2n);
    assert.equal((await first).balance, 1n);
  });
});

test("no call is lost to GOAWAY: what was sent behind it, what waits, and what it doesn't answer", async () => {
  const count = 60; // more than the retry budget holds at the start
  const old = async (peer) => {
    await peer.hello({ requestsInFlightMax: 40 });
    const requests = [];
    while (requests.length < 40) requests.push(await peer.request());
    peer.send(FrameType.GOAWAY, proto.GoAway.encode({}));
    for (const request of requests.slice(0, 20)) peer.fail(request, "UNAVAILABLE", 14);
  };
  await scripted([old, answers(count)], { retry: EAGER }, async (client) => {
    const calls = Array.from({ length: count }, (_, index) =>
      client.debit({ wallet: WALLET, amount: BigInt(index + 1), reason: "test" }),
    );
    const results = await Promise.all(calls);
    results.forEach((result, index) => assert.equal(result.balance, BigInt(index + 1)));
  });
});

test("a connection that ended while nobody called", async () => {
  const once = async (peer) => {
    await peer.hello();
    peer.ok(await peer.request(), mutation({ balance: 1n }));
  };
  await scripted([once, once], { retry: EAGER }, async (client, server) => {
    assert.equal((await debit(client)).balance, 1n);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await debit(client, { idempotencyKey: "scripted-key-2" })).balance, 1n);
    assert.equal(server.connections, 2);
  });
});

test("a full server refuses the connection, and then takes one", async () => {
  const full = async (peer) => {
    await peer.readHello();
    peer.send(FrameType.CONNECTION_ERROR, proto.ErrorInfo.encode({ reason: "RESOURCE_EXHAUSTED" }));
    await peer.ends();
  };
  await scripted([full, answers()], { retry: EAGER }, async (client) => {
    assert.equal((await debit(client)).balance, 100n);
  });
});

test("a connection that the server ends with a reason while calls are in flight", async () => {
  const script = async (peer) => {
    await peer.hello();
    await peer.request();
    peer.send(FrameType.CONNECTION_ERROR, proto.ErrorInfo.encode({ reason: "UNAVAILABLE", message: "idle" }));
    await peer.ends();
  };
  await scripted([script, answers()], { retry: EAGER }, async (client) => {
    assert.equal((await debit(client)).balance, 100n);
  });
});
