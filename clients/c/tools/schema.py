"""Reads wallet.proto: its messages and enums with their comments. It knows as much of the language as that file uses."""

import re
from dataclasses import dataclass, field


@dataclass
class Field:
    name: str
    type: str
    tag: int
    repeated: bool = False
    oneof: str = ""
    doc: str = ""


@dataclass
class Message:
    name: str
    doc: str
    fields: list = field(default_factory=list)

    @property
    def oneofs(self):
        return list(dict.fromkeys(one.oneof for one in self.fields if one.oneof))


@dataclass
class Enum:
    name: str
    doc: str
    values: list = field(default_factory=list)  # of (name, number, doc)


@dataclass
class Call:
    name: str
    request: str
    response: str
    streams: bool


FIELD = re.compile(r"(repeated )?([A-Za-z0-9]+) ([a-z0-9_]+) = (\d+);(?:\s*//\s*(.*))?$")
VALUE = re.compile(r"([A-Z0-9_]+) = (\d+);(?:\s*//\s*(.*))?$")
RPC = re.compile(r"rpc (\w+)\((\w+)\) returns \((stream )?(\w+)\);")


def read(path):
    """The messages, the enums and the calls of the service, each in the order of the file."""
    messages, enums, calls = [], [], []
    comment, current, oneof = [], None, ""
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if line.startswith("//"):
            comment.append(line[2:].strip())
            continue
        if found := re.match(r"(message|enum) (\w+) \{", line):
            kind, into = (Message, messages) if found[1] == "message" else (Enum, enums)
            current = kind(found[2], " ".join(comment))
            into.append(current)
        elif found := re.match(r"oneof (\w+) \{", line):
            oneof = found[1]
        elif found := RPC.match(line):
            calls.append(Call(found[1], found[2], found[4], bool(found[3])))
        elif line == "}":
            if oneof:
                oneof = ""
            else:
                current = None
        elif isinstance(current, Message) and (found := FIELD.match(line)):
            doc = found[5] or " ".join(comment)
            current.fields.append(Field(found[3], found[2], int(found[4]), bool(found[1]), oneof, doc))
        elif isinstance(current, Enum) and (found := VALUE.match(line)):
            current.values.append((found[1], int(found[2]), found[3] or " ".join(comment)))
        elif current is not None and line and not line.startswith("reserved"):
            raise ValueError(f"this line isn't understood: {line}")
        comment = []
    return messages, enums, calls
