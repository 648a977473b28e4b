import { setTimeout as sleep } from "node:timers/promises";

import { Client, newKey, NotExecuted, OutcomeUnknown } from "walletd";
import type { DebitArguments, MutationResult } from "walletd";

// Lost connections, a server that restarts or is busy: the client tries again by itself, with the same key, until the
// deadline. What is left to the caller is the end of that.
const client = new Client(process.env["WALLETD_ADDRESS"] ?? "127.0.0.1:7411", { timeoutMillis: 2_000 });

/** Pays once, however often it takes. Keep the key with your order, before you call: it outlives this process, too. */
async function pay(order: DebitArguments & { idempotencyKey: string }): Promise<MutationResult> {
  let retryOfUnknown = false;
  for (let tries = 1; ; tries++) {
    try {
      return await client.debit(order, { retryOfUnknown });
    } catch (error) {
      const open = error instanceof OutcomeUnknown || error instanceof NotExecuted;
      if (!open || tries === 100) throw error; // the server decided against it and said why, or it is away for long
      // It may have taken place. The same key again: the server executes a key at most once.
      retryOfUnknown ||= error instanceof OutcomeUnknown;
      await sleep(500);
    }
  }
}

const wallet = { ownerId: "user-17", currency: "EUR" };
const paid = await pay({ wallet, amount: 100n, reason: "esim.purchase", idempotencyKey: newKey() });
console.log(paid.replayed ? "had been paid" : "paid", paid.balance);
client.close();
