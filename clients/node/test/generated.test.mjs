// What is committed is what its makers make.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

import { PACKAGE_VERSION, REMEMBERED, RETRIED } from "../dist/index.mjs";
import { proto } from "./fake.mjs";
import { ROOT, run } from "./programs.mjs";

test("src/proto is that of wallet.proto", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "walletd-proto-"));
  try {
    const { code, err } = await run("python3", ["tools/generate.py", folder]);
    assert.equal(code, 0, err);
    for (const name of ["types.ts", "messages.ts"]) {
      const [made, committed] = [folder, `${ROOT}src/proto`].map((from) => readFileSync(path.join(from, name), "utf8"));
      assert.ok(made === committed, `src/proto/${name} is stale: make -C clients/node generate`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("codes, what is remembered, and figures are those of docs/ERRORS.md", () => {
  const page = readFileSync(`${ROOT}../../docs/ERRORS.md`, "utf8");
  const rows = [...page.matchAll(/^\| (\d+) \| ([A-Z_]+) \| [^|]+ \| ([^|]*) \| [^|]+ \| ([^|]*) \|$/gm)];
  assert.ok(rows.length >= 37);
  for (const [, number, code, remembered, figures] of rows) {
    assert.equal(proto.ErrorReason.numberOf(code), Number(number));
    assert.equal(REMEMBERED.has(code), remembered.trim() === "yes", code);
    for (const [, name, members] of figures.matchAll(/`([a-z_]+)`: ([a-z_, ]+)/g)) {
      const field = proto.ErrorInfo.fields.find((one) => one.proto === name);
      const known = field.type().fields.map((one) => one.proto);
      for (const member of members.split(",")) assert.ok(known.includes(member.trim()), `${name}.${member}`);
    }
  }
  assert.deepEqual([...RETRIED].sort(), ["RESOURCE_EXHAUSTED", "UNAVAILABLE"]);
});

test("the package and the code have one version", () => {
  const { version, dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
  assert.equal(PACKAGE_VERSION, version);
  assert.equal(dependencies, undefined);
});
