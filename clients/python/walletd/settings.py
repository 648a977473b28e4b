"""What both clients are told at their making: where the server is, who calls, and how patiently."""

from __future__ import annotations

import os
import re
import ssl
import stat
from dataclasses import dataclass
from typing import Union

from ._proto import wallet_pb2 as pb
from ._version import __version__
from .attempts import RetryPolicy
from .core import VERSION
from .deadline import Deadline
from .errors import NotExecuted
from .tls import TLS

_TOKEN_BYTES_MAX = 4096
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
    token_file: str | None = None
    tls: ssl.SSLContext | None = None
    server_name: str | None = None
    """Beside `tls`: whose certificate is expected."""

    def greeting(self) -> pb.Hello:
        """HELLO of a new connection, with the token that its file has now. Raises NotExecuted when it can't be had."""
        if self.token_file is None:
            return self.hello
        hello = pb.Hello()
        hello.CopyFrom(self.hello)
        hello.credentials.token = read_token(self.token_file)
        return hello

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
    token_file: str | os.PathLike[str] | None = None,
) -> Settings:
    """Raises ValueError when one of them can't be."""
    Deadline(timeout)
    Deadline(connect_timeout)
    hello = pb.Hello(
        versions=[VERSION],
        client_name=client_name or f"walletd-python/{__version__}",
        ledger_id=ledger_id or "",
    )
    if token is not None and token_file is not None:
        raise ValueError("token or token_file, not both")
    if token is not None:
        hello.credentials.token = token
    where = parse_address(address)
    secure = tls if isinstance(where, tuple) else None
    return Settings(
        where,
        timeout,
        connect_timeout,
        hello,
        retry or RetryPolicy(),
        None if token_file is None else os.fspath(token_file),
        None if secure is None else secure.context(),
        None if secure is None else secure.server_name or where[0],
    )


def read_token(path: str) -> str:
    """The one line of a file that others can't read. Raises NotExecuted."""
    try:
        with open(path, encoding="utf-8") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o007:
                raise NotExecuted(f"the token file {path} can be read or changed by everybody")
            words = file.read(_TOKEN_BYTES_MAX + 1).split()
    except (OSError, UnicodeDecodeError) as error:
        raise NotExecuted(f"the token file {path} can't be read: {error}") from error
    if len(words) != 1 or len(words[0]) > _TOKEN_BYTES_MAX:
        raise NotExecuted(f"the token file {path} must have one token on one line and nothing else")
    return words[0]
