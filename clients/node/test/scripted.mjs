// What the tests against scripted servers share.

import assert from "node:assert/strict";

import { Client } from "../dist/index.mjs";
import { proto, withServer } from "./fake.mjs";

export const WALLET = { ownerId: "u-1", currency: "USD" };
export const KEY = "scripted-key-1";
/** Tries again at once. */
export const EAGER = { attemptsMax: 4, backoffMillis: 1 };
export const ONCE = { attemptsMax: 1 };

export function debit(client, given = {}, options = {}) {
  return client.debit({ wallet: WALLET, amount: 100n, reason: "test", idempotencyKey: KEY, ...given }, options);
}

/** Runs `body` with a client of a server that plays the scripts. */
export function scripted(scripts, options, body) {
  return withServer(scripts, async (server) => {
    const client = new Client(server.address, options);
    try {
      await body(client, server);
    } finally {
      client.close();
    }
  });
}

/** The error with which a promise rejects, which is of this kind. */
export async function errorOf(promise, kind) {
  let error;
  await assert.rejects(promise, (caught) => {
    error = caught;
    return true;
  });
  assert.equal(error.kind, kind, `${error}`);
  return error;
}

/** Whether `body` takes less than so many milliseconds; generous, since a machine may be busy. */
export async function within(millis, body) {
  const started = performance.now();
  const result = await body();
  assert.ok(performance.now() - started < millis, "it took too long");
  return result;
}

/** A promise and the function that settles it. */
export function settleable() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

// Scripts that several tests play.

/** Reads one request and ends the connection. */
export async function drops(peer) {
  await peer.hello();
  await peer.request();
}

/** Answers `count` requests with their amounts as balance. */
export function answers(count = 1) {
  return async (peer) => {
    await peer.hello();
    for (let index = 0; index < count; index++) {
      const request = await peer.request();
      const { amount } = proto.DebitRequest.decode(request.payload);
      peer.ok(request, proto.MutationResponse.encode({ balance: amount, currency: "USD", exponent: 2 }));
    }
    await peer.ends();
  };
}

export function refuses(reason, status, more = {}) {
  return async (peer) => {
    await peer.hello();
    peer.fail(await peer.request(), reason, status, more);
    await peer.ends();
  };
}
