// The tarball that is published, installed into an empty project and used there: by import, by require and by the
// compiler.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { ROOT, run } from "./programs.mjs";
import { Server } from "./server.mjs";

const server = new Server();
const project = mkdtempSync(path.join(os.tmpdir(), "walletd-package-"));
let files;

before(async () => {
  await server.start();
  const packed = await succeeds("npm", ["pack", "--json", "--pack-destination", project], ROOT);
  const [{ filename, files: list }] = JSON.parse(packed);
  files = list.map((file) => file.path);
  write("package.json", JSON.stringify({ name: "empty", version: "1.0.0", private: true }));
  await succeeds("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${filename}`]);
});
after(async () => {
  await server.remove();
  rmSync(project, { recursive: true });
});

function write(name, text) {
  writeFileSync(path.join(project, name), text);
}

async function succeeds(program, args, cwd = project) {
  const env = { WALLETD_ADDRESS: server.address, npm_config_cache: path.join(project, ".npm"), NODE_PATH: "" };
  const { code, out, err } = await run(program, args, { cwd, env });
  assert.equal(code, 0, `${program} ${args.join(" ")}\n${out}${err}`);
  return out;
}

test("there is in it what belongs there", () => {
  for (const name of ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.mjs", "dist/index.d.mts"]) {
    assert.ok(files.includes(name), `${name} is missing`);
  }
  const wanted = /^(dist\/.*\.(js|mjs|d\.ts|d\.mts)|package\.json|README\.md|LICENSE)$/;
  assert.deepEqual(files.filter((name) => !wanted.test(name)), []);
});

test("by import", async () => {
  write("used.mjs", `import * as walletd from "walletd";\n${USE}`);
  assert.equal(await succeeds("node", ["used.mjs"]), "12.30 OPEN function\n");
});

test("by require", async () => {
  write("used.cjs", `const walletd = require("walletd");\n(async () => {\n${USE}})();`);
  assert.equal(await succeeds("node", ["used.cjs"]), "12.30 OPEN function\n");
});

const USE = `
  const client = new walletd.Client(process.env.WALLETD_ADDRESS);
  const wallet = { ownerId: walletd.newKey(), currency: "EUR" };
  await client.openWallet({ wallet, reason: "test" });
  await client.credit({ wallet, amount: walletd.parseMoney("12.30", 2), reason: "test" });
  const { balance, exponent, status } = await client.getWallet(wallet);
  console.log(walletd.formatMoney(balance, exponent), status, typeof walletd.Rejected);
  client.close();
`;

test("both ways give the same classes", async () => {
  write(
    "both.mjs",
    `import { createRequire } from "node:module";
     import { Client, WalletError } from "walletd";
     const required = createRequire(import.meta.url)("walletd");
     console.log(required.Client === Client, required.WalletError === WalletError);`,
  );
  assert.equal(await succeeds("node", ["both.mjs"]), "true true\n");
});

const TYPED = `
import { Client, OutcomeUnknown, Rejected, WalletError, formatMoney } from "walletd";
import type { BatchItem, MutationResult, Transaction, WalletAddress } from "walletd";

export async function use(client: Client, wallet: WalletAddress): Promise<string> {
  const result: MutationResult = await client.debit({ wallet, amount: 5n, reason: "test" }, { timeoutMillis: 100 });
  const row: Transaction = result.transaction;
  const items: BatchItem[] = [{ credit: { wallet, amount: 1n, reason: "test", metadata: { a: "b" } } }];
  for (const one of (await client.batch({ items })).results) if (one.error === undefined) one.balance + 1n;
  for await (const event of client.watchTransactions({ afterSeq: 0n })) event.transaction?.amount;
  try {
    // @ts-expect-error an amount is a bigint
    await client.debit({ wallet, amount: 5, reason: "test" });
    // @ts-expect-error a mutation has a reason
    await client.debit({ wallet, amount: 5n });
    // @ts-expect-error no such option
    await client.debit({ wallet, amount: 5n, reason: "test", colour: "red" });
    // @ts-expect-error no such scope
    await client.freeze({ wallet, scope: "HALF", reason: "test" });
  } catch (error) {
    if (error instanceof Rejected && error.detail?.case === "insufficientFunds") {
      const shortfall: bigint = error.detail.value.shortfall;
      return formatMoney(shortfall, result.exponent);
    }
    if (error instanceof OutcomeUnknown) return error.key.toUpperCase();
    if (error instanceof WalletError) return error.key ?? error.kind;
  }
  return row.kind === "DEBIT" ? "yes" : "no";
}
`;

test("by the compiler: strict, as a module and as CommonJS, without any other types", async () => {
  write("typed.mts", TYPED);
  write("typed.cts", TYPED);
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--target", "es2022", "--lib", "es2022"];
  const resolution = ["--module", "node16", "--moduleResolution", "node16"];
  await succeeds("tsc", [...strict, ...resolution, "typed.mts", "typed.cts"]);
  const older = ["--module", "commonjs", "--moduleResolution", "node"];
  write("typed.ts", TYPED);
  await succeeds("tsc", [...strict, ...older, "typed.ts"]);
  // An AbortSignal of the DOM's library, as one of Node's, is a signal.
  const ping = 'new Client("h:1").ping({ signal: new AbortController().signal });';
  write("signal.mts", `import { Client } from "walletd";\nvoid ${ping}`);
  await succeeds("tsc", [...strict.slice(0, -1), "es2022,dom", ...resolution, "signal.mts"]);
});

test("the declarations name nothing of Node", () => {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    assert.ok(!/\bBuffer\b|node:/.test(text), `${file} needs the types of Node`);
    for (const [, from] of text.matchAll(/from "(\.[^"]+)\.js"|import "(\.[^"]+)\.js"/g)) {
      if (from !== undefined) visit(path.join(path.dirname(file), `${from}.d.ts`));
    }
  };
  visit(path.join(project, "node_modules/walletd/dist/index.d.ts"));
  assert.ok(seen.size > 5);
});
