"""A check: what it is called, and what it is given."""

from __future__ import annotations

import contextlib
import itertools
import pathlib
import ssl
from dataclasses import dataclass, field
from typing import Any, Callable, TypeVar

import walletd

from .certificates import Certificates
from .driver import Client, Driver
from .fake import FakeServer, Script
from .proxy import Proxy
from .server import Server

C = TypeVar("C", FakeServer, Proxy)


@dataclass
class Behaviour:
    """A row of the table."""

    group: str
    name: str
    check: Callable[[Case], None]


BEHAVIOURS: list[Behaviour] = []


def behaviour(group: str, name: str) -> Callable[[Callable[[Case], None]], Callable[[Case], None]]:
    """Makes a function a behaviour: what it takes to be named in the table."""

    def add(check: Callable[[Case], None]) -> Callable[[Case], None]:
        BEHAVIOURS.append(Behaviour(group, name, check))
        return check

    return add


@dataclass
class Shared:
    """What the checks of one client have in common."""

    command: pathlib.Path
    folder: pathlib.Path
    seed: int
    certificates: Certificates
    _driver: Driver | None = None
    _server: Server | None = None
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def driver(self) -> Driver:
        if self._driver is None or not self._driver.is_alive:
            self._driver = Driver(self.command)
        return self._driver

    def server(self) -> Server:
        if self._server is None:
            self._server = Server(self.folder / "shared")
        return self._server

    def close(self) -> None:
        if self._driver is not None and self._driver.is_alive:
            self._driver.kill()
        if self._server is not None:
            self._server.stop()


class Case:
    """One check of one client. What it makes is ended with it."""

    def __init__(self, shared: Shared, stack: contextlib.ExitStack) -> None:
        self._shared, self._stack = shared, stack
        self._fakes: list[FakeServer] = []
        self.seed = shared.seed
        self.certificates = shared.certificates

    @property
    def driver(self) -> Driver:
        """That of all checks."""
        return self._shared.driver()

    @property
    def server(self) -> Server:
        """The real server of all checks, which none may stop."""
        return self._shared.server()

    def number(self) -> int:
        """One that nobody else has."""
        return next(self._shared.numbers)

    def folder(self) -> pathlib.Path:
        made = self._shared.folder / f"case-{self.number()}"
        made.mkdir()
        return made

    def new_driver(self, env: dict[str, str] | None = None) -> Driver:
        driver = Driver(self._shared.command, env)
        self._stack.callback(lambda: driver.is_alive and driver.kill())
        return driver

    def new_server(self, *options: str, data: pathlib.Path | None = None, env: dict[str, str] | None = None) -> Server:
        server = Server(data or self.folder() / "data", *options, env=env)
        self._stack.callback(server.stop)
        return server

    def fake(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> FakeServer:
        fake = FakeServer(*scripts, tls=tls)
        self._fakes.append(fake)
        self._stack.callback(fake.close)
        return fake

    def proxy(self, target: str, **options: Any) -> Proxy:
        proxy = Proxy(target, self.seed, **options)
        self._stack.callback(proxy.close)
        return proxy

    def client(self, address: str, driver: Driver | None = None, **options: Any) -> Client:
        """A client of the driver, which is closed at the end."""
        driver = driver or self.driver
        client = Client(driver, f"client-{self.number()}")
        driver.do("connect", client=client.name, address=address, **options)
        self._stack.callback(lambda: driver.is_alive and client.close())
        return client

    def ledger(self, address: str, **options: Any) -> walletd.Client:
        """The checker's own client, in Python."""
        return self._stack.enter_context(walletd.Client(address, timeout=30, **options))

    def owner(self) -> str:
        """An owner that has no wallet yet."""
        return f"owner-{self.number()}"

    def wallet(self, client: Client, amount: int = 0, currency: str = "USD") -> dict[str, Any]:
        """A new wallet with an amount in it, as an address."""
        address = {"owner_id": self.owner(), "currency": currency}
        client.ok("OpenWallet", {"wallet": address, "reason": "conformance"})
        if amount:
            client.ok("Credit", {"wallet": address, "amount": str(amount), "reason": "conformance"})
        return address

    def check_scripts(self) -> None:
        """Raises what the scripts of fakes found."""
        for fake in self._fakes:
            fake.check()


def run(shared: Shared, check: Callable[[Case], None]) -> None:
    """Carries out a check; raises what is wrong."""
    with contextlib.ExitStack() as stack:
        case = Case(shared, stack)
        try:
            check(case)
        except Exception:
            case.check_scripts()  # what a script found is nearer to the cause
            raise
        case.check_scripts()
