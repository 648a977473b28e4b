// Every verb, against a real server.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { Client, formatMoney, newKey } from "../dist/index.mjs";
import { errorOf } from "./scripted.mjs";
import { Server } from "./server.mjs";

const backups = mkdtempSync(path.join(os.tmpdir(), "walletd-backups-"));
const server = new Server("--backup-dir", backups);
let client;
let owners = 0;
const reason = "test";

before(async () => {
  await server.start();
  client = new Client(server.address, { timeoutMillis: 30_000 });
});
after(async () => {
  client?.close();
  await server.remove();
  rmSync(backups, { recursive: true });
});

/** A new wallet with so much in it. */
async function funded(amount, currency = "EUR") {
  const wallet = { ownerId: `owner-${++owners}`, currency };
  await client.openWallet({ wallet, reason });
  if (amount > 0n) await client.credit({ wallet, amount, reason });
  return wallet;
}

async function refused(promise, code) {
  const error = await errorOf(promise, "rejected");
  assert.equal(error.reason, code);
  return error;
}

test("ping, server info and schema", async () => {
  const pong = await client.ping();
  assert.ok(Math.abs(Number(pong.serverTimeMicros / 1_000n) - Date.now()) < 60_000);
  const info = await client.getServerInfo();
  assert.match(info.ledgerId, /^[0-9a-f-]{36}$/);
  assert.ok(info.mutationsAvailable && info.limits.requestsInFlightMax > 0);
  const schema = await client.getSchema();
  const digest = createHash("sha256").update(schema.fileDescriptorSet).digest();
  assert.deepEqual(Buffer.from(schema.digest), digest);
  assert.deepEqual(Buffer.from(info.schemaDigest), digest);
});

test("open, credit, debit, and what a refusal tells", async () => {
  const wallet = await funded(2_000n);
  const paid = await client.debit({ wallet, amount: 450n, reason: "esim.purchase", reference: "order-1" });
  assert.deepEqual([paid.balance, paid.available, paid.version], [1_550n, 1_550n, 3n]);
  assert.deepEqual([paid.currency, paid.exponent], ["EUR", 2]);
  assert.deepEqual([paid.transaction.kind, paid.transaction.amount], ["DEBIT", -450n]);
  assert.deepEqual([paid.transaction.reason, paid.transaction.idempotencyKey], ["esim.purchase", paid.key]);
  assert.equal(paid.commitSeq, paid.transaction.id);
  assert.equal(formatMoney(paid.available, paid.exponent), "15.50");

  const idempotencyKey = newKey();
  const short = await refused(client.debit({ wallet, amount: 5_000n, reason, idempotencyKey }), "INSUFFICIENT_FUNDS");
  assert.deepEqual([short.status, short.replayed, short.key], [9, false, idempotencyKey]);
  assert.equal(short.detail.case, "insufficientFunds");
  assert.deepEqual([short.detail.value.available, short.detail.value.shortfall], [1_550n, 3_450n]);
  const again = await refused(client.debit({ wallet, amount: 5_000n, reason, idempotencyKey }), "INSUFFICIENT_FUNDS");
  assert.deepEqual([again.replayed, again.commitSeq], [true, short.commitSeq]);
  await refused(client.openWallet({ wallet, reason }), "WALLET_EXISTS");
  const nobody = await refused(client.getBalance({ ownerId: "nobody", currency: "EUR" }), "WALLET_NOT_FOUND");
  assert.equal(nobody.detail.value.ownerId, "nobody");
});

test("the same key gives the first result again; another request is a mismatch", async () => {
  const wallet = await funded(100n);
  const idempotencyKey = newKey();
  const first = await client.debit({ wallet, amount: 10n, reason, idempotencyKey });
  const again = await client.debit({ wallet, amount: 10n, reason, idempotencyKey });
  assert.deepEqual([first.replayed, again.replayed, again.transaction.id], [false, true, first.transaction.id]);
  const other = await refused(client.debit({ wallet, amount: 11n, reason, idempotencyKey }), "IDEMPOTENCY_MISMATCH");
  assert.equal(other.detail.value.field, "amount");
});

test("versions, dry runs, and all that a row may carry", async () => {
  const wallet = await funded(100n);
  const conflict = await refused(client.debit({ wallet, amount: 1n, reason, expectedVersion: 9n }), "VERSION_CONFLICT");
  assert.deepEqual(conflict.detail.value, { expected: 9n, actual: 2n, balance: 100n });
  const tried = await client.debit({ wallet, amount: 30n, reason, dryRun: true });
  assert.deepEqual([tried.dryRun, tried.balance, tried.transaction.id], [true, 70n, 0n]);
  assert.equal((await client.getBalance(wallet)).balance, 100n);
  const full = await client.debit({
    wallet,
    amount: 1n,
    reason,
    note: "größer 😀",
    reference: "r",
    correlationId: "c",
    onBehalfOf: "o",
    occurredAtMicros: 1_700_000_000_000_000n,
    metadata: { iccid: "8944", plan: "5 GB" },
    expectedVersion: 2n,
    counterAccount: "adjustments",
  });
  const row = full.transaction;
  assert.deepEqual([row.note, row.reference, row.correlationId, row.onBehalfOf], ["größer 😀", "r", "c", "o"]);
  assert.deepEqual(row.metadata, [{ key: "iccid", value: "8944" }, { key: "plan", value: "5 GB" }]);
  assert.deepEqual([row.occurredAtMicros, row.counterAccount], [1_700_000_000_000_000n, "adjustments"]);
  assert.match(row.clientName, /^walletd-node\//);
});

test("hold, capture, release and refund", async () => {
  const wallet = await funded(1_000n);
  const held = await client.hold({ wallet, amount: 500n, timeoutMillis: 600_000, reason });
  assert.deepEqual([held.held, held.available, held.transaction.holdId], [500n, 500n, held.transaction.id]);
  const { holdId } = held.transaction;
  await refused(client.capture({ holdId, amount: 501n, reason }), "HOLD_AMOUNT_EXCEEDED");
  const taken = await client.capture({ holdId, amount: 200n, currency: "EUR", reason });
  assert.deepEqual([taken.balance, taken.held], [800n, 300n]);
  const released = await client.release({ holdId, reason });
  assert.deepEqual([released.held, released.available], [0n, 800n]);
  await refused(client.release({ holdId, reason }), "HOLD_RELEASED");
  const back = await client.refund({ transactionId: taken.transaction.id, amount: 150n, reason });
  assert.equal(back.balance, 950n);
  const rest = await client.refund({ transactionId: taken.transaction.id, reason });
  assert.equal(rest.balance, 1_000n);
  const more = client.refund({ transactionId: taken.transaction.id, amount: 1n, reason });
  const spent = await refused(more, "REFUND_EXCEEDS_ORIGINAL");
  assert.deepEqual(spent.detail.value, { original: 200n, refunded: 200n, remaining: 0n });
});

test("transfer", async () => {
  const [from, to] = [await funded(100n), await funded(0n)];
  const moved = await client.transfer({ wallet: from, to, amount: 60n, reason });
  assert.deepEqual([moved.source.balance, moved.destination.balance], [40n, 60n]);
  assert.equal(moved.source.transaction.counterWalletId, moved.destination.walletId);
  assert.equal(moved.source.commitSeq, moved.commitSeq);
  await refused(client.transfer({ wallet: from, to: from, amount: 1n, reason }), "SAME_WALLET");
});

test("freeze, unfreeze, limits and closing", async () => {
  const wallet = await funded(100n);
  await client.freeze({ wallet, scope: "DEBIT", reason: "fraud.check" });
  const frozen = await refused(client.debit({ wallet, amount: 1n, reason }), "WALLET_FROZEN");
  assert.deepEqual([frozen.detail.value.scope, frozen.detail.value.reason], ["DEBIT", "fraud.check"]);
  await client.unfreeze({ wallet, scope: "ALL", reason });
  await client.setLimits({ wallet, limits: { maxAmount: 50n, day: { amount: 80n, count: 5n } }, reason });
  const over = await refused(client.debit({ wallet, amount: 51n, reason }), "LIMIT_EXCEEDED");
  assert.deepEqual([over.detail.value.kind, over.detail.value.limit], ["TRANSACTION_AMOUNT", 50n]);
  await client.setLimits({ wallet, limits: { overdraftLimit: 10n }, reason });
  const deep = await client.debit({ wallet, amount: 105n, reason });
  assert.deepEqual([deep.balance, deep.available], [-5n, 5n]);
  await refused(client.closeWallet({ wallet, reason }), "WALLET_NOT_EMPTY");
  await client.credit({ wallet, amount: 5n, reason });
  await client.closeWallet({ wallet, reason });
  assert.equal((await client.getWallet(wallet)).status, "CLOSED");
});

test("batches", async () => {
  const wallet = await funded(100n);
  const debit = (amount) => ({ debit: { wallet, amount, reason } });
  const mixed = await client.batch({ items: [debit(10n), debit(500n), debit(20n)] });
  assert.deepEqual(mixed.results.map(({ error }) => error?.reason), [undefined, "INSUFFICIENT_FUNDS", undefined]);
  assert.equal(mixed.results[2].balance, 70n);
  const again = await client.batch({ items: [debit(10n), debit(500n), debit(20n)], idempotencyKey: mixed.key });
  assert.ok(again.results[0].replayed && again.results[1].error.replayed);
  const items = [debit(1n), { credit: { wallet, amount: 2n, reason } }];
  const whole = await client.batch({ atomic: true, fullResults: true, items });
  assert.deepEqual(whole.results.map(({ transaction }) => transaction.kind), ["DEBIT", "CREDIT"]);
  const aborted = await refused(client.batch({ atomic: true, items: [debit(1n), debit(500n)] }), "BATCH_ABORTED");
  assert.deepEqual([aborted.index, aborted.cause.reason], [1, "INSUFFICIENT_FUNDS"]);
  assert.equal((await client.getBalance(wallet)).balance, 71n);
  const dry = await client.batch({ dryRun: true, items: [debit(1n)] });
  assert.deepEqual([dry.dryRun, dry.results[0].transactionId], [true, 0n]);
});

test("lists of wallets, transactions and refusals, page after page", async () => {
  const wallet = await funded(100n);
  const { ownerId } = wallet;
  for (const name of ["second", "third"]) await client.openWallet({ wallet: { ...wallet, name }, reason });
  const names = [];
  for await (const one of client.wallets({ ownerId, pageSize: 1 })) names.push(one.name);
  assert.deepEqual(names, ["main", "second", "third"]);
  for (let amount = 1n; amount <= 7n; amount++) await client.debit({ wallet, amount, reason: "many" });
  const amounts = [];
  const filter = { kinds: ["DEBIT"], reason: "many", minAmount: 2n };
  for await (const row of client.transactions({ wallet, pageSize: 2, oldestFirst: true, filter })) {
    amounts.push(row.amount);
  }
  assert.deepEqual(amounts, [-2n, -3n, -4n, -5n, -6n, -7n]);
  const page = await client.listTransactions({ wallet, pageSize: 1 });
  assert.deepEqual([page.transactions.length, page.currency, page.nextCursor !== ""], [1, "EUR", true]);
  await refused(client.debit({ wallet, amount: 999n, reason }), "INSUFFICIENT_FUNDS");
  const told = [];
  for await (const one of client.refusals({ wallet, reasons: ["INSUFFICIENT_FUNDS"] })) told.push(one);
  assert.equal(told.length, 1);
  assert.deepEqual([told[0].verb, told[0].error.reason, told[0].amount], ["DEBIT", "INSUFFICIENT_FUNDS", 999n]);
  assert.equal(told[0].error.detail.value.shortfall, 999n - 72n);
});

test("a balance as it was, and why it is", async () => {
  const wallet = await funded(100n);
  const debit = await client.debit({ wallet, amount: 30n, reason: "esim.purchase" });
  assert.equal((await client.getBalanceAt({ wallet, version: 2n })).balance, 100n);
  const timeMicros = debit.transaction.createdAtMicros;
  assert.equal((await client.getBalanceAt({ wallet, timeMicros })).balance, 70n);
  await refused(client.getBalanceAt({ wallet, version: 9n }), "INVALID_ARGUMENT");
  const why = await client.explainBalance({ wallet, lastChanges: 1 });
  assert.ok(why.equal);
  assert.deepEqual(why.lastChanges.map(({ id }) => id), [debit.transaction.id]);
  assert.equal(why.sums.reduce((sum, { amount }) => sum + amount, why.openingBalance), 70n);
});

test("currencies, counter-accounts and the trial balance", async () => {
  const made = await client.registerCurrency({ code: "ESIM-MB", exponent: 0, reason });
  assert.deepEqual([made.row.subject, made.row.verb], ["ESIM-MB", "REGISTER_CURRENCY"]);
  await refused(client.registerCurrency({ code: "ESIM-MB", exponent: 0, reason }), "CURRENCY_EXISTS");
  await client.addCounterAccount({ name: "vouchers", reason });
  const wallet = await funded(0n, "ESIM-MB");
  await client.credit({ wallet, amount: 1_024n, reason, counterAccount: "vouchers" });
  const { currencies } = await client.trialBalance({ currency: "ESIM-MB" });
  const [total] = currencies;
  assert.deepEqual([total.walletsTotal, total.difference, total.registered], [1_024n, 0n, true]);
  assert.deepEqual(total.counterAccounts, [{ name: "vouchers", total: -1_024n }]);
  assert.ok((await client.trialBalance()).counterAccounts.includes("vouchers"));
});

test("watching: each row once, what comes later too, and on from a token", async () => {
  const wallet = await funded(100n);
  const { commitSeq: afterSeq } = await client.getBalance(wallet);
  const { id } = await client.getWallet(wallet);
  const watch = client.watchTransactions({ afterSeq, walletIds: [id] });
  assert.equal((await watch.next()).value.transaction, undefined);
  const waiting = watch.next();
  const debit = await client.debit({ wallet, amount: 1n, reason });
  const { value: event } = await waiting;
  assert.deepEqual(event.transaction, debit.transaction);
  assert.equal(event.balanceBefore, 100n);
  await watch.return();
  const second = await client.debit({ wallet, amount: 2n, reason });
  for await (const { transaction } of client.watchTransactions({ resumeToken: event.resumeToken, walletIds: [id] })) {
    if (transaction === undefined) continue;
    assert.equal(transaction.id, second.transaction.id);
    break;
  }
  await refused(client.watchTransactions({ afterSeq: 10n ** 12n }).next(), "RESUME_INVALID");
});

test("verifying", async () => {
  const { head } = await client.getServerInfo();
  let report;
  for await (const event of client.verify({ expectedHead: head, skipIntegrityCheck: true })) {
    assert.notEqual(event.case, "finding");
    if (event.case === "report") report = event.value;
  }
  assert.equal(report.findings, 0n);
  assert.ok(report.rows > 0n && !report.integrityChecked);
});

test("a backup", async () => {
  let report;
  for await (const event of client.backup()) if (event.case === "report") report = event.value;
  assert.ok(report.rows > 0n && !report.incremental);
  assert.ok(existsSync(path.join(backups, report.file)), report.file);
  const digest = createHash("sha256").update(readFileSync(path.join(backups, report.file))).digest();
  assert.deepEqual(Buffer.from(report.sha256), digest);
});

test("a thousand calls at once", async () => {
  const wallet = await funded(10_000n);
  const results = await Promise.all(
    Array.from({ length: 1_000 }, () => client.debit({ wallet, amount: 1n, reason })),
  );
  results.forEach(({ version }, index) => assert.equal(version, BigInt(index + 3), "they keep their order"));
  assert.equal((await client.getBalance(wallet)).balance, 9_000n);
});

test("a ledger that isn't this one", async () => {
  const other = new Client(server.address, { ledgerId: "00000000-0000-7000-8000-000000000000" });
  const error = await other.ping().catch((caught) => caught);
  assert.ok(["rejected", "not_executed"].includes(error.kind), `${error}`);
  other.close();
});
