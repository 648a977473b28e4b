// Messages to bytes and back, beside protoc's own.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const proto = require("../dist/proto/messages.js");
const { DecodeError } = require("../dist/proto/wire.js");
const PROTO = fileURLToPath(new URL("../../../proto", import.meta.url));

function protoc(type, text) {
  const args = [`-I${PROTO}`, `--encode=wallet.v1.${type}`, "--deterministic_output", "wallet/v1/wallet.proto"];
  return execFileSync("protoc", args, { input: text });
}

const CASES = [
  ["PingRequest", proto.PingRequest, {}, ""],
  [
    "DebitRequest",
    proto.DebitRequest,
    {
      wallet: { ownerId: "u-1", currency: "EUR", name: "größer 😀" },
      amount: 9223372036854775807n,
      idempotencyKey: "k",
      reason: "r",
      expectedVersion: -1n,
      occurredAtMicros: 9007199254740993n,
      metadata: [
        { key: "a", value: "b" },
        { key: "", value: "" },
      ],
      dryRun: true,
    },
    `wallet { owner_id: "u-1" currency: "EUR" name: "gr\\303\\266\\303\\237er \\360\\237\\230\\200" }
     amount: 9223372036854775807 idempotency_key: "k" reason: "r" expected_version: -1
     occurred_at_micros: 9007199254740993 metadata { key: "a" value: "b" } metadata { } dry_run: true`,
  ],
  [
    "Transaction",
    proto.Transaction,
    { id: 1n, kind: "TRANSFER_OUT", amount: -9223372036854775808n, digest: Uint8Array.of(0, 255, 7), lane: 4294967295 },
    `id: 1 kind: TRANSACTION_KIND_TRANSFER_OUT amount: -9223372036854775808 digest: "\\000\\377\\007" lane: 4294967295`,
  ],
  [
    "WatchTransactionsRequest",
    proto.WatchTransactionsRequest,
    { start: { case: "afterSeq", value: 0n }, walletIds: [1n, 300n, 5_000_000_000n], kinds: ["DEBIT", "CLOSE"] },
    `after_seq: 0 wallet_ids: [1, 300, 5000000000] kinds: [TRANSACTION_KIND_DEBIT, TRANSACTION_KIND_CLOSE]`,
  ],
  [
    "BatchRequest",
    proto.BatchRequest,
    {
      atomic: true,
      items: [
        { mutation: { case: "debit", value: { amount: 5n, note: "n".repeat(200) } } },
        { mutation: { case: "release", value: {} } },
      ],
    },
    `atomic: true items { debit { amount: 5 note: "${"n".repeat(200)}" } } items { release { } }`,
  ],
  [
    "Error",
    proto.ErrorInfo,
    {
      reason: "BATCH_ABORTED",
      detail: {
        case: "batchAborted",
        value: {
          index: 2,
          cause: { reason: "LIMIT_EXCEEDED", detail: { case: "limitExceeded", value: { used: 3n } } },
        },
      },
    },
    `reason: ERROR_REASON_BATCH_ABORTED
     batch_aborted { index: 2 cause { reason: ERROR_REASON_LIMIT_EXCEEDED limit_exceeded { used: 3 } } }`,
  ],
];

for (const [name, type, message, text] of CASES) {
  test(`${name} as protoc writes it, and back`, () => {
    const bytes = protoc(name, text);
    assert.equal(Buffer.from(type.encode(message)).toString("hex"), bytes.toString("hex"));
    assertHolds(type.decode(bytes), message);
  });
}

/** Whether `actual` has all that is in `given`. */
function assertHolds(actual, given) {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "object" && !(value instanceof Uint8Array)) assertHolds(actual[name], value);
    else assert.deepEqual(actual[name], value, name);
  }
}

test("a message that is longer than a writer's first buffer", () => {
  for (const size of [100, 127, 128, 300, 16_383, 16_384, 300_000, 3_000_000]) {
    const note = "x".repeat(size);
    const item = { mutation: { case: "debit", value: { note, reason: "behind" } } };
    const back = proto.BatchRequest.decode(proto.BatchRequest.encode({ items: [item, item] }));
    assert.equal(back.items.length, 2);
    assert.equal(back.items[1].mutation.value.note, note);
    assert.equal(back.items[1].mutation.value.reason, "behind");
  }
});

test("fields that aren't known are passed over, also those of another wire type", () => {
  const unknown = Buffer.from("980601" + "a20603616263" + "a9060000000000000000" + "ad0600000000", "hex");
  const known = proto.PingResponse.encode({ commitSeq: 5n });
  assert.equal(proto.PingResponse.decode(Buffer.concat([unknown, known])).commitSeq, 5n);
  assert.equal(proto.PingResponse.decode(Buffer.from("1203616263", "hex")).commitSeq, 0n);
});

test("an enum that is newer than this package keeps its number", () => {
  const row = proto.Transaction.decode(Buffer.from("1063", "hex"));
  assert.equal(row.kind, "UNKNOWN_99");
  assert.equal(Buffer.from(proto.Transaction.encode({ kind: row.kind })).toString("hex"), "1063");
});

test("lists come packed and one by one", () => {
  for (const hex of ["22020701", "20072001"]) {
    assert.deepEqual(proto.WatchTransactionsRequest.decode(Buffer.from(hex, "hex")).walletIds, [7n, 1n]);
  }
});

const BROKEN = {
  "a varint without an end": "08ff",
  "a varint of eleven bytes": "08ffffffffffffffffffff01",
  "text beyond its end": "12056162",
  "text that is not UTF-8": "1202c328",
  "the field 0": "0001",
  "a group": "0b",
  "a message beyond its end": "0a7f",
};
for (const [name, hex] of Object.entries(BROKEN)) {
  test(`${name} is no message`, () => {
    assert.throws(() => proto.Hello.decode(Buffer.from(hex, "hex")), DecodeError);
  });
}

test("a short body doesn't unpack without a bound", () => {
  const empty = Buffer.alloc(2 * 200_000, Buffer.from("0a00", "hex"));
  assert.throws(() => proto.BatchResponse.decode(empty), DecodeError);
});

test("errors inside of errors end", () => {
  let error = proto.ErrorInfo.encode({ reason: "INTERNAL" });
  for (let depth = 0; depth < 5_000; depth++) {
    const aborted = Buffer.concat([Buffer.from([0x12]), varint(error.length), error]);
    error = Buffer.concat([Buffer.from([0xea, 0x01]), varint(aborted.length), aborted]);
  }
  assert.throws(() => proto.ErrorInfo.decode(error), DecodeError);
});

function varint(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

test("values that a field can't have", () => {
  const bad = [
    [{ amount: 1 }, TypeError],
    [{ amount: 0 }, TypeError],
    [{ amount: "1" }, TypeError],
    [{ amount: null }, TypeError],
    [{ amount: 2n ** 63n }, RangeError],
    [{ amount: -(2n ** 63n) - 1n }, RangeError],
    [{ reason: 5 }, TypeError],
    [{ reason: "\ud800" }, RangeError],
    [{ dryRun: 1 }, TypeError],
    [{ wallet: "u-1" }, TypeError],
    [{ metadata: {} }, TypeError],
  ];
  for (const [message, kind] of bad) assert.throws(() => proto.DebitRequest.encode(message), kind);
  assert.throws(() => proto.FreezeRequest.encode({ scope: "SOME" }), RangeError);
  assert.throws(() => proto.ListWalletsRequest.encode({ pageSize: 1.5 }), RangeError);
});
