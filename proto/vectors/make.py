#!/usr/bin/env python3
"""Writes frames.json, sessions.json and rows.json. It knows proto/WIRE.md and docs/ROW.md only and imports no client.

frames.json    bytes and what a deframer must make of them
sessions.json  bytes that a client sends and what a server must answer
rows.json      journal rows, their canonical encodings and their chain of digests
"""
import hashlib, json, pathlib, struct, zlib

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


def special(code, *fields, key="vector-key-21", id=1):
    """A mutation with parameters, by its verb's number."""
    return frame(REQUEST, message(*fields, (3, key), (4, "test")), code=code, id=id)


TRANSFER, HOLD, CAPTURE, RELEASE, REFUND, FREEZE, UNFREEZE, SET_LIMITS, CLOSE_WALLET = range(263, 272)
other = message((2, "vector-other"), (3, "USD"))


LIST, BALANCE_AT, REFUSALS = 262, 273, 275


def read(code, *fields, id=1):
    return frame(REQUEST, message(*fields), code=code, id=id)


def watch(*fields, id=1):
    return frame(REQUEST, message(*fields), code=278, id=id)


def batch(*items, key="", atomic=0, extra=b"", id=1):
    fields = ([(3, key)] if key else []) + ([(14, atomic)] if atomic else []) + [(15, item) for item in items]
    return frame(REQUEST, message(*fields) + extra, code=272, id=id)


def item(key="", amount=100, verb=2, extra=b""):
    """An item of a batch: open_wallet 1, debit 2, credit 3."""
    keys = [(3, key)] if key else []
    return message((verb, message((1, wallet), (2, amount), *keys, (4, "test")) + extra))


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
    session("a dry run that is refused leaves its key new", opening + debit(mutation((13, 1), key="vector-dry-run-1")) + debit(mutation(key="vector-dry-run-1"), id=2),
            ACK, refused(5, "WALLET_NOT_FOUND"), refused(5, "WALLET_NOT_FOUND", id=2)),
    session("a dry run of a key that is known: a replay, or a mismatch",
            opening + debit(mutation(key="vector-dry-run-2")) + debit(mutation((13, 1), key="vector-dry-run-2"), id=2)
            + debit(mutation((13, 1), key="vector-dry-run-2", amount=7), id=3),
            ACK, refused(5, "WALLET_NOT_FOUND"), refused(5, "WALLET_NOT_FOUND", id=2, flags=0x06), refused(6, "IDEMPOTENCY_MISMATCH", "amount", id=3)),
    session("currency unknown", opening + debit(message((1, message((2, "vector-owner"), (3, "QQQ"))), (2, 1), (3, "vector-key-5"), (4, "test"))),
            ACK, refused(5, "CURRENCY_UNKNOWN")),
    session("wallet not found", opening + debit(mutation(key="vector-key-6")), ACK, refused(5, "WALLET_NOT_FOUND")),
    session("the same again is a replay", opening + debit(mutation(key="vector-key-7")) + debit(mutation(key="vector-key-7"), id=2), ACK,
            refused(5, "WALLET_NOT_FOUND"), refused(5, "WALLET_NOT_FOUND", id=2, flags=0x06)),
    session("the same key, another amount", opening + debit(mutation(key="vector-key-8")) + debit(mutation(key="vector-key-8", amount=7), id=2), ACK,
            refused(5, "WALLET_NOT_FOUND"), refused(6, "IDEMPOTENCY_MISMATCH", "amount", id=2)),
    session("batch without items", opening + batch(), ACK, refused(3, "INVALID_ARGUMENT", "items")),
    session("batch with a key and without atomic", opening + batch(item("vector-key-9"), key="vector-key-10"), ACK,
            refused(3, "INVALID_ARGUMENT", "idempotency_key")),
    session("atomic batch without a key", opening + batch(item(), atomic=1), ACK, refused(3, "INVALID_ARGUMENT", "idempotency_key")),
    session("atomic batch, an item with a key", opening + batch(item(), item("vector-key-11"), key="vector-key-12", atomic=1), ACK,
            refused(3, "INVALID_ARGUMENT", "items[1].debit.idempotency_key")),
    session("atomic batch, an item without a mutation", opening + batch(item(), b"", key="vector-key-12", atomic=1), ACK,
            refused(3, "INVALID_ARGUMENT", "items[1]")),
    session("unknown field in a batch", opening + batch(item("vector-key-13"), extra=field(77, 1)), ACK,
            refused(3, "INVALID_ARGUMENT", "77")),
    session("unknown field in an item of an atomic batch", opening + batch(item(extra=field(77, 1)), key="vector-key-14", atomic=1), ACK,
            refused(3, "INVALID_ARGUMENT", "items[0].debit.77")),
    session("dry_run in an item of a batch", opening + batch(item("vector-key-15", extra=field(13, 1))), ACK, refused(12, "UNIMPLEMENTED")),
    session("batch item by item: the malformed one has its own error, the others go on",
            opening + batch(item("vector-key-16"), item(), item("vector-key-17")), ACK,
            {"type": RESPONSE, "code": 0, "request_id": 1, "flags": 0}),
    session("atomic batch refused, then again: a replay",
            opening + batch(item(), item(amount=7), key="vector-key-18", atomic=1) + batch(item(), item(amount=7), key="vector-key-18", atomic=1, id=2),
            ACK, refused(10, "BATCH_ABORTED"), refused(10, "BATCH_ABORTED", id=2, flags=0x06)),
    session("the key of a refused batch, other items",
            opening + batch(item(), key="vector-key-19", atomic=1) + batch(item(amount=7), key="vector-key-19", atomic=1, id=2),
            ACK, refused(10, "BATCH_ABORTED"), refused(6, "IDEMPOTENCY_MISMATCH", "items", id=2)),
    session("the key of a refused batch, for a Debit", opening + batch(item(), key="vector-key-20", atomic=1) + debit(mutation(key="vector-key-20"), id=2),
            ACK, refused(10, "BATCH_ABORTED"), refused(6, "IDEMPOTENCY_MISMATCH", "verb", id=2)),
    session("transfer without a destination", opening + special(TRANSFER, (1, wallet), (2, 1)), ACK, refused(3, "INVALID_ARGUMENT", "to")),
    session("transfer to an owner without a currency", opening + special(TRANSFER, (1, wallet), (2, 1), (16, message((2, "o")))), ACK,
            refused(3, "INVALID_ARGUMENT", "to.currency")),
    session("unknown field in a transfer's destination", opening + special(TRANSFER, (1, wallet), (2, 1), (16, other + field(55, 1))), ACK,
            refused(3, "INVALID_ARGUMENT", "to.55")),
    session("transfer from a wallet that is not there", opening + special(TRANSFER, (1, wallet), (2, 1), (16, other), key="vector-key-22"), ACK,
            refused(5, "WALLET_NOT_FOUND")),
    session("hold without a timeout", opening + special(HOLD, (1, wallet), (2, 1)), ACK, refused(3, "INVALID_ARGUMENT", "timeout_millis")),
    session("hold of 366 days and a millisecond", opening + special(HOLD, (1, wallet), (2, 1), (16, 31622400001)), ACK,
            refused(3, "INVALID_ARGUMENT", "timeout_millis")),
    session("hold of nothing", opening + special(HOLD, (1, wallet), (16, 1000)), ACK, refused(3, "INVALID_ARGUMENT", "amount")),
    session("capture without a hold", opening + special(CAPTURE, (2, 1)), ACK, refused(3, "INVALID_ARGUMENT", "hold_id")),
    session("capture with a wallet", opening + special(CAPTURE, (1, wallet), (16, 1)), ACK, refused(3, "INVALID_ARGUMENT", "1")),
    session("capture of less than nothing", opening + special(CAPTURE, (2, -1), (16, 1)), ACK, refused(3, "INVALID_ARGUMENT", "amount")),
    session("capture of a hold that is not there, then again: a replay",
            opening + special(CAPTURE, (16, 1 << 60), key="vector-key-23") + special(CAPTURE, (16, 1 << 60), key="vector-key-23", id=2), ACK,
            refused(5, "HOLD_NOT_FOUND"), refused(5, "HOLD_NOT_FOUND", id=2, flags=0x06)),
    session("the same key, final now",
            opening + special(CAPTURE, (16, 1 << 60), key="vector-key-24") + special(CAPTURE, (16, 1 << 60), (17, 1), key="vector-key-24", id=2), ACK,
            refused(5, "HOLD_NOT_FOUND"), refused(6, "IDEMPOTENCY_MISMATCH", "final", id=2)),
    session("release of a hold that is not there", opening + special(RELEASE, (16, 1 << 60), key="vector-key-25"), ACK, refused(5, "HOLD_NOT_FOUND")),
    session("refund without a transaction", opening + special(REFUND, (2, 1)), ACK, refused(3, "INVALID_ARGUMENT", "transaction_id")),
    session("refund of a transaction that is not there", opening + special(REFUND, (16, 1 << 60), key="vector-key-26"), ACK,
            refused(5, "TRANSACTION_NOT_FOUND")),
    session("freeze without a scope", opening + special(FREEZE, (1, wallet)), ACK, refused(3, "INVALID_ARGUMENT", "scope")),
    session("freeze of an unknown scope", opening + special(FREEZE, (1, wallet), (16, 4)), ACK, refused(3, "INVALID_ARGUMENT", "scope")),
    session("freeze of a wallet that is not there", opening + special(FREEZE, (1, wallet), (16, 1), key="vector-key-27"), ACK,
            refused(5, "WALLET_NOT_FOUND")),
    session("unfreeze without a scope", opening + special(UNFREEZE, (1, wallet)), ACK, refused(3, "INVALID_ARGUMENT", "scope")),
    session("set limits without limits", opening + special(SET_LIMITS, (1, wallet)), ACK, refused(3, "INVALID_ARGUMENT", "limits")),
    session("a negative limit", opening + special(SET_LIMITS, (1, wallet), (16, message((4, message((1, -1)))))), ACK,
            refused(3, "INVALID_ARGUMENT", "limits.day.amount")),
    session("unknown field in a limit", opening + special(SET_LIMITS, (1, wallet), (16, message((6, message((3, 1)))))), ACK,
            refused(3, "INVALID_ARGUMENT", "limits.month.3")),
    session("close a wallet that is not there", opening + special(CLOSE_WALLET, (1, wallet), key="vector-key-28"), ACK, refused(5, "WALLET_NOT_FOUND")),
    session("dry_run of a hold that is refused", opening + special(HOLD, (1, wallet), (2, 1), (13, 1), (16, 1000)), ACK, refused(5, "WALLET_NOT_FOUND")),
    session("dry_run of an atomic batch that is refused leaves its key new",
            opening + batch(item(), key="vector-dry-run-3", atomic=1, extra=field(13, 1)) + batch(item(), key="vector-dry-run-3", atomic=1, id=2),
            ACK, refused(10, "BATCH_ABORTED"), refused(10, "BATCH_ABORTED", id=2)),
    session("atomic batch, a transfer without a destination",
            opening + batch(message((4, message((1, wallet), (2, 1), (4, "test")))), key="vector-key-29", atomic=1), ACK,
            refused(3, "INVALID_ARGUMENT", "items[0].transfer.to")),
    session("atomic batch with a hold, refused",
            opening + batch(message((5, message((1, wallet), (2, 1), (4, "test"), (16, 1000)))), key="vector-key-30", atomic=1), ACK,
            refused(10, "BATCH_ABORTED")),
    session("a watch from now begins with a token; its deadline does not end it",
            opening + frame(REQUEST, message((3, 1)), code=278, id=1, millis=1), ACK, {"type": EVENT, "code": 0, "request_id": 1}),
    session("a watch of the whole journal does too", opening + watch((1, 0)), ACK, {"type": EVENT, "code": 0, "request_id": 1}),
    session("watch without a start", opening + watch((4, 7)), ACK, refused(3, "INVALID_ARGUMENT", "start")),
    session("watch behind a negative place", opening + watch((1, -1)), ACK, refused(3, "INVALID_ARGUMENT", "after_seq")),
    session("watch behind a place that the journal has not", opening + watch((1, 1 << 60)), ACK, refused(9, "RESUME_INVALID")),
    session("watch with a token that is none", opening + watch((2, "c0ffee")), ACK, refused(3, "INVALID_ARGUMENT", "resume_token")),
    session("watch from now, denied", opening + watch((3, 0)), ACK, refused(3, "INVALID_ARGUMENT", "from_now")),
    session("watch of wallet 0", opening + watch((3, 1), (4, 7), (4, 0)), ACK, refused(3, "INVALID_ARGUMENT", "wallet_ids[1]")),
    session("watch of an unknown kind", opening + watch((3, 1), (5, 99)), ACK, refused(3, "INVALID_ARGUMENT", "kinds[0]")),
    session("verification with half a digest", opening + frame(REQUEST, message((1, message((1, 5), (2, bytes(16))))), code=277, id=1), ACK,
            refused(3, "INVALID_ARGUMENT", "expected_head.digest")),
    session("register a currency without a code", opening + special(512, (2, 2)), ACK, refused(3, "INVALID_ARGUMENT", "code")),
    session("register a currency in lower case", opening + special(512, (1, "esim")), ACK, refused(3, "INVALID_ARGUMENT", "code")),
    session("register a currency with 19 digits", opening + special(512, (1, "ESIM"), (2, 19)), ACK, refused(3, "INVALID_ARGUMENT", "exponent")),
    session("register a currency with a version", opening + special(512, (1, "ESIM"), (9, 1)), ACK, refused(3, "INVALID_ARGUMENT", "9")),
    session("register a currency of ISO 4217, then again: a replay, then with another exponent",
            opening + special(512, (1, "USD"), (2, 2), key="vector-key-31") + special(512, (1, "USD"), (2, 2), key="vector-key-31", id=2)
            + special(512, (1, "USD"), (2, 3), key="vector-key-31", id=3), ACK,
            refused(6, "CURRENCY_EXISTS"), refused(6, "CURRENCY_EXISTS", id=2, flags=0x06), refused(6, "IDEMPOTENCY_MISMATCH", "exponent", id=3)),
    session("register a currency, then another under its key",
            opening + special(512, (1, "VECTOR"), key="vector-key-32") + special(512, (1, "VECTORS"), key="vector-key-32", id=2), ACK,
            {"type": RESPONSE, "code": 0, "request_id": 1}, refused(6, "IDEMPOTENCY_MISMATCH", "code", id=2)),
    session("add a counter-account without a name", opening + special(513), ACK, refused(3, "INVALID_ARGUMENT", "name")),
    session("add a counter-account that is there, then another under its key",
            opening + special(513, (1, "sales"), key="vector-key-33") + special(513, (1, "sale"), key="vector-key-33", id=2), ACK,
            refused(6, "COUNTER_ACCOUNT_EXISTS"), refused(6, "IDEMPOTENCY_MISMATCH", "name", id=2)),
    session("trial balance of an unknown currency", opening + frame(REQUEST, message((1, "QQQ")), code=276, id=1), ACK,
            refused(5, "CURRENCY_UNKNOWN")),
    session("trial balance", opening + frame(REQUEST, code=276, id=1), ACK, {"type": RESPONSE, "code": 0, "request_id": 1}),
    session("a filter that ends before it begins", opening + read(LIST, (1, wallet), (5, message((1, 9), (2, 9)))), ACK,
            refused(3, "INVALID_ARGUMENT", "filter.before_micros")),
    session("a filter of an unknown kind", opening + read(LIST, (1, wallet), (5, message((3, 2), (3, 99)))), ACK,
            refused(3, "INVALID_ARGUMENT", "filter.kinds[1]")),
    session("a filter whose amounts cross", opening + read(LIST, (1, wallet), (5, message((7, 5), (8, 4)))), ACK,
            refused(3, "INVALID_ARGUMENT", "filter.max_amount")),
    session("filtered history of a wallet that is not there", opening + read(LIST, (1, wallet), (5, message((3, 2)))), ACK,
            refused(5, "WALLET_NOT_FOUND")),
    session("a balance of no moment", opening + read(BALANCE_AT, (1, wallet)), ACK, refused(3, "INVALID_ARGUMENT", "time_micros")),
    session("a balance of the future", opening + read(BALANCE_AT, (1, wallet), (2, 1 << 62)), ACK,
            refused(3, "INVALID_ARGUMENT", "time_micros")),
    session("a balance of version zero", opening + read(BALANCE_AT, (1, wallet), (3, 0)), ACK, refused(3, "INVALID_ARGUMENT", "version")),
    session("a balance that was, of a wallet that is not there", opening + read(BALANCE_AT, (1, wallet), (2, 1)), ACK,
            refused(5, "WALLET_NOT_FOUND")),
    session("refusals of a wallet that is not there", opening + read(REFUSALS, (1, wallet)), ACK,
            {"type": RESPONSE, "code": 0, "request_id": 1}),
    session("refusals for a reason that is none", opening + read(REFUSALS, (7, 0)), ACK, refused(3, "INVALID_ARGUMENT", "reasons[0]")),
    session("a cursor that is none", opening + read(REFUSALS, (3, "nonsense")), ACK, refused(3, "INVALID_ARGUMENT", "cursor")),
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



def integer(n):
    return varint(n << 1 ^ n >> 63)


def blob(data):
    data = data.encode() if isinstance(data, str) else data
    return varint(len(data)) + data


def key_bytes(key, item=None):
    if item is not None:
        return b"\3" + key_bytes(key) + integer(item)
    hexadecimal = key.replace("-", "")
    if len(key) == 36 and len(hexadecimal) == 32 and key == key.lower():
        return b"\1" + bytes.fromhex(hexadecimal)
    return b"\2" + blob(key) if key else b"\0"


def audit_bytes(row):
    pairs = row["metadata"]
    metadata = integer(len(pairs)) + b"".join(blob(k) + blob(v) for k, v in pairs)
    return (b"".join(blob(row[name]) for name in ("actor", "on_behalf_of", "reason", "note", "reference"))
            + key_bytes(row["idempotency_key"], row.get("batch_item")) + blob(bytes.fromhex(row["request_digest"]))
            + b"".join(blob(row[name]) for name in ("correlation_id", "source", "client_name"))
            + metadata + integer(row["occurred_at"]))


def transaction_bytes(row):
    figures = ("format", "lane", "seq", "kind", "wallet_id", "version", "amount", "held_change", "balance", "held", "overdraft_limit")
    return (b"T" + b"".join(integer(row[name]) for name in figures) + blob(row["counter_account"])
            + b"".join(integer(row[name]) for name in ("counter_wallet_id", "hold_id", "related_seq", "previous_seq"))
            + audit_bytes(row) + integer(row["created_at"]) + blob(bytes.fromhex(row["detail"])))


def refusal_bytes(row):
    return (b"R" + b"".join(integer(row[name]) for name in ("format", "lane", "seq", "verb", "reason_code", "wallet_id", "given_wallet_id"))
            + b"".join(blob(row[name]) for name in ("owner_id", "currency", "name")) + integer(row["amount"])
            + blob(row["counter_account"]) + audit_bytes(row) + integer(row["created_at"]) + blob(bytes.fromhex(row["figures"]))
            + (blob(bytes.fromhex(row["parameters"])) if row["format"] >= 2 else b""))


def administration_bytes(row):
    return (b"A" + b"".join(integer(row[name]) for name in ("format", "lane", "seq", "verb")) + audit_bytes(row)
            + integer(row["created_at"]) + blob(bytes.fromhex(row["detail"])))


def integers(*numbers):
    return b"".join(map(integer, numbers)).hex()


audit = {"actor": "local", "on_behalf_of": "", "note": "", "reference": "", "correlation_id": "", "source": "127.0.0.1",
         "client_name": "golden", "metadata": [], "occurred_at": 0}
posting = {"table": "transactions", "format": 1, "lane": 0, "held_change": 0, "held": 0, "overdraft_limit": 0,
           "counter_wallet_id": 0, "hold_id": 0, "related_seq": 0, "previous_seq": 0, "wallet_id": 1}
rows = [
    posting | audit | {
        "seq": 1, "kind": 1, "version": 1, "amount": 0, "balance": 0, "counter_account": "", "reason": "wallet.open",
        "idempotency_key": "018bcfe5-6800-7fff-bfff-ffffffffffff", "request_digest": "00112233445566778899aabbccddeeff",
        "created_at": 1700000000000000, "detail": (integer(1) + blob("u1") + blob("USD") + blob("main") + integer(2)).hex()},
    posting | audit | {
        "seq": 2, "kind": 3, "version": 2, "previous_seq": 1, "amount": 500, "balance": 500, "counter_account": "funding", "reason": "top-up",
        "note": "caf\u00e9 \u20ac5", "reference": "pi_3", "on_behalf_of": "u1", "correlation_id": "req-1",
        "metadata": [["channel", "web"], ["empty", ""]], "occurred_at": 1699999999000000,
        "idempotency_key": "top-up-0001", "request_digest": "ffeeddccbbaa99887766554433221100",
        "created_at": 1700000000000001, "detail": ""},
    audit | {
        "table": "refusals", "format": 1, "lane": 0, "seq": 3, "verb": 260, "reason_code": 33, "wallet_id": 1,
        "given_wallet_id": 0, "owner_id": "u1", "currency": "USD", "name": "main", "amount": 700,
        "counter_account": "sales", "reason": "esim.purchase", "idempotency_key": "order-0000001",
        "request_digest": "0123456789abcdef0123456789abcdef", "created_at": 1700000000000002,
        "figures": b"".join(map(integer, (1, 700, 500, 500, 0, 0, 2))).hex()},
    posting | audit | {
        "seq": 4, "kind": 2, "version": 3, "previous_seq": 2, "amount": -9223372036854775807, "balance": -9223372036854775307,
        "counter_account": "sales", "reason": "limit.case", "idempotency_key": "", "request_digest": "",
        "created_at": 1700000000000003, "detail": ""},
]

# An atomic batch of two, and one that was refused for its third item.
item_digest = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
rows += [
    posting | audit | {
        "seq": 5, "kind": 3, "version": 4, "amount": 10, "balance": 10, "counter_account": "funding", "reason": "batch.case",
        "idempotency_key": "batch-0000001", "batch_item": 0, "request_digest": item_digest, "created_at": 1700000000000004, "detail": ""},
    posting | audit | {
        "seq": 6, "kind": 2, "version": 5, "amount": -10, "balance": 0, "counter_account": "sales", "reason": "batch.case",
        "idempotency_key": "018bcfe5-6800-7fff-bfff-fffffffffffe", "batch_item": 8189, "request_digest": item_digest,
        "created_at": 1700000000000004, "detail": ""},
]

# A hold that is captured in part, one that expires, a transfer, a refund, limits, and a capture that was refused.
asked = {"idempotency_key": "special-000001", "request_digest": item_digest, "reason": "special.case", "counter_account": ""}
system = {"actor": "system", "source": "", "client_name": "", "reason": "hold.expired", "idempotency_key": "", "request_digest": "", "counter_account": ""}
special = [
    (asked, {"kind": 6, "amount": 0, "held_change": 300, "balance": 500, "held": 300, "hold_id": 8, "detail": integers(1, 60_000_000, 1700000060000005)}),
    (asked, {"kind": 7, "amount": -100, "held_change": -300, "balance": 400, "hold_id": 8, "counter_account": "sales", "detail": integers(1, 100, 1)}),
    (system, {"kind": 9, "amount": 0, "held_change": -50, "balance": 400, "hold_id": 6, "detail": integers(1, 1700000000000004)}),
    (asked, {"kind": 4, "amount": -40, "balance": 360, "counter_wallet_id": 2, "related_seq": 12,
             "detail": (integer(1) + integer(1) + integer(0) + blob("u2") + blob("USD") + blob("main")).hex()}),
    (asked, {"kind": 5, "wallet_id": 2, "amount": 40, "balance": 40, "counter_wallet_id": 1, "related_seq": 11, "idempotency_key": "", "detail": ""}),
    (asked, {"kind": 10, "amount": 100, "balance": 460, "related_seq": 9, "counter_account": "refunds", "detail": integers(1, 0)}),
    (asked, {"kind": 13, "amount": 0, "balance": 460, "overdraft_limit": 50, "detail": integers(1, 8, 50, 1000, 200, 500, 9, 0, 0, 0, 99)}),
    (asked, {"kind": 11, "amount": 0, "balance": 460, "overdraft_limit": 50, "detail": integers(1, 6, 3, 0)}),
]
for number, (common, row) in enumerate(special):
    rows.append(posting | audit | common | {"seq": 8 + number, "version": 6 + number, "created_at": 1700000000000006 + number} | row)
rows.append(audit | {
    "table": "refusals", "format": 2, "lane": 0, "seq": 16, "verb": 265, "reason_code": 29, "wallet_id": 1, "given_wallet_id": 0,
    "owner_id": "", "currency": "", "name": "", "amount": 301, "counter_account": "sales", "reason": "special.case",
    "idempotency_key": "special-000002", "request_digest": item_digest, "created_at": 1700000000000020,
    "figures": integers(1, 8, 1700000060000005, 300), "parameters": integers(1, 3, 8, 1)})
batch_request = {
    "items": [
        {"verb": verb, "wallet_id": 0, "owner_id": "u1", "currency": "USD", "name": "main", "amount": amount, "reason": "batch.case", "note": "",
         "reference": f"row-{amount}", "on_behalf_of": "", "counter_account": account, "occurred_at": 0, "metadata": [["n", str(amount)]]}
        for verb, amount, account in ((256, 0, ""), (261, 10, "funding"), (260, 700, "sales"))]}


def compared_bytes(request):
    pairs = request["metadata"]
    return (integer(request["verb"]) + integer(request["wallet_id"])
            + b"".join(blob(request[name]) for name in ("owner_id", "currency", "name")) + integer(request["amount"])
            + b"".join(blob(request[name]) for name in ("reason", "note", "reference", "on_behalf_of", "counter_account"))
            + integer(request["occurred_at"]) + integer(len(pairs)) + b"".join(blob(k) + blob(v) for k, v in pairs))


batch_request["request_digest"] = hashlib.sha256(
    integer(272) + integer(3) + b"".join(map(compared_bytes, batch_request["items"]))).hexdigest()[:32]
cause = b"".join(map(integer, (1, 700, 10, 10, 0, 0, 2)))
rows.append(audit | {
    "table": "refusals", "format": 1, "lane": 0, "seq": 7, "verb": 272, "reason_code": 35, "wallet_id": 0,
    "given_wallet_id": 0, "owner_id": "u1", "currency": "USD", "name": "main", "amount": 700, "counter_account": "sales",
    "reason": "batch.case", "reference": "row-700", "metadata": [["n", "700"]], "idempotency_key": "batch-0000002",
    "request_digest": batch_request["request_digest"], "created_at": 1700000000000005,
    "figures": (integer(1) + integer(2) + integer(33) + blob(cause)).hex()})

# A currency and a counter-account of one's own; the same currency again was refused.
administration = {"table": "administration", "format": 1, "lane": 0, "reason": "new.product", "request_digest": item_digest}
esim_mb = (integer(1) + integer(9) + blob("ESIM-MB") + integer(0)).hex()
rows += [
    audit | administration | {"seq": 17, "verb": 512, "idempotency_key": "currency-000001", "note": "megabytes", "created_at": 1700000000000030,
                              "detail": esim_mb},
    audit | administration | {"seq": 18, "verb": 513, "idempotency_key": "018bcfe5-6800-7fff-bfff-fffffffffffd", "created_at": 1700000000000031,
                              "detail": integers(1, 10) + blob("vouchers").hex()},
    audit | {"table": "refusals", "format": 2, "lane": 0, "seq": 19, "verb": 512, "reason_code": 13, "wallet_id": 0, "given_wallet_id": 0,
             "owner_id": "", "currency": "", "name": "", "amount": 0, "counter_account": "", "reason": "new.product",
             "idempotency_key": "currency-000002", "request_digest": item_digest, "created_at": 1700000000000032,
             "figures": (integer(1) + blob("") + blob("ESIM-MB")).hex(), "parameters": esim_mb},
]
rows.sort(key=lambda row: row["seq"])
encoders = {"transactions": transaction_bytes, "refusals": refusal_bytes, "administration": administration_bytes}
ledger_id = "018bcfe5-6800-7000-8000-000000000001"
chain = hashlib.sha256(f"walletd ledger {ledger_id}".encode()).digest()
for row in rows:
    row["encoding"] = encoders[row["table"]](row).hex()
    chain = hashlib.sha256(chain + bytes.fromhex(row["encoding"])).digest()
    row["digest"] = chain.hex()

preface = {"good": PREFACE.hex(), "bad": [b"GET / HT".hex(), "1603010200010001", b"WRP/2\r\n\0".hex(), b"WRP/1\n\n\0".hex()]}
for name, content in {"frames.json": {"limit": LIMIT, "preface": preface, "vectors": frames}, "sessions.json": {"vectors": sessions},
                      "rows.json": {"ledger_id": ledger_id, "rows": rows, "batch_request": batch_request}}.items():
    (HERE / name).write_text(json.dumps(content, indent=1) + "\n")
