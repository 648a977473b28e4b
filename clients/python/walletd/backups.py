"""What a backup is asked for with and what it tells. No sockets; both clients share it."""

from __future__ import annotations

from ._proto import wallet_pb2 as pb
from .errors import ProtocolError
from .streams import StreamRequest
from .types import AnyBackupEvent, BackupProgress, BackupReport, JournalHead, from_message


def request(incremental: bool) -> StreamRequest[pb.BackupEvent]:
    return StreamRequest(pb.METHOD_BACKUP, pb.BackupRequest(incremental=incremental), pb.BackupEvent)


def event_of(message: pb.BackupEvent) -> AnyBackupEvent:
    which = message.WhichOneof("event")
    if which == "progress":
        return from_message(BackupProgress, message.progress)
    if which == "report":
        head = message.report.head
        return from_message(BackupReport, message.report, head=JournalHead(head.seq, head.digest))
    raise ProtocolError("an event of a backup without anything in it")
