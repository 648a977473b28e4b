"""What both clients are told at their making: where the server is, who calls, and how patiently."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import Union

from ._proto import wallet_pb2 as pb
from ._version import __version__
from .attempts import RetryPolicy
from .core import VERSION
from .deadline import Deadline
from .tls import TLS

_HOST_PORT = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:]+)):(?P<port>[0-9]{1,5})")

Address = Union[str, tuple[str, int]]
"""The path of a Unix socket, or host and port."""


def parse_address(text: str) -> Address:
    """Reads "host:port", "[v6]:port" or "unix:PATH". Raises ValueError for anything else."""
    if text.startswith("unix:") and len(text) > len("unix:"):
        return text[len("unix:") :]
    match = _HOST_PORT.fullmatch(text)
    if match is None or int(match["port"]) > 65_535:
        raise ValueError(f'an address is "host:port", "[v6]:port" or "unix:PATH", not {text!r}')
    return match["v6"] or match["host"], int(match["port"])


@dataclass(frozen=True)
class Settings:
    address: Address
    timeout: float
    """Seconds of a call, all its attempts and connecting included."""
    connect_timeout: float
    """Seconds until HELLO_ACK, of one try to connect; the calls that wait for it have their own deadlines."""
    hello: pb.Hello
    retry: RetryPolicy
    tls: ssl.SSLContext | None = None
    server_name: str | None = None
    """Beside `tls`: whose certificate is expected."""

    def deadline(self, timeout: float | None) -> Deadline:
        return Deadline(self.timeout if timeout is None else timeout)


def make_settings(
    address: str,
    timeout: float,
    connect_timeout: float,
    token: str | None,
    client_name: str | None,
    ledger_id: str | None,
    retry: RetryPolicy | None,
    tls: TLS | None = None,
) -> Settings:
    """Raises ValueError when one of them can't be."""
    Deadline(timeout)
    Deadline(connect_timeout)
    hello = pb.Hello(
        versions=[VERSION],
        client_name=client_name or f"walletd-python/{__version__}",
        ledger_id=ledger_id or "",
    )
    if token is not None:
        hello.credentials.token = token
    where = parse_address(address)
    if tls is None or isinstance(where, str):
        return Settings(where, timeout, connect_timeout, hello, retry or RetryPolicy())
    return Settings(
        where, timeout, connect_timeout, hello, retry or RetryPolicy(), tls.context(), tls.server_name or where[0]
    )
