"""Fixtures: both clients behind one blocking face, so that each scenario is written once."""

from __future__ import annotations

import asyncio
import os
import pathlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from server import Server, find_binary

import walletd


class Blocking:
    """An AsyncClient whose loop runs in a thread of its own, called like a Client."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client = walletd.AsyncClient(*args, **options)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(*args: Any, **options: Any) -> Any:
            made = method(*args, **options)
            work = _collect(made) if hasattr(made, "__aiter__") else made
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()

        return call

    def close(self) -> None:
        if not self._loop.is_running():
            return
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _finish(self) -> None:
        await self._client.close()
        await asyncio.sleep(0)  # the transport closes in the next turn
        mine = asyncio.current_task()
        rest = [task for task in asyncio.all_tasks() if task is not mine]
        await asyncio.gather(*rest, return_exceptions=True)


async def _collect(items: Any) -> list[Any]:
    return [item async for item in items]


@pytest.fixture(params=["sync", "asyncio"])
def connect(request: pytest.FixtureRequest) -> Any:
    """Makes clients, of either kind, that are closed after the test."""
    clients: list[Any] = []

    def make(address: str, **options: Any) -> Any:
        client = walletd.Client(address, **options) if request.param == "sync" else Blocking(address, **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def server(tmp_path: pathlib.Path) -> Iterator[Server]:
    """The real server, over a folder of its own."""
    yield from serve(tmp_path / "data")


def serve(data: pathlib.Path, *options: str) -> Iterator[Server]:
    """The real server, until the generator is closed."""
    if os.environ.get("WALLETD_WITHOUT_SERVER") == "1":
        pytest.skip("WALLETD_WITHOUT_SERVER=1: the tests of the real server are left out")
    binary = find_binary()
    if binary is None:
        pytest.fail(
            "there is no walletd to test with: build it, or name it by WALLETD, "
            "or leave these tests out by WALLETD_WITHOUT_SERVER=1",
            pytrace=False,
        )
    server = Server(binary, data, options)
    try:
        yield server
    finally:
        server.stop()
