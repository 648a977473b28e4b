"""Results and errors of the client as JSON: names of the schema, 64-bit integers as strings, bytes as hexadecimal text."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

import walletd

# Fields of 32 bits: those of the same names are so in all messages that the client gives.
_OF_32_BITS = {
    "exponent",
    "epoch",
    "lane",
    "row_format",
    "unix_user",
    "index",
    "request_bytes_max",
    "batch_request_bytes_max",
    "response_bytes_max",
    "requests_in_flight_max",
    "idle_timeout_millis",
    "default_deadline_millis",
}
# Names that the client has and the schema hasn't.
_RENAMED = {"items": "results", "owner": "owner_id"}

_KINDS = [
    (walletd.Rejected, "rejected"),
    (walletd.OutcomeUnknown, "outcome_unknown"),
    (walletd.Unauthenticated, "unauthenticated"),
    (walletd.ProtocolError, "protocol"),
    (walletd.Disconnected, "disconnected"),
    (walletd.DeadlineExceeded, "deadline_exceeded"),
    (walletd.Cancelled, "cancelled"),
    (walletd.NotExecuted, "not_executed"),
]


def plain(value: Any, name: str = "") -> Any:
    """A value of the client; `name` is that of the field it is in."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, int):
        return value if name in _OF_32_BITS else str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, walletd.WalletError):
        return told(value)
    if isinstance(value, walletd.Wallet) and not name:  # the whole of an answer
        return {"wallet": _fields(value), "commit_seq": str(value.commit_seq)}
    if isinstance(value, walletd.CreatedToken):
        return {**plain(value.result), "token": value.token}
    if isinstance(value, walletd.BatchResult):
        items = [{"error": told(item)} if isinstance(item, Exception) else {"ok": _item(item)} for item in value.items]
        return {**_fields(value), "results": items}
    if dataclasses.is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        kind = "value" if name == "metadata" else "total"
        return [{"key" if kind == "value" else "name": key, kind: plain(member)} for key, member in value.items()]
    if isinstance(value, (tuple, list)):
        return [plain(member, name) for member in value]
    raise TypeError(f"{type(value).__name__} is no value of the client")


def _fields(value: Any) -> dict[str, Any]:
    return {
        _RENAMED.get(field.name, field.name): plain(getattr(value, field.name), field.name)
        for field in dataclasses.fields(value)
        if field.name != "items"
    }


def _item(item: walletd.ItemDone) -> dict[str, Any]:
    fields = _fields(item)
    fields["wallet_version"] = fields.pop("version")
    return fields


def failure(kind: str, message: str) -> dict[str, Any]:
    return {"kind": kind, "message": message}


def told(error: BaseException) -> dict[str, Any]:
    """An error as DRIVER.md has it."""
    kind = next((name for cls, name in _KINDS if isinstance(error, cls)), "invalid")
    shown = failure(kind, str(error))
    if not isinstance(error, walletd.WalletError):
        return shown
    shown["key"] = error.key
    if isinstance(error, (walletd.Rejected, walletd.NotExecuted)):
        shown["reason"] = error.reason
        shown["detail"] = None if error.detail is None else message(error.detail)
    if isinstance(error, walletd.NotExecuted):
        shown["retry_after_millis"] = error.retry_after_millis
    if isinstance(error, walletd.Rejected):
        shown.update(replayed=error.replayed, status=error.status, commit_seq=str(error.commit_seq), index=error.index)
        shown["cause"] = None if error.cause is None else told(error.cause)
    elif isinstance(error.__cause__, walletd.WalletError):
        shown["cause"] = told(error.__cause__)
    return shown


def message(value: Message) -> dict[str, Any]:
    """The figures of an error, which are a message of the schema."""
    return {
        field.name: _field(field, getattr(value, field.name))
        for field in value.DESCRIPTOR.fields
        if field.message_type is None or value.HasField(field.name)  # an Error may have an Error in it
    }


def _field(field: FieldDescriptor, value: Any) -> Any:
    if field.message_type is not None:
        return message(value)
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
        return value if known is None else known.name.removeprefix(prefix)
    return str(value) if field.cpp_type in (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64) else value
