"""TLS between the clients and the real server, and what stands in its way."""

from __future__ import annotations

import contextlib
import pathlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from certificates import Certificates
from conftest import serve
from server import Server

import walletd


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = Certificates(tmp_path_factory.mktemp("tls") / "certificates")
    made.make("server", "serverAuth", names="DNS:localhost,IP:127.0.0.1")
    made.make("elsewhere", "serverAuth", names="DNS:ledger.example")
    made.make("old", "serverAuth", names="IP:127.0.0.1", days=-1)
    made.make("foreign", "serverAuth", names="IP:127.0.0.1", by="stranger")
    made.make("client", "clientAuth")
    made.make("intruder", "clientAuth", by="stranger")
    return made


@contextlib.contextmanager
def serving(folder: pathlib.Path, certificates: Certificates, name: str, *options: str) -> Iterator[Server]:
    files = ("--tls-cert", certificates.path(f"{name}.pem"), "--tls-key", certificates.path(f"{name}.key"))
    yield from serve(folder / name, *files, *options)


def trusting(certificates: Certificates, client: str | None = None, **options: Any) -> walletd.TLS:
    return walletd.TLS(
        ca_file=certificates.path("authority.pem"),
        cert_file=client and certificates.path(f"{client}.pem"),
        key_file=client and certificates.path(f"{client}.key"),
        **options,
    )


def problem_of(client: Any) -> str:
    began = time.monotonic()
    with pytest.raises(walletd.TLSError) as caught:
        client.ping(timeout=10)
    assert time.monotonic() - began < 9, "it waited for what couldn't come"
    problem = caught.value.problem
    kind = walletd.ProtocolError if problem in ("no_tls", "version", "other") else walletd.Unauthenticated
    assert isinstance(caught.value, kind)
    return problem


def test_calls_go_through_tls_with_long_replies_too(
    connect: Any, tmp_path: pathlib.Path, certificates: Certificates
) -> None:
    with serving(tmp_path, certificates, "server") as server:
        client = connect(server.address, tls=trusting(certificates))
        wallet = client.open_wallet("alice", "USD", reason="open").transaction.wallet_id
        items = [walletd.BatchItem.credit(walletd.WalletRef(id=wallet), 1, reason="top-up") for _ in range(1000)]
        result = client.batch(items, full_results=True)
        assert len(result.items) == 1000
        assert client.balance(walletd.WalletRef(id=wallet)).balance == 1000
        named = connect("localhost:" + server.address.split(":")[1], tls=trusting(certificates))
        assert named.ping() is not None


@pytest.mark.parametrize(
    ("name", "problem"), [("elsewhere", "wrong_name"), ("old", "expired"), ("foreign", "unknown_authority")]
)
def test_a_certificate_that_is_no_good_is_told_by_its_fault(
    connect: Any, tmp_path: pathlib.Path, certificates: Certificates, name: str, problem: str
) -> None:
    with serving(tmp_path, certificates, name) as server:
        assert problem_of(connect(server.address, tls=trusting(certificates))) == problem
        if name == "elsewhere":
            client = connect(server.address, tls=trusting(certificates, server_name="ledger.example"))
            assert client.ping() is not None


def test_a_server_that_asks_for_a_certificate_gets_one_or_refuses(
    connect: Any, tmp_path: pathlib.Path, certificates: Certificates
) -> None:
    strict = ("--tls-client-ca", certificates.path("authority.pem"), "--tls-require-client-cert")
    with serving(tmp_path, certificates, "server", *strict) as server:
        assert connect(server.address, tls=trusting(certificates, "client")).ping() is not None
        for client in (None, "intruder"):
            assert problem_of(connect(server.address, tls=trusting(certificates, client))) == "refused"


def test_tls_to_a_server_without_it(connect: Any, server: Server, certificates: Certificates) -> None:
    assert problem_of(connect(server.address, tls=trusting(certificates))) == "no_tls"
    assert server.tells("begins with TLS")


def test_no_tls_to_a_server_with_it(connect: Any, tmp_path: pathlib.Path, certificates: Certificates) -> None:
    with serving(tmp_path, certificates, "server") as server:
        with pytest.raises(walletd.ProtocolError, match="this port speaks TLS"):
            connect(server.address).ping()


def test_a_server_that_says_nothing_is_given_up_in_time(connect: Any, certificates: Certificates) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        taken: list[socket.socket] = []
        threading.Thread(target=lambda: taken.append(silent.accept()[0]), daemon=True).start()
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        client = connect(address, tls=trusting(certificates), connect_timeout=0.5)
        began = time.monotonic()
        with pytest.raises(walletd.NotExecuted):
            client.ping(timeout=2)
        assert time.monotonic() - began < 10
        for connection in taken:
            connection.close()


def test_files_that_cannot_be_used_are_told_at_once(certificates: Certificates, tmp_path: pathlib.Path) -> None:
    with pytest.raises(ValueError, match="ca_file"):
        walletd.Client("localhost:1", tls=walletd.TLS(ca_file=str(tmp_path / "none.pem")))
    with pytest.raises(ValueError, match="belong together"):
        walletd.Client("localhost:1", tls=walletd.TLS(cert_file=certificates.path("client.pem")))
    with pytest.raises(ValueError, match="key_file"):
        walletd.Client(
            "localhost:1",
            tls=walletd.TLS(cert_file=certificates.path("client.pem"), key_file=certificates.path("server.key")),
        )


def test_a_token_comes_from_a_file_that_others_cannot_read(connect: Any, server: Server, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "token"
    client = connect(server.address, token_file=path)
    with pytest.raises(walletd.NotExecuted, match="can't be read"):
        client.ping()
    path.write_text("secret-of-a-test\n")
    path.chmod(0o604)
    with pytest.raises(walletd.NotExecuted, match="by everybody"):
        client.ping()
    path.chmod(0o600)
    # The file is read at each connect.
    hello = client._settings.greeting() if isinstance(client, walletd.Client) else client._client._settings.greeting()
    assert hello.credentials.token == "secret-of-a-test"
    path.write_text("two words")
    with pytest.raises(walletd.NotExecuted, match="one token on one line") as caught:
        client.ping()
    assert "two words" not in str(caught.value)
    with pytest.raises(ValueError, match="not both"):
        walletd.Client("localhost:1", token="a", token_file=path)


def test_a_unix_socket_beside_tls(connect: Any, tmp_path: pathlib.Path, certificates: Certificates) -> None:
    path = tmp_path / "s"
    with serving(tmp_path, certificates, "server", "--listen", f"unix:{path}"):
        assert connect(f"unix:{path}", tls=trusting(certificates)).ping() is not None
