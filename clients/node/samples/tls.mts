import { Client } from "walletd";

const client = new Client(process.env["WALLETD_ADDRESS"] ?? "wallets.example.org:7411", {
  tls: {
    caFile: process.env["WALLETD_CA"], // left out: the authorities that Node trusts
    certFile: process.env["WALLETD_CERT"], // left out, with its key: no client certificate
    keyFile: process.env["WALLETD_KEY"],
  },
  tokenFile: process.env["WALLETD_TOKEN_FILE"],
});
const { commitSeq } = await client.ping();
console.log("the journal is at", commitSeq);
client.close();
