"""Backups through both clients, against the real server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import serve
from server import Server

import walletd
from walletd import BackupProgress, BackupReport, JournalHead, WalletRef
from walletd._proto import wallet_pb2 as pb
from walletd.backups import event_of, request
from walletd.errors import ProtocolError


def test_what_events_say() -> None:
    assert event_of(pb.BackupEvent(progress=pb.BackupProgress(stage="copy", done=3, total=9))) == BackupProgress(
        "copy", 3, 9
    )
    with pytest.raises(ProtocolError):
        event_of(pb.BackupEvent())
    assert request(True).message == pb.BackupRequest(incremental=True)


@pytest.fixture
def backed(tmp_path: Path) -> Iterator[Server]:
    yield from serve(tmp_path / "data", "--backup-dir", str(tmp_path / "backups"))


def test_a_whole_backup_an_increment_and_nothing_new(tmp_path: Path, backed: Server, connect: Any) -> None:
    folder = tmp_path / "backups"
    client = connect(backed.address)
    client.open_wallet("b-1", "USD", reason="test")
    events = list(client.backup())
    assert any(isinstance(event, BackupProgress) for event in events)
    whole = events[-1]
    assert isinstance(whole, BackupReport) and not whole.incremental and not whole.old
    content = (folder / whole.file).read_bytes()
    assert len(content) == whole.bytes and hashlib.sha256(content).digest() == whole.sha256
    client.credit(WalletRef(owner="b-1", currency="USD"), 2000, reason="test")
    more = list(client.backup(incremental=True))[-1]
    assert isinstance(more, BackupReport) and more.incremental and more.base_seq == whole.head.seq
    assert more.rows == 1 and more.head == JournalHead(more.base_seq + 1, more.head.digest)
    again = list(client.backup(incremental=True))[-1]
    assert isinstance(again, BackupReport) and again.old and again.file == more.file


def test_a_server_without_a_folder_says_so(server: Server, connect: Any) -> None:
    with pytest.raises(walletd.Rejected) as caught:
        list(connect(server.address).backup())
    assert caught.value.reason == "UNIMPLEMENTED" and "--backup-dir" in str(caught.value)
