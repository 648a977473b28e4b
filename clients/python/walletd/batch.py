"""Batches: several mutations in one request and one commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from . import reasons
from ._proto import wallet_pb2 as pb
from .attempts import Request
from .errors import OutcomeUnknown, Rejected
from .keys import counted_key, new_key
from .mutations import BatchItem
from .types import BatchResult, ItemDone, transaction_of

ITEMS_MAX = 8_190
BYTES_MAX = 4 * 1024 * 1024


def batch(
    items: Sequence[BatchItem],
    atomic: bool,
    key: str | None,
    retry_of_unknown: bool,
    full_results: bool,
    dry_run: bool,
) -> Request[BatchResult]:
    """Raises ValueError for what can't be a batch."""
    if not 1 <= len(items) <= ITEMS_MAX:
        raise ValueError(f"{len(items)} items; a batch has 1 to {ITEMS_MAX}")
    key = new_key() if key is None else key
    keyed = next((index for index, item in enumerate(items) if item.key is not None), None)
    if atomic and keyed is not None:
        raise ValueError(f"item {keyed} has a key; an atomic batch has one for all")
    tried = next((index for index, item in enumerate(items) if item.is_dry_run), None)
    if tried is not None:
        raise ValueError(f"item {tried} is a dry run of its own; dry_run of the batch is for all of it")
    counted_from = None if atomic else key
    keys = [key if counted_from is None else item.key or counted_key(counted_from, n) for n, item in enumerate(items)]
    message = pb.BatchRequest(
        idempotency_key=key if atomic else "",
        atomic=atomic,
        items=[item.to_message("" if atomic else item_key) for item, item_key in zip(items, keys)],
        full_results=full_results,
        dry_run=dry_run,
    )
    if message.ByteSize() > BYTES_MAX:
        raise ValueError(f"{message.ByteSize()} bytes; a batch has at most {BYTES_MAX}")

    def settle(response: pb.BatchResponse, is_unknown: Callable[[str], bool]) -> tuple[BatchResult, list[str]]:
        if len(response.results) != len(items):
            raise ValueError(f"{len(response.results)} results to a batch of {len(items)}")
        settled = []
        is_key_open = False  # the first item has the batch's own key, unless it brings another
        results = []
        for item, item_key, one in zip(items, keys, response.results):
            unknown = item.retry_of_unknown or (not atomic and is_unknown(item_key))
            value = _item(one, item_key, unknown and not dry_run)
            results.append(value)
            if not isinstance(value, OutcomeUnknown):
                settled.append(item_key)
            elif item_key == key:
                is_key_open = True
        if not is_key_open:
            settled.append(key)
        result = BatchResult(key, tuple(results), response.replayed, response.commit_seq, response.dry_run)
        # A dry run settles nothing.
        return result, [] if dry_run else settled

    if dry_run:
        # It changes nothing: to the client it is a read.
        return Request(pb.METHOD_BATCH, message, pb.BatchResponse, lambda _: None, settle=settle)  # type: ignore[arg-type, return-value]

    return Request(
        pb.METHOD_BATCH,
        message,
        pb.BatchResponse,
        lambda _: None,  # type: ignore[arg-type, return-value]
        key,
        retry_of_unknown,
        () if atomic else tuple(keys),
        settle,
    )


def _item(result: pb.BatchResult, key: str, unknown: bool) -> ItemDone | Rejected | OutcomeUnknown:
    if result.HasField("error"):
        error = reasons.rejected(result.error, key=key)
        if not unknown or reasons.remembered(error.reason, error):
            return error
        outcome = OutcomeUnknown(f"whether it took place is unknown: {error}", key=key)
        outcome.__cause__ = error
        return outcome
    return ItemDone(
        key=key,
        transaction_id=result.transaction_id,
        wallet_id=result.wallet_id,
        version=result.wallet_version,
        balance=result.balance,
        held=result.held,
        available=result.available,
        currency=result.currency,
        exponent=result.exponent,
        replayed=result.replayed,
        transaction=transaction_of(result.transaction) if result.HasField("transaction") else None,
    )
