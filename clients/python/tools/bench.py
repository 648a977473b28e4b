"""Calls per second on one connection, and their latencies, with the asyncio client.

Without arguments: of several shapes, SECONDS (5) each, against the server that WALLETD names. With ADDRESS VERB IN_FLIGHT
SECONDS WARM_UP: of that one, as a JSON object (../conformance/DRIVER.md)."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from typing import Any, Callable

import walletd
from walletd import BatchItem, WalletRef

SECONDS = float(os.environ.get("SECONDS", "5"))
WALLETS = 1_000


class Load:
    """The calls, over wallets that have money."""

    def __init__(self, client: walletd.AsyncClient) -> None:
        self._client = client
        self._wallets = [WalletRef(owner=f"bench-{index}", currency="EUR") for index in range(WALLETS)]
        turns = itertools.cycle(self._wallets)
        self.verbs: dict[str, Callable[[], Any]] = {
            "Debit": lambda: client.debit(next(turns), 1, reason="bench"),
            "GetBalance": lambda: client.balance(next(turns)),
        }

    async def prepare(self) -> None:
        """They may be there already."""
        await self._client.batch([BatchItem.open_wallet(one.owner, "EUR", reason="bench") for one in self._wallets])
        await self._client.batch([BatchItem.credit(one, 10**9, reason="bench") for one in self._wallets])

    async def run(self, verb: str, in_flight: int, seconds: float) -> tuple[float, list[float]]:
        """Calls per second, and the latencies in seconds by their size."""
        call = self.verbs[verb]
        latencies: list[float] = []
        began = time.perf_counter()
        until = began + seconds

        async def line() -> None:
            now = time.perf_counter()
            while now < until:
                await call()
                then = time.perf_counter()
                latencies.append(then - now)
                now = then

        await asyncio.gather(*(line() for _ in range(in_flight)))
        took = time.perf_counter() - began
        return len(latencies) / took, sorted(latencies)


def part(latencies: list[float], share: float) -> float:
    return latencies[int(len(latencies) * share)]


async def one(address: str, verb: str, in_flight: int, seconds: float, warm_up: float) -> None:
    async with walletd.AsyncClient(address) as client:
        load = Load(client)
        await load.prepare()
        if warm_up > 0:
            await load.run(verb, in_flight, warm_up)
        rate, latencies = await load.run(verb, in_flight, seconds)
        told = {"client": "python", "verb": verb, "connections": 1, "in_flight": in_flight, "calls_per_second": round(rate, 1)}
        for name, share in (("p50_micros", 0.5), ("p99_micros", 0.99)):
            told[name] = round(part(latencies, share) * 1e6, 1)
        print(json.dumps(told))


async def table(address: str) -> None:
    async with walletd.AsyncClient(address) as client:
        build = (await client.server_info()).build
        load = Load(client)
        await load.prepare()
        print(f"Python {platform.python_version()}, one connection, a {build} build of walletd, {SECONDS:g} s each")
        print("call         in flight     /s   p50 ms   p99 ms")
        await load.run("Debit", 64, SECONDS)
        for verb, in_flight in (("GetBalance", 64), ("Debit", 64), ("Debit", 1)):
            rate, latencies = await load.run(verb, in_flight, SECONDS)
            at = (f"{part(latencies, share) * 1000:8.2f}" for share in (0.5, 0.99))
            print(f"{verb:12}{in_flight:10}{rate:8.0f}{''.join(at)}", flush=True)


def main() -> None:
    if len(sys.argv) > 1:
        address, verb, in_flight, seconds, warm_up = sys.argv[1:]
        asyncio.run(one(address, verb, int(in_flight), float(seconds), float(warm_up)))
        return
    with tempfile.TemporaryDirectory() as data:
        command = [os.environ["WALLETD"], "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin", "off"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            try:
                assert server.stderr is not None
                found = (re.search(r"listening on (\S+)", said) for said in server.stderr)
                asyncio.run(table(next(match[1] for match in found if match)))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
