"""What each answer means, without sockets: one table row per answer, before and after an unknown attempt."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import walletd
from walletd import BatchItem, WalletRef, reasons, requests
from walletd._proto import wallet_pb2 as pb
from walletd.attempts import Attempts, RetryBudget, RetryPolicy
from walletd.core import Answered, Failed
from walletd.deadline import Deadline
from walletd.errors import Disconnected, NotExecuted, OutcomeUnknown, ProtocolError, Rejected
from walletd.frames import Frame, FrameType
from walletd.keys import UnresolvedKeys, new_key

KEY = "test-key-1"
NOT_EXECUTED, REPLAYED = 0x02, 0x04
WALLET = WalletRef(id=1)
LOST = Failed(Disconnected("lost"), sent=True, retry=True)
UNSENT = Failed(Disconnected("refused"), sent=False, retry=True)
GARBAGE = Failed(ProtocolError("garbage"), sent=True, retry=False)

ALL_REASONS = [reasons.reason_name(number) for number in pb.ErrorReason.values() if number]
NEVER_REJECTED = {
    "UNAVAILABLE",
    "RESOURCE_EXHAUSTED",
    "CANCELLED",
    "DEADLINE_EXCEEDED",
    "INTERNAL",
    "UNAUTHENTICATED",
}


def debit(**options: Any) -> BatchItem:
    return BatchItem.debit(WALLET, 1, reason="test", key=KEY, **options)


def attempts(
    read: bool = False,
    attempts_max: int = 6,
    seconds: float = 60,
    unresolved: UnresolvedKeys | None = None,
    budget: RetryBudget | None = None,
    **options: Any,
) -> Attempts[Any]:
    request: Any = requests.balance(WALLET) if read else requests.mutation(debit(**options))
    policy = RetryPolicy(attempts_max=attempts_max, random=lambda: 0.5)
    return Attempts(request, Deadline(seconds), policy, UnresolvedKeys() if unresolved is None else unresolved, budget)


def refusal(reason: str, flags: int = NOT_EXECUTED, millis: int = 0) -> Answered:
    error = pb.Error(reason=pb.ErrorReason.Value("ERROR_REASON_" + reason), replayed=bool(flags & REPLAYED))
    return Answered(Frame(FrameType.RESPONSE, error.SerializeToString(), flags, code=9, millis=millis))


def ok(flags: int = 0) -> Answered:
    message = pb.MutationResponse(balance=5, replayed=bool(flags & REPLAYED))
    return Answered(Frame(FrameType.RESPONSE, message.SerializeToString(), flags))


@pytest.mark.parametrize("reason", ALL_REASONS)
def test_a_first_answer_with_not_executed_is_sure(reason: str) -> None:
    with pytest.raises(NotExecuted if reason in NEVER_REJECTED else Rejected) as caught:
        attempts(attempts_max=1).settle(refusal(reason))
    assert caught.value.reason == reason
    assert caught.value.key == KEY


@pytest.mark.parametrize("reason", ALL_REASONS)
def test_a_failure_without_not_executed_is_unknown(reason: str) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        attempts(attempts_max=1).settle(refusal(reason, flags=0))
    assert caught.value.key == KEY


@pytest.mark.parametrize("reason", ALL_REASONS)
def test_after_unknown_only_a_remembered_refusal_resolves(reason: str) -> None:
    call = attempts(attempts_max=2)
    assert call.settle(LOST) is not None
    number = pb.ErrorReason.Value("ERROR_REASON_" + reason)
    remembered = (12 <= number <= 34 or number == 37) and reason != "VERSION_CONFLICT"
    with pytest.raises(Rejected if remembered else OutcomeUnknown) as caught:
        call.settle(refusal(reason))
    assert caught.value.key == KEY


def test_after_unknown_ok_and_replays_resolve() -> None:
    for answer in (ok(), ok(REPLAYED)):
        unresolved = UnresolvedKeys()
        call = attempts(unresolved=unresolved)
        call.settle(LOST)
        assert KEY in unresolved
        assert call.settle(answer) is None
        assert call.result.balance == 5
        assert call.result.key == KEY
        assert call.result.replayed == bool(answer.frame.flags)
        assert KEY not in unresolved
    call = attempts()
    call.settle(LOST)
    with pytest.raises(Rejected) as caught:
        call.settle(refusal("INSUFFICIENT_FUNDS", NOT_EXECUTED | REPLAYED))
    assert caught.value.replayed


@pytest.mark.parametrize(
    "later", [UNSENT, refusal("UNAVAILABLE"), refusal("DEADLINE_EXCEEDED"), refusal("IDEMPOTENCY_MISMATCH"), GARBAGE]
)
def test_unknown_is_remembered_across_the_calls_of_a_client(later: Any) -> None:
    """A later call with the key says nothing about the earlier one either."""
    unresolved = UnresolvedKeys()
    with pytest.raises(OutcomeUnknown):
        attempts(attempts_max=1, unresolved=unresolved).settle(LOST)
    with pytest.raises(OutcomeUnknown):
        attempts(attempts_max=1, unresolved=unresolved).settle(later)
    with pytest.raises(OutcomeUnknown):
        raise attempts(unresolved=unresolved).timed_out(sent=False)
    assert attempts(unresolved=unresolved).settle(ok()) is None
    with pytest.raises(NotExecuted):
        attempts(attempts_max=1, unresolved=unresolved).settle(UNSENT)


def test_the_caller_may_know_of_an_unknown_attempt() -> None:
    with pytest.raises(OutcomeUnknown):
        attempts(attempts_max=1, retry_of_unknown=True).settle(UNSENT)


def test_an_unknown_of_this_call_survives_a_full_memory() -> None:
    unresolved = UnresolvedKeys(keys_max=1)
    call = attempts(attempts_max=2, unresolved=unresolved)
    call.settle(LOST)
    unresolved.add("another")
    assert KEY not in unresolved
    with pytest.raises(OutcomeUnknown):
        call.settle(UNSENT)


@pytest.mark.parametrize("reason", ALL_REASONS)
def test_what_is_tried_again(reason: str) -> None:
    for read in (True, False):
        for flags in (0, NOT_EXECUTED):
            call = attempts(read)
            if reason in ("UNAVAILABLE", "RESOURCE_EXHAUSTED"):
                assert call.settle(refusal(reason, flags)) is not None
            else:
                with pytest.raises(walletd.WalletError):
                    call.settle(refusal(reason, flags))


def test_a_read_is_never_unknown() -> None:
    for outcome, kind in [(LOST, Disconnected), (GARBAGE, ProtocolError), (refusal("INTERNAL", 0), NotExecuted)]:
        with pytest.raises(kind) as caught:
            attempts(read=True, attempts_max=1).settle(outcome)
        assert caught.value.key is None


def test_garbage_is_not_tried_again() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        attempts().settle(GARBAGE)
    assert isinstance(caught.value.__cause__, ProtocolError)
    unparsable = Answered(Frame(FrameType.RESPONSE, b"\xff\xff"))
    for read, kind in [(True, ProtocolError), (False, OutcomeUnknown)]:
        with pytest.raises(kind):
            attempts(read).settle(unparsable)
    with pytest.raises(OutcomeUnknown):  # the flag alone is not trusted when the rest is garbage
        attempts().settle(Answered(Frame(FrameType.RESPONSE, b"\xff\xff", NOT_EXECUTED, code=9)))
    with pytest.raises(OutcomeUnknown):
        attempts().settle(ok(NOT_EXECUTED))


def test_an_error_without_a_reason_takes_that_of_its_status() -> None:
    with pytest.raises(NotExecuted) as caught:
        attempts(attempts_max=1).settle(Answered(Frame(FrameType.RESPONSE, b"", NOT_EXECUTED, code=14)))
    assert caught.value.reason == "UNAVAILABLE"


def test_a_reason_newer_than_the_client_resolves_nothing() -> None:
    newer = Answered(Frame(FrameType.RESPONSE, pb.Error(reason=99).SerializeToString(), NOT_EXECUTED, code=9))  # type: ignore[arg-type]
    with pytest.raises(Rejected) as caught:
        attempts().settle(newer)
    assert caught.value.reason == "99"
    call = attempts()
    call.settle(LOST)
    with pytest.raises(OutcomeUnknown):
        call.settle(newer)


def test_back_off() -> None:
    policy = RetryPolicy(backoff_seconds=1, backoff_seconds_max=4, random=lambda: 0.0)
    assert [policy.wait_seconds(count, 0) for count in range(1, 6)] == [0.5, 1, 2, 2, 2]
    assert policy.wait_seconds(1, 3000) == 3
    assert policy.wait_seconds(10**6, 0) == 2
    whole = RetryPolicy(backoff_seconds=1, backoff_seconds_max=4, random=lambda: 1.0)
    assert [whole.wait_seconds(count, 0) for count in range(1, 6)] == [1, 2, 4, 4, 4]


def test_attempts_are_limited() -> None:
    call = attempts(attempts_max=3)
    assert call.settle(UNSENT) is not None
    assert call.settle(UNSENT) is not None
    with pytest.raises(Disconnected):
        call.settle(UNSENT)


def test_retries_have_a_budget_that_first_attempts_earn() -> None:
    budget = RetryBudget()
    answers = []
    for _ in range(12):  # they earn one retry beside the ten of the start
        try:
            answers.append(attempts(budget=budget).settle(UNSENT) is not None)
        except Disconnected:
            answers.append(False)
    assert answers == [True] * 11 + [False]
    leaving = Failed(Disconnected("leaving"), sent=False, retry=True, leaving=True)
    assert attempts(budget=budget).settle(leaving) is not None  # which costs nothing


def test_no_wait_past_the_deadline() -> None:
    with pytest.raises(NotExecuted) as caught:
        attempts(seconds=1).settle(refusal("UNAVAILABLE", millis=1500))
    assert caught.value.retry_after_millis == 1500


def test_errors_are_pickled_and_copied() -> None:
    detail = pb.InsufficientFunds(requested=5, shortfall=2)
    first = Rejected("no", reason="INSUFFICIENT_FUNDS", detail=detail, status=9, commit_seq=7, key=KEY)
    for error in (pickle.loads(pickle.dumps(first)), copy.copy(first)):
        assert (error.reason, error.detail, error.status, error.commit_seq, error.key, str(error)) == (
            "INSUFFICIENT_FUNDS",
            detail,
            9,
            7,
            KEY,
            "INSUFFICIENT_FUNDS: no",
        )


def test_three_kinds() -> None:
    for kind in (walletd.DeadlineExceeded, walletd.Disconnected, walletd.ProtocolError):
        assert issubclass(kind, NotExecuted)
    assert issubclass(walletd.DeadlineExceeded, TimeoutError)
    assert not issubclass(OutcomeUnknown, NotExecuted)


def test_keys_are_uuid_version_7_and_rise() -> None:
    import time
    import uuid

    before = time.time_ns() // 1_000_000
    keys = [new_key() for _ in range(1000)]
    assert len(set(keys)) == 1000
    for key in keys:
        value = uuid.UUID(key)
        assert (value.version, value.variant, str(value)) == (7, uuid.RFC_4122, key)
        assert before <= value.int >> 80 <= time.time_ns() // 1_000_000


def test_deadlines() -> None:
    now = [100.0]
    deadline = Deadline(2, clock=lambda: now[0])
    assert (deadline.remaining(), deadline.server_millis()) == (2, 1800)
    now[0] = 103
    assert (deadline.remaining(), deadline.server_millis()) == (0, 1)
    assert Deadline(10**9).server_millis() == 2**32 - 1
    for seconds in (0, -1, float("inf"), float("nan")):
        with pytest.raises(ValueError):
            Deadline(seconds)
