// A real server that is killed, leaves and comes back, and ways to it that break, while money moves.

import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";

import { Client } from "../dist/index.mjs";
import { errorOf } from "./scripted.mjs";
import { Server } from "./server.mjs";

const WALLET = { ownerId: "u-1", currency: "EUR" };
const START = 1_000_000n;
const reason = "test";
/** The kinds of errors after which the same key may be asked again. */
const OPEN = ["outcome_unknown", "not_executed", "disconnected", "deadline_exceeded"];
const PATIENT = { timeoutMillis: 30_000, retry: { attemptsMax: 60, backoffMillisMax: 200 } };

async function withServer(body) {
  const server = await new Server().start();
  const client = new Client(server.address, PATIENT);
  try {
    await client.openWallet({ wallet: WALLET, reason });
    await client.credit({ wallet: WALLET, amount: START, reason });
    await body(server, client);
  } finally {
    client.close();
    await server.remove();
  }
}

/**
 * Debits one unit `count` times on `workers` lines, as a careful caller does: after an error that leaves it open, again
 * with the same key. Gives how many keys took effect.
 */
async function spend(client, workers, count, progress = () => {}) {
  let done = 0;
  const line = async (worker) => {
    for (let index = 0; index < count; index++) {
      const idempotencyKey = `spend-${worker}-${index}`;
      for (let retryOfUnknown = false; ;) {
        try {
          await client.debit({ wallet: WALLET, amount: 1n, reason, idempotencyKey }, { retryOfUnknown });
          break;
        } catch (error) {
          assert.ok(OPEN.includes(error.kind), `${error}`);
          assert.equal(error.key, idempotencyKey);
          retryOfUnknown ||= error.kind === "outcome_unknown";
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => line(worker)));
  return done;
}

/** Each key once: the balance says it, and so does the journal. */
async function check(client, spent) {
  assert.equal((await client.getBalance(WALLET)).balance, START - BigInt(spent));
  const keys = new Set();
  for await (const row of client.transactions({ wallet: WALLET, pageSize: 1_000, filter: { kinds: ["DEBIT"] } })) {
    keys.add(row.idempotencyKey);
  }
  assert.equal(keys.size, spent);
}

test("kill -9 and restart in the middle: each key takes effect once", async () => {
  await withServer(async (server, client) => {
    let kills = 0;
    let restarting = Promise.resolve();
    const spent = await spend(client, 16, 40, (done) => {
      if (done < 150 * (kills + 1) || kills === 3) return;
      kills++;
      restarting = restarting.then(() => server.kill()).then(() => server.start());
    });
    await restarting;
    assert.equal(kills, 3);
    await check(client, spent);
  });
});

test("SIGTERM and restart: no call is lost, and a watch goes on", async () => {
  await withServer(async (server, client) => {
    const seen = [];
    const watch = client.watchTransactions({ afterSeq: 0n, kinds: ["DEBIT"] });
    const watching = (async () => {
      for await (const { transaction } of watch) {
        if (transaction !== undefined) seen.push(transaction.id);
        if (seen.length === 400) break;
      }
    })();
    let restarting = Promise.resolve();
    let stops = 0;
    const spent = await spend(client, 8, 50, (done) => {
      if (done < 120 * (stops + 1) || stops === 2) return;
      stops++;
      restarting = restarting.then(() => server.stop()).then(() => server.start());
    });
    await restarting;
    await watching;
    await check(client, spent);
    assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => Number(a - b)), "each once, in order");
  });
});

test("a server that was killed is found out, and nothing hangs", async () => {
  await withServer(async (server) => {
    const client = new Client(server.address, { timeoutMillis: 2_000 });
    assert.ok((await client.ping()).commitSeq > 0n);
    await server.kill();
    await errorOf(client.ping(), "disconnected");
    client.close();
  });
});

/** A way to the server that may be cut or blocked. */
async function withProxy(server, body) {
  const pairs = new Set();
  const cut = () => [...pairs].flat().forEach((end) => end.destroy());
  const way = { blocked: false, slices: false, cut };
  const proxy = net.createServer((near) => {
    const far = net.connect(Number(server.address.split(":")[1]), "127.0.0.1");
    const pair = [near, far];
    pairs.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.setNoDelay(true);
      from.on("error", () => {});
      from.on("close", () => {
        to.destroy();
        pairs.delete(pair);
      });
      from.on("data", (data) => {
        if (way.blocked) return;
        if (way.slices) for (const byte of data) to.write(Buffer.of(byte));
        else to.write(data);
      });
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  try {
    await body(`127.0.0.1:${proxy.address().port}`, way);
  } finally {
    proxy.close();
    way.cut();
  }
}

test("a way that is cut again and again: each key takes effect once", async () => {
  await withServer((server) =>
    withProxy(server, async (address, way) => {
      const client = new Client(address, PATIENT);
      const spent = await spend(client, 16, 25, (done) => done % 40 === 0 && way.cut());
      await check(client, spent);
      client.close();
    }),
  );
});

test("bytes one by one, in both directions", async () => {
  await withServer((server) =>
    withProxy(server, async (address, way) => {
      way.slices = true;
      const client = new Client(address, PATIENT);
      await check(client, await spend(client, 4, 10));
      client.close();
    }),
  );
});

test("a way that swallows everything: within the deadline, and on when it is open again", async () => {
  await withServer((server) =>
    withProxy(server, async (address, way) => {
      const client = new Client(address, { ...PATIENT, timeoutMillis: 300 });
      await client.ping({ timeoutMillis: 30_000 });
      way.blocked = true;
      const idempotencyKey = "swallowed-key";
      const given = { wallet: WALLET, amount: 5n, reason, idempotencyKey };
      await errorOf(client.debit(given), "outcome_unknown");
      await errorOf(client.getBalance(WALLET), "deadline_exceeded");
      way.blocked = false;
      const result = await client.debit(given, { timeoutMillis: 30_000 });
      assert.equal(result.balance, START - 5n);
      client.close();
    }),
  );
});
