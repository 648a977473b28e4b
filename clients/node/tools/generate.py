#!/usr/bin/env python3
"""Makes src/proto/types.ts and src/proto/messages.ts of proto/wallet/v1/wallet.proto. With a folder as argument it
writes there instead, so that a test can tell whether the committed files are stale."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import descriptor

HERE = Path(__file__).resolve().parent
WIDTH = 120

SCALARS = {3: "int64", 8: "bool", 9: "string", 12: "bytes", 13: "uint32"}
TYPES = {"int64": "bigint", "bool": "boolean", "string": "string", "bytes": "Uint8Array", "uint32": "number"}
ZEROS = {"int64": "0n", "bool": "false", "string": '""', "bytes": "NO_BYTES", "uint32": "0"}
MESSAGE, ENUM = 11, 14

# A message that would hide a global of the language.
RENAMED = {"Error": "ErrorInfo"}

MADE = "// Made by tools/generate.py of proto/wallet/v1/wallet.proto: change that and run `make -C clients/node generate`.\n"

TYPES_HEADER = (
    MADE
    + """//
// What the messages are. Amounts are minor units, times are microseconds since 1970 in UTC; text that isn't given is
// empty, a number that isn't given is 0.
"""
)

MESSAGES_HEADER = (
    MADE
    + """//
// The tables by which they are encoded and decoded.

import { EnumType, MessageType, NO_BYTES } from "./runtime.js";
import type * as types from "./types.js";
"""
)


def camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()


def typed(name: str) -> str:
    return RENAMED.get(name, name)


def doc(comment: str, indent: str = "") -> str:
    if not comment:
        return ""
    text = " ".join(re.sub(r"^-+ .*$", "", line).strip() for line in comment.splitlines())
    text = re.sub(r"^(?:verbs: mutations )", "", " ".join(text.split())).replace("*/", "* /")
    if not text:
        return ""
    if len(indent) + len(text) + 7 <= WIDTH:
        return f"{indent}/** {text} */\n"
    lines = textwrap.wrap(text, WIDTH - len(indent) - 3)
    return f"{indent}/**\n" + "".join(f"{indent} * {line}\n" for line in lines) + f"{indent} */\n"


def enum_names(enum: descriptor.Enum) -> "list[tuple[int, str]]":
    prefix = snake(enum.name) + "_"
    return [(number, name[len(prefix) :] if name.startswith(prefix) else name) for number, name, _ in enum.values]


def enum_type(enum: descriptor.Enum) -> str:
    union = "".join(f'  | "{name}"\n' for _, name in enum_names(enum))
    told = enum.comment + " A number that is newer than this package reads as UNKNOWN_ and the number."
    return f"{doc(told.strip())}export type {typed(enum.name)} =\n{union}  | `UNKNOWN_${{number}}`;\n"


def enum_code(enum: descriptor.Enum) -> str:
    name = typed(enum.name)
    pairs = "".join(f'  [{number}, "{text}"],\n' for number, text in enum_names(enum))
    return f'export type {name} = types.{name};\nexport const {name} = new EnumType<{name}>("{enum.name}", [\n{pairs}]);\n'


def field_type(field: descriptor.Field) -> str:
    if field.type in (MESSAGE, ENUM):
        return typed(field.type_name)
    return TYPES[SCALARS[field.type]]


def members(message: descriptor.Message) -> str:
    out, told = "", set()
    for field in message.fields:
        if field.oneof is None:
            out += doc(field.comment, "  ")
            if field.repeated:
                out += f"  {camel(field.name)}: {field_type(field)}[];\n"
            elif field.type == MESSAGE:
                out += f"  {camel(field.name)}: {field_type(field)} | undefined;\n"
            else:
                out += f"  {camel(field.name)}: {field_type(field)};\n"
        elif field.oneof not in told:
            told.add(field.oneof)
            cases = [other for other in message.fields if other.oneof == field.oneof]
            out += f"  {camel(field.oneof)}:\n"
            for case in cases:
                out += doc(case.comment, "    ")
                out += f'    | {{ case: "{camel(case.name)}"; value: {field_type(case)} }}\n'
            out += "    | undefined;\n"
    return out


def zeros(message: descriptor.Message) -> str:
    values = {}
    for field in message.fields:
        if field.oneof is not None:
            values[camel(field.oneof)] = "undefined"
        elif field.repeated:
            values[camel(field.name)] = "[]"
        elif field.type == MESSAGE:
            values[camel(field.name)] = "undefined"
        elif field.type == ENUM:
            values[camel(field.name)] = '"UNSPECIFIED"'
        else:
            values[camel(field.name)] = ZEROS[SCALARS[field.type]]
    if not values:
        return "({})"
    return "({\n" + "".join(f"    {name}: {value},\n" for name, value in values.items()) + "  })"


def table(message: descriptor.Message) -> str:
    rows = ""
    for field in message.fields:
        kind = {MESSAGE: "message", ENUM: "enum"}.get(field.type) or SCALARS[field.type]
        parts = [f"no: {field.number}", f'name: "{camel(field.name)}"', f'proto: "{field.name}"', f'kind: "{kind}"']
        if kind in ("message", "enum"):
            parts.append(f"type: () => {typed(field.type_name)}")
        if field.repeated:
            parts.append("repeated: true")
        if field.oneof is not None:
            parts.append(f'oneof: "{camel(field.oneof)}"')
        rows += f"    {{ {', '.join(parts)} }},\n"
    return f"[\n{rows}  ]" if rows else "[]"


def message_type(message: descriptor.Message) -> str:
    name, body = typed(message.name), members(message)
    shape = f"export interface {name} {{\n{body}}}\n" if body else f"export type {name} = Record<string, never>;\n"
    return doc(message.comment) + shape


def message_code(message: descriptor.Message) -> str:
    name = typed(message.name)
    return (
        f"export type {name} = types.{name};\n"
        f"export const {name}: MessageType<{name}> = new MessageType<{name}>(\n"
        f'  "{message.name}",\n  () => {zeros(message)},\n  {table(message)},\n);\n'
    )


def methods_code(schema: descriptor.Schema) -> str:
    numbers = {name: number for enum in schema.enums if enum.name == "Method" for number, name, _ in enum.values}
    out = "/** The verbs: their numbers, and the messages that they take and give. */\nexport const methods = {\n"
    for name, request, response, streams in schema.methods:
        number = numbers[f"METHOD_{snake(name)}"]
        key = name[0].lower() + name[1:]
        out += f"  {key}: {{ number: {number}, request: {typed(request)}, response: {typed(response)}"
        out += f", streams: {'true' if streams else 'false'} }},\n"
    return out + "} as const;\n"


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "src/proto"
    schema = descriptor.load(HERE.parents[2] / "proto", "wallet/v1/wallet.proto")
    unknown = {field.type for message in schema.messages for field in message.fields} - {*SCALARS, MESSAGE, ENUM}
    if unknown:
        raise SystemExit(f"field types {sorted(unknown)} are not supported")
    types = [TYPES_HEADER, *map(enum_type, schema.enums), *map(message_type, schema.messages)]
    (out / "types.ts").write_text("\n".join(types))
    parts = [*map(enum_code, schema.enums), *map(message_code, schema.messages), methods_code(schema)]
    (out / "messages.ts").write_text("\n".join([MESSAGES_HEADER, *parts]))


if __name__ == "__main__":
    main()
