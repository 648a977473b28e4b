"""What peers reached elsewhere, in one place: a peer that is far from its figure makes its row suspect.

All on machines with 2 cores that server and load share, over loopback, with an fdatasync of about 27 µs. A peer below
half of the lower figure or above twice the upper one is either set up wrongly here, or the machine isn't comparable.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    low: float
    high: float
    what: str

    def suspicion(self, measured: float) -> str | None:
        if measured < self.low / 2:
            return f"the peer's {measured:,.0f} is under half of its reference, {self}"
        if measured > self.high * 2:
            return f"the peer's {measured:,.0f} is over twice its reference, {self}"
        return None

    def __str__(self) -> str:
        figure = f"{self.low:,.0f}" if self.low == self.high else f"{self.low:,.0f} to {self.high:,.0f}"
        return f"{figure} ({self.what})"


REDIS_DECRBY_64X1 = Reference(107_000, 233_000, "Redis 7.0 DECRBY, appendfsync always, 64 × 1")
REDIS_DECRBY_64X16 = Reference(634_000, 1_061_000, "the same, 64 × 16")
REDIS_PING_64X1 = Reference(187_000, 187_000, "Redis 7.0 PING, 64 × 1")
POSTGRES_DEBIT = Reference(22_800, 22_800, "PostgreSQL 15, one CTE statement, 32 clients")
POSTGRES_DEBIT_HOT = Reference(6_800, 6_800, "the same, hot wallet")
POSTGRES_UPDATE = Reference(29_600, 51_000, "PostgreSQL 15, only the UPDATE")
POSTGRES_UPDATE_HOT = Reference(7_400, 7_400, "the same, hot row")
GRPC_8X8 = Reference(121_000, 121_000, "gRPC C++ 1.51, 8 × 8")
GRPC_1X64 = Reference(71_000, 71_000, "gRPC C++ 1.51, 1 × 64")
CEILING_64X1 = Reference(175_000, 223_000, "C server, without digests, 64 × 1")
CEILING_64X16 = Reference(551_000, 1_130_000, "the same, 64 × 16")
CEILING_8X128 = Reference(597_000, 1_340_000, "the same, 8 × 128")
LOOP_8189 = Reference(510_000, 586_000, "SQLite in C, without digests, 8,189 rows a commit")
