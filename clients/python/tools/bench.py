"""Calls per second on one connection, and their latencies: SECONDS (5) for each row, against the server that WALLETD
names, with the asyncio client."""

from __future__ import annotations

import asyncio
import itertools
import os
import platform
import re
import subprocess
import tempfile
import time
from typing import Any, Callable

import walletd
from walletd import BatchItem, WalletRef

SECONDS = float(os.environ.get("SECONDS", "5"))
WALLETS = 1_000


async def measure(name: str, in_flight: int, call: Callable[[], Any]) -> None:
    latencies: list[float] = []
    until = time.perf_counter() + SECONDS

    async def line() -> None:
        now = time.perf_counter()
        while now < until:
            await call()
            then = time.perf_counter()
            latencies.append(then - now)
            now = then

    await asyncio.gather(*(line() for _ in range(in_flight)))
    latencies.sort()
    at = (f"{latencies[int(len(latencies) * part)] * 1000:8.2f}" for part in (0.5, 0.99))
    print(f"{name:12}{in_flight:10}{len(latencies) / SECONDS:8.0f}{''.join(at)}", flush=True)


async def main(address: str) -> None:
    async with walletd.AsyncClient(address) as client:
        build = (await client.server_info()).build
        wallets = [WalletRef(owner=f"bench-{index}", currency="EUR") for index in range(WALLETS)]
        await client.batch([BatchItem.open_wallet(wallet.owner, "EUR", reason="bench") for wallet in wallets])
        await client.batch([BatchItem.credit(wallet, 10**9, reason="bench") for wallet in wallets])
        turns = itertools.cycle(wallets)

        def debit() -> Any:
            return client.debit(next(turns), 1, reason="bench")

        print(f"Python {platform.python_version()}, one connection, a {build} build of walletd, {SECONDS:g} s each")
        print("call         in flight     /s   p50 ms   p99 ms")
        await measure("warming up", 64, debit)
        await measure("GetBalance", 64, lambda: client.balance(next(turns)))
        await measure("Debit", 64, debit)
        await measure("Debit", 1, debit)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data:
        command = [os.environ["WALLETD"], "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin", "off"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            try:
                assert server.stderr is not None
                found = (re.search(r"listening on (\S+)", said) for said in server.stderr)
                asyncio.run(main(next(match[1] for match in found if match)))
            finally:
                server.terminate()
