// The samples run, and the README shows them as they are.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import tls from "node:tls";
import { after, before, test } from "node:test";

import { Client } from "../dist/index.mjs";
import { Certificates } from "./certificates.mjs";
import { FakeServer, proto, refusedAddress } from "./fake.mjs";
import { ROOT, run } from "./programs.mjs";
import { Server } from "./server.mjs";

const server = new Server();
before(() => server.start());
after(() => server.remove());

async function output(sample, env = {}) {
  const all = { WALLETD_ADDRESS: server.address, ...env };
  const { code, out, err } = await run("node", [`build/samples/${sample}.mjs`], { env: all });
  assert.equal(code, 0, err);
  return out.trimEnd().split("\n");
}

const BASIC = [
  "7.70 EUR",
  "INSUFFICIENT_FUNDS short of 4230n",
  "3n DEBIT -1230n 770n",
  "2n CREDIT 2000n 2000n",
  "1n OPEN 0n 0n",
];

test("basic", async () => {
  assert.deepEqual(await output("basic"), BASIC);
});

test("retry: also while the server isn't there yet", async () => {
  assert.deepEqual(await output("retry"), ["paid 670n"]);
  await server.stop();
  const paying = output("retry");
  await new Promise((resolve) => setTimeout(resolve, 500));
  await server.start();
  assert.deepEqual(await paying, ["paid 570n"]);
});

test("hold, capture, release", async () => {
  assert.deepEqual(await output("hold"), [
    "order-4711 came to 4.50 EUR",
    "order-4712 failed, and 1.00 were given back",
    "order-4713 is refused: INSUFFICIENT_FUNDS",
  ]);
});

test("batch", async () => {
  assert.deepEqual(await output("batch"), [
    "credited 620n",
    "not credited: WALLET_NOT_FOUND",
    "BATCH_ABORTED for item 1 WALLET_NOT_FOUND",
  ]);
});

test("watch", async () => {
  assert.deepEqual(await output("watch"), ["OPEN 1n 0n -> 0n", "CREDIT 1n 0n -> 2000n", "DEBIT 1n 2000n -> 770n"]);
});

test("the shortest program", async () => {
  assert.deepEqual(await output("shortest"), ["2000n"]);
});

const MONEY = [
  "1230n -1n 5n",
  "12.30 -0.01 5",
  '"12.345" has more than 2 digits after the point',
  '"1e3" is not a decimal number',
  '"+1" is not a decimal number',
  '" 1" is not a decimal number',
  '"1,000" is not a decimal number',
  '"" is not a decimal number',
  "amount 9223372036854775808 does not fit 64 bits",
];

test("money", async () => {
  assert.deepEqual(await output("money"), MONEY);
});

test("TLS and a token", async () => {
  const made = new Certificates();
  const [identity, own] = [made.make("server"), made.make("client")];
  writeFileSync(made.file("token"), "the-token\n");
  const script = async (peer) => {
    const { credentials } = await peer.hello();
    assert.equal(credentials.kind.value, "the-token");
    assert.equal(peer.socket.getPeerCertificate().subject.CN, "client");
    peer.ok(await peer.request(), proto.PingResponse.encode({ commitSeq: 7n }));
    await peer.ends();
  };
  const options = { cert: readFileSync(identity.certFile), key: readFileSync(identity.keyFile), requestCert: true };
  const ca = readFileSync(made.file("ca.pem"));
  const fake = new FakeServer([script], (play) => tls.createServer({ ...options, ca, ALPNProtocols: ["wrp/1"] }, play));
  await fake.listen();
  const env = { WALLETD_CA: made.file("ca.pem"), WALLETD_CERT: own.certFile, WALLETD_KEY: own.keyFile };
  const token = { WALLETD_TOKEN_FILE: made.file("token"), WALLETD_ADDRESS: fake.address };
  assert.deepEqual(await output("tls", { ...env, ...token }), ["the journal is at 7n"]);
  await fake.close();
  rmSync(made.folder, { recursive: true });
});

test("the README shows the samples as they are, and what they print", () => {
  const readme = readFileSync(`${ROOT}README.md`, "utf8");
  const blocks = [...readme.matchAll(/^```(?:ts|text)\n(.*?)^```$/gms)].map(([, text]) => text.trimEnd());
  const samples = readdirSync(`${ROOT}samples`).filter((name) => name.endsWith(".mts"));
  assert.ok(samples.length >= 5);
  for (const name of samples) {
    const text = readFileSync(`${ROOT}samples/${name}`, "utf8").trimEnd();
    assert.ok(blocks.includes(text), `samples/${name} isn't in the README`);
  }
  assert.ok(blocks.includes(BASIC.join("\n")), "what samples/basic.mts prints isn't in the README");
  assert.ok(blocks.includes(MONEY.join("\n")), "what samples/money.mts prints isn't in the README");
  const service = readFileSync(`${ROOT}samples/nest/wallet.service.ts`, "utf8").trimEnd();
  assert.ok(blocks.includes(service), "samples/nest/wallet.service.ts isn't in the README");
});

// ---------------------------------------------------------------- the NestJS-style service, with stubs of its packages

/** A repository of TypeORM, in memory. */
class Rows {
  rows = new Map();

  async findOneByOrFail({ id }) {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`no row ${id}`);
    return { ...row };
  }

  async save(row) {
    this.rows.set(row.id, { ...row });
    return row;
  }

  async update({ id }, changes) {
    Object.assign(this.rows.get(id), changes);
  }
}

class HttpException extends Error {
  constructor(body, status) {
    super(JSON.stringify(body));
    Object.assign(this, { body, status });
  }
}

function loadService() {
  const nothing = () => () => {};
  const stubs = {
    "@nestjs/common": { Injectable: nothing, Module: nothing, HttpException },
    "@nestjs/typeorm": { InjectRepository: nothing, TypeOrmModule: { forFeature: () => ({}) } },
    typeorm: { Entity: nothing, PrimaryColumn: nothing, Column: nothing },
  };
  const load = Module._load;
  Module._load = (name, ...rest) => stubs[name] ?? load(name, ...rest);
  try {
    const require = createRequire(import.meta.url);
    require("../build/samples/nest/wallet.module.js");
    return require("../build/samples/nest/wallet.service.js").WalletService;
  } finally {
    Module._load = load;
  }
}

test("the service of a NestJS application, with a user table of TypeORM", async () => {
  const WalletService = loadService();
  const [users, orders] = [new Rows(), new Rows()];
  const client = new Client(server.address);
  const service = new WalletService(client, users, orders);
  const user = { id: "11111111-2222-3333-4444-555555555555", email: "a@example.org", currency: "EUR" };
  await service.signUp(user);
  await service.signUp(user); // again, since the first answer was lost perhaps
  await client.credit({ wallet: { ownerId: user.id, currency: "EUR" }, amount: 1_000n, reason: "topup" });
  assert.equal(await service.balance(user.id), "10.00 EUR");

  await service.order("order-1", user.id, 450n);
  const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const paid = await service.pay("order-1", trace);
  assert.equal(paid.state, "paid");
  const again = await service.pay("order-1");
  assert.equal(again.transactionId, paid.transactionId, "it was paid once");
  assert.equal(await service.balance(user.id), "5.50 EUR");

  await service.order("order-2", user.id, 9_000n);
  await assert.rejects(service.pay("order-2"), (error) => {
    assert.deepEqual([error.status, error.body], [402, { code: "INSUFFICIENT_FUNDS", shortfall: "8450" }]);
    return true;
  });
  assert.equal(orders.rows.get("order-2").state, "refused");

  service.onModuleDestroy();
  await assert.rejects(service.balance(user.id), (error) => error.kind === "disconnected");
  const away = new WalletService(new Client(await refusedAddress(), { timeoutMillis: 300 }), users, orders);
  await assert.rejects(away.pay("order-1"), (error) => error.kind !== "rejected");
});
