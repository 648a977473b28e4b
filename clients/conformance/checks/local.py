"""What a client does without a server: frames, keys, money."""

from __future__ import annotations

import json
import time
import uuid

from kit.case import Case, behaviour
from kit.failure import Failure, equal, expect
from kit.server import ROOT

VECTORS = json.loads((ROOT / "proto/vectors/frames.json").read_text())
LENGTH_BYTES = 4
# The driver's bound is its own: vectors that are over 4 KiB and not over it are none for it.
FRAME_BYTES_MAX = 16 << 20


def _bytes_of_first(data: bytes) -> int:
    return LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES], "big")


@behaviour("without a server", "golden frames are decoded, and encoded to the same bytes")
def frames(t: Case) -> None:
    for vector in VECTORS["vectors"]:
        data = bytes.fromhex(vector["hex"])
        where = f"the frame {vector['name']!r}"
        for frame in vector["frames"]:
            got = t.driver.do("decode_frame", hex=data.hex())
            equal({name: got.get(name) or type(value)() for name, value in frame.items()}, frame, where)
            made = t.driver.do("encode_frame", **frame)["hex"]
            size = _bytes_of_first(data)
            equal(made, data[:size].hex(), f"{where}, encoded,")
            data = data[size:]
        over = vector.get("error") == "length_max" and LENGTH_BYTES + int.from_bytes(data[:4], "big") <= FRAME_BYTES_MAX
        if over or (not data and vector["frames"]):
            continue
        error = t.driver.start("decode_frame", hex=data.hex()).error("protocol")
        equal(error.get("rule") or None, vector.get("error"), f"the rule that {where} breaks")


@behaviour("without a server", "keys are UUIDv7 of now, each another one")
def keys(t: Case) -> None:
    before = time.time_ns() // 1_000_000
    made = t.driver.do("new_key", count=2000)["keys"]
    after = time.time_ns() // 1_000_000
    equal(len(set(made)), 2000, "the number of different keys among 2,000")
    for key in made:
        value = uuid.UUID(key)
        equal((value.version, value.variant, str(value)), (7, uuid.RFC_4122, key), f"version and variant of {key}")
        expect(before - 1 <= value.int >> 80 <= after + 1, f"the time in {key} isn't now")
    random_bits = {uuid.UUID(key).int & (1 << 62) - 1 for key in made}
    equal(len(random_bits), 2000, "the number of different last 62 bits")


PARSED = [
    ("12.30", 2, 1230),
    ("12.3", 2, 1230),
    ("12", 2, 1200),
    ("0", 2, 0),
    ("0.01", 2, 1),
    ("-0.01", 2, -1),
    ("-12.30", 2, -1230),
    ("007.50", 2, 750),
    ("500", 0, 500),
    ("1.234", 3, 1234),
    ("0.000000000000000001", 18, 1),
    ("9223372036854775807", 0, 2**63 - 1),
    ("-9223372036854775808", 0, -(2**63)),
    ("92233720368547758.07", 2, 2**63 - 1),
    ("-92233720368547758.08", 2, -(2**63)),
    ("9007199254740993", 0, 2**53 + 1),
]
REFUSED = [
    ("12.345", 2),
    ("12.300", 2),
    ("1.0", 0),
    ("1e3", 2),
    ("+1", 2),
    (" 1", 2),
    ("1 ", 2),
    ("1\n", 2),
    ("1,000", 2),
    ("1_000", 2),
    ("", 2),
    ("-", 2),
    (".", 2),
    (".5", 2),
    ("1.", 2),
    ("--1", 2),
    ("0x10", 2),
    ("NaN", 2),
    ("Infinity", 2),
    ("1.2.3", 2),
    ("\u0661\u0662", 2),
    ("\uff11", 2),
    ("9223372036854775808", 0),
    ("-9223372036854775809", 0),
    ("92233720368547758.08", 2),
    ("1" * 400, 2),
]
FORMATTED = [
    (1230, 2, "12.30"),
    (1, 2, "0.01"),
    (-1, 2, "-0.01"),
    (0, 2, "0.00"),
    (0, 0, "0"),
    (-5, 0, "-5"),
    (1234, 3, "1.234"),
    (1, 18, "0.000000000000000001"),
    (2**63 - 1, 2, "92233720368547758.07"),
    (-(2**63), 2, "-92233720368547758.08"),
    (-(2**63), 0, "-9223372036854775808"),
    (2**53 + 1, 0, "9007199254740993"),
]


@behaviour("without a server", "money: decimal text to minor units and back, never rounded")
def money(t: Case) -> None:
    for text, exponent, amount in PARSED:
        got = t.driver.do("money_parse", text=text, exponent=exponent)["amount"]
        equal(got, str(amount), f"{text!r} with exponent {exponent}")
    for text, exponent in REFUSED:
        result = t.driver.start("money_parse", text=text, exponent=exponent).result()
        if "error" not in result:
            raise Failure(f"{text[:40]!r} with exponent {exponent} is taken for {result['ok']}, where it is no amount")
        equal(result["error"]["kind"], "invalid", f"the kind of the error for {text[:40]!r}")
    for amount, exponent, text in FORMATTED:
        got = t.driver.do("money_format", amount=str(amount), exponent=exponent)["text"]
        equal(got, text, f"{amount} with exponent {exponent}")


@behaviour("without a server", "what can't be an argument is refused before anything is sent")
def arguments(t: Case) -> None:
    for address in ("nowhere", "127.0.0.1:99999", "", "127.0.0.1:"):
        t.driver.start("connect", client="never", address=address).error("invalid")
    missing = {"ca_file": "/nonexistent/ca.pem"}
    began = t.driver.start("connect", client="never", address="127.0.0.1:1", tls=missing).result()
    if "error" in began:  # else the files are read at each connect, and the call says it
        equal(began["error"]["kind"], "invalid", "the kind of the error for an authority that can't be read")
    client = t.client(t.server.address)
    args = {"wallet": {"owner_id": "u", "currency": "USD"}, "reason": "conformance"}
    for amount in ("9223372036854775808", "1.5", "many"):
        client.error("Debit", {**args, "amount": amount}, "invalid")
