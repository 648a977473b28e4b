"""A behaviour that isn't there."""

from __future__ import annotations

import json
from typing import Any


class Failure(AssertionError):
    """Says what was expected, and what came."""


class Unsupported(Exception):
    """What a check needs isn't on this machine: a failure, too, whose text says what to install."""


class Inapplicable(Exception):
    """A check that this client can't be put to; the reason is printed, and its field in the table is a dash."""


def short(value: Any, limit: int = 400) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def expect(condition: Any, text: str) -> None:
    if not condition:
        raise Failure(text)


def equal(got: Any, want: Any, what: str) -> None:
    if got != want:
        raise Failure(f"{what} is {short(got)}, not {short(want)}")
