"""What goes into calls and what comes out of them.

Amounts are ints of minor units of the wallet's currency (`exponent` digits after the point); times are ints of
microseconds since 1970-01-01 UTC, 0 when not given. `commit_seq` is a place in the journal: of the mutation itself, or
the last durable one, which a read reflects.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any, TypeVar, Union

from ._proto import wallet_pb2 as pb
from .errors import OutcomeUnknown, Rejected
from .money import check_amount

T = TypeVar("T")
E = TypeVar("E", bound="_OpenEnum")


class _OpenEnum(IntEnum):
    """An enum of the server, which may be newer: unknown numbers become members called UNKNOWN_<number>."""

    @classmethod
    def _missing_(cls: type[E], value: object) -> E | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member


class WalletStatus(_OpenEnum):
    UNSPECIFIED = 0
    OPEN = 1
    CLOSED = 2


class TransactionKind(_OpenEnum):
    UNSPECIFIED = 0
    OPEN = 1
    DEBIT = 2
    CREDIT = 3
    TRANSFER_OUT = 4
    TRANSFER_IN = 5
    HOLD = 6
    CAPTURE = 7
    RELEASE = 8
    EXPIRE = 9
    REFUND = 10
    FREEZE = 11
    UNFREEZE = 12
    SET_LIMITS = 13
    CLOSE = 14


class FreezeScope(_OpenEnum):
    """What a freeze stops."""

    UNSPECIFIED = 0
    DEBIT = 1
    """Nothing may be taken out, held or captured."""
    CREDIT = 2
    """Nothing may be put in."""
    ALL = 3


class LimitKind(_OpenEnum):
    """Which limit a mutation would have passed: of `LimitExceeded.kind`."""

    UNSPECIFIED = 0
    TRANSACTION_AMOUNT = 1
    DAY_AMOUNT = 2
    DAY_COUNT = 3
    WEEK_AMOUNT = 4
    WEEK_COUNT = 5
    MONTH_AMOUNT = 6
    MONTH_COUNT = 7


@dataclass(frozen=True)
class WindowLimit:
    """What may be taken out of a wallet in a day, a week or a month: minor units, and how often. 0: no such limit."""

    amount: int = 0
    count: int = 0


@dataclass(frozen=True)
class WalletLimits:
    """What a wallet's owner may do, as a whole. Amounts are minor units; 0: no such limit, but for `overdraft_limit`.

    Days, ISO weeks (from Monday) and months are those of UTC, by the time at which a transaction is stored. Debits,
    outgoing transfers and holds count; what a hold didn't use is given back when it ends.
    """

    overdraft_limit: int = 0
    """How far the balance may fall below zero."""
    max_balance: int = 0
    max_amount: int = 0
    """Of one debit, outgoing transfer or hold."""
    day: WindowLimit = WindowLimit()
    week: WindowLimit = WindowLimit()
    month: WindowLimit = WindowLimit()

    @classmethod
    def from_message(cls, message: pb.WalletLimits) -> WalletLimits:
        day, week, month = (WindowLimit(window.amount, window.count) for window in (message.day, message.week, message.month))
        return cls(message.overdraft_limit, message.max_balance, message.max_amount, day, week, month)

    def to_message(self) -> pb.WalletLimits:
        """Raises TypeError when a limit is not an int."""
        windows = {"day": self.day, "week": self.week, "month": self.month}
        return pb.WalletLimits(
            overdraft_limit=check_amount(self.overdraft_limit),
            max_balance=check_amount(self.max_balance),
            max_amount=check_amount(self.max_amount),
            **{
                name: pb.WindowLimit(amount=check_amount(window.amount), count=check_amount(window.count))
                for name, window in windows.items()
                if window != WindowLimit()
            },
        )


@dataclass(frozen=True)
class WalletRef:
    """Names a wallet: either by `id`, or by `owner`, `currency` and `name` ("main" when not given).

    Beside an `id`, a `currency` may be given and must then be the wallet's. Raises ValueError for other combinations.
    """

    id: int = 0
    owner: str = ""
    currency: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if bool(self.id) == bool(self.owner):
            raise ValueError("a wallet is named by its id or by its owner")
        if self.owner and not self.currency:
            raise ValueError("a wallet that is named by its owner needs a currency")
        if self.id and self.name:
            raise ValueError("a wallet that is named by its id takes no name")
        if self.owner and not self.name:
            object.__setattr__(self, "name", "main")

    def to_message(self) -> pb.WalletRef:
        return pb.WalletRef(id=self.id, owner_id=self.owner, currency=self.currency, name=self.name)


@dataclass(frozen=True)
class Wallet:
    """A wallet as it is after `version` transactions; `available` is balance - held + overdraft_limit."""

    id: int
    owner_id: str
    currency: str
    exponent: int
    name: str
    status: WalletStatus
    balance: int
    held: int
    available: int
    overdraft_limit: int
    version: int
    created_at_micros: int
    created_by: str
    updated_at_micros: int
    updated_by: str
    expiry_pending: bool
    """Holds have ended whose rows aren't written yet; `held` and `available` are without them."""
    commit_seq: int

    @property
    def ref(self) -> WalletRef:
        return WalletRef(id=self.id)


AnyWallet = Union[WalletRef, Wallet]


@dataclass(frozen=True)
class Balance:
    wallet_id: int
    balance: int
    held: int
    available: int
    version: int
    currency: str
    exponent: int
    overdraft_limit: int
    expiry_pending: bool
    """Holds have ended whose rows aren't written yet; `held` and `available` are without them."""
    commit_seq: int


@dataclass(frozen=True)
class BalanceAt:
    """A wallet's figures as they were; `available` is balance - held + overdraft_limit."""

    wallet_id: int
    balance: int
    held: int
    available: int
    overdraft_limit: int
    version: int
    transaction_id: int
    """The transaction that made it so."""
    created_at_micros: int
    """When that transaction was stored."""
    currency: str
    exponent: int
    commit_seq: int


@dataclass(frozen=True)
class TransactionFilter:
    """Which of a wallet's transactions are listed. What is left at its default excludes nothing.

    Amounts are minor units: of the change of the balance without its sign, or of what a hold reserves.
    """

    from_micros: int = 0
    """Stored at or after it."""
    before_micros: int = 0
    """Stored before it; 0: no end."""
    kinds: Collection[TransactionKind] = ()
    """One of them; empty: all."""
    reason: str = ""
    actor: str = ""
    reference: str = ""
    min_amount: int = 0
    max_amount: int = 0
    """0: no bound."""

    def to_message(self) -> pb.TransactionFilter:
        """Raises TypeError when a time or an amount is not an int."""
        kinds: Any = sorted(int(kind) for kind in self.kinds)
        return pb.TransactionFilter(
            from_micros=check_amount(self.from_micros),
            before_micros=check_amount(self.before_micros),
            kinds=kinds,
            reason=self.reason,
            actor=self.actor,
            reference=self.reference,
            min_amount=check_amount(self.min_amount),
            max_amount=check_amount(self.max_amount),
        )


@dataclass(frozen=True)
class RefusalFilter:
    """Which refusals are listed. What is left at its default excludes nothing."""

    wallet: AnyWallet | None = None
    """Those that its address led to, and those of before it was opened."""
    from_micros: int = 0
    """Stored at or after it."""
    before_micros: int = 0
    """Stored before it; 0: no end."""
    reasons: Collection[str] = ()
    """One of them, such as "INSUFFICIENT_FUNDS"; empty: all."""
    actor: str = ""
    owner: str = ""
    """As the requests named it."""


@dataclass(frozen=True)
class Transaction:
    """One immutable row of the journal. `amount` is the signed change of the balance, `balance` the one after it."""

    id: int
    kind: TransactionKind
    wallet_id: int
    wallet_version: int
    amount: int
    held_change: int
    balance: int
    held: int
    overdraft_limit: int
    counter_account: str
    counter_wallet_id: int
    hold_id: int
    """The hold that it made, captured, released or ended; 0: none."""
    related_transaction_id: int
    actor: str
    on_behalf_of: str
    reason: str
    note: str
    reference: str
    idempotency_key: str
    request_digest: bytes
    correlation_id: str
    source: str
    client_name: str
    metadata: Mapping[str, str]
    occurred_at_micros: int
    created_at_micros: int
    detail: bytes
    digest: bytes
    lane: int
    row_format: int


@dataclass(frozen=True)
class MutationResult:
    """What a mutation did, and the wallet's figures right after it.

    `key` is the idempotency key it went under. `replayed`: the key was known, and this is its first result again.
    `dry_run`: nothing was written; the figures are those that would follow, and the transaction has id 0 and no digest.
    """

    key: str
    transaction: Transaction
    balance: int
    held: int
    available: int
    version: int
    currency: str
    exponent: int
    replayed: bool
    commit_seq: int
    dry_run: bool


@dataclass(frozen=True)
class TransferResult:
    """What a transfer did: the row that took the amount out, with the source's figures, and the row that put it in.

    `key` is the idempotency key it went under. `replayed`: the key was known, and this is its first result again.
    """

    key: str
    source: MutationResult
    destination: Transaction
    """It shows the destination after it."""
    replayed: bool
    commit_seq: int
    dry_run: bool


@dataclass(frozen=True)
class AdministrationRow:
    """One immutable row of the journal that changes no wallet: what an administrator did."""

    id: int
    verb: int
    """The number of the method, such as 512 for RegisterCurrency."""
    subject: str
    """The currency's code, the counter-account's name, or the principal of a token that was created."""
    exponent: int
    """Of a currency."""
    token_id: int
    """That was created or revoked; else 0."""
    actor: str
    on_behalf_of: str
    reason: str
    note: str
    reference: str
    idempotency_key: str
    request_digest: bytes
    correlation_id: str
    source: str
    client_name: str
    metadata: Mapping[str, str]
    occurred_at_micros: int
    created_at_micros: int
    detail: bytes
    digest: bytes
    lane: int
    row_format: int


@dataclass(frozen=True)
class Token:
    """What an administrator granted: a principal to whoever has a secret, a certificate or is a Unix user."""

    token_id: int
    """The place of its row in the journal."""
    principal: str
    """The actor of each row that it writes."""
    kind: int
    """1: a secret; 2: a certificate, with `certificate_name`; 3: a Unix user, with `unix_user`."""
    certificate_name: str
    unix_user: int
    scopes: tuple[str, ...]
    currencies: tuple[str, ...]
    """Only wallets in one of them; empty: in all."""
    owner_prefix: str
    """Only wallets of owners whose ids begin so; empty: of all."""
    max_amount: int
    """Of one mutation, in minor units; 0: no bound."""
    expires_at_micros: int
    """0: never."""
    created_at_micros: int
    revoked_at_micros: int
    """0: it wasn't."""


@dataclass(frozen=True)
class TokenPage:
    """Tokens by rising id."""

    tokens: tuple[Token, ...]
    next_cursor: str
    """Empty: that was all."""
    commit_seq: int


@dataclass(frozen=True)
class CreatedToken:
    """A token that was created, with its secret: the server keeps a SHA-256 of it alone, so it is here or nowhere."""

    token: str | None = field(repr=False)
    """What the caller gives as its token; None of a dry run, and of a grant to a certificate or a Unix user."""
    result: AdministrationResult


@dataclass(frozen=True)
class AdministrationResult:
    """What an administrator's mutation did.

    `key` is the idempotency key it went under. `replayed`: the key was known, and this is its first result again.
    """

    key: str
    row: AdministrationRow
    replayed: bool
    commit_seq: int
    dry_run: bool
    """Nothing was written; the row has id 0 and no digest."""


@dataclass(frozen=True)
class CurrencyBalance:
    """What the wallets of a currency have in all, and what stands against them, in minor units."""

    currency: str
    exponent: int
    wallets_total: int
    counter_accounts: Mapping[str, int]
    """By name; those that were posted to."""
    difference: int
    """The sum of all: anything but 0 is a fault of the server."""
    registered: bool
    """By register_currency, not by ISO 4217."""


@dataclass(frozen=True)
class TrialBalance:
    currencies: tuple[CurrencyBalance, ...]
    """By code."""
    counter_accounts: tuple[str, ...]
    """All there are, by name."""
    commit_seq: int


@dataclass(frozen=True)
class ItemDone:
    """What an item of a batch did, and its wallet's figures right after it; those of a transfer are its source's."""

    key: str
    """The idempotency key it went under; that of the batch if it was atomic."""
    transaction_id: int
    wallet_id: int
    version: int
    balance: int
    held: int
    available: int
    currency: str
    exponent: int
    replayed: bool
    transaction: Transaction | None
    """With full_results only."""


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch.

    `items` has one entry for each item, in their order: ItemDone, or the error as a value. Rejected: nothing moved.
    OutcomeUnknown: an earlier attempt of that item may have taken place, and this answer doesn't tell; call again with
    the same items and key. An atomic batch has ItemDone only.
    """

    key: str
    """The key of an atomic batch, or the one from which items without a key got theirs."""
    items: tuple[ItemDone | Rejected | OutcomeUnknown, ...]
    replayed: bool
    """An atomic batch, answered again."""
    commit_seq: int
    dry_run: bool
    """Nothing was written; items that would be done have the transaction id 0."""

    @property
    def rejected(self) -> list[tuple[int, Rejected]]:
        """The items that were rejected, with their indices."""
        return [(index, item) for index, item in enumerate(self.items) if isinstance(item, Rejected)]


@dataclass(frozen=True)
class BalanceSum:
    """What a wallet's rows of one kind and reason come to; without a reason, all that have no sum of their own."""

    kind: TransactionKind
    reason: str
    count: int
    amount: int
    """Signed."""
    held_change: int


@dataclass(frozen=True)
class HoldInfo:
    """An open hold; `amount` is what was reserved, `remaining` what still is."""

    hold_id: int
    amount: int
    captured: int
    remaining: int
    created_at_micros: int
    ends_at_micros: int
    reason: str
    reference: str


@dataclass(frozen=True)
class FreezeInfo:
    """A freeze in effect; `until_micros` 0: until it is lifted."""

    scope: FreezeScope
    reason: str
    since_micros: int
    until_micros: int


@dataclass(frozen=True)
class LimitUse:
    """How much of a limit is used: minor units, or a count; `window_end_micros` is 0 where there is no window."""

    kind: LimitKind
    limit: int
    used: int
    remaining: int
    window_end_micros: int


@dataclass(frozen=True)
class BalanceExplanation:
    """Why a wallet's balance is what it is, at one place of the journal."""

    wallet: Wallet
    opening_balance: int
    """Before the first row that was added up."""
    opening_version: int
    """The wallet's version then; 0: it is explained from its beginning."""
    opening_at_micros: int
    """When the first row that was added up was stored; 0 when there is none."""
    sums: tuple[BalanceSum, ...]
    """By kind and reason, the largest amounts first."""
    holds: tuple[HoldInfo, ...]
    """Open ones, by their ends."""
    freezes: tuple[FreezeInfo, ...]
    """In effect."""
    frozen_amount: int
    """What a freeze of debits keeps from being spent."""
    limits: WalletLimits
    limit_uses: tuple[LimitUse, ...]
    """One for each limit that is set and that something counts for."""
    last_changes: tuple[Transaction, ...]
    """Newest first."""
    rows_recomputed: int
    equal: bool
    """The sum, and each row's figures, are those of the wallet."""
    difference: str
    """What doesn't fit; empty when all does."""
    chain_verified_to: int
    """The links of all rows that were read are right, up to this transaction; 0: one isn't."""
    commit_seq: int


@dataclass(frozen=True)
class WalletPage:
    wallets: tuple[Wallet, ...]
    next_cursor: str
    """Empty: that was all."""
    commit_seq: int


@dataclass(frozen=True)
class TransactionPage:
    transactions: tuple[Transaction, ...]
    next_cursor: str
    """Empty: that was all."""
    currency: str
    exponent: int
    commit_seq: int


@dataclass(frozen=True)
class Refusal:
    """One immutable row of the journal: a mutation that was refused for a business reason."""

    id: int
    verb: str
    """Such as "DEBIT"; a bare number if newer than this."""
    error: Rejected
    """As its caller was told."""
    wallet_id: int
    """The wallet that the address led to; 0: it led to none."""
    wallet: WalletRef | None
    """As it was given; None where the request named a hold or a transaction instead."""
    amount: int
    counter_account: str
    currency: str
    """Of the wallet, or else as it was given."""
    exponent: int
    """Of the currency; 0 where that isn't known."""
    actor: str
    on_behalf_of: str
    reason: str
    note: str
    reference: str
    idempotency_key: str
    request_digest: bytes
    correlation_id: str
    source: str
    client_name: str
    metadata: Mapping[str, str]
    occurred_at_micros: int
    created_at_micros: int
    digest: bytes
    lane: int
    row_format: int


@dataclass(frozen=True)
class RefusalPage:
    refusals: tuple[Refusal, ...]
    next_cursor: str
    """Empty: that was all."""
    commit_seq: int


@dataclass(frozen=True)
class WatchEvent:
    """A transaction as it was committed, or nothing but a place to go on from."""

    transaction: Transaction | None
    """None: nothing happened that the watch is about, but there is a new token. The first event of a watch is such a one
    and tells that it stands, unless it began with that very token."""
    balance_before: int
    held_before: int
    currency: str
    exponent: int
    resume_token: str
    """A watch that begins with it goes on behind this event."""
    commit_seq: int
    """The transaction's place in the journal, or that up to which the server has looked."""


@dataclass(frozen=True)
class Pong:
    server_time_micros: int
    commit_seq: int


@dataclass(frozen=True)
class Schema:
    file_descriptor_set: bytes
    """A serialised google.protobuf.FileDescriptorSet."""
    digest: bytes
    """Its SHA-256."""
    commit_seq: int


@dataclass(frozen=True)
class Limits:
    """Every limit of a connection; each is a setting of the server."""

    request_bytes_max: int
    batch_request_bytes_max: int
    response_bytes_max: int
    requests_in_flight_max: int
    idle_timeout_millis: int
    default_deadline_millis: int


@dataclass(frozen=True)
class JournalHead:
    """Keep it elsewhere: whoever has it can tell whether the journal before it was changed."""

    seq: int
    digest: bytes


@dataclass(frozen=True)
class VerifyProgress:
    stage: str
    """`journal`, `wallets`, `totals`, `keys`, `copy` or `integrity`."""
    done: int
    total: int
    """0 where it isn't known."""


@dataclass(frozen=True)
class VerifyFinding:
    """Something that isn't as it must be."""

    what: str
    """Such as `digest`, `wallet.balance` or `key`."""
    wallet_id: int
    """0 where it is no wallet's."""
    seq: int
    """The row of the journal; 0 where it is none's."""
    expected: str
    found: str


@dataclass(frozen=True)
class VerifyReport:
    head: JournalHead
    """Up to which everything was verified: what one keeps elsewhere, and gives to a later verification."""
    rows: int
    wallets: int
    keys: int
    findings: int
    findings_told: int
    """Of them, those that were told one by one."""
    integrity_checked: bool
    integrity_skipped_because: str
    micros: int
    """How long it took."""
    commit_seq: int


AnyVerifyEvent = Union[VerifyProgress, VerifyFinding, VerifyReport]


_Bytes = bytes  # BackupReport has a field of that name


@dataclass(frozen=True)
class BackupProgress:
    stage: str
    """`copy`, `verify …`, `rows` or `seal`."""
    done: int
    total: int
    """0 where it isn't known."""


@dataclass(frozen=True)
class BackupReport:
    """A backup that is in the server's folder, whole and verified."""

    file: str
    """Beside it lies a manifest of the same name that ends with `.json`."""
    head: JournalHead
    """The last row in it."""
    epoch: int
    bytes: int
    sha256: _Bytes
    """Of the file."""
    incremental: bool
    base_seq: int
    """Of an increment: the row that it goes on behind."""
    rows: int
    old: bool
    """Nothing has come since this file, so none was made."""
    micros: int
    """How long it took."""
    commit_seq: int


AnyBackupEvent = Union[BackupProgress, BackupReport]


@dataclass(frozen=True)
class ServerInfo:
    server_name: str
    ledger_id: str
    epoch: int
    head: JournalHead
    server_time_micros: int
    limits: Limits
    schema_digest: bytes
    storage: str
    started_at_micros: int
    mutations_available: bool
    mutations_unavailable_because: str
    commit_seq: int
    build: str
    """`"release"` or `"debug"`; empty where an older server doesn't say."""


def from_message(cls: type[T], message: Any, **given: Any) -> T:
    """`cls` from the fields of the same names of a protobuf message, except those given."""
    names, read = _reader(cls, tuple(given))  # type: ignore[arg-type]
    return cls(**dict(zip(names, read(message))), **given)


@functools.lru_cache(maxsize=None)
def _reader(cls: type[Any], given: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The fields that a message has, and what reads them."""
    names = tuple(field.name for field in fields(cls) if field.name not in given)
    if len(names) == 1:
        return names, lambda message: (getattr(message, names[0]),)
    return names, operator.attrgetter(*names)


def wallet_of(message: pb.Wallet, commit_seq: int) -> Wallet:
    return from_message(Wallet, message, status=WalletStatus(message.status), commit_seq=commit_seq)


def transaction_of(message: pb.Transaction) -> Transaction:
    metadata = {entry.key: entry.value for entry in message.metadata}
    return from_message(Transaction, message, kind=TransactionKind(message.kind), metadata=metadata)
