// Calls per second on one connection, and their latencies: SECONDS (5) for each row, against the server that WALLETD
// names.

import { Client } from "../dist/index.mjs";
import { Server } from "../test/server.mjs";

const SECONDS = Number(process.env.SECONDS ?? 5);
const WALLETS = 1_000;

async function measure(name, inFlight, call) {
  const latencies = [];
  const until = performance.now() + SECONDS * 1_000;
  const line = async () => {
    for (let now = performance.now(); now < until;) {
      await call();
      const then = performance.now();
      latencies.push(then - now);
      now = then;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, line));
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.floor(latencies.length * part)].toFixed(2).padStart(8);
  const rate = Math.round(latencies.length / SECONDS).toString().padStart(8);
  console.log(`${name.padEnd(12)}${inFlight.toString().padStart(10)}${rate}${at(0.5)}${at(0.99)}`);
}

const server = await new Server().start();
const client = new Client(server.address);
try {
  const { build } = await client.getServerInfo();
  const wallets = Array.from({ length: WALLETS }, (_, index) => ({ ownerId: `bench-${index}`, currency: "EUR" }));
  await client.batch({ items: wallets.map((wallet) => ({ openWallet: { wallet, reason: "bench" } })) });
  const amount = 1_000_000_000n;
  await client.batch({ items: wallets.map((wallet) => ({ credit: { wallet, amount, reason: "bench" } })) });
  let next = 0;
  const wallet = () => wallets[next++ % WALLETS];
  const debit = () => client.debit({ wallet: wallet(), amount: 1n, reason: "bench" });
  const balance = () => client.getBalance(wallet());

  console.log(`Node ${process.version}, one connection, a ${build} build of walletd, ${SECONDS} s each`);
  console.log("call         in flight     /s   p50 ms   p99 ms");
  await measure("warming up", 64, debit);
  await measure("GetBalance", 64, balance);
  await measure("Debit", 64, debit);
  await measure("Debit", 1, debit);
} finally {
  client.close();
  await server.remove();
}
