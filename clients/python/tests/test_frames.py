"""The golden vectors of frames, at every split point."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from walletd.frames import PREFACE, Deframer, Frame, FrameError, FrameType, encode

VECTORS = json.loads((pathlib.Path(__file__).parents[3] / "proto/vectors/frames.json").read_text())
LIMIT = VECTORS["limit"]


def each_vector() -> Any:
    return pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])


def deframe(*pieces: bytes) -> tuple[list[Frame], str | None]:
    """The frames of these pieces and the rule of the error that ended them, if one did."""
    deframer, found = Deframer(LIMIT), []
    for piece in pieces:
        deframer.feed(piece)
        try:
            while (frame := deframer.next()) is not None:
                found.append(frame)
        except FrameError as error:
            return found, error.rule
    return found, None


def expected(vector: dict[str, Any]) -> tuple[list[Frame], str | None]:
    frames = [
        Frame(
            FrameType(frame["type"]),
            bytes.fromhex(frame["payload"]),
            frame["flags"],
            frame["code"],
            frame["request_id"],
            frame["millis"],
        )
        for frame in vector["frames"]
    ]
    return frames, vector.get("error")


@each_vector()
def test_in_two_parts_at_every_offset(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    for offset in range(len(data) + 1):
        assert deframe(data[:offset], data[offset:]) == expected(vector), offset


@each_vector()
def test_byte_by_byte(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    assert deframe(*(data[at : at + 1] for at in range(len(data)))) == expected(vector)


@each_vector()
def test_encode(vector: dict[str, Any]) -> None:
    frames, error = expected(vector)
    data = bytes.fromhex(vector["hex"])
    made = b"".join(map(encode, frames))
    assert data.startswith(made)
    if error is None and "runcated" not in vector["name"] and "half" not in vector["name"]:
        assert data == made


def test_preface() -> None:
    assert PREFACE.hex() == VECTORS["preface"]["good"]
    assert PREFACE.hex() not in VECTORS["preface"]["bad"]


def test_oversized_length_is_refused_before_the_body() -> None:
    deframer = Deframer(LIMIT)
    deframer.feed((LIMIT - 3).to_bytes(4, "big"))
    for _ in range(2):  # and it stays refused
        with pytest.raises(FrameError) as caught:
            deframer.next()
        assert caught.value.rule == "length_max"
