"""Which of a server's stalls its disk made: what Benchmarks/syncdelay noted beside what walletbench waited for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.workbench import SLOW_CALL_MILLIS

# From when on walletbench calls a silence a stall.
STALL_MILLIS = 20.0


@dataclass(frozen=True)
class Call:
    """A call of the disk that took long, in microseconds of the machine's monotonic clock."""

    began: int
    ended: int
    name: str


@dataclass(frozen=True)
class Stall:
    """A silence of the server, on the same clock."""

    began: int
    ended: int

    @property
    def millis(self) -> float:
        return (self.ended - self.began) / 1000

    def share(self, calls: list[Call]) -> float:
        """How much of it was within calls of the disk, of whichever thread: from 0 to 1."""
        within = [Call(max(call.began, self.began), min(call.ended, self.ended), call.name) for call in calls]
        return _covered(within) / max(1, self.ended - self.began)


def _covered(calls: list[Call]) -> int:
    """Microseconds in which at least one of the calls was under way."""
    covered, reached = 0, 0
    for call in sorted(calls, key=lambda call: call.began):
        begin = max(call.began, reached)
        if call.ended > begin:
            covered, reached = covered + call.ended - begin, call.ended
    return covered


def read(path: Path) -> list[Call]:
    calls = []
    if path.exists():
        for line in path.read_text(errors="replace").splitlines():
            began, took, name, file = line.split(" ", 3)
            calls.append(Call(int(began), int(began) + int(took), f"{name} of {Path(file).name}"))
    return calls


def stalls(result: dict) -> list[Stall]:
    """The server's own silences over STALL_MILLIS; those in which the machine slept too are listed apart."""
    listed = result.get("stalls") or {}
    from_micros = listed.get("measured_from_micros", 0)
    return [
        Stall(from_micros + stall["at_micros"], from_micros + stall["at_micros"] + stall["length_micros"])
        for stall in listed.get("server", [])
    ]


def describe(stalls: list[Stall], calls: list[Call], since: int, until: int) -> str:
    """One line: how many stalls there were, how many of them the disk made, and its longest call of that time."""
    calls = [call for call in calls if call.began < until and call.ended > since]
    longest = max(calls, key=lambda call: call.ended - call.began, default=None)
    disk = (
        f"{len(calls)} calls of the disk took {SLOW_CALL_MILLIS:g} ms or more, {_covered(calls) / 1e6:.2f} s in all, "
        f"the longest {(longest.ended - longest.began) / 1000:.0f} ms ({longest.name})"
        if longest
        else f"no call of the disk took {SLOW_CALL_MILLIS:g} ms"
    )
    if not stalls:
        return f"no stall over {STALL_MILLIS:g} ms; {disk}"
    told = [f"{stall.millis:.0f} ms, {stall.share(calls):.0%} of it in calls of the disk" for stall in stalls[:5]]
    word = "stall" if len(stalls) == 1 else "stalls"
    return f"{len(stalls)} {word} over {STALL_MILLIS:g} ms ({'; '.join(told)}); {disk}"
