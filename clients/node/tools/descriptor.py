"""Reads a FileDescriptorSet as protoc writes it, with nothing but the standard library."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Union

Value = Union[int, bytes]


@dataclass
class Field:
    number: int
    name: str
    type: int
    type_name: str
    repeated: bool
    oneof: "str | None"
    comment: str


@dataclass
class Message:
    name: str
    comment: str
    fields: "list[Field]" = field(default_factory=list)


@dataclass
class Enum:
    name: str
    comment: str
    values: "list[tuple[int, str, str]]" = field(default_factory=list)  # number, name, comment


@dataclass
class Schema:
    messages: "list[Message]" = field(default_factory=list)
    enums: "list[Enum]" = field(default_factory=list)
    methods: "list[tuple[str, str, str, bool]]" = field(default_factory=list)  # name, request, response, streams


def load(proto_root: Path, proto: str) -> Schema:
    """The messages, enums and rpcs of one .proto file."""
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "set.pb"
        command = ["protoc", f"-I{proto_root}", "--include_source_info", f"--descriptor_set_out={out}", proto]
        subprocess.run(command, check=True)
        (file,) = [value for number, value in _fields(out.read_bytes()) if number == 1]
    assert isinstance(file, bytes)
    return _schema(file)


def _schema(file: bytes) -> Schema:
    comments = _comments(file)
    schema = Schema()
    counts = {4: 0, 5: 0}
    for number, value in _fields(file):
        if number == 4:
            schema.messages.append(_message(_bytes(value), (4, counts[4]), comments))
            counts[4] += 1
        elif number == 5:
            schema.enums.append(_enum(_bytes(value), (5, counts[5]), comments))
            counts[5] += 1
        elif number == 6:
            for inner, method in _fields(_bytes(value)):
                if inner == 2:
                    parts = dict(_fields(_bytes(method)))
                    request, response = _short(parts[2]), _short(parts[3])
                    schema.methods.append((_text(parts[1]), request, response, bool(parts.get(6, 0))))
    return schema


def _message(data: bytes, path: "tuple[int, ...]", comments: "dict[tuple[int, ...], str]") -> Message:
    parts = list(_fields(data))
    if any(number in (3, 4) for number, _ in parts):
        raise ValueError("messages and enums inside of messages are not supported")
    oneofs = [_text(dict(_fields(_bytes(value)))[1]) for number, value in parts if number == 8]
    message = Message(_text(dict(parts)[1]), comments.get(path, ""))
    for index, value in enumerate(value for number, value in parts if number == 2):
        own = dict(_fields(_bytes(value)))
        if own.get(17):
            raise ValueError("optional scalars are not supported")
        message.fields.append(
            Field(
                number=int(own[3]),
                name=_text(own[1]),
                type=int(own[5]),
                type_name=_short(own[6]) if 6 in own else "",
                repeated=own[4] == 3,
                oneof=oneofs[int(own[9])] if 9 in own else None,
                comment=comments.get((*path, 2, index), ""),
            )
        )
    return message


def _enum(data: bytes, path: "tuple[int, ...]", comments: "dict[tuple[int, ...], str]") -> Enum:
    parts = list(_fields(data))
    enum = Enum(_text(dict(parts)[1]), comments.get(path, ""))
    for index, value in enumerate(value for number, value in parts if number == 2):
        own = dict(_fields(_bytes(value)))
        enum.values.append((int(own.get(2, 0)), _text(own[1]), comments.get((*path, 2, index), "")))
    return enum


def _comments(file: bytes) -> "dict[tuple[int, ...], str]":
    """What is said of each element, by its path: in front of it, and behind it."""
    found = {}
    for number, value in _fields(file):
        if number != 9:
            continue
        for _, location in _fields(_bytes(value)):
            parts = dict(_fields(_bytes(location)))
            said = [_text(parts[place]).strip() for place in (3, 4) if place in parts]
            if said:
                found[tuple(_varints(_bytes(parts.get(1, b""))))] = " ".join(said)
    return found


def _fields(data: bytes) -> "Iterator[tuple[int, Value]]":
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        if tag & 7 == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
        elif tag & 7 == 2:
            length, at = _varint(data, at)
            yield tag >> 3, data[at : at + length]
            at += length
        else:
            raise ValueError(f"wire type {tag & 7} in a descriptor")


def _varint(data: bytes, at: int) -> "tuple[int, int]":
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varints(data: bytes) -> "Iterator[int]":
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _bytes(value: Value) -> bytes:
    assert isinstance(value, bytes)
    return value


def _text(value: Value) -> str:
    return _bytes(value).decode()


def _short(value: Value) -> str:
    return _text(value).rsplit(".", 1)[-1]
