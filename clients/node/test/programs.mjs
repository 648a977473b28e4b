// Runs programs of this package.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What the program wrote to its standard output, and how it ended. */
export async function run(program, args, { input, env, cwd = ROOT } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, out, err };
}
