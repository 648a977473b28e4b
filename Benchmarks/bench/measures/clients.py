"""Clients whose language has no gRPC to be measured beside."""

from __future__ import annotations

import functools
from collections.abc import Callable

from bench import pilot
from bench.outcome import Outcome
from bench.pairs import median
from bench.peers.clients import ClientLoad, millis
from bench.settings import Settings
from bench.side import Side
from bench.workbench import Workbench


def alone(language: str, face: str, why: str) -> Callable[[Workbench, object], Outcome]:
    """Without a peer there is no ratio; the row says why."""

    def measure(bench: Workbench, _row) -> Outcome:
        return measured(ClientLoad(language, face), bench, bench.settings, why)

    return measure


def measured(side: Side, bench: Workbench, settings: Settings, why: str) -> Outcome:
    try:
        side.start(bench)
        way = pilot.choose(functools.partial(side.measure, 1, 0), settings)
        samples = [
            side.measure(settings.seconds, settings.warm_up, way)
            for _ in range(1 if settings.quick else settings.pairs)
        ]
        more = None if settings.quick else side.check(way)
    finally:
        side.stop()
    latency = {name: median([sample.latency_micros[name] for sample in samples]) for name in samples[0].latency_micros}
    notes = [f"no peer: {why}", f"median {millis(latency['p50'])}"] + ([more] if more else [])
    extra = {"pairs": len(samples), "latency_micros": {"ours": latency, "peer": {}}, "pinning": {"ours": way.name}}
    return Outcome(ours=median([sample.per_second for sample in samples]), notes=notes, extra=extra)
