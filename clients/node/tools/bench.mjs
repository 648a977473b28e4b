// Calls per second on one connection, and their latencies. Without arguments: of several shapes, SECONDS (5) each,
// against the server that WALLETD names. With ADDRESS VERB IN_FLIGHT SECONDS WARM_UP: of that one, as a JSON object
// (../../conformance/DRIVER.md).

import { Client } from "../dist/index.mjs";
import { Server } from "../test/server.mjs";

const SECONDS = Number(process.env.SECONDS ?? 5);
const WALLETS = 1_000;

/** The calls, over wallets that have money; they may be there already. */
async function prepare(client) {
  const wallets = Array.from({ length: WALLETS }, (_, index) => ({ ownerId: `bench-${index}`, currency: "EUR" }));
  const amount = 1_000_000_000n;
  await client.batch({ items: wallets.map((wallet) => ({ openWallet: { wallet, reason: "bench" } })) });
  await client.batch({ items: wallets.map((wallet) => ({ credit: { wallet, amount, reason: "bench" } })) });
  let next = 0;
  const wallet = () => wallets[next++ % WALLETS];
  return {
    Debit: () => client.debit({ wallet: wallet(), amount: 1n, reason: "bench" }),
    GetBalance: () => client.getBalance(wallet()),
  };
}

async function measure(inFlight, seconds, call) {
  const latencies = [];
  const began = performance.now();
  const until = began + seconds * 1_000;
  const line = async () => {
    for (let now = performance.now(); now < until;) {
      await call();
      const then = performance.now();
      latencies.push(then - now);
      now = then;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, line));
  const took = (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.floor(latencies.length * part)];
  return { rate: latencies.length / took, median: at(0.5), p99: at(0.99) };
}

async function one(address, verb, inFlight, seconds, warmUp) {
  const client = new Client(address);
  try {
    const call = (await prepare(client))[verb];
    if (warmUp > 0) await measure(inFlight, warmUp, call);
    const { rate, median, p99 } = await measure(inFlight, seconds, call);
    const rounded = (value) => Math.round(value * 10) / 10;
    console.log(JSON.stringify({
      client: "node",
      verb,
      connections: 1,
      in_flight: inFlight,
      calls_per_second: rounded(rate),
      p50_micros: rounded(median * 1_000),
      p99_micros: rounded(p99 * 1_000),
    }));
  } finally {
    client.close();
  }
}

async function table() {
  const server = await new Server().start();
  const client = new Client(server.address);
  try {
    const { build } = await client.getServerInfo();
    const verbs = await prepare(client);
    console.log(`Node ${process.version}, one connection, a ${build} build of walletd, ${SECONDS} s each`);
    console.log("call         in flight     /s   p50 ms   p99 ms");
    await measure(64, SECONDS, verbs.Debit);
    for (const [verb, inFlight] of [["GetBalance", 64], ["Debit", 64], ["Debit", 1]]) {
      const { rate, median, p99 } = await measure(inFlight, SECONDS, verbs[verb]);
      const cells = [Math.round(rate).toString(), median.toFixed(2), p99.toFixed(2)].map((cell) => cell.padStart(8));
      console.log(`${verb.padEnd(12)}${inFlight.toString().padStart(10)}${cells.join("")}`);
    }
  } finally {
    client.close();
    await server.remove();
  }
}

const [address, verb, ...numbers] = process.argv.slice(2);
await (address === undefined ? table() : one(address, verb, ...numbers.map(Number)));
