"""Latency at half the peak rate: an open loop, so that a stall counts for all whom it would have kept waiting."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from bench import pilot
from bench.load import Load
from bench.machine import Pinning, StolenTime, sync_stalls
from bench.measures import slow_calls
from bench.measures.slow_calls import STALL_MILLIS
from bench.outcome import Outcome
from bench.pairs import bound_ratio, median, spread
from bench.sample import Sample
from bench.side import Served, Server
from bench.walletd import Walletd
from bench.workbench import Workbench

P999_MILLIS = 5.0
# Of the row's length, how long the disk is watched alone behind it: what it does once a minute should be seen.
DISK_SHARE = 1 / 5
# As often as commits sync at half the peak, and with that as many bytes as they write.
_DISK_SYNCS_PER_SECOND = 2000
# What a sync takes on a disk that does nothing else.
MEMORY_SYNC_MICROS = 200
# What the ledger takes in memory: at first, with the runs before the measured one, and each second.
_MEMORY_BYTES = 1 << 30
_MEMORY_BYTES_PER_SECOND = 8 << 20
PEAK_RUNS = 5
# With more of the machine taken away by its host, a tail is the host's.
_STOLEN_SHARE_MAX = 0.01
_PILOT_SECONDS = 4
# Seconds are told apart by the share of the cores' time that the host took of them, up to each of these.
_THEFTS = ((0.0, "nothing"), (0.02, "up to 2 %"), (1.0, "more"))


def p999(sample: Sample) -> float:
    return sample.latency_micros["p999"] / 1000


def taken(stolen: StolenTime) -> str:
    return (
        f"the machine's host took {stolen.share:.2%} of the cores' time, "
        f"{stolen.worst_share:.1%} in the worst second"
    )


def seconds_by_theft(samples: Iterable[Sample], stolen: StolenTime) -> dict[str, list[float]]:
    """The 99.9th percentiles, in milliseconds, of the seconds of runs, by what the host took of them: only seconds of
    which it took as much can be compared."""
    tails: dict[str, list[float]] = {name: [] for _, name in _THEFTS}
    for sample in samples:
        begun = sample.raw["stalls"]["measured_from_micros"] / 1e6
        for index, second in enumerate(sample.raw["latency_micros_by_second"]):
            share = stolen.share_between(begun + index, begun + index + 1)
            tails[next(name for most, name in _THEFTS if share <= most)].append(second["p999"] / 1000)
    return tails


def medians(tails: dict[str, list[float]]) -> dict[str, float]:
    return {name: round(median(seconds), 2) for name, seconds in tails.items() if seconds}


def by_second(tails: list[float]) -> str:
    """What the 99.9th percentiles of seconds say, in milliseconds."""
    if not tails:
        return "none"
    within = sum(tail <= P999_MILLIS for tail in tails)
    return (
        f"{within} of {len(tails)} within {P999_MILLIS:g} ms, the median one {median(tails):.1f}, "
        f"the worst {max(tails):.0f}"
    )


def peak_of(bench: Workbench, side: Served) -> float:
    """Operations a second of a closed loop.

    The machine's own speed drifts by half within minutes: one run could fall into a good moment or a bad one.
    """
    settings = bench.settings
    way = pilot.choose(functools.partial(side.measure, 1, 0), settings)
    return median([side.measure(settings.seconds, settings.warm_up, way).per_second for _ in range(PEAK_RUNS)])


def half(peak: float) -> int:
    """The rate that a tail is measured at."""
    return max(1, int(peak / 2))


def load(wallets: int, rate: int) -> Load:
    """As many as the server takes of each connection, so that nothing waits elsewhere."""
    return Load(in_flight=None, rate=rate, wallets=wallets)


def at_rate(bench: Workbench, server: Server, rate: int) -> Served:
    """The load at this rate, on a server that runs."""
    return Served.running(bench, server, load(bench.settings.wallets, rate))


def best_way(bench: Workbench, side: Served) -> Pinning:
    """What suits a flood best needn't suit half of it: a second processor takes no part of an answer, but it takes
    what would have made one wait."""
    return pilot.choose(
        functools.partial(side.measure, _PILOT_SECONDS, 1), bench.settings, worth=lambda sample: -p999(sample)
    )


def measure(bench: Workbench, _row) -> Outcome:
    """At half of what the same connections reach with a request at a time, as an open loop sends them."""
    return _measure(bench, in_flight=1)


def measure_pipelined(bench: Workbench, _row) -> Outcome:
    """At half of what they reach with 16 in flight each: requests that share their way to the server cost less of it."""
    return _measure(bench, in_flight=16)


def measure_in_memory(bench: Workbench, _row) -> Outcome:
    """On a disk that never stands still: files in memory, and each sync takes MEMORY_SYNC_MICROS."""
    data = bench.memory_folder("data", _MEMORY_BYTES + bench.settings.tail_seconds * _MEMORY_BYTES_PER_SECOND)
    server = Walletd(data=data / "data", watch_disk=True, sync_micros=MEMORY_SYNC_MICROS)
    outcome = _run(bench, server, in_flight=1)
    outcome.notes.append(f"files in memory, each sync takes {MEMORY_SYNC_MICROS} µs")
    return outcome


def _measure(bench: Workbench, in_flight: int) -> Outcome:
    settings = bench.settings
    outcome = _run(bench, Walletd(watch_disk=True), in_flight)
    alone = settings.tail_seconds * DISK_SHARE
    syncs, slow, longest = sync_stalls(settings.scratch, alone, _DISK_SYNCS_PER_SECOND, STALL_MILLIS)
    outcome.notes.append(
        f"the disk alone for {alone:g} s behind it: {slow} of {syncs:,} syncs over {STALL_MILLIS:g} ms, "
        f"the longest {longest:.0f} ms"
    )
    return outcome


def _run(bench: Workbench, server: Walletd, in_flight: int) -> Outcome:
    settings = bench.settings
    side = Served(server, Load(in_flight=in_flight, wallets=settings.wallets))
    try:
        side.start(bench)
        peak = peak_of(bench, side)
        rate = half(peak)
        open_loop = at_rate(bench, server, rate)
        way = best_way(bench, open_loop)
        with StolenTime() as stolen:
            sample = open_loop.measure(settings.tail_seconds, settings.warm_up, way)
        calls = slow_calls.read(server.slow_calls)
    finally:
        side.stop()
    tail = p999(sample)
    stalls = slow_calls.stalls(sample.raw)
    stall = max((stall.millis for stall in stalls), default=0)
    since = sample.raw["stalls"]["measured_from_micros"]
    until = since + settings.tail_seconds * 1_000_000
    ratio = bound_ratio(P999_MILLIS, tail)
    if stall:
        ratio = min(ratio, bound_ratio(STALL_MILLIS, stall))
    hiccups = sample.hiccups or {}
    tails = seconds_by_theft([sample], stolen)
    notes = [
        f"{rate:,}/s of a peak of {peak:,.0f}/s (64 × {in_flight}) for {settings.tail_seconds} s, {way.name}",
        f"p50 {sample.latency_micros['p50'] / 1000:.2f}, p99 {sample.latency_micros['p99'] / 1000:.2f}, "
        f"max {sample.latency_micros['max'] / 1000:.1f} ms",
        f"p99.9 by second: {by_second([second['p999'] / 1000 for second in sample.raw['latency_micros_by_second']])}",
        slow_calls.describe(stalls, calls, since, until),
        f"hiccups of the machine: p99.9 {hiccups.get('p999', 0) / 1000:.1f}, max {hiccups.get('max', 0) / 1000:.1f} ms",
        taken(stolen),
        *(f"p99.9 in seconds of which it took {name}: {by_second(seconds)}" for name, seconds in tails.items()),
    ]
    is_suspect = stolen.share > _STOLEN_SHARE_MAX
    if is_suspect:
        notes.insert(0, f"suspect: its host took {stolen.share:.1%} of the machine")
    return Outcome(
        status="suspect" if is_suspect else "measured",
        ours=tail,
        peer=P999_MILLIS,
        ratio=spread([ratio]),
        notes=notes,
        extra={
            "pinning": {"ours": way.name},
            "longest_stall_ms": stall,
            "hiccup_micros": hiccups,
            "p999_ms_of_seconds_by_theft": medians(tails),
            "rate": rate,
            "stolen_share": round(stolen.share, 4),
        },
    )
