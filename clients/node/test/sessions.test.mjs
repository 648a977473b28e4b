// The golden sessions against a real server, whose answers are read as a client reads them.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import net from "node:net";
import { after, before, test } from "node:test";

import { frames, proto } from "./fake.mjs";
import { Server } from "./server.mjs";

const server = new Server(); // with nothing in its ledger, as the sessions expect it
before(() => server.start());
after(() => server.remove());

const FILE = new URL("../../../proto/vectors/sessions.json", import.meta.url);
const { vectors: sessions } = JSON.parse(readFileSync(FILE));

test(`${sessions.length} golden sessions are answered in frames that a client reads`, async () => {
  for (const session of sessions) {
    const answers = await play(Buffer.from(session.hex, "hex"), session.answers.length, session.closes);
    const told = answers.map(({ type, requestId, code, flags, payload }, index) => {
      const wanted = session.answers[index] ?? {};
      const failed = (type === 4 && code !== 0) || type === 9;
      const given = { type, request_id: requestId, code, flags, payload: payload.toString("hex") };
      if (failed) given.reason = proto.ErrorInfo.decode(payload).reason;
      if (failed) given.field = proto.ErrorInfo.decode(payload).detail?.value.field;
      return Object.fromEntries(Object.keys(wanted).map((name) => [name, given[name]]));
    });
    assert.deepEqual(told, session.answers, session.name);
  }
});

/** Sends bytes, and gives the frames that come, until there are as many as are expected or the server closes. */
async function play(bytes, count, closes) {
  const socket = net.connect(Number(server.address.split(":")[1]), "127.0.0.1");
  const deframer = new frames.Deframer(16 << 20);
  const found = [];
  try {
    socket.on("error", () => {});
    const closed = once(socket, "close");
    const enough = new Promise((resolve) => {
      socket.on("data", (data) => {
        deframer.feed(data);
        for (let next = deframer.next(); next !== undefined; next = deframer.next()) found.push(next);
        if (found.length >= count && !closes) resolve();
      });
      if (count === 0 && !closes) resolve();
    });
    socket.write(bytes);
    await Promise.race([closed, enough]);
    return found;
  } finally {
    socket.destroy();
  }
}
