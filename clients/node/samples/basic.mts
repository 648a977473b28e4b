import { Client, formatMoney, parseMoney, Rejected } from "walletd";

const client = new Client(process.env["WALLETD_ADDRESS"] ?? "127.0.0.1:7411");
const wallet = { ownerId: "user-17", currency: "EUR" };

await client.openWallet({ wallet, reason: "signup" });
await client.credit({ wallet, amount: parseMoney("20.00", 2), reason: "topup", reference: "stripe:pi_123" });
const paid = await client.debit({ wallet, amount: parseMoney("12.30", 2), reason: "esim.purchase" });
console.log(formatMoney(paid.available, paid.exponent), paid.currency);

try {
  await client.debit({ wallet, amount: 5_000n, reason: "esim.purchase" });
} catch (error) {
  if (!(error instanceof Rejected)) throw error;
  if (error.detail?.case === "insufficientFunds") {
    console.log(error.reason, "short of", error.detail.value.shortfall);
  }
}

for await (const row of client.transactions({ wallet })) {
  console.log(row.walletVersion, row.kind, row.amount, row.balance);
}
client.close();
