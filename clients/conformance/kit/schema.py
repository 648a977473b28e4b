"""Messages of the schema with something in every field, and as JSON the way DRIVER.md has it."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from walletd._proto import wallet_pb2 as pb

from .failure import Failure, short

_WIDE = (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64)
_NARROW = (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_UINT32)

# Beyond what a double holds: a client that goes through one is found out.
_WIDE_FIRST = 2**53 + 1
_TIME_FIRST = 1_790_000_000_000_000

# What has to look like something.
_TEXTS = {
    "idempotency_key": "conformance-key-{}",
    "currency": "USD",
    "code": "ESIM-MB",
    "reason": "conformance.{}",
    "owner_id": "owner-{}",
    "key": "key-{:05d}",  # rising, since some clients have maps of them
    "correlation_id": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
}


class Filler:
    """Fills messages; no two numbers or texts of what one fills are the same."""

    def __init__(self) -> None:
        self._count = 0

    def fill(self, message: Message, leave: tuple[str, ...] = ()) -> Message:
        """Something in every field but those to leave; of a choice the first one."""
        chosen: set[str] = set()
        for field in message.DESCRIPTOR.fields:
            choice = field.containing_oneof
            if field.name in leave or (choice is not None and choice.name in chosen):
                continue
            if choice is not None:
                chosen.add(choice.name)
            self._set(message, field)
        return message

    def _set(self, message: Message, field: FieldDescriptor) -> None:
        self._count += 1
        if field.message_type is not None:
            self._set_message(message, field)
        elif _is_repeated(field):
            getattr(message, field.name).extend(self._scalars(field))
        else:
            setattr(message, field.name, self._scalar(field))

    def _set_message(self, message: Message, field: FieldDescriptor) -> None:
        kind = field.message_type.name
        if _is_repeated(field):
            target = getattr(message, field.name)
            for _ in range(2):
                self._inner(target.add(), kind)
        else:
            self._inner(getattr(message, field.name), kind)

    def _inner(self, message: Any, kind: str) -> None:
        message.SetInParent()
        if kind == "Error":
            self.error(message)
        elif kind == "WalletRef":  # by its id, or by its owner
            self.fill(message, leave=("id",))
        else:
            self.fill(message)

    def error(self, message: Any) -> None:
        """A refusal, with its figures."""
        message.reason = pb.ERROR_REASON_INSUFFICIENT_FUNDS
        message.message = f"refused {self._count}"
        message.commit_seq = _WIDE_FIRST + self._count
        self.fill(message.insufficient_funds)

    def _scalars(self, field: FieldDescriptor) -> list[Any]:
        if field.enum_type is None:
            return [self._scalar(field), self._scalar(field)]
        known = sorted(value.number for value in field.enum_type.values if value.number)
        self._count += 1
        at = self._count % (len(known) - 1)
        return known[at : at + 2]  # rising, since some clients have sets of them

    def _scalar(self, field: FieldDescriptor) -> Any:
        self._count += 1
        name = field.name
        if field.enum_type is not None:
            known = [value.number for value in field.enum_type.values if value.number]
            return known[self._count % len(known)]
        if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
            return True
        if field.cpp_type in _NARROW:
            return self._count % 18 + 1
        if field.cpp_type in _WIDE:
            if name == "timeout_millis":
                return 60_000 + self._count
            return (_TIME_FIRST if name.endswith("_micros") or name == "micros" else _WIDE_FIRST) + self._count
        if field.type == FieldDescriptor.TYPE_BYTES:
            return bytes((self._count + i) % 256 for i in range(32))
        return _TEXTS.get(name, f"{name.replace('_', '-')}-{{}}").format(self._count)


def shown(message: Message) -> dict[str, Any]:
    """The message as JSON, all that is set in it."""
    return {field.name: _shown(field, value) for field, value in message.ListFields()}


def _shown(field: FieldDescriptor, value: Any) -> Any:
    if _is_repeated(field):
        return [_one(field, item) for item in value]
    return _one(field, value)


def _one(field: FieldDescriptor, value: Any) -> Any:
    if field.message_type is not None:
        return shown(value)
    if field.enum_type is not None:
        return Choice(field, value)
    if field.cpp_type in _WIDE:
        return str(value)
    return value.hex() if isinstance(value, bytes) else value


class Choice(str):
    """A value of an enum: its name without the prefix, or where a client has none, its number."""

    number: int

    def __new__(cls, field: FieldDescriptor, number: int) -> Choice:
        values = field.enum_type.values_by_number
        prefix = _prefix(field)
        made = str.__new__(cls, values[number].name[len(prefix) :])
        made.number = number
        return made


def _prefix(field: FieldDescriptor) -> str:
    zero = field.enum_type.values_by_number[0].name
    return zero[: -len("UNSPECIFIED")]


def _is_repeated(field: FieldDescriptor) -> bool:
    known = getattr(field, "is_repeated", None)  # of newer versions of protobuf, which warn about `label`
    return field.label == FieldDescriptor.LABEL_REPEATED if known is None else known


def covers(got: Any, want: Any, where: str) -> None:
    """Fails unless all that is wanted is in what came; more may be."""
    if isinstance(want, Choice):
        if got not in (str(want), want.number, str(want.number)):
            raise Failure(f"{where} is {short(got)}, not {str(want)!r}")
    elif isinstance(want, dict):
        if not isinstance(got, dict):
            raise Failure(f"{where} is {short(got)}, not an object with {', '.join(want)}")
        for name, inner in want.items():
            if name not in got:
                raise Failure(f"{where}.{name} is missing: it should be {short(inner)}; there are {', '.join(got)}")
            covers(got[name], inner, f"{where}.{name}")
    elif isinstance(want, list):
        if not isinstance(got, list) or len(got) != len(want):
            raise Failure(f"{where} is {short(got)}, not {short(want)}")
        for index, (one, other) in enumerate(zip(got, want)):
            covers(one, other, f"{where}[{index}]")
    elif type(got) is not type(want) or got != want:
        raise Failure(f"{where} is {short(got)}, not {short(want)}")


def same(got: Message, want: Message, what: str) -> None:
    """Fails unless two messages are the same; a wallet without a name is "main"."""
    _normalise(got)
    _normalise(want)
    if got == want:
        return
    first, second = shown(got), shown(want)
    wrong = [
        f"{name} is {short(first.get(name))}, not {short(second.get(name))}"
        for name in {**first, **second}
        if first.get(name) != second.get(name)
    ]
    raise Failure(f"{what}: {'; '.join(wrong) or 'it has unknown fields'}")


def _normalise(message: Any) -> None:
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for one in value if _is_repeated(field) else [value]:
            if field.message_type.name == "WalletRef" and one.owner_id and not one.name:
                one.name = "main"
            _normalise(one)
