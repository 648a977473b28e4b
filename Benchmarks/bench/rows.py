"""The rows of the table: what each measures, beside what, and what is aimed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bench import references
from bench.load import Load
from bench.measures import after_stall, clients, disk, growth, lists, memory, restart, tail, tail_beside
from bench.outcome import Outcome
from bench.peers import handshakes
from bench.peers.ceiling import CeilingLoop, CeilingServer
from bench.peers.clients import IN_FLIGHT, ClientLoad, GrpcLoad
from bench.peers.grpc import EmptyCall
from bench.peers.postgres import Postgres
from bench.peers.redis import Redis
from bench.references import Reference
from bench.settings import Settings, Usage
from bench.side import Served, Side
from bench.walletd import BALANCE_COLUMN, NOTHING_IN_PLACE, WITHOUT_LINGER, Walletd
from bench.workbench import Workbench

Sides = Callable[[Settings], tuple[Side, Side]]


@dataclass(frozen=True)
class Row:
    id: str
    measures: str
    """One sentence."""
    ours: str
    """How our side is run."""
    peer: str
    """How the peer is run, or what the bound is."""
    target: float | None = None
    """The least ratio; None for a row that is there for the record."""
    unit: str = "operations/s"
    sides: Sides | None = None
    """For a row of pairs."""
    measure: Callable[[Workbench, Row], Outcome] | None = None
    """For every other row."""
    reference: Reference | None = None
    syncs: bool = True
    """Whether a sync lies on the way of an answer, so that slower syncs say something."""
    medians: bool = False
    """Whether the medians of both sides' latencies are said beside."""
    big: bool = False
    """Needs the large ledger: runs when it is named, and with FULL=1."""
    slow: bool = False
    """Runs with QUICK only when it is named: it takes long, alone or with the program that has to be built for it, or it
    compares walletd with other settings of itself."""
    not_built: str | None = None

    def delayed(self, milliseconds: int) -> Row:
        """The same row with slower syncs. At 5 ms nothing is aimed at."""
        if milliseconds == 0:
            return self
        return replace(
            self, id=f"{self.id}@{milliseconds}ms", target=self.target if milliseconds == 1 else None, reference=None
        )


def served(ours, peer, **load) -> Sides:
    """Both sides under the same load of walletbench. Servers are made anew for each row."""

    def make(settings: Settings) -> tuple[Side, Side]:
        return tuple(Served(server(), Load(wallets=settings.wallets, **load)) for server in (ours, peer))

    return make


def beside(peer: Callable[[], Side], **load) -> Sides:
    """walletd under walletbench, beside a peer that brings its own load."""

    def make(settings: Settings) -> tuple[Side, Side]:
        return Served(Walletd(), Load(**{"wallets": settings.wallets, **load})), peer()

    return make


def reserved(settings: Settings, **load) -> tuple[Side, Side]:
    """Purchases that are reserved first, beside plain ones."""
    return (
        Served(Walletd(), Load(wallets=settings.wallets, workload="hold-capture", **load)),
        Served(Walletd(), Load(wallets=settings.wallets, **load)),
    )


def secured(settings: Settings, **load) -> tuple[Side, Side]:
    """TLS on every connection, beside none."""
    return (
        Served(Walletd(name="walletd with TLS", tls=True), Load(wallets=settings.wallets, **load)),
        Served(Walletd(), Load(wallets=settings.wallets, **load)),
    )


def unordered(settings: Settings, **load) -> tuple[Side, Side]:
    """Idempotency keys in no order, beside those that grow with time."""
    return (
        Served(Walletd(), Load(wallets=settings.wallets, keys="random", **load)),
        Served(Walletd(), Load(wallets=settings.wallets, **load)),
    )


def balance_column() -> Walletd:
    return Walletd("walletd's engine with a balance column", BALANCE_COLUMN)


def hasty() -> Walletd:
    return Walletd("walletd whose commits never wait", WITHOUT_LINGER)


def handing_on() -> Walletd:
    return Walletd("walletd whose loop hands everything on", NOTHING_IN_PLACE)


def client(language: str, what: str, peer: Callable[[], Side], beside: str) -> Row:
    """A client with one connection and many calls in flight, beside gRPC of its language."""
    return Row(
        f"client-{language}",
        f"GetBalance by the {what} client beside empty calls by gRPC for {beside}, 1 × {IN_FLIGHT}.",
        f"GetBalance, 1 connection × {IN_FLIGHT}, the client's own load",
        f"empty unary call to the server in C++, 1 channel × {IN_FLIGHT}",
        1.0,
        "calls/s",
        sides=lambda _: (ClientLoad(language), peer()),
        syncs=False,
        medians=True,
        slow=True,
    )


def lone_client(language: str, what: str, face: str = "") -> Row:
    """A client of a language for which there is no gRPC to be had."""
    why = f"neither Debian nor PyPI has gRPC for {language.capitalize()}"
    return Row(
        f"client-{language}-{face}" if face else f"client-{language}",
        f"GetBalance by the {what} client{' for ' + face if face else ''}, 1 × {IN_FLIGHT}, for the record.",
        f"GetBalance, 1 connection × {IN_FLIGHT}, the client's own load",
        why,
        unit="calls/s",
        measure=clients.alone(language, face, why),
        syncs=False,
        slow=True,
    )


_SAME_LOAD = "walletbench, the same load"
_DEBIT = "Debit of walletbench: UUIDv7 key, reason, reference, correlation id"
_BATCH = 8_189

ROWS: list[Row] = [
    Row(
        "ceiling-64x1",
        "Debit beside a small C server that writes the same row with the same digest, 64 × 1.",
        f"{_DEBIT}, 64 connections × 1",
        _SAME_LOAD,
        0.9,
        sides=served(Walletd, CeilingServer),
        reference=references.CEILING_64X1,
    ),
    Row(
        "ceiling-64x16",
        "The same with 16 requests in flight on each connection.",
        f"{_DEBIT}, 64 × 16",
        _SAME_LOAD,
        0.9,
        sides=served(Walletd, CeilingServer, in_flight=16),
        reference=references.CEILING_64X16,
    ),
    Row(
        "ceiling-8x128",
        "The same over 8 connections with 128 in flight on each.",
        f"{_DEBIT}, 8 × 128",
        _SAME_LOAD,
        0.9,
        sides=served(Walletd, CeilingServer, connections=8, in_flight=128),
        reference=references.CEILING_8X128,
    ),
    Row(
        "redis-debit-64x1",
        "Debit beside a bare decrement in Redis, each on disk before its answer, 64 × 1.",
        f"{_DEBIT}, 64 × 1",
        "DECRBY, appendfsync always; walletbench, 64 × 1",
        1.0,
        sides=served(Walletd, Redis),
        reference=references.REDIS_DECRBY_64X1,
    ),
    Row(
        "redis-debit-64x16",
        "The same with 16 requests in flight on each connection.",
        f"{_DEBIT}, 64 × 16",
        "DECRBY, appendfsync always; walletbench, 64 × 16",
        0.7,
        sides=served(Walletd, Redis, in_flight=16),
        reference=references.REDIS_DECRBY_64X16,
    ),
    Row(
        "redis-hot-64x1",
        "Debit of one hot wallet beside a decrement of one key in Redis, 64 × 1.",
        f"{_DEBIT}, one wallet, 64 × 1",
        "DECRBY of one key; walletbench, 64 × 1",
        1.0,
        sides=served(Walletd, Redis, distribution="hot"),
        reference=references.REDIS_DECRBY_64X1,
    ),
    Row(
        "redis-hot-64x16",
        "The same with 16 in flight, for the record.",
        f"{_DEBIT}, one wallet, 64 × 16",
        "DECRBY of one key; walletbench, 64 × 16",
        sides=served(Walletd, Redis, distribution="hot", in_flight=16),
        reference=references.REDIS_DECRBY_64X16,
    ),
    Row(
        "redis-get-64x1",
        "GetBalance beside Redis GET, 64 × 1.",
        "GetBalance, walletbench, 64 × 1",
        "GET; walletbench, 64 × 1",
        0.9,
        sides=served(Walletd, Redis, workload="balance"),
        reference=references.REDIS_PING_64X1,
        syncs=False,
    ),
    Row(
        "redis-get-64x16",
        "The same with 16 in flight, for the record.",
        "GetBalance, walletbench, 64 × 16",
        "GET; walletbench, 64 × 16",
        sides=served(Walletd, Redis, workload="balance", in_flight=16),
        syncs=False,
    ),
    Row(
        "postgres-debit-64x1",
        "Debit beside PostgreSQL doing the same in one statement, 64 clients.",
        f"{_DEBIT}, 64 × 1",
        "pgbench -M prepared -c 64 -j 2, option2.sql, as many wallets",
        5,
        sides=beside(lambda: Postgres(2, False)),
        reference=references.POSTGRES_DEBIT,
    ),
    Row(
        "postgres-hot",
        "The same on one hot wallet.",
        f"{_DEBIT}, one wallet, 64 × 1",
        "pgbench -M prepared -c 64 -j 2, option2.sql, one wallet",
        15,
        sides=beside(lambda: Postgres(2, True), distribution="hot"),
        reference=references.POSTGRES_DEBIT_HOT,
    ),
    Row(
        "postgres-option1",
        "Debit beside PostgreSQL's bare update of a balance column, for the record.",
        f"{_DEBIT}, 64 × 1",
        "pgbench -M prepared -c 64 -j 2, option1.sql, as many rows",
        sides=beside(lambda: Postgres(1, False)),
        reference=references.POSTGRES_UPDATE,
    ),
    Row(
        "postgres-option1-hot",
        "The same on one hot row, for the record.",
        f"{_DEBIT}, one wallet, 64 × 1",
        "pgbench -M prepared -c 64 -j 2, option1.sql, one row",
        sides=beside(lambda: Postgres(1, True), distribution="hot"),
        reference=references.POSTGRES_UPDATE_HOT,
    ),
    Row(
        "audit-trail",
        "What the audit trail costs: Debit beside a bare balance column on the same engine, 64 × 1.",
        f"{_DEBIT}, 64 × 1",
        f"walletd {' '.join(BALANCE_COLUMN)}; {_SAME_LOAD}",
        0.8,
        sides=served(Walletd, balance_column),
    ),
    Row(
        "audit-trail-64x16",
        "The same with 16 requests in flight on each connection.",
        f"{_DEBIT}, 64 × 16",
        f"walletd {' '.join(BALANCE_COLUMN)}; {_SAME_LOAD}",
        0.8,
        sides=served(Walletd, balance_column, in_flight=16),
    ),
    Row(
        "in-place-1x1",
        "What it brings that the event loop carries out small gathers itself: Debit beside Debit without, 1 × 1.",
        f"{_DEBIT}, 1 × 1",
        f"walletd {' '.join(NOTHING_IN_PLACE)}; {_SAME_LOAD}",
        sides=served(Walletd, handing_on, connections=1),
        slow=True,
    ),
    Row(
        "in-place-64x1",
        "The same, 64 × 1.",
        f"{_DEBIT}, 64 × 1",
        f"walletd {' '.join(NOTHING_IN_PLACE)}; {_SAME_LOAD}",
        sides=served(Walletd, handing_on),
        slow=True,
    ),
    Row(
        "linger-64x1",
        "What it brings that a commit waits for those who were just answered: Debit beside Debit without, 64 × 1.",
        f"{_DEBIT}, 64 × 1",
        f"walletd {' '.join(WITHOUT_LINGER)}; {_SAME_LOAD}",
        sides=served(Walletd, hasty),
        slow=True,
    ),
    Row(
        "linger-64x16",
        "The same, 64 × 16.",
        f"{_DEBIT}, 64 × 16",
        f"walletd {' '.join(WITHOUT_LINGER)}; {_SAME_LOAD}",
        sides=served(Walletd, hasty, in_flight=16),
        slow=True,
    ),
    Row(
        "linger-8x128",
        "The same, 8 × 128.",
        f"{_DEBIT}, 8 × 128",
        f"walletd {' '.join(WITHOUT_LINGER)}; {_SAME_LOAD}",
        sides=served(Walletd, hasty, connections=8, in_flight=128),
        slow=True,
    ),
    Row(
        "random-keys-64x16",
        "What random idempotency keys (UUIDv4) cost: Debit beside Debit with keys that grow with time, 64 × 16.",
        f"{_DEBIT} with random keys, 64 × 16",
        f"{_DEBIT}, 64 × 16",
        sides=lambda settings: unordered(settings, in_flight=16),
    ),
    Row(
        "tls-64x1",
        "What TLS costs: Debit over TLS 1.3 beside Debit over plain TCP, 64 × 1.",
        f"{_DEBIT}, 64 × 1, TLS 1.3",
        f"{_DEBIT}, 64 × 1, the same engine",
        0.8,
        sides=lambda settings: secured(settings),
    ),
    Row(
        "tls-8x128",
        "The same over 8 connections with 128 in flight on each.",
        f"{_DEBIT}, 8 × 128, TLS 1.3",
        f"{_DEBIT}, 8 × 128, the same engine",
        0.8,
        sides=lambda settings: secured(settings, connections=8, in_flight=128),
    ),
    Row(
        "tls-connects",
        "New connections with a whole TLS 1.3 handshake, P-256, beside openssl's own test server, for the record.",
        f"walletd with TLS; {handshakes.CLIENTS} × openssl s_time -new",
        f"openssl s_server -www; {handshakes.CLIENTS} × openssl s_time -new",
        unit="connections/s",
        sides=lambda _: handshakes.sides(),
        syncs=False,
    ),
    Row(
        "hold-capture",
        "What a reserved purchase costs: a Hold and the Capture of it, counted as one, beside a Debit, 64 × 16.",
        "Hold, then Capture of all of it when the Hold is answered; walletbench, 64 × 16",
        f"{_DEBIT}, 64 × 16, the same engine",
        unit="pairs/s",
        sides=lambda settings: reserved(settings, in_flight=16),
    ),
    Row(
        "grpc-8x128",
        "Durable Debit beside an empty gRPC call that stores nothing, 8 × 128.",
        f"{_DEBIT}, 8 × 128",
        "empty unary call, callback API, own C++ load, 8 channels × 128",
        4,
        sides=beside(lambda: EmptyCall(8, 128), connections=8, in_flight=128),
        reference=references.GRPC_8X8,
    ),
    Row(
        "grpc-64x1",
        "The same over 64 connections with 1 in flight, for the record.",
        f"{_DEBIT}, 64 × 1",
        "empty unary call, callback API, own C++ load, 64 channels × 1",
        sides=beside(lambda: EmptyCall(64, 1)),
        reference=references.GRPC_1X64,
    ),
    Row(
        "grpc-swift-grdb",
        "Debit beside the same service on grpc-swift-2 with GRDB.",
        f"{_DEBIT}, 8 × 128",
        "a debit for each call, 8 × 128",
        20,
        not_built="optional; no such server is part of Benchmarks",
    ),
    client("python", "Python", lambda: GrpcLoad("python", ("aio", "sync")), "Python"),
    lone_client("node", "Node"),
    client("go", "Go", lambda: GrpcLoad("go"), "Go"),
    client("java", "Java", lambda: GrpcLoad("java"), "Java"),
    client("c", "C", lambda: EmptyCall(1, IN_FLIGHT), "C++"),
    lone_client("rust", "Rust"),
    lone_client("rust", "Rust", "tasks"),
    lone_client("swift", "Swift"),
    Row(
        "batch-8189",
        "Batches of 8,189 debits, item by item, beside a bare SQLite loop in C with as many rows a commit.",
        "Batch of walletbench, 4 connections × 1, distinct keys",
        "ceiling/loop --rows-per-commit 8189",
        0.9,
        "debits/s",
        sides=beside(lambda: CeilingLoop(_BATCH), connections=4, batch=_BATCH),
        reference=references.LOOP_8189,
    ),
    Row(
        "debit-p999",
        "The 99.9th percentile of Debit at half the peak rate, and its longest stall.",
        "open loop at half of the peak of 64 × 1, 64 connections, corrected for coordinated omission",
        f"bounds: p99.9 {tail.P999_MILLIS:g} ms, stall {tail.STALL_MILLIS:g} ms in ten minutes",
        1,
        "ms",
        measure=tail.measure,
    ),
    Row(
        "debit-p999-64x16",
        "The same at half of what 16 requests in flight on each connection reach, for the record.",
        "open loop at half of the peak of 64 × 16, 64 connections, corrected for coordinated omission",
        f"bounds: p99.9 {tail.P999_MILLIS:g} ms, stall {tail.STALL_MILLIS:g} ms",
        unit="ms",
        measure=tail.measure_pipelined,
        slow=True,
    ),
    Row(
        "debit-p999-in-memory",
        "The same on a disk that never stands still, for the record: what of the tail is walletd's.",
        "open loop at half of the peak of 64 × 1, 64 connections, corrected for coordinated omission; files in memory, "
        f"each sync takes {tail.MEMORY_SYNC_MICROS} µs",
        f"bounds: p99.9 {tail.P999_MILLIS:g} ms, stall {tail.STALL_MILLIS:g} ms",
        unit="ms",
        measure=tail.measure_in_memory,
        slow=True,
    ),
    Row(
        "debit-p999-after-stall",
        "How long walletd is silent by itself behind a disk that stood still for a second.",
        f"open loop at half of the peak of 64 × 1; one sync in {after_stall.STANDSTILL.every_seconds:g} s takes "
        f"{after_stall.STANDSTILL.millis:g} ms longer",
        f"bound: {tail.STALL_MILLIS:g} ms, which is told where nothing was longer",
        unit="ms",
        measure=after_stall.measure,
        slow=True,
    ),
    Row(
        "debit-p999-ceiling",
        "The 99.9th percentile of Debit at half the peak rate beside that of the small C server, asked as often.",
        "open loop at half of the peak of 64 × 1, 64 connections, corrected for coordinated omission",
        "the same rate and load",
        unit="ms",
        measure=tail_beside.beside(CeilingServer),
        slow=True,
    ),
    Row(
        "debit-p999-redis",
        "The same beside a bare decrement in Redis, asked as often.",
        "open loop at half of the peak of 64 × 1, 64 connections, corrected for coordinated omission",
        "DECRBY, appendfsync always; the same rate and load",
        unit="ms",
        measure=tail_beside.beside(Redis),
        slow=True,
    ),
    Row(
        "bytes-per-debit",
        "Bytes on disk for a canonical Debit, all indexes, after flushing and checkpoint.",
        "growth of the database file over the rows of a run, stopped cleanly",
        f"bound: {disk.BYTES:g} bytes",
        1,
        "bytes",
        measure=disk.measure,
        syncs=False,
    ),
    Row(
        "memory-1m",
        "Resident memory of the server with 1 million wallets cached.",
        "walletd --cache-wallets 1000000 after each wallet was used",
        f"bound: {memory.MEGABYTES:g} MB",
        1,
        "MB",
        measure=memory.measure,
        slow=True,
        syncs=False,
    ),
    Row(
        "list-50m",
        "The 99th percentile of ListTransactions, newest 50 of any wallet, at half of its peak.",
        "open loop at half of the measured peak, on the large ledger, its file read into the page cache before",
        f"bound: {lists.P99_MILLIS:g} ms",
        1,
        "ms",
        measure=lists.measure,
        syncs=False,
        big=True,
    ),
    Row(
        "list-50m-cold",
        "The same from a file of which the page cache holds nothing at first, for the record.",
        "open loop at half of the measured peak, on the large ledger, its file dropped from the page cache before",
        f"bound: {lists.P99_MILLIS:g} ms",
        unit="ms",
        measure=lists.measure_cold,
        syncs=False,
        big=True,
    ),
    Row(
        "growth-50m",
        "Debit on the large ledger beside Debit on an empty one.",
        f"{_DEBIT}, 64 × 16, large ledger",
        f"{_DEBIT}, 64 × 16, empty ledger",
        0.9,
        sides=growth.sides("uuidv7"),
        big=True,
    ),
    Row(
        "growth-random-keys",
        "The same with random idempotency keys, for the record.",
        "Debit with random keys, 64 × 16, large ledger of random keys",
        "Debit with random keys, 64 × 16, empty ledger",
        sides=growth.sides("random"),
        big=True,
    ),
    Row(
        "restart-50m",
        "From kill -9 under full load on the large ledger to the first acknowledged debit.",
        "walletbench 64 × 16 throughout; a client of its own asks for debits",
        f"bounds: first debit {restart.FIRST_SECONDS:g} s, half of peak {restart.HALF_PEAK_SECONDS:g} s",
        1,
        "s",
        measure=restart.measure,
        big=True,
    ),
]


def selected(rows: list[Row], wanted: list[str]) -> list[Row]:
    """Rows by id or, where no row is called so, by how their ids begin; all for an empty list.

    A word that means none raises `Usage`.
    """
    if not wanted:
        return list(rows)
    ids = {row.id for row in rows}
    meant = {
        word: [row for row in rows if row.id == word or word not in ids and row.id.startswith(word)] for word in wanted
    }
    if nothing := [word for word, found in meant.items() if not found]:
        raise Usage(f"ROWS: no row is called {', '.join(nothing)}; there are: {', '.join(row.id for row in rows)}")
    return [row for row in rows if any(row in found for found in meant.values())]
