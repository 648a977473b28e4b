"""What comes behind a disk that stood still: whoever came meanwhile wants an answer at once."""

from __future__ import annotations

from bench.load import Load
from bench.measures import slow_calls, tail
from bench.measures.slow_calls import STALL_MILLIS, Call, Stall
from bench.outcome import Outcome
from bench.sample import Sample
from bench.side import Served
from bench.walletd import Walletd
from bench.workbench import Standstill, Workbench

STANDSTILL = Standstill(millis=1000, every_seconds=5)
_SECONDS = 30
# A silence of which the disk's calls are less is the server's.
_DISK_SHARE = 0.5


def measure(bench: Workbench, _row) -> Outcome:
    settings = bench.settings
    quick_disk = Served(Walletd(), Load(wallets=settings.wallets))
    try:
        quick_disk.start(bench)
        peak = tail.peak_of(bench, quick_disk)
        rate = tail.half(peak)
        way = tail.best_way(bench, tail.at_rate(bench, quick_disk.server, rate))
    finally:
        quick_disk.stop()
    server = Walletd(watch_disk=True, standstill=STANDSTILL)
    side = Served(server, tail.load(settings.wallets, rate))
    try:
        side.start(bench)
        sample = side.measure(_SECONDS, settings.warm_up, way)
        calls = slow_calls.read(server.slow_calls)
    finally:
        side.stop()
    outcome = judge(sample, calls)
    outcome.notes.insert(0, f"{rate:,}/s of a peak of {peak:,.0f}/s (64 × 1) for {_SECONDS} s, {way.name}")
    outcome.extra |= {"pinning": {"ours": way.name}, "rate": rate}
    return outcome


def judge(sample: Sample, calls: list[Call]) -> Outcome:
    """The longest silence that wasn't the disk's, held against STALL_MILLIS: what is shorter than that nobody measures."""
    stalls = slow_calls.stalls(sample.raw)
    own = [stall for stall in stalls if stall.share(calls) < _DISK_SHARE]
    standstills = sum(_is_standstill(stall, calls) for stall in stalls)
    longest = max((stall.millis for stall in own), default=STALL_MILLIS)
    behind = sample.latency_micros["max"] / 1000 - STANDSTILL.millis
    return Outcome.bound(
        STALL_MILLIS,
        [longest],
        notes=[
            f"behind {standstills} standstills of {STANDSTILL.millis:g} ms {len(own)} silences over {STALL_MILLIS:g} ms "
            "of the server's own" + "".join(f", {stall.millis:.0f} ms" for stall in own[:5]),
            f"who waited longest had an answer {behind:.0f} ms after what the disk took",
        ],
        extra={"own_silences": len(own), "standstills": standstills},
    )


def _is_standstill(stall: Stall, calls: list[Call]) -> bool:
    return stall.millis >= STANDSTILL.millis and stall.share(calls) >= _DISK_SHARE
