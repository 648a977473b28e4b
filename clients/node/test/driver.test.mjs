// The driver of the conformance tests.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { run } from "./programs.mjs";
import { Server } from "./server.mjs";

const server = new Server();
before(() => server.start());
after(() => server.remove());

/** What the driver says to each of the operations, by their ids. */
async function drive(operations) {
  const input = operations.map((operation, id) => JSON.stringify({ id, ...operation })).join("\n");
  const { code, out, err } = await run("./driver", [], { input });
  assert.equal(code, 0, err);
  const events = [];
  const results = [];
  for (const line of out.trimEnd().split("\n").map((text) => JSON.parse(text))) {
    if ("event" in line) events.push(line.event);
    else results[line.id] = line;
  }
  assert.equal(results.filter(Boolean).length, operations.length);
  return { results, events };
}

test("what needs no server", async () => {
  const { results } = await drive([
    { op: "money_parse", text: "12.3", exponent: 2 },
    { op: "money_parse", text: "1e3", exponent: 2 },
    { op: "money_format", amount: "-1", exponent: 2 },
    { op: "new_key", count: 3 },
    { op: "encode_frame", type: 6, request_id: 7, payload: "0000000000000000" },
    { op: "decode_frame", hex: "0000001204000000000000010000000029a7e86d4001" },
    { op: "decode_frame", hex: "00000012040400000000000100000000 29a7e86d4001".replace(" ", "") },
    { op: "dance" },
    { op: "call", client: "nobody", verb: "Ping" },
  ]);
  assert.deepEqual(results[0].ok, { amount: "1230" });
  assert.equal(results[1].error.kind, "invalid");
  assert.deepEqual(results[2].ok, { text: "-0.01" });
  assert.equal(new Set(results[3].ok.keys).size, 3);
  assert.equal(results[4].ok.hex, "00000018060000000000000700000000f68500000000000000000000");
  assert.deepEqual([results[5].error.kind, results[5].error.rule], ["protocol", "checksum"]);
  assert.deepEqual(results[6].ok, { type: 4, flags: 4, code: 0, request_id: 1, millis: 0, payload: "4001" });
  assert.deepEqual([results[7].error.kind, results[8].error.kind], ["invalid", "invalid"]);
});

test("calls, streams and their results", async () => {
  const wallet = { owner_id: "u-1", currency: "USD" };
  const call = (verb, args) => ({ op: "call", client: "c", verb, args });
  const debit = { wallet, amount: "450", reason: "test", metadata: [{ key: "a", value: "b" }] };
  const { results, events } = await drive([
    { op: "connect", client: "c", address: server.address, timeout_millis: 20_000, attempts_max: 3 },
    call("OpenWallet", { wallet, reason: "test" }),
    call("Credit", { wallet, amount: "2000", reason: "test", idempotency_key: "driver-key-1" }),
    call("Debit", debit),
    call("Debit", { ...debit, amount: "9000" }),
    call("Batch", { items: [{ debit }, { debit: { ...debit, amount: "9000" } }] }),
    call("Batch", { atomic: true, items: [{ debit }, { debit: { ...debit, amount: "9000" } }] }),
    call("GetBalance", { wallet }),
    call("GetBalanceAt", { wallet, version: "2" }),
    call("ListRefusals", { reasons: ["INSUFFICIENT_FUNDS"] }),
    call("SetLimits", { wallet, reason: "test", limits: { day: { count: "3" } } }),
    call("Debit", { ...debit, amount: 1.5 }),
    call("Debit", { ...debit, colour: "red" }),
    call("Ping"),
    { op: "stream", client: "c", verb: "WatchTransactions", args: { after_seq: "0" }, limit: 4 },
    { op: "stream", client: "c", verb: "WatchTransactions", args: { from_now: true } },
    { op: "cancel", target: 15 },
  ]);
  const { transaction, ...figures } = results[3].ok;
  assert.deepEqual([figures.balance, figures.version, figures.currency, figures.exponent], ["1550", "3", "USD", 2]);
  assert.deepEqual([transaction.kind, transaction.amount, transaction.metadata[0].value], ["DEBIT", "-450", "b"]);
  assert.equal(transaction.idempotency_key, figures.key);
  assert.equal(results[2].ok.key, "driver-key-1");
  const { kind, reason, detail, key } = results[4].error;
  assert.deepEqual([kind, reason, detail.shortfall], ["rejected", "INSUFFICIENT_FUNDS", "7450"]);
  assert.ok(key);
  assert.equal(results[5].ok.results[0].ok.balance, "1100");
  assert.equal(results[5].ok.results[1].error.reason, "INSUFFICIENT_FUNDS");
  assert.deepEqual([results[6].error.reason, results[6].error.index], ["BATCH_ABORTED", 1]);
  assert.equal(results[6].error.cause.reason, "INSUFFICIENT_FUNDS");
  assert.equal(results[7].ok.balance, "1100");
  assert.equal(results[8].ok.balance, "2000");
  assert.equal(results[9].ok.refusals[0].error.reason, "INSUFFICIENT_FUNDS");
  assert.ok(results[10].ok.transaction.id);
  assert.deepEqual([results[11].error.kind, results[12].error.kind], ["invalid", "invalid"]);
  assert.ok(results[13].ok.server_time_micros);
  assert.deepEqual(events.slice(0, 2).map((event) => event.transaction?.kind), [undefined, "OPEN"]);
  assert.equal(results[15].error.kind, "cancelled");
});
