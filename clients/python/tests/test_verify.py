"""Verifications through both clients, against the real server."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from server import Server

import walletd
from walletd import JournalHead, VerifyFinding, VerifyProgress, VerifyReport, WalletRef
from walletd._proto import wallet_pb2 as pb
from walletd.errors import ProtocolError
from walletd.verifying import event_of, request


def test_what_events_say() -> None:
    finding = pb.VerifyEvent(finding=pb.VerifyFinding(what="digest", wallet_id=3, seq=9, expected="a", found="b"))
    assert event_of(finding) == VerifyFinding("digest", 3, 9, "a", "b")
    with pytest.raises(ProtocolError):
        event_of(pb.VerifyEvent())
    message = request(JournalHead(7, b"x" * 32), True).message
    assert message == pb.VerifyRequest(
        expected_head=pb.JournalHead(seq=7, digest=b"x" * 32), skip_integrity_check=True
    )


def test_a_sound_ledger(server: Server, connect: Any) -> None:
    client = connect(server.address)
    client.open_wallet("v-1", "USD", reason="test")
    client.credit(WalletRef(owner="v-1", currency="USD"), 2000, reason="test")
    events = list(client.verify())
    assert any(isinstance(event, VerifyProgress) for event in events)
    report = events[-1]
    assert isinstance(report, VerifyReport) and report.findings == 0 and report.integrity_checked
    assert report.rows == report.head.seq >= 2 and len(report.head.digest) == 32
    again = list(client.verify(expected_head=report.head, skip_integrity_check=True))[-1]
    assert isinstance(again, VerifyReport) and again.findings == 0 and not again.integrity_checked
    wrong = list(client.verify(expected_head=JournalHead(report.head.seq, b"\0" * 32), skip_integrity_check=True))
    assert [event.what for event in wrong if isinstance(event, VerifyFinding)] == ["head"]
    with pytest.raises(walletd.Rejected) as caught:
        list(client.verify(expected_head=JournalHead(1, b"short")))
    assert caught.value.reason == "INVALID_ARGUMENT"


def test_an_iterator_that_is_closed_gives_its_place_free(server: Server) -> None:
    with walletd.Client(server.address) as client:
        for _ in range(3):
            events = client.verify()
            assert len(list(itertools.islice(events, 1))) == 1
            events.close()  # type: ignore[attr-defined]
        assert isinstance(list(client.verify(skip_integrity_check=True))[-1], VerifyReport)
