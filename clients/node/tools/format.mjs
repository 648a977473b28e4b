// Checks that all sources are as the compiler's own formatter writes them, within 120 columns. With --write it
// formats them.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const WIDTH = 120;
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["src", "types", "samples", "tools", "test", "."];
const MADE = ["src/proto/types.ts", "src/proto/messages.ts"]; // by tools/generate.py
const SOURCE = /\.(ts|mts|mjs)$/;

const tsc = realpathSync(execFileSync("sh", ["-c", "command -v tsc"], { encoding: "utf8" }).trim());
const ts = createRequire(import.meta.url)(path.join(path.dirname(tsc), "../lib/typescript.js"));

const options = {
  ...ts.getDefaultFormatCodeSettings("\n"),
  indentSize: 2,
  tabSize: 2,
  insertSpaceAfterOpeningAndBeforeClosingEmptyBraces: false,
};

function formatted(file, text) {
  const host = {
    getCompilationSettings: () => ({ allowJs: true }),
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => (name === file ? ts.ScriptSnapshot.fromString(text) : undefined),
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: () => "lib.d.ts",
    fileExists: () => false,
    readFile: () => undefined,
  };
  const edits = ts.createLanguageService(host).getFormattingEditsForDocument(file, options);
  return edits.reduceRight(
    (done, { span, newText }) => done.slice(0, span.start) + newText + done.slice(span.start + span.length),
    text,
  );
}

function sources() {
  return FOLDERS.flatMap((folder) => {
    const found = readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: folder !== "." });
    return found
      .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
      .map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)))
      .filter((file) => !MADE.includes(file));
  });
}

const write = process.argv.includes("--write");
let faults = 0;
for (const file of sources()) {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  const wanted = `${formatted(file, text).replace(/for \(; ?; ?\)/g, "for (;;)").trimEnd()}
`;
  if (wanted !== text) {
    if (write) writeFileSync(path.join(ROOT, file), wanted);
    else {
      const was = text.split("\n");
      const line = wanted.split("\n").findIndex((one, index) => one !== was[index]) + 1;
      console.error(`${file}:${line}: not formatted; make -C clients/node format`);
      faults++;
    }
  }
  wanted.split("\n").forEach((line, index) => {
    if (line.length <= WIDTH) return;
    console.error(`${file}:${index + 1}: ${line.length} columns, more than ${WIDTH}`);
    faults++;
  });
}
if (faults > 0) process.exitCode = 1;
