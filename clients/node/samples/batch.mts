import { Client, Rejected } from "walletd";
import type { BatchItem } from "walletd";

const client = new Client(process.env["WALLETD_ADDRESS"] ?? "127.0.0.1:7411");
const credit = (ownerId: string, amount: bigint): BatchItem => ({
  credit: { wallet: { ownerId, currency: "EUR" }, amount, reason: "promo.spring" },
});

// Item by item: each has a result of its own, and one that fails doesn't hinder the others.
const { results } = await client.batch({ items: [credit("user-17", 500n), credit("nobody", 500n)] });
for (const result of results) {
  if (result.error === undefined) console.log("credited", result.balance);
  else console.log("not credited:", result.error.kind === "rejected" ? result.error.reason : result.error.message);
}

// All or none.
try {
  await client.batch({ atomic: true, items: [credit("user-17", 500n), credit("nobody", 500n)] });
} catch (error) {
  if (!(error instanceof Rejected)) throw error;
  console.log(error.reason, "for item", error.index, error.cause?.reason);
}
client.close();
