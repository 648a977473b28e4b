"""Watches of both clients: against scripted servers that drop, leave and send away, and against the real one."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from typing import Any

import pytest
from conftest import Blocking
from fake import FakeServer, Peer
from server import Server

import walletd
from walletd import RetryPolicy, TransactionKind, WalletRef
from walletd._proto import wallet_pb2 as pb
from walletd.core import Answered, Core, Failed, Happened
from walletd.deadline import Deadline
from walletd.frames import Frame, FrameType, encode
from walletd.streams import AsyncEventQueue, EventQueue, Overrun
from walletd.watching import Resumption, start_of

EAGER = RetryPolicy(attempts_max=4, backoff_seconds=0.001)


def take(client: Any, count: int, **options: Any) -> list[walletd.WatchEvent]:
    """The first events of a watch, which is closed then."""
    if isinstance(client, Blocking):
        work = asyncio.run_coroutine_threadsafe(_take(client._client.watch(**options), count), client._loop)
        return work.result(20)
    events = client.watch(**options)
    taken = list(itertools.islice(events, count))
    events.close()
    return taken


async def _take(events: Any, count: int) -> list[walletd.WatchEvent]:
    taken = []
    async for event in events:
        taken.append(event)
        if len(taken) == count:
            break
    await events.aclose()
    return taken


def told(row: int, note: str = "") -> pb.WatchEvent:
    event = pb.WatchEvent(resume_token=f"t{row}", commit_seq=row, currency="USD", exponent=2)
    event.transaction.id = row
    event.transaction.kind = pb.TRANSACTION_KIND_CREDIT
    event.transaction.note = note
    return event


def token(row: int) -> pb.WatchEvent:
    return pb.WatchEvent(resume_token=f"t{row}", commit_seq=row)


def tell(peer: Peer, request: Frame, *events: pb.WatchEvent) -> None:
    for event in events:
        peer.send(FrameType.EVENT, event, request_id=request.request_id)


def watch_request(peer: Peer) -> tuple[Frame, pb.WatchTransactionsRequest]:
    frame = peer.request()
    assert frame.code == pb.METHOD_WATCH_TRANSACTIONS
    return frame, pb.WatchTransactionsRequest.FromString(frame.payload)


# ---------------------------------------------------------------- scripted


def test_a_watch_goes_on_over_everything_that_passes(connect: Any) -> None:
    def dropped(peer: Peer) -> None:
        peer.hello()
        frame, request = watch_request(peer)
        assert request.WhichOneof("start") == "after_seq" and request.after_seq == 0
        assert list(request.wallet_ids) == [5] and list(request.kinds) == [pb.TRANSACTION_KIND_DEBIT]
        tell(peer, frame, token(0), told(1))

    def slow(peer: Peer) -> None:
        peer.hello()
        frame, request = watch_request(peer)
        assert request.resume_token == "t1" and list(request.wallet_ids) == [5]
        tell(peer, frame, token(1), told(2))
        peer.fail(frame, "RESOURCE_EXHAUSTED", 8, stream_end=pb.StreamEnd(resume_token="t2"))
        frame, request = watch_request(peer)
        assert request.resume_token == "t2"
        tell(peer, frame, token(2), told(3))
        peer.send(FrameType.GOAWAY, pb.GoAway())
        peer.fail(frame, "UNAVAILABLE", 14, stream_end=pb.StreamEnd(resume_token="t3"))

    def refused(peer: Peer) -> None:
        peer.hello()
        frame, request = watch_request(peer)
        assert request.resume_token == "t3"
        tell(peer, frame, told(4))
        peer.fail(frame, "RESUME_INVALID", 9)
        peer.ends()

    with FakeServer(dropped, slow, refused) as server:
        client = connect(server.address, retry=EAGER)
        events: list[walletd.WatchEvent] = []

        def run() -> None:
            options: Any = {"after": 0, "wallet_ids": [5], "kinds": [TransactionKind.DEBIT]}
            if isinstance(client, Blocking):

                async def collect() -> None:
                    async for event in client._client.watch(**options):
                        events.append(event)

                asyncio.run_coroutine_threadsafe(collect(), client._loop).result(20)
            else:
                for event in client.watch(**options):
                    events.append(event)

        with pytest.raises(walletd.Rejected) as caught:
            run()
        assert caught.value.reason == "RESUME_INVALID"
        assert [event.transaction.id for event in events if event.transaction] == [1, 2, 3, 4]
        assert [event.resume_token for event in events] == ["t0", "t1", "t2", "t3", "t4"]
        client.close()


def test_what_never_stood_is_an_error(connect: Any) -> None:
    def exhausted(peer: Peer) -> None:
        peer.hello()
        for _ in range(2):
            peer.fail(peer.request(), "RESOURCE_EXHAUSTED", 8)
        peer.ends()

    with FakeServer(exhausted) as server:
        client = connect(server.address, retry=RetryPolicy(attempts_max=2, backoff_seconds=0.001))
        with pytest.raises(walletd.NotExecuted) as caught:
            take(client, 1)
        assert caught.value.reason == "RESOURCE_EXHAUSTED"
        client.close()


def test_a_silent_server_is_given_up_in_time(connect: Any) -> None:
    with FakeServer(lambda peer: (peer.hello(), peer.ends())) as server:
        client = connect(server.address, retry=EAGER)
        with pytest.raises(walletd.DeadlineExceeded):
            take(client, 1, timeout=0.3)
        client.close()


def test_a_closed_watch_is_cancelled_and_its_late_events_are_dropped(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        frame, request = watch_request(peer)
        assert request.from_now
        tell(peer, frame, token(0), told(1))
        cancel = peer.read()
        assert cancel.type is FrameType.CANCEL and cancel.request_id == frame.request_id
        tell(peer, frame, told(2))
        peer.fail(frame, "CANCELLED", 1)
        peer.ok(peer.request(), pb.PingResponse(commit_seq=7))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address)
        assert [event.resume_token for event in take(client, 2)] == ["t0", "t1"]
        assert client.ping().commit_seq == 7
        client.close()


def test_a_reader_that_falls_behind_goes_on_where_its_queue_ends(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        frame, _ = watch_request(peer)
        # Above the bound of the queue, which is 1 MiB.
        tell(peer, frame, *(told(row, "n" * 10_000) for row in range(1, 151)))
        while frame.type is not FrameType.CANCEL:
            frame = peer.read()
        frame, request = watch_request(peer)
        last = int(request.resume_token[1:])
        assert 90 < last < 150
        tell(peer, frame, *(told(row) for row in range(last + 1, 201)))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address, retry=EAGER)
        if isinstance(client, Blocking):

            async def slowly() -> list[int]:
                rows: list[int] = []
                events = client._client.watch(after=0)
                async for event in events:
                    assert event.transaction is not None
                    rows.append(event.transaction.id)
                    if len(rows) == 1:
                        await asyncio.sleep(1)
                    if len(rows) == 200:
                        break
                await events.aclose()
                return rows

            rows = asyncio.run_coroutine_threadsafe(slowly(), client._loop).result(20)
        else:
            rows = []
            events = client.watch(after=0)
            for event in events:
                rows.append(event.transaction.id)
                if len(rows) == 1:
                    time.sleep(1)
                if len(rows) == 200:
                    break
            events.close()
        assert rows == list(range(1, 201))
        client.close()


def test_closing_the_client_ends_its_watches(connect: Any) -> None:
    def script(peer: Peer) -> None:
        peer.hello()
        frame, _ = watch_request(peer)
        tell(peer, frame, token(0))
        peer.ends()

    with FakeServer(script) as server:
        client = connect(server.address, retry=EAGER)
        closer = threading.Timer(0.3, client.close if not isinstance(client, Blocking) else lambda: closing(client))
        closer.start()
        with pytest.raises(walletd.NotExecuted):
            take(client, 2)
        closer.join()


def closing(client: Blocking) -> None:
    asyncio.run_coroutine_threadsafe(client._client.close(), client._loop).result(10)


# ---------------------------------------------------------------- parts


def opened() -> Core:
    core = Core(pb.Hello(versions=[1]))
    core.take()
    core.receive(encode(Frame(FrameType.HELLO_ACK, pb.HelloAck(version=1).SerializeToString())))
    return core


def test_events_go_to_streams_only() -> None:
    core = opened()
    stream = core.call(278, b"", Deadline(10), "stream", streams=True)
    call = core.call(259, b"", Deadline(10), "call")
    core.take()
    [(waiter, item)] = core.receive(encode(Frame(FrameType.EVENT, b"a", request_id=stream)))
    assert waiter == "stream" and isinstance(item, Happened) and item.frame.payload == b"a"
    assert core.receive(encode(Frame(FrameType.EVENT, b"b", request_id=call))) == []
    assert core.receive(encode(Frame(FrameType.EVENT, b"c", request_id=99))) == []
    [(waiter, item)] = core.receive(encode(Frame(FrameType.RESPONSE, request_id=stream)))
    assert waiter == "stream" and isinstance(item, Answered)
    assert core.receive(encode(Frame(FrameType.EVENT, b"d", request_id=stream))) == []


def test_a_full_queue_cancels_once_and_what_it_took_is_read() -> None:
    queue = EventQueue(1000)
    cancels: list[int] = []
    queue.cancel = lambda: cancels.append(1)
    for _ in range(20):
        queue.put(Happened(Frame(FrameType.EVENT, b"x" * 200)))
    queue.put(Failed(walletd.Disconnected("gone"), sent=True, retry=True))
    items = [queue.get(0) for _ in range(7)]
    assert [type(item) for item in items] == [Happened] * 5 + [Overrun, type(None)]
    assert cancels == [1]
    one = AsyncEventQueue(10)
    one.set_result(Happened(Frame(FrameType.EVENT, b"x" * 500)))
    assert isinstance(asyncio.run(one.get(0)), Happened), "one event always fits"


def test_where_a_watch_goes_on() -> None:
    policy = RetryPolicy(backoff_seconds=1, backoff_seconds_max=8, random=lambda: 0.0)
    watch = Resumption(None, [], [], 10.0, policy)
    lost = walletd.Disconnected("gone")
    with pytest.raises(walletd.Disconnected):
        watch.ended(lost, 0.0)
    assert watch.request().message.from_now
    assert watch.told(token(3)) is not None and watch.told(token(3)) is None
    assert watch.request().message.resume_token == "t3"
    assert [watch.ended(lost, 5.0), watch.ended(lost, 6.0), watch.ended(lost, 15.0)] == [0.5, 1.0, 2.0]
    with pytest.raises(walletd.Disconnected):
        watch.ended(lost, 15.1)
    assert watch.told(told(4)) is not None
    assert watch.ended(walletd.NotExecuted("", reason="UNAVAILABLE", retry_after_millis=3000), 99.0) == 3.0
    assert watch.ended(walletd.ReaderTooSlow("late"), 99.0) == 0.0
    for error in (walletd.Rejected("", reason="RESUME_INVALID"), walletd.ProtocolError("")):
        with pytest.raises(type(error)):
            watch.ended(error, 0.0)
    with pytest.raises(ValueError):
        start_of(1, "token")


# ---------------------------------------------------------------- the real server


def test_the_real_server(server: Server, connect: Any) -> None:
    client = connect(server.address)
    wallet = WalletRef(owner="w-1", currency="USD")
    client.open_wallet("w-1", "USD", reason="test")
    client.open_wallet("w-2", "JPY", reason="test")
    first = client.credit(wallet, 2000, reason="test")
    client.debit(wallet, 450, reason="esim.purchase")
    events = take(client, 5, after=0)
    assert [event.transaction.kind.name if event.transaction else "" for event in events] == [
        "",
        "OPEN",
        "OPEN",
        "CREDIT",
        "DEBIT",
    ]
    assert events[2].currency == "JPY" and events[4].currency == "USD"
    assert (events[4].balance_before, events[4].transaction.balance) == (2000, 1550)
    rest = take(client, 1, resume_token=events[3].resume_token)
    assert rest[0].transaction == events[4].transaction
    only = take(client, 2, after=0, wallet_ids=[first.transaction.wallet_id], kinds=[TransactionKind.CREDIT])
    assert only[1].transaction == first.transaction
    with pytest.raises(walletd.Rejected) as caught:
        take(client, 1, after=10**12)
    assert caught.value.reason == "RESUME_INVALID"
    with pytest.raises(walletd.Rejected) as caught:
        take(client, 1, resume_token="nonsense!")
    assert caught.value.reason == "INVALID_ARGUMENT" and caught.value.detail.field == "resume_token"
