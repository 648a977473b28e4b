"""Both clients against scripted servers: each way in which a peer or the way to it can fail."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest
from fake import FakeServer, Peer, mutation, refused_address

import walletd
from walletd import RetryPolicy, WalletRef, messages
from walletd._proto import wallet_pb2 as pb
from walletd.frames import Frame, FrameType, encode

WALLET = WalletRef(owner="u-1", currency="USD")
KEY = "scripted-key-1"
EAGER = RetryPolicy(attempts_max=4, backoff_seconds=0.001)
ONCE = RetryPolicy(attempts_max=1)


def debit(client: Any, **options: Any) -> Any:
    return client.debit(WALLET, 100, reason="test", **{"key": KEY, **options})


def within(seconds: float, started: float) -> None:
    assert time.monotonic() - started < seconds


# ---------------------------------------------------------------- the way there


@pytest.mark.parametrize("timeout", [0.3, 5.0])
def test_nobody_listens(connect: Any, timeout: float) -> None:
    started = time.monotonic()
    client = connect(refused_address(), timeout=timeout, retry=RetryPolicy(backoff_seconds=0.01))
    with pytest.raises(walletd.NotExecuted) as caught:
        debit(client)
    assert caught.value.key == KEY
    within(timeout + 1, started)


def test_a_port_that_accepts_and_never_answers(connect: Any) -> None:
    """The kernel accepts, nobody reads: HELLO is never answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = connect(f"127.0.0.1:{listener.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(walletd.DeadlineExceeded) as caught:
            debit(client, timeout=0.3)
        assert isinstance(caught.value, walletd.NotExecuted) and caught.value.key == KEY
        with pytest.raises(walletd.DeadlineExceeded):
            client.ping(timeout=0.3)
        within(2, started)


def test_connecting_has_a_limit_of_its_own(connect: Any) -> None:
    with FakeServer(Peer.ends, Peer.ends) as server:
        client = connect(server.address, connect_timeout=0.2, retry=RetryPolicy(attempts_max=2, backoff_seconds=0.01))
        started = time.monotonic()
        with pytest.raises(walletd.Disconnected, match="HELLO"):
            debit(client)
        within(3, started)
        assert server.connections == 2


def test_a_name_lookup_that_hangs(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(*_: Any, **__: Any) -> Any:
        released.wait(10)
        raise socket.gaierror("released")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        started = time.monotonic()
        with pytest.raises(walletd.DeadlineExceeded):
            debit(connect("wallets.invalid:7000"), timeout=0.3)
        within(2, started)
    finally:
        released.set()


def test_a_unix_socket(connect: Any, tmp_path: Any) -> None:
    path = str(tmp_path / "s")

    def serve() -> None:
        sock, _ = listener.accept()
        with sock:
            peer = Peer(sock)
            peer.hello()
            peer.ok(peer.request(), pb.PingResponse(commit_seq=3))
            peer.ends()

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        client = connect("unix:" + path)
        assert client.ping().commit_seq == 3
        client.close()
        thread.join(5)


@pytest.mark.parametrize("address", ["", "localhost", "localhost:", "localhost:x", "a:b:1", "h:65536", "unix:"])
def test_an_address_that_cannot_be(address: str) -> None:
    for kind in (walletd.Client, walletd.AsyncClient):
        with pytest.raises(ValueError):
            kind(address)


# ---------------------------------------------------------------- peers that speak something else


def http(peer: Peer) -> None:
    peer.sock.recv(65536)
    peer.sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    peer.ends()


def noise(peer: Peer) -> None:
    peer.sock.sendall(bytes.fromhex("000000209a3f") + bytes(range(64)))
    peer.ends()


@pytest.mark.parametrize("script", [http, noise])
def test_a_server_of_another_protocol(connect: Any, script: Any) -> None:
    """Nothing was sent but HELLO, so a mutation too is certain not to have happened."""
    for act in (debit, lambda client: client.balance(WALLET)):
        with FakeServer(script) as server:
            client = connect(server.address)
            with pytest.raises(walletd.ProtocolError, match="WRP/1"):
                act(client)
            client.close()


def corrupt(request: Frame) -> bytes:
    data = bytearray(encode(Frame(FrameType.RESPONSE, b"\x10\x05", request_id=request.request_id)))
    data[-1] ^= 1
    return bytes(data)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(corrupt, id="checksum"),
        pytest.param(lambda _: b"\x7f\xff\xff\xff", id="oversized"),
        pytest.param(lambda _: bytes(8), id="undersized"),
        pytest.param(lambda r: encode(Frame(FrameType.RESPONSE, b"\xff\xff", request_id=r.request_id)), id="body"),
    ],
)
def test_garbage_instead_of_an_answer(connect: Any, answer: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        peer.sock.sendall(answer(peer.request()))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        with pytest.raises(walletd.OutcomeUnknown) as caught:
            debit(client)
        assert caught.value.key == KEY
        assert isinstance(caught.value.__cause__, walletd.ProtocolError)
        client.close()
    with FakeServer(script) as server:
        client = connect(server.address)
        with pytest.raises(walletd.ProtocolError):
            client.balance(WALLET)
        client.close()


def test_a_frame_over_the_limit_costs_no_memory(connect: Any) -> None:
    """The length alone ends the connection; its body is not waited for."""

    def script(peer: Peer) -> None:
        peer.hello(response_bytes_max=4096)
        peer.request()
        peer.sock.sendall((64 << 20).to_bytes(4, "big"))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        started = time.monotonic()
        with pytest.raises(walletd.ProtocolError, match="over"):
            client.balance(WALLET)
        within(2, started)


# ---------------------------------------------------------------- deadlines


def test_a_silent_server(connect: Any) -> None:
    """The deadline ends the wait; CANCEL is sent; a read timed out, a mutation is unknown."""
    seen: list[Frame] = []

    def script(peer: Peer) -> None:
        peer.hello()
        for _ in range(2):
            request = peer.request()
            cancel = peer.read()
            assert (cancel.type, cancel.request_id) == (FrameType.CANCEL, request.request_id)
            seen.append(request)
            if len(seen) == 1:
                peer.send(FrameType.PONG, bytes(8))  # a sign of life
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        started = time.monotonic()
        with pytest.raises(walletd.DeadlineExceeded) as read:
            client.balance(WALLET, timeout=0.3)
        assert isinstance(read.value, TimeoutError) and read.value.key is None
        with pytest.raises(walletd.OutcomeUnknown) as mutated:
            debit(client, timeout=0.3)
        assert mutated.value.key == KEY
        within(2, started)
        client.close()
    assert [frame.code for frame in seen] == [pb.METHOD_GET_BALANCE, pb.METHOD_DEBIT]
    assert all(0 < frame.millis <= 300 for frame in seen)


def test_a_late_reply_is_ignored(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        first = peer.request()
        assert peer.read().type is FrameType.CANCEL
        second = peer.request()
        assert second.request_id != first.request_id
        peer.ok(first, mutation(balance=1))
        peer.ok(second, mutation(balance=2))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        with pytest.raises(walletd.OutcomeUnknown):
            debit(client, timeout=0.2)
        assert debit(client).balance == 2
        client.close()
        assert server.connections == 1


def test_a_dead_connection_is_left(connect: Any) -> None:
    """Two deadlines in a row without a byte from the peer: the next call gets a new connection."""

    def silent(peer: Peer) -> None:
        peer.hello()
        peer.ends()

    def answers(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.PingResponse(commit_seq=1))
        peer.ends()

    with FakeServer(silent, answers) as server:
        client = connect(server.address)
        for _ in range(2):
            with pytest.raises(walletd.DeadlineExceeded):
                client.ping(timeout=0.1)
        assert client.ping().commit_seq == 1
        client.close()


def test_a_peer_that_reads_nothing(connect: Any) -> None:
    """Full socket buffers: what never left is certain not to have happened, and nothing hangs."""
    done = threading.Event()

    def script(peer: Peer) -> None:
        peer.hello()
        done.wait(20)

    with FakeServer(script) as server:
        client = connect(server.address)
        big = {"note": "n" * 60_000}
        unknown = sure = 0
        started = time.monotonic()
        threads = []
        results: list[BaseException] = []

        def one() -> None:
            try:
                client.debit(WALLET, 1, reason="test", timeout=0.7, **big)
            except walletd.WalletError as error:
                results.append(error)

        for _ in range(150):
            threads.append(threading.Thread(target=one))
            threads[-1].start()
        for thread in threads:
            thread.join()
        within(8, started)
        unknown = sum(isinstance(error, walletd.OutcomeUnknown) for error in results)
        sure = sum(isinstance(error, walletd.NotExecuted) for error in results)
        assert unknown + sure == 150 and unknown > 0 and sure > 0
        done.set()
        client.close()


# ---------------------------------------------------------------- lost answers and retries


def test_closed_after_the_request(connect: Any) -> None:
    """The answer is lost; the same key is sent again on a new connection and its replay resolves it."""
    keys: list[str] = []

    def drops(peer: Peer) -> None:
        peer.hello()
        keys.append(pb.DebitRequest.FromString(peer.request().payload).idempotency_key)

    def resets(peer: Peer) -> None:
        peer.hello()
        keys.append(pb.DebitRequest.FromString(peer.request().payload).idempotency_key)
        peer.reset()

    def replays(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        keys.append(pb.DebitRequest.FromString(request.payload).idempotency_key)
        peer.ok(request, mutation(balance=900, replayed=True), flags=0x04)
        peer.ends()

    with FakeServer(drops, resets, replays) as server:
        client = connect(server.address, retry=EAGER)
        result = client.debit(WALLET, 100, reason="test")
        client.close()
    assert result.replayed and result.balance == 900
    assert keys == [result.key] * 3


def test_closed_after_the_request_each_time(connect: Any) -> None:
    def drops(peer: Peer) -> None:
        peer.hello()
        peer.request()

    with FakeServer(*[drops] * 8) as server:
        client = connect(server.address, retry=EAGER)
        with pytest.raises(walletd.OutcomeUnknown) as caught:
            debit(client)
        assert caught.value.key == KEY
        assert server.connections == 4
        with pytest.raises(walletd.Disconnected):
            client.balance(WALLET)
        assert server.connections == 8


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("UNAVAILABLE", 14),
        ("RESOURCE_EXHAUSTED", 8),
        ("DEADLINE_EXCEEDED", 4),
        ("CANCELLED", 1),
        ("VERSION_CONFLICT", 10),
        ("INVALID_ARGUMENT", 3),
        ("UNAUTHENTICATED", 16),
        ("IDEMPOTENCY_MISMATCH", 6),
    ],
)
def test_not_executed_after_unknown(connect: Any, reason: str, status: int) -> None:
    """The first attempt may have moved the money: a later "not executed" must not call it unmoved."""

    def drops(peer: Peer) -> None:
        peer.hello()
        peer.request()

    def refuses(peer: Peer) -> None:
        peer.hello()
        for _ in range(4):
            try:
                peer.fail(peer.request(), reason, status)
            except EOFError:
                return
        peer.ends()

    with FakeServer(drops, refuses) as server:
        client = connect(server.address, retry=EAGER)
        with pytest.raises(walletd.OutcomeUnknown) as caught:
            debit(client)
        assert caught.value.key == KEY
        client.close()


def test_a_remembered_refusal_after_unknown(connect: Any) -> None:
    def drops(peer: Peer) -> None:
        peer.hello()
        peer.request()

    def refuses(peer: Peer) -> None:
        peer.hello()
        figures = pb.InsufficientFunds(requested=100, available=40, balance=40, shortfall=60, version=3)
        peer.fail(
            peer.request(),
            "INSUFFICIENT_FUNDS",
            9,
            flags=0x06,
            insufficient_funds=figures,
            replayed=True,
            commit_seq=12,
        )
        peer.ends()

    with FakeServer(drops, refuses) as server:
        client = connect(server.address, retry=EAGER)
        with pytest.raises(walletd.Rejected) as caught:
            debit(client)
        error = caught.value
        assert (error.reason, error.status, error.replayed, error.commit_seq) == ("INSUFFICIENT_FUNDS", 9, True, 12)
        assert isinstance(error.detail, messages.InsufficientFunds)
        assert (error.key, error.detail.shortfall) == (KEY, 60)
        client.close()


def test_unavailable_then_unreachable_is_not_executed(connect: Any) -> None:
    def refuses(peer: Peer) -> None:
        peer.hello()
        peer.fail(peer.request(), "UNAVAILABLE", 14)

    with FakeServer(refuses) as server:
        client = connect(server.address, retry=RetryPolicy(attempts_max=1))
        with pytest.raises(walletd.NotExecuted) as caught:
            debit(client)
        assert (caught.value.reason, caught.value.key) == ("UNAVAILABLE", KEY)


def test_retry_after_is_honoured(connect: Any) -> None:
    times: list[float] = []

    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        times.append(time.monotonic())
        peer.fail(request, "RESOURCE_EXHAUSTED", 8, millis=400)
        request = peer.request()
        times.append(time.monotonic())
        peer.ok(request, mutation(balance=1))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address, retry=EAGER)
        assert debit(client).balance == 1
        client.close()
    assert 0.4 <= times[1] - times[0] < 2


def test_a_retry_after_past_the_deadline_is_not_waited_for(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        peer.fail(peer.request(), "UNAVAILABLE", 14, millis=60_000)
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        started = time.monotonic()
        with pytest.raises(walletd.NotExecuted) as caught:
            debit(client, timeout=5)
        assert caught.value.retry_after_millis == 60_000
        within(2, started)
        client.close()


def test_a_rejection_is_not_tried_again(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        detail = pb.InvalidArgument(field="amount", rule="from 1")
        peer.fail(peer.request(), "INVALID_ARGUMENT", 3, invalid_argument=detail)
        with pytest.raises(EOFError):
            peer.read()

    with FakeServer(script) as server:
        client = connect(server.address)
        with pytest.raises(walletd.Rejected) as caught:
            debit(client)
        assert isinstance(caught.value.detail, messages.InvalidArgument)
        assert caught.value.detail.field == "amount"
        client.close()


# ---------------------------------------------------------------- a server that leaves, or refuses the connection


def test_goaway_then_a_new_connection(connect: Any) -> None:
    """What is in flight finishes on the old connection while new calls go to the new one."""
    going, finish = threading.Event(), threading.Event()

    def old(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        peer.send(FrameType.GOAWAY, pb.GoAway(message="restart"))
        going.set()
        assert finish.wait(10)
        peer.ok(request, mutation(balance=1))
        peer.ends()  # the client closes once nothing is in flight

    def new(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), mutation(balance=2))
        finish.set()
        peer.ends()

    with FakeServer(old, new) as server:
        client = connect(server.address)
        balances: list[int] = []
        thread = threading.Thread(target=lambda: balances.append(debit(client).balance))
        thread.start()
        assert going.wait(10)
        time.sleep(0.1)  # GOAWAY has no answer to wait for
        assert debit(client, key="scripted-key-2").balance == 2
        thread.join(10)
        assert balances == [1]
        client.close()


def test_a_request_behind_goaway_is_sent_again(connect: Any) -> None:
    def old(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        peer.send(FrameType.GOAWAY, pb.GoAway())
        peer.fail(request, "UNAVAILABLE", 14)
        peer.ends()

    def new(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), mutation(balance=2))
        peer.ends()

    with FakeServer(old, new) as server:
        client = connect(server.address, retry=EAGER)
        assert debit(client).balance == 2
        client.close()


def test_a_connection_that_ended_while_idle(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), mutation(balance=1))

    with FakeServer(script, script) as server:
        client = connect(server.address, retry=EAGER)
        assert debit(client).balance == 1
        time.sleep(0.1)
        assert debit(client, key="scripted-key-2").balance == 1
        assert server.connections == 2


def test_refused_credentials(connect: Any) -> None:
    def script(peer: Peer) -> None:
        assert peer.read_hello().credentials.token == "secret"
        peer.send(FrameType.CONNECTION_ERROR, pb.Error(reason=pb.ERROR_REASON_UNAUTHENTICATED, message="who?"))

    with FakeServer(script) as server:
        client = connect(server.address, token="secret")
        with pytest.raises(walletd.Unauthenticated) as caught:
            debit(client)
        assert (caught.value.reason, caught.value.key) == ("UNAUTHENTICATED", KEY)
        assert "secret" not in str(caught.value)
        assert server.connections == 1


def test_a_full_server_refuses_connections_and_then_takes_one(connect: Any) -> None:
    def full(peer: Peer) -> None:
        peer.read_hello()
        peer.send(FrameType.CONNECTION_ERROR, pb.Error(reason=pb.ERROR_REASON_RESOURCE_EXHAUSTED))

    def takes(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), mutation(balance=4))
        peer.ends()

    with FakeServer(full, takes) as server:
        client = connect(server.address, retry=EAGER)
        assert debit(client).balance == 4
        client.close()


# ---------------------------------------------------------------- the rest


def test_ping_is_answered_with_pong(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        peer.send(FrameType.PING, b"12345678", request_id=77)
        pong = peer.read()
        assert (pong.type, pong.request_id, pong.payload) == (FrameType.PONG, 77, b"12345678")
        peer.ok(request, pb.PingResponse(commit_seq=5).SerializeToString() + b"\x98\x06\x01")  # and an unknown field
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        assert client.ping().commit_seq == 5
        client.close()


def test_calls_share_a_connection_and_answers_come_in_any_order(connect: Any) -> None:
    count = 20

    def script(peer: Peer) -> None:
        peer.hello()
        requests = [peer.request() for _ in range(count)]
        assert len({request.request_id for request in requests}) == count
        for request in reversed(requests):
            asked = pb.DebitRequest.FromString(request.payload)
            peer.ok(request, mutation(balance=asked.amount))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        balances: dict[int, int] = {}

        def one(amount: int) -> None:
            balances[amount] = client.debit(WALLET, amount, reason="test").balance

        threads = [threading.Thread(target=one, args=(amount,)) for amount in range(1, count + 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert balances == {amount: amount for amount in range(1, count + 1)}
        client.close()


def test_what_a_debit_sends(connect: Any) -> None:
    sent: list[Frame] = []

    def script(peer: Peer) -> None:
        hello = peer.hello()
        assert list(hello.versions) == [1] and hello.client_name == "till-7" and hello.ledger_id == "L"
        sent.append(peer.request())
        row = pb.Transaction(id=9, kind=99, amount=-5, metadata=[pb.MetadataEntry(key="a", value="b")])  # type: ignore[arg-type]
        peer.ok(sent[0], mutation(balance=3, transaction=row))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address, client_name="till-7", ledger_id="L")
        result = client.debit(
            WALLET,
            5,
            reason="esim.purchase",
            note="n",
            reference="r",
            correlation_id="c",
            on_behalf_of="o",
            occurred_at_micros=7,
            metadata={"a": "b"},
            expected_version=4,
            counter_account="adjustments",
        )
        client.close()
    assert sent[0].code == pb.METHOD_DEBIT
    assert pb.DebitRequest.FromString(sent[0].payload) == pb.DebitRequest(
        wallet=pb.WalletRef(owner_id="u-1", currency="USD", name="main"),
        amount=5,
        idempotency_key=result.key,
        reason="esim.purchase",
        note="n",
        reference="r",
        correlation_id="c",
        on_behalf_of="o",
        occurred_at_micros=7,
        metadata=[pb.MetadataEntry(key="a", value="b")],
        expected_version=4,
        counter_account="adjustments",
    )
    assert result.transaction.metadata == {"a": "b"}
    assert (result.transaction.kind, result.transaction.kind.name) == (99, "UNKNOWN_99")


def test_arguments_that_cannot_be() -> None:
    from decimal import Decimal

    client: Any = walletd.Client("127.0.0.1:1")
    for amount in (1.0, True, Decimal(1), "1", None):
        for verb in (client.debit, client.credit):
            with pytest.raises(TypeError):
                verb(WALLET, amount, reason="test")
    with pytest.raises(ValueError):
        client.debit(WALLET, 2**63, reason="test")
    with pytest.raises(TypeError):
        client.debit("u-1", 1, reason="test")
    with pytest.raises(TypeError):
        client.debit(WALLET, 1, reason="test", colour="red")
    for given in ({}, {"id": 1, "owner": "u"}, {"owner": "u"}, {"id": 1, "name": "main"}):
        with pytest.raises(ValueError):
            WalletRef(**given)


def test_a_closed_client() -> None:
    client = walletd.Client(refused_address())
    client.close()
    client.close()
    with pytest.raises(walletd.NotExecuted, match="closed") as caught:
        debit(client)
    assert caught.value.key == KEY


def test_closing_ends_the_calls_in_flight(connect: Any) -> None:
    asked = threading.Event()

    def script(peer: Peer) -> None:
        peer.hello()
        peer.request()
        asked.set()
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        errors: list[Exception] = []

        def one() -> None:
            try:
                debit(client)
            except walletd.WalletError as error:
                errors.append(error)

        thread = threading.Thread(target=one)
        thread.start()
        assert asked.wait(10)
        client.close()
        thread.join(5)
        assert [type(error) for error in errors] == [walletd.OutcomeUnknown]


def test_a_cancelled_task_cancels_its_request() -> None:
    import asyncio

    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        cancel = peer.read()
        assert (cancel.type, cancel.request_id) == (FrameType.CANCEL, request.request_id)
        peer.fail(peer.request(), "UNAVAILABLE", 14)
        peer.ends()

    async def main(address: str) -> None:
        async with walletd.AsyncClient(address, retry=ONCE) as client:
            known: list[Any] = []

            async def cancelled() -> None:
                try:
                    await client.debit(WALLET, 1, reason="test", key=KEY)
                except asyncio.CancelledError as error:
                    known.append(error.__cause__)
                    raise

            task = asyncio.ensure_future(cancelled())
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert [(type(error), error.key) for error in known] == [(walletd.OutcomeUnknown, KEY)]
            with pytest.raises(walletd.OutcomeUnknown):  # the cancelled attempt is remembered
                await client.debit(WALLET, 1, reason="test", key=KEY)

    with FakeServer(script) as server:
        asyncio.run(main(server.address))


def test_a_forgotten_client_ends_its_thread() -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.PingResponse())
        peer.ends()

    with FakeServer(script) as server:
        client = walletd.Client(server.address)
        client.ping()
        del client
