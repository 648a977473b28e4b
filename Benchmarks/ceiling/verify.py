#!/usr/bin/env python3
"""Verifies a ledger that the ceiling wrote: the chain of digests and every projection, by docs/ROW.md and no code of ours.

usage: verify.py FOLDER [ROWS_AT_LEAST]
"""
import hashlib
import sqlite3
import sys

BLOCK_BITS = 20


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def integer(value):
    value = value or 0
    return varint((value << 1 ^ value >> 63) & (1 << 64) - 1)


def text(value):
    data = value.encode() if isinstance(value, str) else value or b""
    return varint(len(data)) + data


def encoding(row, origin):
    key = row["idempotency_key"]
    return b"".join((
        b"T", *(integer(row[name]) for name in (
            "format", "lane", "seq", "kind", "wallet_id", "version", "amount", "held_change", "balance", "held",
            "overdraft_limit")),
        text(row["counter_account"]),
        *(integer(row[name]) for name in ("counter_wallet_id", "hold_id", "related_seq", "previous_seq")),
        text(origin["actor"]), *(text(row[name]) for name in ("on_behalf_of", "reason", "note", "reference")),
        b"\1" + key, text(row["request_digest"]), text(row["correlation_id"]), text(origin["source"]),
        text(origin["client_name"]), integer(0), integer(row["occurred_at"]), integer(row["created_at"]),
        text(row["detail"])))


def fnv1a(data):
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def request_digest(row):
    """Of a debit or credit, whose address leads to its wallet."""
    verb = {2: 260, 3: 261}[row["kind"]]
    return hashlib.sha256(b"".join((
        integer(verb), integer(row["wallet_id"]), text(""), text(""), text(""), integer(abs(row["amount"])),
        *(text(row[name]) for name in ("reason", "note", "reference", "on_behalf_of", "counter_account")),
        integer(row["occurred_at"]), integer(0)))).digest()[:16]


def verify(folder, rows_min=0):
    """Returns how many rows there are; an AssertionError says what is wrong."""
    database = sqlite3.connect(f"{folder}/ledger.db")
    database.row_factory = sqlite3.Row
    assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "integrity_check"
    origins = {row["origin_id"]: row for row in database.execute("SELECT * FROM origins")}
    marks = dict(database.execute("SELECT name, seq FROM projections").fetchall())
    chain = hashlib.sha256(b"walletd ledger ceiling").digest()
    wallets, keys, references, count = {}, {}, [], 0
    for count, row in enumerate(database.execute("SELECT * FROM transactions ORDER BY seq"), 1):
        assert row["seq"] == count, f"row {count} is missing"
        chain = hashlib.sha256(chain + encoding(row, origins[row["origin_id"]])).digest()
        assert chain == row["digest"], f"the digest of row {count}"
        if row["kind"] != 1:
            assert request_digest(row) == row["request_digest"], f"the request digest of row {count}"
        balance, version, previous = wallets.get(row["wallet_id"], (0, 0, None))
        wallet = (balance + row["amount"], version + 1, count)
        assert (row["balance"], row["version"], row["previous_seq"]) == (*wallet[:2], previous), f"the figures of row {count}"
        wallets[row["wallet_id"]] = wallet
        assert row["idempotency_key"] not in keys, f"the key of row {count} came before"
        keys[row["idempotency_key"]] = count
        if row["reference"] and count <= marks.get("references", 0):
            references.append((count >> BLOCK_BITS, fnv1a(row["reference"].encode()), count))
    assert count >= rows_min, f"{count} rows, {rows_min} were acknowledged"
    mark = marks.get("keys", 0)
    stored = dict(database.execute("SELECT key, seq FROM idempotency").fetchall())
    assert all(keys[key] == seq for key, seq in stored.items()), "a key leads to another row"
    assert sum(1 for seq in stored.values() if seq <= mark) == min(mark, count), "keys are missing"
    stored = set(map(tuple, database.execute("SELECT block, hash, seq FROM reference_index")))
    assert stored.issuperset(references), "references are missing"
    mark = marks.get("wallets", 0)
    written = {row["wallet_id"]: row for row in database.execute("SELECT * FROM wallets")}
    for wallet_id, (balance, version, last_seq) in wallets.items():
        row = written.get(wallet_id)
        if last_seq <= mark:
            assert row and (row["balance"], row["version"], row["last_seq"]) == (balance, version, last_seq), wallet_id
        elif row:
            assert row["last_seq"] <= last_seq, wallet_id
    return count, marks


if __name__ == "__main__":
    print("%d rows verified, watermarks %s" % verify(sys.argv[1], *map(int, sys.argv[2:3])))
