"""Streams: what has arrived and wasn't read yet, for threads and for asyncio. No sockets.

The connection carries other calls too, so it is always read. A reader that falls behind by more than its queue takes has
its stream cancelled; what the queue took is still read.
"""

from __future__ import annotations

import asyncio
import copy
import threading
from collections import deque
from dataclasses import dataclass
from typing import Callable, Generic, TypeVar, Union

from google.protobuf.message import DecodeError, Message

from . import reasons
from .core import Answered, Failed, Happened
from .errors import Disconnected, NotExecuted, ProtocolError
from .frames import Frame

QUEUE_BYTES_MAX = 1024 * 1024
EVENT_BYTES_MIN = 100  # what an event counts for at least, with what Python needs for it
SILENCE_SECONDS_MAX = 45.0
"""A server gives a sign of life each 15 seconds. One that doesn't is gone, whatever TCP says."""

M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class StreamRequest(Generic[M]):
    """One stream of a verb, before it meets a connection."""

    method: int
    message: Message
    event: Callable[[], M]
    """Makes the empty message of an event."""

    def parse(self, frame: Frame) -> M:
        event = self.event()
        try:
            event.ParseFromString(frame.payload)
        except DecodeError as error:
            raise ProtocolError(f"an event does not parse: {error}") from error
        return event


class ReaderTooSlow(NotExecuted):
    """More events waited to be read than the client keeps."""


@dataclass(frozen=True)
class Overrun:
    """The end of a stream whose reader was too slow."""


Item = Union[Happened, Answered, Failed, Overrun]


class _Pending:
    """The events between connection and reader; what happens to them, without the waiting."""

    def __init__(self, bytes_max: int) -> None:
        self._items: deque[Item] = deque()
        self._bytes = 0
        self._bytes_max = bytes_max
        self._over = False

    def add(self, item: Item) -> bool:
        """Whether it was taken; if not, the stream is to be cancelled or has ended already."""
        if self._over:
            return True
        if isinstance(item, Happened):
            size = max(EVENT_BYTES_MIN, len(item.frame.payload))
            # One event always fits, or a stream of long ones would never go on.
            if self._bytes and self._bytes + size > self._bytes_max:
                self._over = True
                self._items.append(Overrun())
                return False
            self._bytes += size
        else:
            self._over = True
        self._items.append(item)
        return True

    def has_any(self) -> bool:
        return bool(self._items)

    def pop(self) -> Item | None:
        if not self._items:
            return None
        item = self._items.popleft()
        if isinstance(item, Happened):
            self._bytes -= max(EVENT_BYTES_MIN, len(item.frame.payload))
        return item


class EventQueue:
    """For a reader on any thread."""

    def __init__(self, bytes_max: int) -> None:
        self._pending = _Pending(bytes_max)
        self._changed = threading.Condition()
        self.cancel: Callable[[], None] = lambda: None
        """Ends the stream at the server; set by the connection."""

    def put(self, item: Item) -> None:
        with self._changed:
            taken = self._pending.add(item)
            self._changed.notify()
        if not taken:
            self.cancel()

    def get(self, timeout: float) -> Item | None:
        """None when nothing came in time."""
        with self._changed:
            self._changed.wait_for(self._pending.has_any, timeout)
            return self._pending.pop()


class AsyncEventQueue:
    """For a reader on the connection's loop. It has the face of a Future, as which the connection knows waiters."""

    def __init__(self, bytes_max: int) -> None:
        self._pending = _Pending(bytes_max)
        self._changed = asyncio.Event()
        self.cancel: Callable[[], None] = lambda: None

    def done(self) -> bool:
        return False

    def set_result(self, item: Item) -> None:
        if not self._pending.add(item):
            self.cancel()
        self._changed.set()

    async def get(self, timeout: float) -> Item | None:
        """None when nothing came in time."""
        item = self._pending.pop()
        if item is None:
            self._changed.clear()
            waiting = asyncio.ensure_future(self._changed.wait())
            try:
                await asyncio.wait((waiting,), timeout=timeout)
            finally:
                waiting.cancel()
            item = self._pending.pop()
        return item


def ended(item: Item | None) -> None:
    """The end of a stream that had events: returns when it is a good one, else raises why."""
    if item is None:
        raise Disconnected("the server gave no sign of life")
    if isinstance(item, Overrun):
        raise ReaderTooSlow(f"more than {QUEUE_BYTES_MAX} bytes of events wait to be read")
    if isinstance(item, Failed):
        raise copy.copy(item.error)  # a connection that ends gives one error to all its calls
    assert isinstance(item, Answered)
    if item.frame.code != 0:
        raise reasons.error_of(item.frame)[1]
