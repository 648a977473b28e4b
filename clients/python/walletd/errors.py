"""What a call can raise. Every error is a WalletError, and is one of three kinds:

Rejected         the server decided against the request
NotExecuted      it is certain that nothing happened and nothing will; its subclasses say what came between
OutcomeUnknown   a mutation was sent and nobody can say whether it took place: ask again with the same key
"""

from __future__ import annotations

from google.protobuf.message import Message


class WalletError(Exception):
    """Base of all errors of this package.

    `key` is the idempotency key of the mutation, also when the client made it; None for reads. Errors can be pickled
    and copied, for which each keyword argument has a default.
    """

    def __init__(self, message: str, *, key: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.key = key


class Rejected(WalletError):
    """The server decided against the request; no balance has changed.

    The same key gets the same answer for a refusal that is remembered (see `walletd.reasons.REMEMBERED`): a new
    attempt takes a new key.
    """

    reason: str
    """Name of the ErrorReason without its prefix, such as "INSUFFICIENT_FUNDS"; a bare number if newer than this."""
    detail: Message | None
    """The figures as a typed message of `walletd.messages`, such as InsufficientFunds; None if there are none."""
    status: int
    """The gRPC status code, 1 to 16; 0 when the connection itself was refused."""
    replayed: bool
    """A remembered refusal, answered again with its first figures."""
    commit_seq: int
    """The refusal's place in the journal when it was recorded, else the last durable place."""
    index: int | None
    """Of BATCH_ABORTED: the item that was refused, from 0."""
    cause: Rejected | None
    """Of BATCH_ABORTED: why that item was refused."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        detail: Message | None = None,
        status: int = 0,
        replayed: bool = False,
        commit_seq: int = 0,
        index: int | None = None,
        cause: Rejected | None = None,
        key: str | None = None,
    ) -> None:
        super().__init__(message, key=key)
        self.reason = reason
        self.index = index
        self.cause = cause
        self.detail = detail
        self.status = status
        self.replayed = replayed
        self.commit_seq = commit_seq

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}" if self.message else self.reason


class NotExecuted(WalletError):
    """Nothing happened and nothing will. A mutation may be repeated, with the same key or a new one.

    `reason` is the server's, such as "UNAVAILABLE", or None when no answer came. `detail` has its figures as a message
    of `walletd.messages`, or is None. `retry_after_millis` is the wait that the server asked for, 0 when it didn't.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str | None = None,
        detail: Message | None = None,
        retry_after_millis: int = 0,
        key: str | None = None,
    ) -> None:
        super().__init__(message, key=key)
        self.reason = reason
        self.detail = detail
        self.retry_after_millis = retry_after_millis

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}" if self.reason else self.message


class Disconnected(NotExecuted, ConnectionError):
    """No connection could be made, or it ended before an answer to a read."""


class Unauthenticated(NotExecuted):
    """One side doesn't take the other's identity: the server this client's token or certificate, or that there is none;
    or this client the server's certificate or the name in it. `reason` is "UNAUTHENTICATED" where the server said so, and
    `detail.rule` why, such as "revoked".
    """


class DeadlineExceeded(NotExecuted, TimeoutError):
    """The deadline passed: of a read, or of a mutation of which not one byte was sent or the server is sure."""


class ProtocolError(NotExecuted):
    """The peer sent what is not WRP/1, or not what was asked for."""


class Cancelled(NotExecuted):
    """The task of a call was cancelled, of a read or of a mutation of which not one byte was sent: the `__cause__` of its
    CancelledError. Of a mutation that was sent that is an OutcomeUnknown.
    """


class TLSError(NotExecuted):
    """The two sides can't have a TLS connection, and couldn't at another attempt either.

    It is an Unauthenticated or a ProtocolError as well, by its `problem`: "wrong_name", "unknown_authority", "expired",
    "not_yet_valid", "bad_certificate" (of the server's certificate, each) and "refused" (the server's alert about a
    certificate of this client that is missing, expired or of another authority) are of the first kind; "no_tls" (the
    server speaks something else), "version" and "other" of the second.
    """

    problem: str

    def __init__(
        self,
        message: str,
        *,
        problem: str = "other",
        reason: str | None = None,
        detail: Message | None = None,
        retry_after_millis: int = 0,
        key: str | None = None,
    ) -> None:
        super().__init__(message, reason=reason, detail=detail, retry_after_millis=retry_after_millis, key=key)
        self.problem = problem


class CertificateError(TLSError, Unauthenticated):
    """A certificate that isn't taken, or that is missing."""


class NoTLSError(TLSError, ProtocolError):
    """The other side speaks no TLS, or no version of it that will do."""


class OutcomeUnknown(WalletError):
    """A mutation was sent and no answer is sure: it may have taken place, or may yet.

    Repeat the call with `key=error.key` and otherwise the same arguments until it returns or is Rejected: the server
    executes a key at most once. `__cause__` is the error of the last attempt.
    """

    key: str

    def __init__(self, message: str, *, key: str = "") -> None:
        super().__init__(message, key=key)
