#!/usr/bin/env python3
"""Writes frames.json and sessions.json. It knows the wire from proto/WIRE.md only and imports no client.

frames.json    bytes and what a deframer must make of them
sessions.json  bytes that a client sends and what a server must answer
"""
import json, pathlib, struct, zlib

HERE = pathlib.Path(__file__).parent
PREFACE = b"WRP/1\r\n\0"
LIMIT = 4096
HELLO, HELLO_ACK, REQUEST, RESPONSE, CANCEL, PING, PONG, GOAWAY, CONNECTION_ERROR, EVENT = range(1, 11)


def frame(type, payload=b"", flags=0, code=0, id=0, millis=0, crc=None, length=None):
    head = struct.pack(">BBHII", type, flags, code, id, millis)
    crc = zlib.crc32(head + payload) if crc is None else crc
    return struct.pack(">I", 16 + len(payload) if length is None else length) + head + struct.pack(">I", crc) + payload


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def message(*fields):
    return b"".join(field(number, value) for number, value in fields)


def described(type, payload=b"", flags=0, code=0, id=0, millis=0):
    return {"type": type, "flags": flags, "code": code, "request_id": id, "millis": millis, "payload": payload.hex()}


def good(name, **parts):
    return {"name": name, "hex": frame(**parts).hex(), "frames": [described(**parts)]}


def bad(name, data, rule):
    """`rule`: which check fails first."""
    return {"name": name, "hex": data.hex(), "frames": [], "error": rule}


ping = dict(type=PING, id=7, payload=bytes(8))
call = dict(type=REQUEST, code=256, id=1, millis=500, payload=message((1, "acc1")))
reply = dict(type=RESPONSE, id=1, payload=message((1, 42)))
hello = message((1, b"\x01"), (2, "vectors"))
two = frame(**ping) + frame(**call)
frames = [
    good("ping", **ping),
    good("request", **call),
    good("response", **reply),
    good("response refused", type=RESPONSE, flags=0x02, code=9, id=1, payload=message((1, 33))),
    good("response replayed", type=RESPONSE, flags=0x04, id=1, payload=message((8, 1))),
    good("response with an unknown high flag bit", type=RESPONSE, flags=0x80, id=1),
    good("event, last", type=EVENT, flags=0x08, id=9),
    good("cancel", type=CANCEL, id=0xFFFFFFFF),
    good("hello", type=HELLO, payload=hello),
    good("largest payload allowed", type=REQUEST, code=259, id=2, payload=bytes(LIMIT - 20)),
    {"name": "two frames in one read", "hex": two.hex(), "frames": [described(**ping), described(**call)]},
    {"name": "truncated in the length", "hex": frame(**ping)[:3].hex(), "frames": []},
    {"name": "truncated in the header", "hex": frame(**ping)[:19].hex(), "frames": []},
    {"name": "truncated in the payload", "hex": frame(**ping)[:-1].hex(), "frames": []},
    {"name": "a frame, then half of one", "hex": (two)[:-2].hex(), "frames": [described(**ping)]},
    bad("length below the header", frame(**ping, length=15), "length_min"),
    bad("length zero", bytes(20), "length_min"),
    bad("oversized, told by the length alone", struct.pack(">I", LIMIT - 3), "length_max"),
    bad("oversized, the largest length", b"\xff\xff\xff\xff", "length_max"),
    bad("bad checksum", frame(**ping, crc=0), "checksum"),
    bad("one payload bit flipped", frame(**call)[:-1] + bytes([frame(**call)[-1] ^ 1]), "checksum"),
    bad("unknown type", frame(type=11, id=1), "type"),
    bad("type zero", frame(type=0, id=1), "type"),
    bad("unknown low flag bit", frame(type=RESPONSE, flags=0x01, id=1), "flags"),
    bad("flag of another type", frame(type=REQUEST, flags=0x02, code=259, id=1), "flags"),
    bad("HTTP bytes where a frame should be", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "length_max"),
]

opening = PREFACE + frame(HELLO, hello)
wallet = message((2, "vector-owner"), (3, "USD"))


def mutation(*extra, amount=100, key="vector-key-1", reason="test"):
    return message((1, wallet), (2, amount), (3, key), (4, reason), *extra)


def session(name, data, *answers, closes=False):
    """The server answers HELLO_ACK first when `data` opens well; then `answers`, in order; `closes`: it closes then."""
    return {"name": name, "hex": data.hex(), "answers": list(answers), "closes": closes}


ACK = {"type": HELLO_ACK}


def refused(status, reason, field=None, id=1, flags=0x02):
    answer = {"type": RESPONSE, "code": status, "request_id": id, "flags": flags, "reason": reason}
    return answer | ({"field": field} if field else {})


FAULT = {"type": CONNECTION_ERROR, "reason": "INVALID_FRAME"}


def debit(body, id=1):
    return frame(REQUEST, body, code=260, id=id)


sessions = [
    session("hello", opening, ACK),
    session("hello with an unknown field", PREFACE + frame(HELLO, hello + field(99, 1)), ACK),
    session("ping", opening + frame(**ping), ACK, {"type": PONG, "request_id": 7, "payload": bytes(8).hex()}),
    session("call Ping", opening + frame(REQUEST, code=1, id=3), ACK, {"type": RESPONSE, "code": 0, "request_id": 3}),
    session("cancel of an unknown request", opening + frame(CANCEL, id=44) + frame(**ping), ACK,
            {"type": PONG, "request_id": 7, "payload": bytes(8).hex()}),
    session("unknown field in a read is ignored", opening + frame(REQUEST, field(99, 1), code=1, id=3), ACK,
            {"type": RESPONSE, "code": 0, "request_id": 3}),
    session("unknown method", opening + frame(REQUEST, code=4000, id=1), ACK, refused(12, "UNIMPLEMENTED")),
    session("method not built yet", opening + frame(REQUEST, code=518, id=1), ACK, refused(12, "UNIMPLEMENTED")),
    session("body that does not parse", opening + debit(b"\xff\xff\xff"), ACK, refused(3, "INVALID_ARGUMENT")),
    session("unknown field in a mutation", opening + debit(mutation((77, 1))), ACK,
            refused(3, "INVALID_ARGUMENT", "77")),
    session("unknown field below a mutation", opening + debit(message((1, wallet + field(55, 1)), (2, 1), (3, "vector-key-2"), (4, "test"))),
            ACK, refused(3, "INVALID_ARGUMENT", "wallet.55")),
    session("amount zero", opening + debit(mutation(amount=0)), ACK, refused(3, "INVALID_ARGUMENT", "amount")),
    session("amount negative", opening + debit(mutation(amount=-5)), ACK, refused(3, "INVALID_ARGUMENT", "amount")),
    session("key missing", opening + debit(mutation(key="")), ACK, refused(3, "INVALID_ARGUMENT", "idempotency_key")),
    session("key too short", opening + debit(mutation(key="seven77")), ACK, refused(3, "INVALID_ARGUMENT", "idempotency_key")),
    session("key too long", opening + debit(mutation(key="k" * 65)), ACK, refused(3, "INVALID_ARGUMENT", "idempotency_key")),
    session("reason missing", opening + debit(mutation(reason="")), ACK, refused(3, "INVALID_ARGUMENT", "reason")),
    session("reason in upper case", opening + debit(mutation(reason="Sale")), ACK, refused(3, "INVALID_ARGUMENT", "reason")),
    session("note with a NUL", opening + debit(mutation((7, b"a\0b"))), ACK, refused(3, "INVALID_ARGUMENT", "note")),
    session("note with invalid UTF-8", opening + debit(mutation((7, b"\xc3\x28"))), ACK, refused(3, "INVALID_ARGUMENT", "note")),
    session("note too long", opening + debit(mutation((7, "n" * 257))), ACK, refused(3, "INVALID_ARGUMENT", "note")),
    session("wallet missing", opening + debit(message((2, 1), (3, "vector-key-3"), (4, "test"))), ACK,
            refused(3, "INVALID_ARGUMENT", "wallet")),
    session("wallet by id and by owner", opening + debit(message((1, wallet + field(1, 5)), (2, 1), (3, "vector-key-4"), (4, "test"))), ACK,
            refused(3, "INVALID_ARGUMENT", "wallet.owner_id")),
    session("dry_run is not built yet", opening + debit(mutation((13, 1))), ACK, refused(12, "UNIMPLEMENTED")),
    session("currency unknown", opening + debit(message((1, message((2, "vector-owner"), (3, "QQQ"))), (2, 1), (3, "vector-key-5"), (4, "test"))),
            ACK, refused(5, "CURRENCY_UNKNOWN")),
    session("wallet not found", opening + debit(mutation(key="vector-key-6")), ACK, refused(5, "WALLET_NOT_FOUND")),
    session("the same again is a replay", opening + debit(mutation(key="vector-key-7")) + debit(mutation(key="vector-key-7"), id=2), ACK,
            refused(5, "WALLET_NOT_FOUND"), refused(5, "WALLET_NOT_FOUND", id=2, flags=0x06)),
    session("the same key, another amount", opening + debit(mutation(key="vector-key-8")) + debit(mutation(key="vector-key-8", amount=7), id=2), ACK,
            refused(5, "WALLET_NOT_FOUND"), refused(6, "IDEMPOTENCY_MISMATCH", "amount", id=2)),
    session("wrong preface: HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", FAULT, closes=True),
    session("wrong preface: TLS", bytes.fromhex("16030100c8010000c40303") + bytes(40), FAULT, closes=True),
    session("a request before HELLO", PREFACE + frame(**call), FAULT, closes=True),
    session("a second HELLO", opening + frame(HELLO, hello), ACK, FAULT, closes=True),
    session("no version in common", PREFACE + frame(HELLO, message((1, b"\x63"), (2, "vectors"))), FAULT | {"reason": "UNIMPLEMENTED"}, closes=True),
    session("another ledger", PREFACE + frame(HELLO, hello + field(5, "no-such-ledger")),
            FAULT | {"reason": "INVALID_ARGUMENT", "field": "ledger_id"}, closes=True),
    session("bad checksum", opening + frame(**ping, crc=1), ACK, FAULT, closes=True),
    session("a frame over the limit before HELLO", PREFACE + struct.pack(">I", 5000), FAULT, closes=True),
    session("a frame over the limit", opening + struct.pack(">I", 64 << 20), ACK, FAULT, closes=True),
    session("request id zero", opening + frame(REQUEST, code=1), ACK, FAULT, closes=True),
    session("a frame that only servers send", opening + frame(RESPONSE, id=1), ACK, FAULT, closes=True),
    session("ping of seven bytes", opening + frame(PING, bytes(7), id=1), ACK, FAULT, closes=True),
    session("unknown type", opening + frame(12), ACK, FAULT, closes=True),
    session("unknown low flag", opening + frame(PING, bytes(8), flags=1, id=1), ACK, FAULT, closes=True),
]

preface = {"good": PREFACE.hex(), "bad": [b"GET / HT".hex(), "1603010200010001", b"WRP/2\r\n\0".hex(), b"WRP/1\n\n\0".hex()]}
for name, content in {"frames.json": {"limit": LIMIT, "preface": preface, "vectors": frames}, "sessions.json": {"vectors": sessions}}.items():
    (HERE / name).write_text(json.dumps(content, indent=1) + "\n")
