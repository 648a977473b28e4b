"""Deadlines on the monotonic clock."""

from __future__ import annotations

import time
from typing import Callable

_MILLIS_MAX = 2**32 - 1


class Deadline:
    """The instant at which a call gives up: all its attempts, waits and connecting included."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`seconds` from now. Raises ValueError unless it is above 0 and finite."""
        if not 0 < seconds < float("inf"):
            raise ValueError(f"a timeout is a number of seconds above 0, not {seconds!r}")
        self._clock = clock
        self._at = clock() + seconds

    def remaining(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._at - self._clock())

    def server_millis(self) -> int:
        """The deadline to tell the server: nine tenths of what is left, at least 1.

        The server then gives up first, and its sure NOT_EXECUTED arrives before the client has to call the outcome
        unknown. 0 would mean the server's default.
        """
        return min(max(1, int(self.remaining() * 900)), _MILLIS_MAX)
