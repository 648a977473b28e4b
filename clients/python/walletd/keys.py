"""Idempotency keys, and the memory of those whose outcome is unknown."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections import OrderedDict

UNRESOLVED_KEYS_MAX = 65_536


def new_key() -> str:
    """A fresh idempotency key: a UUIDv7 (RFC 9562), whose leading time keeps the server's index of keys compact."""
    millis = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (millis & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76  # version 7
    value = value & ~(0x3 << 62) | 0x2 << 62  # the variant of RFC 9562
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def counted_key(first: str, index: int) -> str:
    """The key `index` places after `first`, a UUID: counted in the bits that are neither version nor variant.

    Raises ValueError when `first` is not a UUID as `new_key` writes it.
    """
    value = uuid.UUID(first)
    if str(value) != first:
        raise ValueError(f"the key that items get theirs from is a UUID in lower case, not {first!r}")
    counted = (1 << 62) - 1
    return str(uuid.UUID(int=value.int & ~counted | (value.int + index) & counted))


class UnresolvedKeys:
    """Keys of which an attempt ended unknown and that nothing has resolved since.

    A client holds one for all its calls: when the caller repeats a key in a call of its own, a NOT_EXECUTED answer to
    that later call says nothing about the earlier attempt. Bounded; the oldest key goes when it is full.
    """

    def __init__(self, keys_max: int = UNRESOLVED_KEYS_MAX) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._keys_max = keys_max
        self._lock = threading.Lock()

    def add(self, key: str) -> None:
        with self._lock:
            self._keys[key] = None
            if len(self._keys) > self._keys_max:
                self._keys.popitem(last=False)

    def discard(self, key: str) -> None:
        if not self._keys:  # as nearly always
            return
        with self._lock:
            self._keys.pop(key, None)

    def __contains__(self, key: object) -> bool:
        if not self._keys:
            return False
        with self._lock:
            return key in self._keys
