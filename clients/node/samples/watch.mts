import { Client } from "walletd";

const client = new Client(process.env["WALLETD_ADDRESS"] ?? "127.0.0.1:7411");

// Keep the token beside what you made of the event, in one transaction of your own database: each row is taken once.
let resumeToken: string | undefined;
let left = 3;
for await (const event of client.watchTransactions(resumeToken ? { resumeToken } : { afterSeq: 0n })) {
  resumeToken = event.resumeToken;
  const row = event.transaction;
  if (row === undefined) continue; // a mere token
  console.log(row.kind, row.walletId, event.balanceBefore, "->", row.balance);
  if (--left === 0) break; // ends it at the server, too
}
client.close();
