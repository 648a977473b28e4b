// What the verbs send, and what they refuse to.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Client } from "../dist/index.mjs";
import { mutation, proto, refusedAddress } from "./fake.mjs";
import { run } from "./programs.mjs";
import { WALLET, answers, debit, scripted } from "./scripted.mjs";

test("what a debit sends, and what HELLO says", async () => {
  let sent;
  const script = async (peer) => {
    const hello = await peer.hello();
    assert.deepEqual(hello.versions, [1]);
    assert.deepEqual([hello.clientName, hello.ledgerId, hello.credentials], ["till-7", "L", undefined]);
    sent = await peer.request();
    peer.ok(sent, mutation({ balance: 3n, transaction: { id: 9n, kind: "UNKNOWN_99", amount: -5n } }));
    await peer.ends();
  };
  await scripted([script], { clientName: "till-7", ledgerId: "L" }, async (client) => {
    const result = await client.debit({
      wallet: WALLET,
      amount: 5n,
      reason: "esim.purchase",
      note: "n",
      reference: "r",
      correlationId: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      onBehalfOf: "o",
      occurredAtMicros: 7n,
      metadata: { a: "b", c: "d" },
      expectedVersion: 4n,
      counterAccount: "adjustments",
    });
    assert.equal(sent.code, 260);
    assert.deepEqual(proto.DebitRequest.decode(sent.payload), {
      wallet: { id: 0n, ownerId: "u-1", currency: "USD", name: "" },
      amount: 5n,
      idempotencyKey: result.key,
      reason: "esim.purchase",
      note: "n",
      reference: "r",
      correlationId: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      onBehalfOf: "o",
      occurredAtMicros: 7n,
      metadata: [
        { key: "a", value: "b" },
        { key: "c", value: "d" },
      ],
      dryRun: false,
      expectedVersion: 4n,
      counterAccount: "adjustments",
    });
    assert.equal(result.transaction.kind, "UNKNOWN_99");
    assert.match(result.key, /-7[0-9a-f]{3}-/);
  });
});

test("a Wallet of an answer names itself", async () => {
  const script = async (peer) => {
    await peer.hello();
    const wallet = { id: 7n, ownerId: "u-1", currency: "USD", name: "main", version: 3n };
    peer.ok(await peer.request(), proto.GetWalletResponse.encode({ wallet, commitSeq: 4n }));
    const request = await peer.request();
    const ref = proto.GetBalanceRequest.decode(request.payload).wallet;
    assert.deepEqual(ref, { id: 7n, ownerId: "", currency: "", name: "" });
    peer.ok(request, proto.GetBalanceResponse.encode({ balance: 1n }));
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const wallet = await client.getWallet(WALLET);
    assert.equal(wallet.commitSeq, 4n);
    assert.equal((await client.getBalance(wallet)).balance, 1n);
  });
});

test("every verb of the schema is a method", () => {
  const client = new Client("127.0.0.1:1");
  for (const verb of Object.keys(proto.methods)) assert.equal(typeof client[verb], "function", verb);
});

test("arguments that can't be are refused before anything is sent", async () => {
  const client = new Client("127.0.0.1:1", { timeoutMillis: 100 });
  const reason = "test";
  const wallet = WALLET;
  const bad = [
    ...[1, 1.5, "1", true, null, undefined].map((amount) => () => client.debit({ wallet, amount, reason })),
    () => client.credit({ wallet, amount: 2, reason }),
    () => client.debit({ wallet: "u-1", amount: 1n, reason }),
    () => client.debit({ wallet, amount: 1n, reason, colour: "red" }),
    () => client.debit({ wallet, amount: 1n }),
    () => client.debit({ wallet, amount: 1n, reason, metadata: { a: 1 } }),
    ...[{}, { id: 1n, ownerId: "u" }, { ownerId: "u" }, { id: 1n, name: "main" }, { id: 1 }, null].map(
      (ref) => () => client.getBalance(ref),
    ),
    () => client.hold({ wallet, amount: 1n, timeoutMillis: 1.5, reason }),
    () => client.getBalanceAt({ wallet }),
    () => client.getBalanceAt({ wallet, version: 1n, timeMicros: 1n }),
    () => client.batch({ items: "debit" }),
    () => client.batch({ items: [{}] }),
    () => client.batch({ items: [{ ping: {} }] }),
    () => client.batch({ items: [{ debit: { wallet, amount: 1n, reason, colour: "red" } }] }),
    () => client.batch({ items: [{ debit: { wallet, amount: 1n, reason, dryRun: true } }] }),
    () => client.batch({ atomic: true, items: [item(1n, { idempotencyKey: "some-key" })] }),
    () => client.ping({ timeoutMillis: "1" }),
  ];
  for (const call of bad) await assert.rejects(call(), TypeError, `${call}`);
  const out = [
    () => client.debit({ wallet, amount: 2n ** 63n, reason }),
    () => client.capture({ holdId: 1n, amount: 0n, reason }),
    () => client.refund({ transactionId: 1n, amount: 0n, reason }),
    () => client.freeze({ wallet, scope: "HALF", reason }),
    () => client.batch({ items: [] }),
    () => client.batch({ items: Array(8_191).fill({ debit: { wallet, amount: 1n, reason } }) }),
    () => client.batch({ items: Array(8_190).fill({ debit: { wallet, amount: 1n, reason, note: "n".repeat(600) } }) }),
    () => client.batch({ idempotencyKey: "not-a-uuid", items: [{ debit: { wallet, amount: 1n, reason } }] }),
    () => client.ping({ timeoutMillis: 0 }),
  ];
  for (const call of out) await assert.rejects(call(), RangeError, `${call}`);
  for (const options of [{ connections: 0 }, { connections: 9 }, { timeoutMillis: -1 }, { connectTimeoutMillis: 0 }]) {
    assert.throws(() => new Client("127.0.0.1:1", options), RangeError);
  }
  assert.throws(() => new Client("127.0.0.1:1", { token: "a", tokenFile: "b" }), TypeError);
  assert.throws(() => new Client("unix:/s", { tls: true }), TypeError);
  client.close();
});

test("a program that forgets to close its client ends", async () => {
  await scripted([answers()], {}, async (_, server) => {
    const text = `
      import { Client } from ${JSON.stringify(new URL("../dist/index.mjs", import.meta.url).href)};
      const client = new Client("${server.address}");
      const { balance } = await client.debit(
        { wallet: { ownerId: "u", currency: "USD" }, amount: 3n, reason: "test" });
      console.log(balance);
    `;
    const { code, out, err } = await run(process.execPath, ["--input-type=module", "-e", text]);
    assert.deepEqual([code, out.trim()], [0, "3n"], err);
  });
});

// ---------------------------------------------------------------- tokens

test("a token's secret stays here: the server is sent its digest", async () => {
  const asked = [];
  const script = async (peer) => {
    await peer.hello();
    for (let index = 0; index < 5; index++) {
      const request = await peer.request();
      asked.push(proto.CreateTokenRequest.decode(request.payload));
      const row = { id: asked.at(-1).dryRun ? 0n : 42n };
      peer.ok(request, proto.AdministrationResponse.encode({ row }));
    }
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const grant = { principal: "shop", scopes: ["read", "debit"], reason: "test" };
    const made = await client.createToken({ ...grant, currencies: ["EUR"], maxAmount: 500n, ownerPrefix: "shop:" });
    const [, secret] = /^wlt_42_([0-9a-f]{64})$/.exec(made.token);
    const digest = createHash("sha256").update(Buffer.from(secret, "hex")).digest();
    const [first] = asked;
    assert.deepEqual([first.principal, first.scopes, first.currencies], ["shop", ["read", "debit"], ["EUR"]]);
    assert.deepEqual([first.maxAmount, first.ownerPrefix, first.credential.case], [500n, "shop:", "secretDigest"]);
    assert.deepEqual(Buffer.from(first.credential.value), digest);

    const own = await client.createToken({ ...grant, secret: new Uint8Array(32).fill(7) });
    assert.equal(own.token, `wlt_42_${"07".repeat(32)}`);
    const others = [{ certificateName: "shop.example.org" }, { unixUser: 0 }, { secretDigest: digest, dryRun: true }];
    for (const credential of others) {
      assert.equal((await client.createToken({ ...grant, ...credential })).token, undefined);
    }
    const cases = asked.slice(2).map(({ credential }) => credential.case);
    assert.deepEqual(cases, ["certificateName", "unixUser", "secretDigest"]);
    await assert.rejects(client.createToken({ ...grant, unixUser: 1, certificateName: "a" }), TypeError);
    await assert.rejects(client.createToken({ ...grant, secret: new Uint8Array(16) }), RangeError);
  });
});

// ---------------------------------------------------------------- batches

const item = (amount, more = {}) => ({ debit: { wallet: WALLET, amount, reason: "test", ...more } });

test("items of a batch have keys that are counted up, and results of their own", async () => {
  const script = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    const asked = proto.BatchRequest.decode(request.payload);
    assert.equal(asked.idempotencyKey, "");
    const keys = asked.items.map(({ mutation }) => mutation.value.idempotencyKey);
    assert.deepEqual(keys, [
      "01a22353-0db4-7a25-b26f-ce9d61193d66",
      "my-own-key-1",
      "01a22353-0db4-7a25-b26f-ce9d61193d68",
    ]);
    const results = [{ balance: 5n, transactionId: 1n }, { error: { reason: "WALLET_FROZEN", message: "no" } }, {}];
    peer.ok(request, proto.BatchResponse.encode({ results, commitSeq: 9n }));
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const items = [item(1n), item(2n, { idempotencyKey: "my-own-key-1" }), item(3n)];
    const key = "01a22353-0db4-7a25-b26f-ce9d61193d66";
    const { results, commitSeq } = await client.batch({ items, idempotencyKey: key });
    assert.equal(commitSeq, 9n);
    assert.deepEqual([results[0].error, results[0].balance, results[0].key], [undefined, 5n, key]);
    assert.deepEqual([results[1].error.reason, results[1].error.key], ["WALLET_FROZEN", "my-own-key-1"]);
  });
});

test("an item that may have been done before stays unknown until something resolves it", async () => {
  const drop = async (peer) => {
    await peer.hello();
    await peer.request();
  };
  const answer = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    const results = [
      { error: { reason: "INVALID_ARGUMENT" } },
      { error: { reason: "INSUFFICIENT_FUNDS", replayed: true } },
      { replayed: true },
    ];
    peer.ok(request, proto.BatchResponse.encode({ results }));
    peer.fail(await peer.request(), "UNAVAILABLE", 14);
    await peer.ends();
  };
  await scripted([drop, answer], { retry: { attemptsMax: 2, backoffMillis: 1 } }, async (client) => {
    const { results } = await client.batch({ items: [item(1n), item(2n), item(3n)] });
    assert.deepEqual(results.map(({ error }) => error?.kind), ["outcome_unknown", "rejected", undefined]);
    const again = debit(client, { idempotencyKey: results[0].key }, { timeoutMillis: 2_000 });
    await assert.rejects(again, (error) => error.kind === "outcome_unknown");
  });
});

test("a batch of all or nothing: BATCH_ABORTED tells the item and why", async () => {
  const script = async (peer) => {
    await peer.hello();
    const request = await peer.request();
    const asked = proto.BatchRequest.decode(request.payload);
    assert.deepEqual([asked.atomic, asked.idempotencyKey], [true, "the-batch-key"]);
    assert.ok(asked.items.every(({ mutation }) => mutation.value.idempotencyKey === ""));
    const figures = { case: "limitExceeded", value: { kind: "DAY_COUNT", limit: 3n } };
    const cause = { reason: "LIMIT_EXCEEDED", detail: figures };
    peer.fail(request, "BATCH_ABORTED", 10, { detail: { case: "batchAborted", value: { index: 1, cause } } });
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const call = client.batch({ atomic: true, idempotencyKey: "the-batch-key", items: [item(1n), item(2n)] });
    await assert.rejects(call, (error) => {
      assert.deepEqual([error.reason, error.index, error.key], ["BATCH_ABORTED", 1, "the-batch-key"]);
      assert.deepEqual([error.cause.reason, error.cause.detail.value.kind], ["LIMIT_EXCEEDED", "DAY_COUNT"]);
      return true;
    });
  });
});

test("results that aren't as many as the items are no answer", async () => {
  const script = async (peer) => {
    await peer.hello();
    peer.ok(await peer.request(), proto.BatchResponse.encode({ results: [{}, {}] }));
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    await assert.rejects(client.batch({ items: [item(1n)] }), (error) => {
      assert.deepEqual([error.kind, error.cause.kind], ["outcome_unknown", "protocol"]);
      return true;
    });
  });
});

// ---------------------------------------------------------------- lists

test("a list goes through all pages, also those that are empty", async () => {
  const cursors = [];
  const script = async (peer) => {
    await peer.hello();
    const pages = [
      { transactions: [{ id: 3n }, { id: 2n }], nextCursor: "a" },
      { transactions: [], nextCursor: "b" },
      { transactions: [{ id: 1n }], nextCursor: "" },
    ];
    for (const page of pages) {
      const request = await peer.request();
      const asked = proto.ListTransactionsRequest.decode(request.payload);
      assert.deepEqual([asked.pageSize, asked.filter.reason], [2, "test"]);
      cursors.push(asked.cursor);
      peer.ok(request, proto.ListTransactionsResponse.encode(page));
    }
    await peer.ends();
  };
  await scripted([script], {}, async (client) => {
    const ids = [];
    for await (const row of client.transactions({ wallet: WALLET, pageSize: 2, filter: { reason: "test" } })) {
      ids.push(row.id);
    }
    assert.deepEqual(ids, [3n, 2n, 1n]);
    assert.deepEqual(cursors, ["", "a", "b"]);
  });
});

test("a list ends with the error of its page", async () => {
  const client = new Client(await refusedAddress(), { retry: { attemptsMax: 1 } });
  await assert.rejects(client.wallets({ ownerId: "u-1" }).next(), (error) => error.kind === "disconnected");
  client.close();
});
