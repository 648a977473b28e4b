"""What to do after each attempt of a call: return, raise, or try again. No sockets and no sleeping.

This is where promise 8 of the ledger is kept: once an attempt of a key has ended unknown, only OK, a replay or a
remembered refusal resolves it.
"""

from __future__ import annotations

import copy
import logging
import random
import threading
from dataclasses import dataclass
from typing import Any, Callable, Generic, TypeVar

from google.protobuf.message import DecodeError, Message

from . import frames, reasons
from .core import Answered, Failed, Outcome
from .deadline import Deadline
from .errors import Cancelled, DeadlineExceeded, Disconnected, NotExecuted, OutcomeUnknown, ProtocolError, WalletError
from .keys import UnresolvedKeys

logger = logging.getLogger("walletd")

T = TypeVar("T")


@dataclass
class Request(Generic[T]):
    """One call of a verb, before it meets a connection."""

    method: int
    message: Message
    response: Callable[[], Any]
    """Makes the empty response message."""
    result: Callable[[Any], T]
    """Makes the result of the response message."""
    key: str | None = None
    """The idempotency key: mutations have one, reads don't."""
    retry_of_unknown: bool = False
    """The caller knows that an earlier attempt of the key ended unknown."""
    item_keys: tuple[str, ...] = ()
    """The keys of the items of a batch that has none for all; `key` is then the one they were made from."""
    settle: Callable[[Any, Callable[[str], bool]], tuple[T, list[str]]] | None = None
    """Instead of `result`, where an OK settles some keys only: is told which keys have an unknown attempt, and says
    which of them the message settles."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how patiently to try again; always within the deadline of the call.

    Tried again are lost connections, GOAWAY, UNAVAILABLE and RESOURCE_EXHAUSTED: reads as they are, mutations with
    the same key, which the server executes at most once. The n-th wait is between half of and the whole
    `backoff_seconds * 2**(n - 1)`, at most `backoff_seconds_max`, and never below what the server asked for. Beside it
    all calls of a client share a budget: each earns a tenth of a retry; 10 are there at the start, at most 100 are saved up.
    """

    attempts_max: int = 6
    backoff_seconds: float = 0.05
    backoff_seconds_max: float = 2.0
    random: Callable[[], float] = random.random
    """A number from 0 to below 1."""

    def wait_seconds(self, attempts: int, retry_after_millis: int) -> float:
        """The wait after the given count of attempts."""
        doubled = self.backoff_seconds * (1 << min(attempts - 1, 16))
        jitter = min(doubled, self.backoff_seconds_max) * (0.5 + self.random() / 2)
        # Beyond the server's wish by the first jitter only, so that the clients it sent away don't come back at once.
        return max(jitter, retry_after_millis / 1000 + self.backoff_seconds * self.random())


class RetryBudget:
    """What a client may spend on trying again, so that a server in trouble isn't asked many times as much as before.

    Each first attempt earns a tenth of a retry; 100 are saved up at most, and 10 are there at the start.
    """

    def __init__(self) -> None:
        self._tenths = 100  # in tenths, so that they add up
        self._lock = threading.Lock()

    def earn(self) -> None:
        with self._lock:
            self._tenths = min(1_000, self._tenths + 1)

    def spend(self) -> bool:
        """False when it is spent."""
        with self._lock:
            if self._tenths < 10:
                return False
            self._tenths -= 10
            return True


class Attempts(Generic[T]):
    """The attempts of one call. The owner makes one at a time and tells what came of it to `settle`."""

    result: T

    def __init__(
        self,
        request: Request[T],
        deadline: Deadline,
        policy: RetryPolicy,
        unresolved: UnresolvedKeys,
        budget: RetryBudget | None = None,
    ) -> None:
        self.request = request
        self.payload = request.message.SerializeToString()
        self.deadline = deadline
        self._policy = policy
        self._unresolved = unresolved
        self._budget = budget or RetryBudget()
        self._budget.earn()
        self._count = 0
        self._unknown = False  # an attempt of this very call ended unknown
        if request.key is not None and request.retry_of_unknown:
            self._note_unknown(request.key)

    def settle(self, outcome: Outcome) -> float | None:
        """None when `result` is set, else the seconds to wait before the next attempt. Raises the call's error."""
        self._count += 1
        if isinstance(outcome, Failed):
            return self._failed(outcome.error, sure=not outcome.sent, retry=outcome.retry, free=outcome.leaving)
        return self._answered(outcome)

    def timed_out(self, sent: bool) -> WalletError:
        """The error to raise when the deadline passes; `sent`: while a request was under way."""
        missed = "an answer came" if sent else "the request could be sent"
        return self._final(DeadlineExceeded(f"the deadline passed before {missed}"), sure=not sent)

    def closed(self) -> WalletError:
        """The error to raise when the client is closed before an attempt."""
        return self._final(Disconnected("the client is closed"), sure=True)

    def abandoned(self) -> None:
        """The caller stopped waiting for a request under way, by a KeyboardInterrupt or a cancelled task."""
        if self.request.key is not None:
            self._note_unknown(self.request.key)

    def cancelled(self) -> WalletError:
        """What is known of a call whose task was cancelled."""
        return self._final(Cancelled("the call was cancelled"), sure=True)

    def _is_unknown(self, key: str) -> bool:
        return self._unknown or key in self._unresolved

    def _answered(self, outcome: Answered) -> float | None:
        frame = outcome.frame
        if frame.code == 0:
            self.result = self._result(frame)
            return None
        reason, error = reasons.error_of(frame)
        resolved = reasons.resolves(reason, error, frame.flags)
        if resolved:
            self._note_resolved()
        sure = resolved or bool(frame.flags & frames.NOT_EXECUTED) and not isinstance(error, ProtocolError)
        return self._failed(error, sure=sure, retry=reason in reasons.RETRIED, free=outcome.leaving)

    def _result(self, frame: frames.Frame) -> T:
        if frame.flags & frames.NOT_EXECUTED:
            raise self._final(ProtocolError("the peer answered OK and NOT_EXECUTED at once"), sure=False)
        message = self.request.response()
        try:
            message.ParseFromString(frame.payload)
        except DecodeError as error:
            raise self._final(ProtocolError(f"the answer does not parse: {error}"), sure=False)  # noqa: B904
        if self.request.settle is None:
            self._note_resolved()
            return self.request.result(message)
        try:
            result, settled = self.request.settle(message, self._is_unknown)
        except ValueError as error:
            raise self._final(ProtocolError(str(error)), sure=False)  # noqa: B904
        for key in settled:
            self._unresolved.discard(key)
        return result

    def _failed(self, error: WalletError, sure: bool, retry: bool, free: bool) -> float:
        """`sure`: this attempt had no effect and never will. `free`: another one costs nothing, since the server leaves."""
        final = self._final(error, sure)
        retry_after_millis = error.retry_after_millis if isinstance(error, NotExecuted) else 0
        wait_seconds = self._policy.wait_seconds(self._count, retry_after_millis)
        if not retry or self._count >= self._policy.attempts_max or wait_seconds >= self.deadline.remaining():
            raise final
        if not free and not self._budget.spend():
            raise final
        logger.debug("attempt %d failed, the next in %.3f s: %s", self._count, wait_seconds, error)
        return wait_seconds

    def _final(self, error: WalletError, sure: bool) -> WalletError:
        """The error of the call if this attempt is its last one."""
        key = self.request.key
        if key is not None:
            if not sure:
                self._note_unknown(key)
            if (
                self._unknown
                or key in self._unresolved
                or any(map(self._unresolved.__contains__, self.request.item_keys))
            ):
                unknown = OutcomeUnknown(f"whether it took place is unknown: {error}", key=key)
                unknown.__cause__ = error
                return unknown
        # A connection that ends gives one error to all its calls, and each call has its own key and traceback.
        error = copy.copy(error)
        error.key = key
        return error

    def _note_unknown(self, key: str) -> None:
        self._unknown = True
        self._unresolved.add(key)
        for item_key in self.request.item_keys:
            self._unresolved.add(item_key)

    def _note_resolved(self) -> None:
        self._unknown = False
        if self.request.key is not None:
            self._unresolved.discard(self.request.key)
