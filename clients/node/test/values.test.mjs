// Money, keys, deadlines, waits and budgets: what needs no server.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { countedKey, formatMoney, newKey, parseMoney } from "../dist/index.mjs";

const require = createRequire(import.meta.url);
const { UnresolvedKeys } = require("../dist/keys.js");
const { Deadline } = require("../dist/deadline.js");
const { RetryBudget, RetryPolicy } = require("../dist/retry.js");
const { parseAddress } = require("../dist/settings.js");

test("money of text", () => {
  const good = [
    ["12.30", 2, 1230n],
    ["12.3", 2, 1230n],
    ["12", 2, 1200n],
    ["0", 0, 0n],
    ["-0", 2, 0n],
    ["-0.01", 2, -1n],
    ["007.5", 1, 75n],
    ["92233720368547758.07", 2, 9223372036854775807n],
    ["-92233720368547758.08", 2, -9223372036854775808n],
    ["9.223372036854775807", 18, 9223372036854775807n],
    [`${"0".repeat(50)}1`, 0, 1n],
  ];
  for (const [text, exponent, amount] of good) assert.equal(parseMoney(text, exponent), amount, text);
});

test("text that is no money", () => {
  const bad = "12.345|1e3|+1| 1|1 |1,000||.5|5.|-|--1|0x10|1_000|1.2.3|NaN|١٢".split("|");
  const beyond = ["92233720368547758.08", "-92233720368547758.09"];
  for (const text of [...bad, ...beyond, "1\n", "\n1", "9".repeat(100_000)]) {
    assert.throws(() => parseMoney(text, 2), RangeError, JSON.stringify(text.slice(0, 30)));
  }
  assert.throws(() => parseMoney("1.0", 0), RangeError);
  for (const value of [12.3, 12n, null, undefined]) assert.throws(() => parseMoney(value, 2), TypeError);
  assert.throws(() => parseMoney("1", 1.5), TypeError);
  assert.throws(() => parseMoney("1", -1), RangeError);
});

test("text of money, and back", () => {
  assert.equal(formatMoney(1230n, 2), "12.30");
  assert.equal(formatMoney(-1n, 2), "-0.01");
  assert.equal(formatMoney(5n, 0), "5");
  assert.equal(formatMoney(-9223372036854775808n, 3), "-9223372036854775.808");
  for (const amount of [0n, 1n, -1n, 99n, 100n, -100n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    for (const exponent of [0, 1, 2, 3, 18]) assert.equal(parseMoney(formatMoney(amount, exponent), exponent), amount);
  }
  assert.throws(() => formatMoney(12, 2), TypeError);
  assert.throws(() => formatMoney(2n ** 63n, 2), RangeError);
});

test("keys are UUIDs of version 7 that begin with the time of their making", () => {
  const before = Date.now();
  const keys = Array.from({ length: 2_000 }, newKey);
  const after = Date.now();
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) {
    assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const millis = Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16);
    assert.ok(millis >= before && millis <= after);
  }
});

test("the last 74 bits of keys are random", () => {
  const keys = Array.from({ length: 4_000 }, () => BigInt(`0x${newKey().replaceAll("-", "")}`));
  for (let bit = 0n; bit < 76n; bit++) {
    if (bit === 62n || bit === 63n) continue; // the variant
    const ones = keys.filter((key) => (key >> bit) & 1n).length;
    // 13 times the standard deviation from a half: it doesn't happen.
    assert.ok(Math.abs(ones - 2_000) < 420, `bit ${bit} is set in ${ones} of 4000 keys`);
  }
});

test("keys of items are counted up, and stay UUIDs", () => {
  const first = "01a22353-0db4-7a25-bfff-ffffffffffff";
  assert.equal(countedKey(first, 0), first);
  assert.equal(countedKey(first, 1), "01a22353-0db4-7a25-8000-000000000000");
  assert.equal(countedKey("01a22353-0db4-7a25-b26f-ce9d61193d66", 256), "01a22353-0db4-7a25-b26f-ce9d61193e66");
  for (const bad of ["order-4711", first.toUpperCase(), `${first} `]) {
    assert.throws(() => countedKey(bad, 1), RangeError);
  }
});

test("the memory of unresolved keys is bounded; the oldest goes", () => {
  const keys = new UnresolvedKeys(3);
  for (const key of ["a", "b", "c"]) keys.add(key);
  keys.add("a"); // now the newest
  keys.add("d");
  assert.deepEqual(["a", "b", "c", "d"].map((key) => keys.has(key)), [true, false, true, true]);
  keys.delete("a");
  assert.ok(!keys.has("a"));
  assert.equal(new UnresolvedKeys().keysMax, 10_000);
});

test("a deadline, and what the server is told of it", () => {
  let now = 1_000;
  const deadline = new Deadline(500, () => now);
  assert.equal(deadline.remaining(), 500);
  assert.equal(deadline.serverMillis(), 450);
  now += 499.9;
  assert.equal(deadline.serverMillis(), 1);
  now += 10;
  assert.equal(deadline.remaining(), 0);
  assert.equal(deadline.serverMillis(), 1);
  for (const bad of [0, -1, Infinity, NaN, 2 ** 31]) assert.throws(() => new Deadline(bad), RangeError);
  assert.throws(() => new Deadline("5"), TypeError);
});

test("waits: between half of and the whole 50 ms × 2ⁿ⁻¹, at most 2 s, never below the server's wish", () => {
  for (const [random, factor] of [[0, 0.5], [0.999999, 1]]) {
    const policy = new RetryPolicy({ random: () => random });
    const waits = [1, 2, 3, 4, 5, 6, 7, 50].map((attempts) => policy.wait(attempts, 0));
    const whole = [50, 100, 200, 400, 800, 1_600, 2_000, 2_000];
    waits.forEach((wait, index) => assert.ok(Math.abs(wait - whole[index] * factor) < 0.01, `${wait}`));
    assert.ok(policy.wait(1, 700) >= 700 && policy.wait(1, 700) <= 750);
    assert.ok(policy.wait(1, 5_000) >= 5_000);
  }
  assert.equal(new RetryPolicy().attemptsMax, 6);
  for (const attemptsMax of [0, 1.5, NaN]) assert.throws(() => new RetryPolicy({ attemptsMax }), RangeError);
});

test("a retry budget: ten at the start, a tenth earned by each call, at most a hundred", () => {
  const budget = new RetryBudget();
  const spent = () => {
    let count = 0;
    while (budget.spend()) count++;
    return count;
  };
  assert.equal(spent(), 10);
  for (let call = 0; call < 9; call++) budget.earn();
  assert.equal(spent(), 0);
  budget.earn();
  assert.equal(spent(), 1);
  for (let call = 0; call < 5_000; call++) budget.earn();
  assert.equal(spent(), 100);
});

test("addresses", () => {
  assert.deepEqual(parseAddress("localhost:7411"), { host: "localhost", port: 7411 });
  assert.deepEqual(parseAddress("[::1]:7411"), { host: "::1", port: 7411 });
  assert.deepEqual(parseAddress("unix:/run/walletd.sock"), { path: "/run/walletd.sock" });
  for (const bad of ["", "localhost", "localhost:", "localhost:x", "a:b:1", "h:65536", "unix:", "::1:5"]) {
    assert.throws(() => parseAddress(bad), RangeError, bad);
  }
});
