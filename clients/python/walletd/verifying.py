"""What a verification is asked for with and what it tells. No sockets; both clients share it."""

from __future__ import annotations

from ._proto import wallet_pb2 as pb
from .errors import ProtocolError
from .streams import StreamRequest
from .types import (
    AnyVerifyEvent,
    JournalHead,
    VerifyFinding,
    VerifyProgress,
    VerifyReport,
    from_message,
)


def request(expected_head: JournalHead | None, skip_integrity_check: bool) -> StreamRequest[pb.VerifyEvent]:
    message = pb.VerifyRequest(skip_integrity_check=skip_integrity_check)
    if expected_head is not None:
        message.expected_head.seq = expected_head.seq
        message.expected_head.digest = expected_head.digest
    return StreamRequest(pb.METHOD_VERIFY, message, pb.VerifyEvent)


def event_of(message: pb.VerifyEvent) -> AnyVerifyEvent:
    which = message.WhichOneof("event")
    if which == "progress":
        return from_message(VerifyProgress, message.progress)
    if which == "finding":
        return from_message(VerifyFinding, message.finding)
    if which == "report":
        head = message.report.head
        return from_message(VerifyReport, message.report, head=JournalHead(head.seq, head.digest))
    raise ProtocolError("an event of a verification without anything in it")
