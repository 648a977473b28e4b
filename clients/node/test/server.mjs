// Starts and stops the real server.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const PATIENCE_MILLIS = 60_000;

/** The program that WALLETD names, else the one that was built in this repository. */
export function findServer() {
  const built = fileURLToPath(new URL("../../../.build/debug/walletd", import.meta.url));
  const found = process.env.WALLETD ?? built;
  assert.ok(existsSync(found), `no server at ${found}: build it (swift build --product walletd) or set WALLETD`);
  return found;
}

/** `walletd serve` on a loopback port, over one folder of data. */
export class Server {
  address = "127.0.0.1:0";
  #data = mkdtempSync(path.join(os.tmpdir(), "walletd-node-"));
  #child;
  #said = "";
  #more;

  constructor(...more) {
    this.#more = more;
  }

  get data() {
    return this.#data;
  }

  /** Starts it, on the port that it had before if there was one. */
  async start() {
    const args = ["serve", "--data", this.#data, "--listen", this.address, ...this.#more];
    this.#child = spawn(findServer(), args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#said = "";
    this.address = await new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`walletd does not listen; it said:\n${this.#said}`));
      const timer = setTimeout(fail, PATIENCE_MILLIS);
      this.#child.stderr.on("data", (data) => {
        this.#said += data;
        const address = /listening on (127\.0\.0\.1:\d+)/.exec(this.#said)?.[1];
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(address);
      });
      this.#child.once("exit", fail);
    });
    this.#child.removeAllListeners("exit");
    return this;
  }

  async #end(signal) {
    const child = this.#child;
    if (child === undefined) return 0; // it never started
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MILLIS);
    const code = await exited;
    clearTimeout(timer);
    return code;
  }

  /** kill -9. */
  kill() {
    return this.#end("SIGKILL");
  }

  /** SIGTERM: says GOAWAY, answers what it has, and ends by itself. */
  async stop() {
    const code = await this.#end("SIGTERM");
    assert.equal(code, 0, `walletd ended with ${code}:\n${this.#said}`);
  }

  async remove() {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
