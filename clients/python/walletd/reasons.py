"""What the reasons of errors mean for a client."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from . import frames
from ._proto import wallet_pb2 as pb
from .errors import DeadlineExceeded, NotExecuted, ProtocolError, Rejected, Unauthenticated, WalletError
from .frames import Frame

_PREFIX = "ERROR_REASON_"


def _between(first: int, last: int) -> frozenset[str]:
    return frozenset(reason_name(number) for number in range(first, last + 1))


def reason_name(number: int) -> str:
    """The name of an ErrorReason without its prefix; the bare number when this package is older than the reason."""
    value = pb.ErrorReason.DESCRIPTOR.values_by_number.get(number)
    return value.name[len(_PREFIX) :] if value else str(number)


def reason_number(name: str) -> int:
    """The number of an ErrorReason by its name without the prefix. Raises ValueError for another name."""
    value = pb.ErrorReason.DESCRIPTOR.values_by_name.get(_PREFIX + name)
    if value is None:
        raise ValueError(f"no reason {name!r}")
    return int(value.number)


REMEMBERED: frozenset[str] = _between(pb.ERROR_REASON_CURRENCY_UNKNOWN, pb.ERROR_REASON_AMOUNT_OVERFLOW) - {
    "VERSION_CONFLICT"
} | {"COUNTER_ACCOUNT_EXISTS"}
"""Refusals that are recorded: the same key gets the same refusal for ever."""

RETRIED: frozenset[str] = frozenset({"UNAVAILABLE", "RESOURCE_EXHAUSTED"})
"""Answers after which the client tries again by itself."""

# The server could not, rather than would not, or doesn't know who asks.
_COULD_NOT = RETRIED | {"CANCELLED", "DEADLINE_EXCEEDED", "INTERNAL", "UNAUTHENTICATED"}
_KINDS = {"DEADLINE_EXCEEDED": DeadlineExceeded, "UNAUTHENTICATED": Unauthenticated}

# For an error whose payload names no reason: the statuses that have just one.
_REASON_BY_STATUS = {
    1: "CANCELLED",
    4: "DEADLINE_EXCEEDED",
    7: "PERMISSION_DENIED",
    8: "RESOURCE_EXHAUSTED",
    12: "UNIMPLEMENTED",
    13: "INTERNAL",
    14: "UNAVAILABLE",
    16: "UNAUTHENTICATED",
}


def remembered(reason: str, error: WalletError) -> bool:
    """Whether the refusal is recorded. A batch's is when that of its item would have been."""
    if isinstance(error, Rejected) and error.cause is not None:
        return error.cause.reason in REMEMBERED
    return reason in REMEMBERED


def resolves(reason: str, error: WalletError, flags: int) -> bool:
    """Whether this answer settles a key for good, whatever became of earlier attempts."""
    return remembered(reason, error) and bool(flags & (frames.NOT_EXECUTED | frames.REPLAYED))


def error_of(answer: Frame) -> tuple[str, WalletError]:
    """The reason and the error that a RESPONSE whose status isn't 0, or a CONNECTION_ERROR, stands for."""
    error = pb.Error()
    try:
        error.ParseFromString(answer.payload)
    except DecodeError:
        return "", ProtocolError(f"the error of an answer with status {answer.code} does not parse")
    if error.reason == pb.ERROR_REASON_UNSPECIFIED:
        reason = _REASON_BY_STATUS.get(answer.code, "UNSPECIFIED")
    else:
        reason = reason_name(error.reason)

    if reason in _COULD_NOT:
        which = error.WhichOneof("detail")
        millis = answer.millis or error.retry_after.retry_after_millis
        return reason, _KINDS.get(reason, NotExecuted)(
            error.message,
            reason=reason,
            detail=getattr(error, which) if which else None,
            retry_after_millis=millis,
        )
    return reason, rejected(error, reason, status=answer.code, replayed=bool(answer.flags & frames.REPLAYED))


def rejected(
    error: pb.Error, reason: str = "", *, status: int = 0, replayed: bool = False, key: str | None = None
) -> Rejected:
    """The error as an exception; `reason` is the one it names unless given."""
    which = error.WhichOneof("detail")
    aborted = error.batch_aborted if which == "batch_aborted" else None
    return Rejected(
        error.message,
        reason=reason or reason_name(error.reason),
        detail=getattr(error, which) if which else None,
        status=status,
        replayed=error.replayed or replayed,
        commit_seq=error.commit_seq,
        index=aborted.index if aborted else None,
        cause=rejected(aborted.cause) if aborted else None,
        key=key,
    )
