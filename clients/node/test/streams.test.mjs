// Watching and verifying, against scripted servers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../dist/index.mjs";
import { frames, mutation, proto, withServer } from "./fake.mjs";
import { EAGER, ONCE, debit, errorOf, scripted } from "./scripted.mjs";

const { FrameType } = frames;

/** An event of a watch: row `id`, or a mere token. */
const event = (id, more = {}) =>
  proto.WatchEvent.encode({ transaction: id === 0 ? undefined : { id: BigInt(id) }, resumeToken: `t${id}`, ...more });

/** Answers one watch: a token, and these rows; gives the request and what was asked. */
async function watched(peer, ids) {
  const request = await peer.request();
  assert.equal(request.code, proto.methods.watchTransactions.number);
  peer.event(request, event(0));
  for (const id of ids) peer.event(request, event(id));
  return { request, asked: proto.WatchTransactionsRequest.decode(request.payload) };
}

/** The ids of the first `count` events. */
async function take(watch, count) {
  const ids = [];
  for await (const { transaction } of watch) {
    ids.push(Number(transaction?.id ?? 0));
    if (ids.length === count) break;
  }
  return ids;
}

test("leaving the loop cancels the watch at the server", async () => {
  const script = async (peer) => {
    await peer.hello();
    const { request, asked } = await watched(peer, [1, 2]);
    assert.deepEqual(asked.start, { case: "afterSeq", value: 5n });
    assert.deepEqual([asked.walletIds, asked.kinds], [[7n], ["DEBIT"]]);
    const cancel = await peer.read();
    assert.deepEqual([cancel.type, cancel.requestId], [FrameType.CANCEL, request.requestId]);
    peer.event(request, event(3)); // was on its way
    peer.fail(request, "CANCELLED", 1);
    peer.ok(await peer.request(), mutation({ balance: 1n }));
    await peer.ends();
  };
  await scripted([script], {}, async (client, server) => {
    const watch = client.watchTransactions({ afterSeq: 5n, walletIds: [7n], kinds: ["DEBIT"] });
    assert.deepEqual(await take(watch, 3), [0, 1, 2]);
    assert.equal((await debit(client)).balance, 1n);
    assert.equal(server.connections, 1);
  });
});

const ENDS = {
  "a lost connection": (peer) => peer.socket.destroy(),
  "GOAWAY": (peer, request) => {
    peer.send(FrameType.GOAWAY, proto.GoAway.encode({}));
    const detail = { case: "streamEnd", value: { resumeToken: "t2" } };
    peer.fail(request, "UNAVAILABLE", 14, { detail });
  },
  "an answer to resume": (peer, request) => {
    const detail = { case: "streamEnd", value: { resumeToken: "t2" } };
    peer.fail(request, "RESOURCE_EXHAUSTED", 8, { detail });
  },
};
for (const [name, end] of Object.entries(ENDS)) {
  test(`after ${name} a watch goes on behind the last event that was read, each event once`, async () => {
    const first = async (peer) => {
      await peer.hello();
      const { request } = await watched(peer, [1, 2]);
      end(peer, request);
      if (name === "an answer to resume") return second(peer, true);
      return undefined;
    };
    const second = async (peer, open = false) => {
      if (!open) await peer.hello();
      const request = await peer.request();
      const asked = proto.WatchTransactionsRequest.decode(request.payload);
      assert.deepEqual(asked.start, { case: "resumeToken", value: "t2" });
      peer.event(request, event(0, { resumeToken: "t2" })); // the reader has that token
      peer.event(request, event(3));
      await peer.ends();
    };
    await scripted([first, second], { retry: EAGER }, async (client) => {
      assert.deepEqual(await take(client.watchTransactions({ afterSeq: 0n }), 4), [0, 1, 2, 3]);
    });
  });
}

test("a reader that is slow: its watch is cancelled and taken up; other calls go on", async () => {
  const note = "n".repeat(10_000);
  const script = async (peer) => {
    await peer.hello();
    const first = await peer.request();
    for (let id = 1; id <= 300; id++) {
      peer.event(first, event(id, { transaction: { id: BigInt(id), note } }));
    }
    assert.equal((await peer.read()).type, FrameType.CANCEL);
    peer.fail(first, "CANCELLED", 1);
    peer.ok(await peer.request(), mutation({ balance: 1n }));
    const second = await peer.request();
    const { start } = proto.WatchTransactionsRequest.decode(second.payload);
    const from = Number(start.value.slice(1));
    assert.ok(from > 50 && from < 200, start.value);
    for (let id = from + 1; id <= 300; id++) peer.event(second, event(id));
    await peer.ends();
  };
  await scripted([script], { retry: EAGER }, async (client) => {
    const watch = client.watchTransactions({ afterSeq: 0n });
    assert.equal((await watch.next()).value.transaction.id, 1n);
    await new Promise((resolve) => setTimeout(resolve, 300)); // it reads nothing, and the buffer is full
    assert.equal((await debit(client)).balance, 1n);
    const ids = await take(watch, 299);
    assert.deepEqual(ids, ids.map((_, index) => index + 2));
  });
});

test("what a server refuses ends the watch", async () => {
  const script = async (peer) => {
    await peer.hello();
    peer.fail(await peer.request(), "RESUME_INVALID", 9);
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const error = await errorOf(client.watchTransactions({ resumeToken: "old" }).next(), "rejected");
    assert.equal(error.reason, "RESUME_INVALID");
  });
});

test("a watch that can't begin ends within its deadline", async () => {
  const silent = async (peer) => {
    await peer.hello();
    await peer.ends();
  };
  await scripted([silent], {}, async (client) => {
    await errorOf(client.watchTransactions({}, { timeoutMillis: 150 }).next(), "deadline_exceeded");
  });
});

test("a server that is away for longer than the reader's patience", async () => {
  const first = async (peer) => {
    await peer.hello();
    await watched(peer, [1]);
  };
  await scripted([first], { retry: { attemptsMax: 2, backoffMillis: 5 } }, async (client) => {
    const watch = client.watchTransactions({}, { patienceMillis: 100 });
    assert.deepEqual([(await watch.next()).value.resumeToken, (await watch.next()).value.resumeToken], ["t0", "t1"]);
    await errorOf(watch.next(), "disconnected");
    assert.deepEqual(await watch.next(), { done: true, value: undefined });
  });
});

test("a signal ends a watch that waits, with an error", async () => {
  const script = async (peer) => {
    await peer.hello();
    await watched(peer, []);
    assert.equal((await peer.read()).type, FrameType.CANCEL);
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const controller = new AbortController();
    const watch = client.watchTransactions({}, { signal: controller.signal });
    await watch.next();
    const waiting = watch.next();
    controller.abort("enough");
    const error = await errorOf(waiting, "cancelled");
    assert.equal(error.cause, "enough");
    await new Promise((resolve) => setTimeout(resolve, 50)); // for CANCEL to leave
  });
});

test("return ends a watch that waits, without one", async () => {
  const script = async (peer) => {
    await peer.hello();
    await watched(peer, []);
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const watch = client.watchTransactions();
    await watch.next();
    const waiting = watch.next();
    await watch.return();
    assert.deepEqual(await waiting, { done: true, value: undefined });
  });
});

test("closing the client ends its watches", async () => {
  const script = async (peer) => {
    await peer.hello();
    await watched(peer, []);
    await peer.ends();
  };
  await withServer([script], async (server) => {
    const client = new Client(server.address);
    const watch = client.watchTransactions();
    await watch.next();
    const waiting = errorOf(watch.next(), "disconnected");
    client.close();
    await waiting;
  });
});

test("events that aren't asked for are dropped", async () => {
  const script = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    peer.event({ requestId: 4_000_000 }, event(1));
    peer.event(request, event(1)); // of a call that is no stream
    peer.ok(request, mutation({ balance: 1n }));
    await peer.ends();
  };
  await scripted([script], {}, async (client) => assert.equal((await debit(client)).balance, 1n));
});

test("an event that doesn't parse is a protocol error", async () => {
  const script = async (peer) => {
    await peer.hello();
    peer.event(await peer.request(), Buffer.from("ff", "hex"));
    await peer.ends();
  };
  await scripted([script], {}, (client) => errorOf(client.watchTransactions().next(), "protocol"));
});

// ---------------------------------------------------------------- verifying

const told = (which, value) => proto.VerifyEvent.encode({ event: { case: which, value } });

test("a verification tells its progress, its findings and its report", async () => {
  const script = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    const { expectedHead, skipIntegrityCheck } = proto.VerifyRequest.decode(request.payload);
    assert.deepEqual([expectedHead.seq, skipIntegrityCheck], [5n, true]);
    peer.event(request, told("progress", { stage: "journal", done: 1n }));
    peer.event(request, told("finding", { what: "digest", seq: 3n }));
    peer.event(request, told("report", { findings: 1n }), frames.LAST);
    peer.ok(request, Buffer.alloc(0));
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const events = [];
    const expectedHead = { seq: 5n, digest: new Uint8Array(32) };
    for await (const each of client.verify({ expectedHead, skipIntegrityCheck: true })) events.push(each);
    assert.deepEqual(events.map((each) => each.case), ["progress", "finding", "report"]);
    assert.equal(events[2].value.findings, 1n);
  });
});

test("a backup tells its progress and its report", async () => {
  const tell = (which, value) => proto.BackupEvent.encode({ event: { case: which, value } });
  const script = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    assert.equal(request.code, proto.methods.backup.number);
    assert.ok(proto.BackupRequest.decode(request.payload).incremental);
    peer.event(request, tell("progress", { stage: "rows", done: 1n }));
    peer.event(request, tell("report", { file: "ledger-7", rows: 7n }), frames.LAST);
    peer.ok(request, Buffer.alloc(0));
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const events = [];
    for await (const each of client.backup({ incremental: true })) events.push(each);
    assert.deepEqual(events.map((each) => each.case), ["progress", "report"]);
    assert.equal(events[1].value.file, "ledger-7");
  });
});

test("another verification is under way", async () => {
  const script = async (peer) => {
    await peer.hello();
    peer.fail(await peer.request(), "RESOURCE_EXHAUSTED", 8);
    await peer.ends();
  };
  await scripted([script], { retry: ONCE }, async (client) => {
    assert.equal((await errorOf(client.verify().next(), "not_executed")).reason, "RESOURCE_EXHAUSTED");
  });
});

test("a verification that loses its connection isn't made again", async () => {
  const script = async (peer) => {
    await peer.hello();
    peer.event(await peer.request(), told("progress", {}));
  };
  await scripted([script], { retry: EAGER }, async (client) => {
    const verification = client.verify();
    await verification.next();
    await errorOf(verification.next(), "disconnected");
  });
});
