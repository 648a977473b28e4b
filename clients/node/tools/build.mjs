// Builds dist: CommonJS by the compiler, and beside it a module that gives the same classes to `import`, so that a
// program that comes to the package in both ways has one of each.

import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const dist = new URL("../dist/", import.meta.url);

rmSync(dist, { recursive: true, force: true });
execFileSync("tsc", ["-p", here], { stdio: "inherit" });

const names = Object.keys(createRequire(import.meta.url)("../dist/index.js")).sort();
const lines = names.map((name) => `export const ${name} = walletd.${name};\n`).join("");
writeFileSync(new URL("index.mjs", dist), `import walletd from "./index.js";\n\n${lines}`);
writeFileSync(new URL("index.d.mts", dist), 'export * from "./index.js";\n');
