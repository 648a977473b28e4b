"""The mutations: each is made as an item of a batch, and alone it is a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._proto import wallet_pb2 as pb
from .money import check_amount
from .types import AnyWallet, FreezeScope, Wallet, WalletLimits, WalletRef

if TYPE_CHECKING:
    from typing_extensions import TypedDict, Unpack

    class MutationOptions(TypedDict, total=False):
        """What every mutation takes beside its own arguments."""

        key: str | None
        """Idempotency key, 8 to 64 printable ASCII characters; a UUIDv7 is made when there is none."""
        retry_of_unknown: bool
        """An attempt of `key` that this client doesn't know of, of another process perhaps, ended unknown: only OK, a
        replay or a remembered refusal will then do, everything else raises OutcomeUnknown."""
        note: str
        """At most 256 bytes."""
        reference: str
        """At most 128 bytes."""
        correlation_id: str
        """At most 64 bytes of [A-Za-z0-9._:@-]."""
        on_behalf_of: str
        """At most 64 bytes of [A-Za-z0-9._:@-]."""
        occurred_at_micros: int
        """Business time; stored, never used by a rule."""
        metadata: Mapping[str, str] | None
        """At most 16 pairs and 1 KiB."""
        dry_run: bool
        """Check everything and give the figures that would follow, but write nothing: no row, no refusal, and the key
        stays new. A key that is known already is answered as ever. Not for items of a batch, which has its own."""

    class ChangeOptions(MutationOptions, total=False):
        """What every mutation of a wallet that is there already takes beside its own arguments."""

        expected_version: int
        """The wallet's version must be this one, a transfer's is its source's; 0: not checked."""

    class PostingOptions(ChangeOptions, total=False):
        """What Debit, Credit, Capture and Refund take beside their own arguments."""

        counter_account: str
        """Empty: "sales" for a debit or a capture, "funding" for a credit, "refunds" for a refund."""


_MESSAGES: dict[str, Any] = {
    "open_wallet": pb.OpenWalletRequest,
    "debit": pb.DebitRequest,
    "credit": pb.CreditRequest,
    "transfer": pb.TransferRequest,
    "hold": pb.HoldRequest,
    "capture": pb.CaptureRequest,
    "release": pb.ReleaseRequest,
    "refund": pb.RefundRequest,
    "freeze": pb.FreezeRequest,
    "unfreeze": pb.UnfreezeRequest,
    "set_limits": pb.SetLimitsRequest,
    "close_wallet": pb.CloseWalletRequest,
}

METHODS = {verb: pb.Method.Value(f"METHOD_{verb.upper()}") for verb in _MESSAGES}

# Options that not every mutation takes.
_OWN_OPTIONS = ("expected_version", "counter_account")


@dataclass(frozen=True)
class BatchItem:
    """One mutation of a batch; made by the methods below, which take what the client's calls of the same names take.

    `key` is the item's own; in an atomic batch it must be None.
    """

    verb: str
    """Its name in the schema's BatchItem."""
    reason: str
    fields: dict[str, Any]
    key: str | None
    retry_of_unknown: bool
    options: dict[str, Any]

    @classmethod
    def open_wallet(
        cls, owner: str, currency: str, name: str = "", *, reason: str, **options: Unpack[MutationOptions]
    ) -> BatchItem:
        """Opens a wallet ("main" when no name is given) with balance 0."""
        return cls._make("open_wallet", reason, options, wallet=wallet_ref(WalletRef(0, owner, currency, name)))

    @classmethod
    def debit(cls, wallet: AnyWallet, amount: int, *, reason: str, **options: Unpack[PostingOptions]) -> BatchItem:
        """Takes `amount` minor units, from 1, out of the wallet. Raises TypeError when `amount` is not an int."""
        return cls._make("debit", reason, options, wallet=wallet_ref(wallet), amount=check_amount(amount))

    @classmethod
    def credit(cls, wallet: AnyWallet, amount: int, *, reason: str, **options: Unpack[PostingOptions]) -> BatchItem:
        """Puts `amount` minor units, from 1, into the wallet. Raises TypeError when `amount` is not an int."""
        return cls._make("credit", reason, options, wallet=wallet_ref(wallet), amount=check_amount(amount))

    @classmethod
    def transfer(
        cls, source: AnyWallet, to: AnyWallet, amount: int, *, reason: str, **options: Unpack[ChangeOptions]
    ) -> BatchItem:
        """Moves `amount` minor units, from 1, from one wallet to another of the same currency."""
        return cls._make(
            "transfer", reason, options, wallet=wallet_ref(source), to=wallet_ref(to), amount=check_amount(amount)
        )

    @classmethod
    def hold(
        cls,
        wallet: AnyWallet,
        amount: int,
        *,
        timeout_millis: int,
        reason: str,
        **options: Unpack[ChangeOptions],
    ) -> BatchItem:
        """Reserves `amount` minor units, from 1, for at most 366 days."""
        if isinstance(timeout_millis, bool) or not isinstance(timeout_millis, int):
            raise TypeError(f"timeout_millis is an int, not {type(timeout_millis).__name__}")
        own = {"amount": check_amount(amount), "timeout_millis": timeout_millis}
        return cls._make("hold", reason, options, wallet=wallet_ref(wallet), **own)

    @classmethod
    def capture(
        cls,
        hold_id: int,
        amount: int | None = None,
        *,
        currency: str = "",
        final: bool = False,
        reason: str,
        **options: Unpack[PostingOptions],
    ) -> BatchItem:
        """Takes `amount` minor units, from 1, of a hold; None: all that is left, and then the capture is final.

        A `currency` that is given must be the wallet's.
        """
        own = {"hold_id": hold_id, "amount": _part(amount), "final": final, "currency": currency}
        return cls._make("capture", reason, options, **own)

    @classmethod
    def release(cls, hold_id: int, *, reason: str, **options: Unpack[ChangeOptions]) -> BatchItem:
        """Gives back what is left of a hold."""
        return cls._make("release", reason, options, hold_id=hold_id)

    @classmethod
    def refund(
        cls,
        transaction_id: int,
        amount: int | None = None,
        *,
        currency: str = "",
        reason: str,
        **options: Unpack[PostingOptions],
    ) -> BatchItem:
        """Gives back `amount` minor units, from 1, of a debit or capture; None: all that wasn't refunded yet.

        A `currency` that is given must be the wallet's.
        """
        own = {"transaction_id": transaction_id, "amount": _part(amount), "currency": currency}
        return cls._make("refund", reason, options, **own)

    @classmethod
    def freeze(
        cls,
        wallet: AnyWallet,
        scope: FreezeScope,
        *,
        until_micros: int = 0,
        reason: str,
        **options: Unpack[ChangeOptions],
    ) -> BatchItem:
        """Stops the wallet; from `until_micros` on the freeze has no effect, 0: until it is lifted."""
        own = {"scope": FreezeScope(scope), "until_micros": until_micros}
        return cls._make("freeze", reason, options, wallet=wallet_ref(wallet), **own)

    @classmethod
    def unfreeze(
        cls, wallet: AnyWallet, scope: FreezeScope, *, reason: str, **options: Unpack[ChangeOptions]
    ) -> BatchItem:
        """Lifts the wallet's freeze, or one side of it."""
        return cls._make("unfreeze", reason, options, wallet=wallet_ref(wallet), scope=FreezeScope(scope))

    @classmethod
    def set_limits(
        cls, wallet: AnyWallet, limits: WalletLimits, *, reason: str, **options: Unpack[ChangeOptions]
    ) -> BatchItem:
        """Sets the wallet's limits, all of them."""
        return cls._make("set_limits", reason, options, wallet=wallet_ref(wallet), limits=limits.to_message())

    @classmethod
    def close_wallet(cls, wallet: AnyWallet, *, reason: str, **options: Unpack[ChangeOptions]) -> BatchItem:
        """Ends the wallet, which must be empty."""
        return cls._make("close_wallet", reason, options, wallet=wallet_ref(wallet))

    @classmethod
    def _make(cls, verb: str, reason: str, options: Mapping[str, Any], **fields: Any) -> BatchItem:
        rest = dict(options)
        known = _MESSAGES[verb].DESCRIPTOR.fields_by_name
        fields.update({name: rest.pop(name) for name in _OWN_OPTIONS if name in rest and name in known})
        key, retry_of_unknown = rest.pop("key", None), rest.pop("retry_of_unknown", False)
        return cls(verb, reason, fields, key, retry_of_unknown, rest)

    def body(self, key: str) -> Any:
        """The request of its verb. Raises TypeError for options that it doesn't take."""
        common = common_fields(**self.options)
        return _MESSAGES[self.verb](idempotency_key=key, reason=self.reason, **self.fields, **common)

    @property
    def is_dry_run(self) -> bool:
        return bool(self.options.get("dry_run"))

    def to_message(self, key: str) -> pb.BatchItem:
        return pb.BatchItem(**{self.verb: self.body(key)})


def common_fields(
    *,
    note: str = "",
    reference: str = "",
    correlation_id: str = "",
    on_behalf_of: str = "",
    occurred_at_micros: int = 0,
    metadata: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """The fields of the options that every mutation takes, beside its key. Raises TypeError for any others."""
    return {
        "note": note,
        "reference": reference,
        "correlation_id": correlation_id,
        "on_behalf_of": on_behalf_of,
        "occurred_at_micros": occurred_at_micros,
        "dry_run": dry_run,
        "metadata": [pb.MetadataEntry(key=key, value=value) for key, value in (metadata or {}).items()],
    }


def _part(amount: int | None) -> int:
    """On the wire 0 is all that is left, which nobody means who has reckoned an amount."""
    if amount is None:
        return 0
    if check_amount(amount) == 0:
        raise ValueError("an amount is from 1; without one it is all that is left")
    return amount


def wallet_ref(wallet: AnyWallet) -> pb.WalletRef:
    if isinstance(wallet, Wallet):
        wallet = wallet.ref
    if not isinstance(wallet, WalletRef):
        raise TypeError(f"a wallet is a WalletRef or a Wallet, not {type(wallet).__name__}")
    return wallet.to_message()
