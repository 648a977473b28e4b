"""The way back after kill -9 under full load."""

from __future__ import annotations

import time

from bench import wire
from bench.load import Load, Walletbench
from bench.measures import growth
from bench.outcome import Outcome
from bench.pairs import bound_ratio, spread
from bench.processes import Program
from bench.sample import Failed
from bench.walletd import Walletd
from bench.workbench import Workbench

FIRST_SECONDS = 3.0
HALF_PEAK_SECONDS = 10.0
_OWNER = "restart-probe"
_GIVE_UP_SECONDS = 120
_LOAD_SECONDS = 600
_WINDOW = 0.5


def measure(bench: Workbench, _row) -> Outcome:
    settings = bench.settings
    rounds = [_crash(bench) for _ in range(1 if settings.quick else 3)]
    ratios = [
        min(bound_ratio(FIRST_SECONDS, first), bound_ratio(HALF_PEAK_SECONDS, half)) for first, half, _, _ in rounds
    ]
    firsts, halves = spread([one[0] for one in rounds]), spread([one[1] for one in rounds])
    _, _, peak, rows = rounds[-1]
    notes = [
        f"{rows:,} rows; first debit after {firsts.minimum:.2f} to {firsts.maximum:.2f} s",
        f"half of {peak:,.0f}/s after {halves.minimum:.2f} to {halves.maximum:.2f} s",
    ]
    return Outcome(
        ours=firsts.median,
        peer=FIRST_SECONDS,
        ratio=spread(ratios),
        notes=notes,
        extra={"half_of_peak_seconds": round(halves.median, 3), "rounds": len(rounds)},
    )


def _crash(bench: Workbench) -> tuple[float, float, float, int]:
    """Seconds to the first debit, seconds to half of the peak, the peak, and rows at the restart."""
    settings = bench.settings
    server = growth.LargeLedger()
    load = None
    try:
        server.start(bench)
        probe = _probe(server)
        load = _load(bench, server)
        peak = _peak(probe, 4 if settings.quick else 8)
        probe.close()
        server.program.kill()
        begun = time.monotonic()
        server.start_again(bench)
        client = _connect(server, begun)
        client.move(wire.DEBIT, _OWNER, 1)
        first = time.monotonic() - begun
        if load.process.poll() is not None:
            load = _load(bench, server)
        half = _half(client, peak, begun)
        client.close()
        rows = growth.rows_stored(server)
    finally:
        if load:
            load.kill()
        server.stop()
    return first, half, peak, rows


def _load(bench: Workbench, server: Walletd) -> Program:
    settings = bench.settings
    walletbench = Walletbench(settings.programs)
    load = Load(in_flight=16, wallets=min(settings.wallets, growth.wallets(settings)), owner_prefix=growth.PREFIX)
    walletbench.require(load)
    command = [walletbench.path, "--server", server.address, "--seconds", _LOAD_SECONDS, *load.options()]
    return Program(command, bench.folder("restart") / "load")


def _probe(server: Walletd) -> wire.Client:
    client = wire.Client(server.address)
    client.open_wallet(_OWNER)
    client.move(wire.CREDIT, _OWNER, 1_000_000)
    return client


def _peak(probe: wire.Client, seconds: float) -> float:
    """The best window of the second half: the load opens its wallets first."""
    rates = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        rates.append(_rate(probe, _WINDOW))
    peak = max(rates[len(rates) // 2 :])
    if peak == 0:
        raise Failed(f"the load didn't begin within {seconds:g} s")
    return peak


def _rate(client: wire.Client, seconds: float) -> float:
    first, begun = client.commit_seq(), time.monotonic()
    time.sleep(seconds)
    last = client.commit_seq()
    return (last - first) / (time.monotonic() - begun)


def _connect(server: Walletd, begun: float) -> wire.Client:
    while True:
        try:
            return wire.Client(server.address)
        except (OSError, wire.Refused):
            if server.program.process.poll() is not None:
                raise Failed(f"walletd didn't start again: {server.program.text()[-300:]}") from None
            if time.monotonic() - begun > _GIVE_UP_SECONDS:
                raise Failed(f"no connection {_GIVE_UP_SECONDS} s after the crash") from None
            time.sleep(0.005)


def _half(client: wire.Client, peak: float, begun: float) -> float:
    """When the first window ended in which at least half of the peak was committed."""
    while time.monotonic() - begun < _GIVE_UP_SECONDS:
        if _rate(client, 0.1) >= peak / 2:
            return time.monotonic() - begun
    raise Failed(f"half of {peak:,.0f}/s wasn't reached within {_GIVE_UP_SECONDS} s")
