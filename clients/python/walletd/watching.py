"""Where a watch goes on, and whether. No sockets and no sleeping; both clients share it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Union

from ._proto import wallet_pb2 as pb
from .attempts import RetryPolicy
from .errors import DeadlineExceeded, Disconnected, NotExecuted, WalletError
from .streams import ReaderTooSlow, StreamRequest
from .types import TransactionKind, WatchEvent, from_message, transaction_of

Place = Union[int, str, None]
"""A place of the journal, a resume token, or None for now."""

_PASSING = frozenset({"UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "CANCELLED"})


def start_of(after: int | None, resume_token: str | None) -> Place:
    if after is not None and resume_token is not None:
        raise ValueError("a watch begins behind a place or with a token, not both")
    return after if after is not None else resume_token


class Resumption:
    """The state of a watch over all streams that it takes."""

    def __init__(
        self,
        start: Place,
        wallet_ids: Iterable[int],
        kinds: Iterable[TransactionKind],
        patience: float | None,
        policy: RetryPolicy,
    ) -> None:
        self._start = start
        self._wallet_ids = tuple(wallet_ids)
        self._kinds: tuple[Any, ...] = tuple(int(kind) for kind in kinds)
        self._patience = patience
        self._policy = policy
        self._stood = False
        self._failures = 0
        self._lost_since: float | None = None

    def request(self) -> StreamRequest[pb.WatchEvent]:
        """What the next stream is asked for with."""
        message = pb.WatchTransactionsRequest(wallet_ids=self._wallet_ids, kinds=self._kinds)
        if self._start is None:
            message.from_now = True
        elif isinstance(self._start, str):
            message.resume_token = self._start
        else:
            message.after_seq = self._start
        return StreamRequest(pb.METHOD_WATCH_TRANSACTIONS, message, pb.WatchEvent)

    def told(self, event: pb.WatchEvent) -> WatchEvent | None:
        """An event came. None for a token that the reader has already."""
        known = self._start == event.resume_token
        self._start = event.resume_token
        self._stood = True
        self._lost_since = None
        transaction = transaction_of(event.transaction) if event.HasField("transaction") else None
        if transaction is None and known:
            return None
        if transaction is not None:
            # A server that takes every watch in and sends it away at once isn't asked without a pause.
            self._failures = 0
        return from_message(WatchEvent, event, transaction=transaction)

    def ended(self, error: WalletError, now: float) -> float:
        """A stream ended: the seconds to wait before the next one. Raises `error` when the watch is over too."""
        if isinstance(error, ReaderTooSlow):
            return 0.0
        since = now if self._lost_since is None else self._lost_since
        lasting = self._patience is not None and now - since > self._patience
        if not self._stood or lasting or not _passes(error):
            raise error
        self._lost_since = since
        self._failures += 1
        asked = error.retry_after_millis if isinstance(error, NotExecuted) else 0
        return self._policy.wait_seconds(self._failures, asked)


def _passes(error: WalletError) -> bool:
    """Whether another try has hope."""
    if isinstance(error, (Disconnected, DeadlineExceeded)):
        return True
    return isinstance(error, NotExecuted) and error.reason in _PASSING
