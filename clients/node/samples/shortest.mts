import { Client } from "walletd";

const client = new Client(process.env["WALLETD_ADDRESS"] ?? "127.0.0.1:7411");
const wallet = { ownerId: "user-16", currency: "EUR" };
await client.openWallet({ wallet, reason: "signup" });
const { balance } = await client.credit({ wallet, amount: 2_000n, reason: "topup" });
console.log(balance);
