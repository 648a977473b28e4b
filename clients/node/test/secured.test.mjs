// TLS, client certificates and tokens, against a real server.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { inspect } from "node:util";

import { Client } from "../dist/index.mjs";
import { Certificates } from "./certificates.mjs";
import { ONCE, errorOf } from "./scripted.mjs";
import { findServer, Server } from "./server.mjs";

const reason = "test";
const made = new Certificates();
const caFile = made.file("ca.pem");
const certificate = made.make("server");
const expired = made.make("expired", { days: -1 });
const shop = made.make("shop.example.org", { names: "DNS:shop.example.org" });
for (const name of readdirSync(made.folder)) if (name.endsWith(".key")) chmodSync(made.file(name), 0o600);
after(() => rmSync(made.folder, { recursive: true }));

/** Runs `body` with a server; `prepare` may look at its folder before it starts. */
async function serving(options, body, prepare = () => {}) {
  const server = new Server(...options);
  try {
    prepare(server.data);
    await server.start();
    await body(server.address.replace("127.0.0.1", "localhost"), server);
  } finally {
    await server.remove();
  }
}

async function using(address, options, body) {
  const client = new Client(address, { timeoutMillis: 20_000, ...options });
  try {
    return await body(client);
  } finally {
    client.close();
  }
}

const TLS = ["--tls-cert", certificate.certFile, "--tls-key", certificate.keyFile];

test("TLS: calls, a batch that is long, and a server that restarts", async () => {
  await serving(TLS, async (address, server) => {
    await using(address, { tls: { caFile }, retry: { attemptsMax: 30 } }, async (client) => {
      const wallet = { ownerId: "u-1", currency: "EUR" };
      await client.openWallet({ wallet, reason });
      const credit = { credit: { wallet, amount: 1n, reason, note: "n".repeat(200) } };
      const { results } = await client.batch({ items: Array(3_000).fill(credit) });
      assert.equal(results.at(-1).balance, 3_000n);
      const many = Array.from({ length: 300 }, () => client.debit({ wallet, amount: 1n, reason }));
      await Promise.all(many);
      await server.stop();
      await server.start();
      assert.equal((await client.getBalance(wallet)).balance, 2_700n);
    });
    await using(address, { tls: true, retry: ONCE }, async (client) => {
      assert.match((await errorOf(client.ping(), "unauthenticated")).message, /not trusted/);
    });
    await using(address, { retry: ONCE }, async (client) => {
      const error = await client.ping().catch((caught) => caught);
      assert.ok(["protocol", "disconnected"].includes(error.kind), `${error}`);
    });
  });
});

test("an expired certificate of the server", async () => {
  await serving(["--tls-cert", expired.certFile, "--tls-key", expired.keyFile], async (address) => {
    await using(address, { tls: { caFile } }, async (client) => {
      assert.match((await errorOf(client.ping(), "unauthenticated")).message, /expired/);
    });
  });
});

test("a server without TLS", async () => {
  await serving([], async (address) => {
    await using(address, { tls: { caFile } }, (client) => errorOf(client.ping(), "protocol"));
  });
});

test("a client certificate that the server wants", async () => {
  await serving([...TLS, "--tls-client-ca", caFile, "--tls-require-client-cert"], async (address) => {
    await using(address, { tls: { caFile, ...shop } }, (client) => client.ping());
    for (const identity of [{}, expired]) {
      await using(address, { tls: { caFile, ...identity } }, (client) => errorOf(client.ping(), "unauthenticated"));
    }
  });
});

test("tokens: who is let in, for what, and no longer", async () => {
  const tokenFile = made.file("token");
  const create = (data) => {
    const walletd = (...args) => execFileSync(findServer(), args, { stdio: ["ignore", "pipe", "pipe"] });
    walletd("init", "--data", data);
    const grant = ["--principal", "ops", "--scopes", "read,credit,admin"];
    writeFileSync(tokenFile, walletd("token", "create", "--data", data, ...grant), { mode: 0o600 });
  };
  await serving(["--auth", "required"], async (address) => {
    const wallet = { ownerId: "shop:1", currency: "EUR" };
    await using(address, { tokenFile }, async (ops) => {
      const granted = await ops.createToken({
        principal: "shop",
        scopes: ["read", "credit"],
        ownerPrefix: "shop:",
        currencies: ["EUR"],
        maxAmount: 500n,
        reason,
      });
      assert.match(granted.token, new RegExp(`^wlt_${granted.row.id}_[0-9a-f]{64}$`));
      await using(address, { token: granted.token }, async (client) => {
        await ops.openWallet({ wallet, reason });
        const denied = await errorOf(client.debit({ wallet, amount: 1n, reason }), "rejected");
        assert.deepEqual([denied.reason, denied.detail.case], ["PERMISSION_DENIED", "scope"]);
        assert.ok(!inspect(denied, { depth: 10, showHidden: true }).includes(granted.token));
        const names = [];
        for await (const token of ops.tokens({ pageSize: 1 })) names.push(token.principal);
        assert.deepEqual(names, ["ops", "shop"]);
        await ops.revokeToken({ tokenId: granted.row.id, reason });
        await errorOf(client.ping(), "unauthenticated");
      });
      const all = await ops.listTokens({ principal: "shop", withRevoked: true });
      assert.ok(all.tokens[0].revokedAtMicros > 0n);
    });
    for (const token of [undefined, `wlt_1_${"0".repeat(64)}`, "nonsense"]) {
      await using(address, { token }, async (client) => {
        assert.equal((await errorOf(client.ping(), "unauthenticated")).reason, "UNAUTHENTICATED");
      });
    }
  }, create);
});
