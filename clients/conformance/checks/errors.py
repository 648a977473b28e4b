"""Every reason, with its typed figures and its kind."""

from __future__ import annotations

import time
from typing import Any

from kit.case import Case, behaviour
from kit.failure import Failure, equal, expect
from kit.fake import NOT_EXECUTED, REPLAYED, STATUS, FrameType, Peer, pb
from kit.schema import Filler, covers, shown

R = "conformance"
ARGS: dict[str, Any] = {"wallet": {"id": "7"}, "amount": "1", "reason": R}

# What the server could not do, rather than would not.
COULD_NOT = {
    "UNAVAILABLE": "not_executed",
    "RESOURCE_EXHAUSTED": "not_executed",
    "CANCELLED": "not_executed",
    "INTERNAL": "not_executed",
    "DEADLINE_EXCEEDED": "deadline_exceeded",
    "UNAUTHENTICATED": "unauthenticated",
}
DETAILS = {
    "INVALID_FRAME": "frame_limit",
    "UNAUTHENTICATED": "scope",
    "PERMISSION_DENIED": "scope",
    "UNIMPLEMENTED": "unimplemented",
    "RESOURCE_EXHAUSTED": "retry_after",
    "UNAVAILABLE": "retry_after",
    "INVALID_ARGUMENT": "invalid_argument",
    "IDEMPOTENCY_MISMATCH": "idempotency_mismatch",
    "CURRENCY_UNKNOWN": "currency",
    "CURRENCY_EXISTS": "currency",
    "CURRENCY_MISMATCH": "currency",
    "COUNTER_ACCOUNT_UNKNOWN": "counter_account",
    "COUNTER_ACCOUNT_EXISTS": "counter_account",
    "WALLET_NOT_FOUND": "wallet",
    "WALLET_EXISTS": "wallet",
    "SAME_WALLET": "wallet",
    "TRANSACTION_NOT_FOUND": "transaction",
    "NOT_REFUNDABLE": "transaction",
    "WALLET_CLOSED": "wallet",
    "WALLET_FROZEN": "wallet_frozen",
    "WALLET_NOT_EMPTY": "wallet_not_empty",
    "VERSION_CONFLICT": "version_conflict",
    "HOLD_NOT_FOUND": "hold",
    "HOLD_CAPTURED": "hold",
    "HOLD_RELEASED": "hold",
    "HOLD_EXPIRED": "hold",
    "HOLD_AMOUNT_EXCEEDED": "hold",
    "REFUND_EXCEEDS_ORIGINAL": "refund_exceeds",
    "LIMIT_EXCEEDED": "limit_exceeded",
    "MAX_BALANCE_EXCEEDED": "max_balance_exceeded",
    "INSUFFICIENT_FUNDS": "insufficient_funds",
    "AMOUNT_OVERFLOW": "amount_overflow",
    "INTERNAL": "internal",
}


def _errors() -> dict[str, Any]:
    """An error of each reason, with every figure of its detail."""
    filler, made = Filler(), {}
    for value in pb.ErrorReason.DESCRIPTOR.values:
        reason = value.name[len("ERROR_REASON_") :]
        if not value.number or reason == "BATCH_ABORTED":
            continue
        error = pb.Error(reason=value.number, message=f"scripted {reason}", commit_seq=2**53 + value.number)
        if reason in DETAILS:
            filler.fill(getattr(error, DETAILS[reason]))
        made[reason] = error
    return made


@behaviour("errors", "every reason has its kind, its name and each of its typed figures")
def each_reason(t: Case) -> None:
    errors = _errors()
    answers = iter(errors.items())

    def script(peer: Peer) -> None:
        peer.hello()
        for reason, error in answers:
            request = peer.request()
            code = STATUS.get(reason, 9)
            flags = NOT_EXECUTED
            peer.send(FrameType.RESPONSE, error, request_id=request.request_id, code=code, flags=flags)
        peer.ends()

    client = t.client(t.fake(script).address, attempts_max=1)
    wrong = []
    for reason, error in errors.items():
        result = client.begin("Debit", {**ARGS, "idempotency_key": f"conformance-{reason}"})
        try:
            kind = COULD_NOT.get(reason, "rejected")
            got = result.error(kind, reason=reason)
            equal(got.get("key"), f"conformance-{reason}", f"the key of {reason}")
            expect(f"scripted {reason}" in got["message"], f"the message of {reason} is {got['message']!r}")
            if kind == "rejected" and reason in DETAILS:
                covers(got.get("detail"), shown(getattr(error, DETAILS[reason])), f"detail of {reason}")
        except Failure as failure:
            wrong.append(str(failure))
    if wrong:
        raise Failure(f"{len(wrong)} of {len(errors)} reasons: " + " | ".join(wrong[:4]))


@behaviour("errors", "a failed mutation without NOT_EXECUTED is of unknown outcome, whatever the reason")
def without_promise(t: Case) -> None:
    reasons = ("INTERNAL", "UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED", "INSUFFICIENT_FUNDS")

    def script(peer: Peer) -> None:
        peer.hello()
        for reason in reasons:
            peer.fail(peer.request(), reason, flags=0)
        peer.fail(peer.request(), "INTERNAL", flags=0)
        peer.ends()

    client = t.client(t.fake(script).address, attempts_max=1)
    for reason in reasons:
        error = client.error("Debit", ARGS, "outcome_unknown")
        expect(error.get("key"), f"no key on the unknown outcome after {reason}")
    client.error("GetBalance", {"wallet": {"id": "7"}}, "not_executed", reason="INTERNAL")


@behaviour("errors", "a remembered refusal comes again, replayed, with its first figures")
def replayed_refusal(t: Case) -> None:
    client = t.client(t.server.address)
    wallet = t.wallet(client, 100)
    args = {"wallet": wallet, "amount": "250", "reason": R, "idempotency_key": f"conformance-refused-{t.owner()}"}
    first = client.rejected("Debit", args, "INSUFFICIENT_FUNDS")
    equal((first.get("replayed", False), first["detail"]["shortfall"]), (False, "150"), "replayed and shortfall")
    client.ok("Credit", {"wallet": wallet, "amount": "1000", "reason": R})
    again = client.rejected("Debit", args, "INSUFFICIENT_FUNDS")
    equal((again["replayed"], again["detail"]["shortfall"]), (True, "150"), "replayed and shortfall of the same key")
    equal(again["key"], args["idempotency_key"], "the key of a replayed refusal")

    def script(peer: Peer) -> None:
        peer.hello()
        peer.fail(peer.request(), "INSUFFICIENT_FUNDS", flags=NOT_EXECUTED | REPLAYED)
        peer.ends()

    told = t.client(t.fake(script).address).rejected("Debit", ARGS, "INSUFFICIENT_FUNDS")
    equal(told["replayed"], True, "replayed, of the flag")


@behaviour("errors", "refusals of the real server, with their figures")
def real(t: Case) -> None:
    client = t.client(t.server.address)
    wallet, other = t.wallet(client, 1000), t.wallet(client, currency="EUR")

    def refused(verb: str, args: dict[str, Any], refusal: str, /, **figures: Any) -> None:
        error = client.rejected(verb, {"reason": R, **args}, refusal)
        detail = error.get("detail") or {}
        for name, value in figures.items():
            equal(detail.get(name), value, f"{name} of {refusal}")

    refused("OpenWallet", {"wallet": wallet}, "WALLET_EXISTS", owner_id=wallet["owner_id"], name="main")
    refused("OpenWallet", {"wallet": {**wallet, "currency": "QQQ"}}, "CURRENCY_UNKNOWN", request_currency="QQQ")
    refused("Debit", {"wallet": {**wallet, "owner_id": "nobody"}, "amount": "1"}, "WALLET_NOT_FOUND", owner_id="nobody")
    refused("Transfer", {"wallet": wallet, "to": wallet, "amount": "1"}, "SAME_WALLET", owner_id=wallet["owner_id"])
    currencies = {"wallet_currency": "EUR", "request_currency": "USD"}
    error = client.rejected("Transfer", {"wallet": wallet, "to": other, "amount": "1", "reason": R}, "CURRENCY_MISMATCH")
    equal(set((error.get("detail") or {}).values()), set(currencies.values()), "the currencies of CURRENCY_MISMATCH")
    refused("Credit", {"wallet": wallet, "amount": "1", "counter_account": "none"}, "COUNTER_ACCOUNT_UNKNOWN", counter_account="none")
    refused("AddCounterAccount", {"name": "sales"}, "COUNTER_ACCOUNT_EXISTS", counter_account="sales")
    refused("RegisterCurrency", {"code": "USD", "exponent": 2}, "CURRENCY_EXISTS")
    refused("Refund", {"transaction_id": "999999999"}, "TRANSACTION_NOT_FOUND", transaction_id="999999999")
    refused("Capture", {"hold_id": "999999999"}, "HOLD_NOT_FOUND", hold_id="999999999")
    refused("CloseWallet", {"wallet": wallet}, "WALLET_NOT_EMPTY", balance="1000", open_holds="0")
    version = client.ok("GetBalance", {"wallet": wallet})["version"]
    refused("Debit", {"wallet": wallet, "amount": "1", "expected_version": "99"}, "VERSION_CONFLICT", expected="99", actual=version)
    refused("Debit", {"wallet": wallet, "amount": "0"}, "INVALID_ARGUMENT", field="amount")
    key = {"idempotency_key": f"conformance-mismatch-{t.owner()}"}
    credit = client.ok("Credit", {"wallet": wallet, "amount": "5", "reason": R, **key})
    refused("Credit", {"wallet": wallet, "amount": "6", **key}, "IDEMPOTENCY_MISMATCH", field="amount")
    refused("Refund", {"transaction_id": credit["transaction"]["id"]}, "NOT_REFUNDABLE")
    debit = client.ok("Debit", {"wallet": wallet, "amount": "100", "reason": R})["transaction"]["id"]
    refused("Refund", {"transaction_id": debit, "amount": "101"}, "REFUND_EXCEEDS_ORIGINAL", original="100", remaining="100")
    hold = {"wallet": wallet, "amount": "10", "timeout_millis": "60000", "reason": R}
    held = client.ok("Hold", hold)["transaction"]["hold_id"]
    refused("Capture", {"hold_id": held, "amount": "11"}, "HOLD_AMOUNT_EXCEEDED", remaining="10")
    client.ok("Release", {"hold_id": held, "reason": R})
    refused("Release", {"hold_id": held}, "HOLD_RELEASED", hold_id=held)
    held = client.ok("Hold", hold)["transaction"]["hold_id"]
    client.ok("Capture", {"hold_id": held, "reason": R})
    refused("Capture", {"hold_id": held}, "HOLD_CAPTURED", hold_id=held)
    held = client.ok("Hold", {**hold, "timeout_millis": "1"})["transaction"]["hold_id"]
    time.sleep(0.02)
    refused("Capture", {"hold_id": held}, "HOLD_EXPIRED", hold_id=held)
    limits = {"max_amount": "50", "max_balance": "2000"}
    client.ok("SetLimits", {"wallet": wallet, "limits": limits, "reason": R})
    refused("Debit", {"wallet": wallet, "amount": "51"}, "LIMIT_EXCEEDED", kind="TRANSACTION_AMOUNT", limit="50")
    refused("Credit", {"wallet": wallet, "amount": "9999"}, "MAX_BALANCE_EXCEEDED", limit="2000")
    client.ok("Freeze", {"wallet": wallet, "scope": "CREDIT", "reason": "check.1"})
    refused("Credit", {"wallet": wallet, "amount": "1"}, "WALLET_FROZEN", scope="CREDIT", reason="check.1")
    client.ok("CloseWallet", {"wallet": other, "reason": R})
    refused("Credit", {"wallet": other, "amount": "1"}, "WALLET_CLOSED", owner_id=other["owner_id"])
