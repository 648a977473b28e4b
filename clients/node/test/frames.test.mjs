// The golden vectors of frames, at every split point.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const { Deframer, encode, frame, FrameError, PREFACE } = require("../dist/wire/frames.js");
const { crc32, crc32InSteps } = require("../dist/wire/crc32.js");

const FRAMES = JSON.parse(readFileSync(new URL("../../../proto/vectors/frames.json", import.meta.url)));

/** The frames of these pieces, and the rule of the error that ended them, if one did. */
function deframe(pieces, limit = FRAMES.limit) {
  const deframer = new Deframer(limit);
  const found = [];
  for (const piece of pieces) {
    deframer.feed(piece);
    try {
      for (let next = deframer.next(); next !== undefined; next = deframer.next()) found.push(shown(next));
    } catch (error) {
      assert.ok(error instanceof FrameError);
      assert.throws(() => deframer.next(), FrameError, "it stays refused");
      return { frames: found, error: error.rule };
    }
  }
  return { frames: found, error: undefined };
}

function shown({ type, flags, code, requestId, millis, payload }) {
  return { type, flags, code, request_id: requestId, millis, payload: payload.toString("hex") };
}

for (const vector of FRAMES.vectors) {
  const data = Buffer.from(vector.hex, "hex");
  const expected = { frames: vector.frames, error: vector.error };

  test(`${vector.name}, in two parts at every offset`, () => {
    for (let at = 0; at <= data.length; at++) {
      assert.deepEqual(deframe([data.subarray(0, at), data.subarray(at)]), expected, `at ${at}`);
    }
  });

  test(`${vector.name}, byte by byte`, () => {
    assert.deepEqual(deframe([...data].map((byte) => Buffer.from([byte]))), expected);
  });

  test(`${vector.name}, encoded`, () => {
    const made = Buffer.concat(
      vector.frames.map(({ type, flags, code, request_id: requestId, millis, payload }) =>
        encode(frame(type, { flags, code, requestId, millis, payload: Buffer.from(payload, "hex") })),
      ),
    );
    assert.ok(data.subarray(0, made.length).equals(made));
    if (vector.error === undefined && !/truncated|half/.test(vector.name)) assert.equal(made.length, data.length);
  });
}

test("the preface", () => {
  assert.equal(PREFACE.toString("hex"), FRAMES.preface.good);
  assert.ok(!FRAMES.preface.bad.includes(PREFACE.toString("hex")));
});

test("an oversized length is refused before the body", () => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(FRAMES.limit - 3);
  assert.equal(deframe([length]).error, "length_max");
});

test("checksums with and without zlib are the same", () => {
  for (const size of [0, 1, 63, 64, 65, 1000, 70_000]) {
    const data = Buffer.from(Array.from({ length: size }, (_, index) => (index * 31 + 7) & 0xff));
    assert.equal(crc32(data, 0, size), crc32InSteps(data, 0, size));
  }
  assert.equal(crc32InSteps(Buffer.from("123456789"), 0, 9), 0xcbf43926);
});
