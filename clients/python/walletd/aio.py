"""The client for asyncio: the same calls as walletd.Client, awaited."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from . import administration, backups, requests, types, verifying
from ._proto import wallet_pb2 as pb
from .aio_connection import AsyncConnection
from .attempts import Attempts, Request, RetryBudget, RetryPolicy
from .batch import batch
from .core import Answered, Failed, Happened
from .errors import Disconnected, WalletError
from .keys import UnresolvedKeys
from .mutations import BatchItem
from .settings import make_settings
from .streams import QUEUE_BYTES_MAX, SILENCE_SECONDS_MAX, AsyncEventQueue, Item, M, StreamRequest, ended
from .tls import TLS
from .watching import Resumption, start_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .mutations import ChangeOptions, MutationOptions, PostingOptions

T = TypeVar("T")


class AsyncClient:
    """A client of one server, for any number of tasks of one event loop.

    All tasks share one connection, on which their calls are in flight at the same time. It is made by the first
    call, and made anew when it is lost or the server goes away.

    A cancelled task raises CancelledError and no WalletError. Within the task its `__cause__` is what is known of the
    call: Cancelled, or of a mutation that was sent OutcomeUnknown with its key. Give mutations that may be cancelled a
    `key` of your own, so that you can ask again with it.

    Each call takes `timeout`: seconds for all of it, attempts and connecting included. Each raises WalletError:
    Rejected, NotExecuted or, mutations only, OutcomeUnknown.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        token_file: str | os.PathLike[str] | None = None,
        tls: TLS | None = None,
        client_name: str | None = None,
        ledger_id: str | None = None,
        timeout: float = 10.0,
        connect_timeout: float = 5.0,
        retry: RetryPolicy | None = None,
    ) -> None:
        """`address` is "host:port", "[v6]:port" or "unix:PATH". Doesn't connect yet.

        `token` is the secret that says who this program is; better is `token_file`, which is read at each connect, and
        which others mustn't be able to read. With `tls` the connection is encrypted,
        and the server must show a certificate for its name; what is wrong with it is a TLSError.

        `client_name`, at most 64 bytes of [A-Za-z0-9._:@/-], is stored beside each row that this client writes. With
        `ledger_id` the calls are Rejected unless the server serves that ledger. Raises ValueError for an address, a
        time or a file that can't be.
        """
        self._settings = make_settings(
            address, timeout, connect_timeout, token, client_name, ledger_id, retry, tls, token_file
        )
        self._unresolved = UnresolvedKeys()
        self._budget = RetryBudget()
        self._connection: AsyncConnection | None = None
        self._closed = False

    async def close(self) -> None:
        """Ends the connection and the calls in flight; later calls raise NotExecuted."""
        self._closed = True
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close(Disconnected("the client was closed"))
            await connection.gone()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    # ------------------------------------------------------------ server

    async def ping(self, *, timeout: float | None = None) -> types.Pong:
        """Asks for a sign of life of the whole server, its store included."""
        return await self._call(requests.ping(), timeout)

    async def server_info(self, *, timeout: float | None = None) -> types.ServerInfo:
        """Who the server is, how far its journal is, and whether it takes mutations."""
        return await self._call(requests.server_info(), timeout)

    async def schema(self, *, timeout: float | None = None) -> types.Schema:
        """The messages that the server speaks, as a FileDescriptorSet."""
        return await self._call(requests.schema(), timeout)

    # ------------------------------------------------------------ mutations

    async def open_wallet(
        self,
        owner: str,
        currency: str,
        name: str = "",
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[MutationOptions],
    ) -> types.MutationResult:
        """Opens a wallet ("main" when no name is given) with balance 0. Rejected with WALLET_EXISTS if there is one.

        `reason` is a short code of [a-z0-9._-], at most 64 bytes; `options` are those of
        `walletd.mutations.MutationOptions`.
        """
        return await self._call(
            requests.mutation(BatchItem.open_wallet(owner, currency, name, reason=reason, **options)), timeout
        )

    async def debit(
        self,
        wallet: types.AnyWallet,
        amount: int,
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[PostingOptions],
    ) -> types.MutationResult:
        """Takes `amount` minor units, from 1, out of the wallet. Rejected with INSUFFICIENT_FUNDS if it lacks them.

        `options` are those of `walletd.mutations.PostingOptions`. Raises TypeError when `amount` is not an int.
        """
        return await self._call(requests.mutation(BatchItem.debit(wallet, amount, reason=reason, **options)), timeout)

    async def credit(
        self,
        wallet: types.AnyWallet,
        amount: int,
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[PostingOptions],
    ) -> types.MutationResult:
        """Puts `amount` minor units, from 1, into the wallet.

        `options` are those of `walletd.mutations.PostingOptions`. Raises TypeError when `amount` is not an int.
        """
        return await self._call(requests.mutation(BatchItem.credit(wallet, amount, reason=reason, **options)), timeout)

    async def transfer(
        self,
        source: types.AnyWallet,
        to: types.AnyWallet,
        amount: int,
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[ChangeOptions],
    ) -> types.TransferResult:
        """Moves `amount` minor units, from 1, from one wallet to another of the same currency, at once or not at all.

        Rejected with INSUFFICIENT_FUNDS if `source` lacks them, and with SAME_WALLET or CURRENCY_MISMATCH where the two
        don't fit. `options` are those of `walletd.mutations.ChangeOptions`.
        """
        return await self._call(
            requests.transfer(BatchItem.transfer(source, to, amount, reason=reason, **options)), timeout
        )

    async def hold(
        self,
        wallet: types.AnyWallet,
        amount: int,
        *,
        timeout_millis: int,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[ChangeOptions],
    ) -> types.MutationResult:
        """Reserves `amount` minor units, from 1: they stay in the balance and aren't available until the hold is
        captured, released or has ended. The transaction's id is the hold's.

        `timeout_millis`, from 1 to 366 days, is the hold's; `timeout` is that of this call, in seconds. Rejected with
        INSUFFICIENT_FUNDS if the wallet lacks the amount. `options` are those of `walletd.mutations.ChangeOptions`.
        """
        item = BatchItem.hold(wallet, amount, timeout_millis=timeout_millis, reason=reason, **options)
        return await self._call(requests.mutation(item), timeout)

    async def capture(
        self,
        hold_id: int,
        amount: int | None = None,
        *,
        currency: str = "",
        final: bool = False,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[PostingOptions],
    ) -> types.MutationResult:
        """Takes `amount` minor units, from 1, of a hold; None: all that is left, and then the capture is final.

        A `currency` that is given must be the wallet's. `final`: nothing more will be captured, the rest is given back. Never fails for funds or limits. Rejected
        with HOLD_CAPTURED, HOLD_RELEASED or HOLD_EXPIRED if the hold has ended, with HOLD_AMOUNT_EXCEEDED if less is
        left of it. `options` are those of `walletd.mutations.PostingOptions`.
        """
        item = BatchItem.capture(hold_id, amount, currency=currency, final=final, reason=reason, **options)
        return await self._call(requests.mutation(item), timeout)

    async def release(
        self, hold_id: int, *, reason: str, timeout: float | None = None, **options: Unpack[ChangeOptions]
    ) -> types.MutationResult:
        """Gives back what is left of a hold.

        Rejected with HOLD_CAPTURED, HOLD_RELEASED or HOLD_EXPIRED if it has ended. `options` are those of
        `walletd.mutations.ChangeOptions`.
        """
        return await self._call(requests.mutation(BatchItem.release(hold_id, reason=reason, **options)), timeout)

    async def refund(
        self,
        transaction_id: int,
        amount: int | None = None,
        *,
        currency: str = "",
        reason: str,
        timeout: float | None = None,
        **options: Unpack[PostingOptions],
    ) -> types.MutationResult:
        """Gives back `amount` minor units, from 1, of a debit or capture; None: all that wasn't refunded yet.

        All refunds of one together never exceed it: Rejected with REFUND_EXCEEDS_ORIGINAL. NOT_REFUNDABLE is what is
        neither a debit nor a capture. `options` are those of `walletd.mutations.PostingOptions`.
        """
        item = BatchItem.refund(transaction_id, amount, currency=currency, reason=reason, **options)
        return await self._call(requests.mutation(item), timeout)

    async def freeze(
        self,
        wallet: types.AnyWallet,
        scope: types.FreezeScope,
        *,
        until_micros: int = 0,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[ChangeOptions],
    ) -> types.MutationResult:
        """Stops the wallet for debits, credits or both, whether it is stopped already or not: the last freeze counts.

        What it stops is Rejected with WALLET_FROZEN; holds may still be released, and end in their time. From
        `until_micros` on the freeze has no effect; 0: until it is lifted. `options` are those of
        `walletd.mutations.ChangeOptions`.
        """
        item = BatchItem.freeze(wallet, scope, until_micros=until_micros, reason=reason, **options)
        return await self._call(requests.mutation(item), timeout)

    async def unfreeze(
        self,
        wallet: types.AnyWallet,
        scope: types.FreezeScope,
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[ChangeOptions],
    ) -> types.MutationResult:
        """Lifts the wallet's freeze, or one side of it. `options` are those of `walletd.mutations.ChangeOptions`."""
        return await self._call(requests.mutation(BatchItem.unfreeze(wallet, scope, reason=reason, **options)), timeout)

    async def set_limits(
        self,
        wallet: types.AnyWallet,
        limits: types.WalletLimits,
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[ChangeOptions],
    ) -> types.MutationResult:
        """Sets the wallet's limits, all of them: those left out of `limits` are lifted. They apply to what was used
        already. Rejected with INSUFFICIENT_FUNDS if the balance lies below the new overdraft limit.

        `options` are those of `walletd.mutations.ChangeOptions`.
        """
        return await self._call(
            requests.mutation(BatchItem.set_limits(wallet, limits, reason=reason, **options)), timeout
        )

    async def close_wallet(
        self,
        wallet: types.AnyWallet,
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[ChangeOptions],
    ) -> types.MutationResult:
        """Ends the wallet; its name is never used again. Rejected with WALLET_NOT_EMPTY unless its balance is 0 and it
        has no open holds. `options` are those of `walletd.mutations.ChangeOptions`.
        """
        return await self._call(requests.mutation(BatchItem.close_wallet(wallet, reason=reason, **options)), timeout)

    async def batch(
        self,
        items: Sequence[BatchItem],
        *,
        atomic: bool = False,
        key: str | None = None,
        retry_of_unknown: bool = False,
        full_results: bool = False,
        dry_run: bool = False,
        timeout: float | None = None,
    ) -> types.BatchResult:
        """Does up to 8,190 mutations in one request and one commit, in order; each sees those before it.

        Item by item, what becomes of each item is in the result, Rejected and OutcomeUnknown as values; items without a
        key get one that is counted up from `key`, a UUID. With `atomic` all items are done or none, under `key`, and
        items have no keys: Rejected with BATCH_ABORTED has the `index` of the item that was refused, and its `cause`.
        After OutcomeUnknown call again with `key=error.key` and the same items.

        `full_results` gives whole transactions, for at most 1,023 items. `dry_run` tries it, and writes nothing. Raises
        ValueError for what can't be a batch.
        """
        return await self._call(batch(items, atomic, key, retry_of_unknown, full_results, dry_run), timeout)

    # ------------------------------------------------------------ administration

    async def register_currency(
        self,
        code: str,
        exponent: int,
        *,
        reason: str,
        timeout: float | None = None,
        **options: Unpack[MutationOptions],
    ) -> types.AdministrationResult:
        """Makes a currency of your own known, such as ESIM-MB. Its exponent, from 0 to 18, never changes.

        Rejected with CURRENCY_EXISTS if the code is known, be it of ISO 4217 or registered before. `options` are those
        of `walletd.mutations.MutationOptions`.
        """
        request = administration.register_currency(code, exponent, reason=reason, **options)
        return await self._call(request, timeout)

    async def add_counter_account(
        self, name: str, *, reason: str, timeout: float | None = None, **options: Unpack[MutationOptions]
    ) -> types.AdministrationResult:
        """Adds an account that may stand against wallets: at most 32 bytes of [a-z0-9._-].

        Rejected with COUNTER_ACCOUNT_EXISTS if there is one of that name. `options` are those of
        `walletd.mutations.MutationOptions`.
        """
        return await self._call(administration.add_counter_account(name, reason=reason, **options), timeout)

    async def create_token(
        self,
        principal: str,
        scopes: Iterable[str],
        *,
        reason: str,
        secret: bytes | None = None,
        certificate_name: str | None = None,
        unix_user: int | None = None,
        currencies: Iterable[str] = (),
        owner_prefix: str = "",
        max_amount: int = 0,
        expires_at_micros: int = 0,
        timeout: float | None = None,
        **options: Unpack[MutationOptions],
    ) -> types.CreatedToken:
        """Lets a principal in: by a token, whose secret is made here unless it is given, by a certificate with this name,
        or as this user of the server's machine.

        The scopes are of read, debit, credit, hold, refund, transfer, freeze, limits, import, admin; what isn't among
        them is denied. A principal has two live tokens at most: a third is rejected with INVALID_ARGUMENT. To repeat a
        call with its key, give the same secret: the server keeps a SHA-256 of it alone. Needs the scope admin.
        """
        if secret is None and certificate_name is None and unix_user is None:
            secret = administration.new_secret()
        request = administration.create_token(
            principal,
            scopes,
            reason=reason,
            secret=secret,
            certificate_name=certificate_name,
            unix_user=unix_user,
            currencies=currencies,
            owner_prefix=owner_prefix,
            max_amount=max_amount,
            expires_at_micros=expires_at_micros,
            **options,
        )
        return await self._call(request, timeout)

    async def revoke_token(
        self, token_id: int, *, reason: str, timeout: float | None = None, **options: Unpack[MutationOptions]
    ) -> types.AdministrationResult:
        """Puts a token's callers out, at once and for good. Needs the scope admin."""
        return await self._call(administration.revoke_token(token_id, reason=reason, **options), timeout)

    async def tokens_page(
        self,
        principal: str = "",
        *,
        with_revoked: bool = False,
        page_size: int = 0,
        cursor: str = "",
        timeout: float | None = None,
    ) -> types.TokenPage:
        """A page of what was granted, by rising id. Needs the scope admin."""
        return await self._call(administration.tokens_page(principal, with_revoked, cursor, page_size), timeout)

    async def trial_balance(self, currency: str = "", *, timeout: float | None = None) -> types.TrialBalance:
        """What all wallets of each currency have, and what stands against them; both sum to zero.

        Without a currency: all that have wallets and all that were registered. Rejected with CURRENCY_UNKNOWN if there
        is no such currency.
        """
        return await self._call(administration.trial_balance(currency), timeout)

    # ------------------------------------------------------------ reads

    async def wallet(self, wallet: types.AnyWallet, *, timeout: float | None = None) -> types.Wallet:
        """The wallet with all its columns. Rejected with WALLET_NOT_FOUND if there is none."""
        return await self._call(requests.wallet(wallet), timeout)

    async def balance(self, wallet: types.AnyWallet, *, timeout: float | None = None) -> types.Balance:
        """The wallet's figures. Rejected with WALLET_NOT_FOUND if there is none."""
        return await self._call(requests.balance(wallet), timeout)

    async def explain_balance(
        self, wallet: types.AnyWallet, *, from_micros: int = 0, last_changes: int = 0, timeout: float | None = None
    ) -> types.BalanceExplanation:
        """Why the wallet's balance is what it is: its rows added up anew, and what stands in the way of its money.

        What was stored before `from_micros` is the opening balance. `last_changes` of the newest transactions are told,
        at most 100; 0 means 10. The server reads at most the newest million rows, which takes seconds.
        """
        return await self._call(requests.explain_balance(wallet, from_micros, last_changes), timeout)

    async def wallets_page(
        self, owner: str, *, page_size: int = 0, cursor: str = "", timeout: float | None = None
    ) -> types.WalletPage:
        """One page of the owner's wallets by rising id. `page_size` 0 means 50; at most 1,000."""
        return await self._call(requests.wallets_page(owner, page_size, cursor), timeout)

    async def wallets(
        self, owner: str, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncIterator[types.Wallet]:
        """All wallets of the owner by rising id, fetched by pages; `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.wallets_page(owner, page_size=page_size, cursor=cursor, timeout=timeout)
            for wallet in page.wallets:
                yield wallet
            cursor = page.next_cursor
            if not cursor:
                return

    async def balance_at(
        self,
        wallet: types.AnyWallet,
        *,
        time_micros: int | None = None,
        version: int | None = None,
        timeout: float | None = None,
    ) -> types.BalanceAt:
        """The wallet's figures as they were at a time that isn't in the future, or right after a version.

        Transactions stored at this very time count; holds that had ended by then don't. Rejected with WALLET_NOT_FOUND
        for a time before the wallet was opened, with INVALID_ARGUMENT for the future and for a version that the wallet
        doesn't have. Raises ValueError unless one of the two is given.
        """
        return await self._call(requests.balance_at(wallet, time_micros, version), timeout)

    async def transactions_page(
        self,
        wallet: types.AnyWallet,
        *,
        filter: types.TransactionFilter | None = None,
        page_size: int = 0,
        cursor: str = "",
        oldest_first: bool = False,
        timeout: float | None = None,
    ) -> types.TransactionPage:
        """One page of the wallet's transactions. `page_size` 0 means 50; at most 1,000 rows and 512 KiB.

        With a filter a page looks at 10,000 rows at most: it may be short, or empty, and still have a `next_cursor`.
        """
        return await self._call(requests.transactions_page(wallet, page_size, cursor, oldest_first, filter), timeout)

    async def transactions(
        self,
        wallet: types.AnyWallet,
        *,
        filter: types.TransactionFilter | None = None,
        page_size: int = 0,
        oldest_first: bool = False,
        timeout: float | None = None,
    ) -> AsyncIterator[types.Transaction]:
        """All transactions of the wallet that pass the filter, newest first unless `oldest_first`; `timeout` is of each
        page."""
        cursor = ""
        while True:
            page = await self.transactions_page(
                wallet, filter=filter, page_size=page_size, cursor=cursor, oldest_first=oldest_first, timeout=timeout
            )
            for row in page.transactions:
                yield row
            cursor = page.next_cursor
            if not cursor:
                return

    async def refusals_page(
        self,
        filter: types.RefusalFilter | None = None,
        *,
        page_size: int = 0,
        cursor: str = "",
        oldest_first: bool = False,
        timeout: float | None = None,
    ) -> types.RefusalPage:
        """One page of refusals. `page_size` 0 means 50; at most 1,000 rows and 512 KiB.

        A page looks at 10,000 rows at most: it may be short, or empty, and still have a `next_cursor`.
        """
        return await self._call(requests.refusals_page(filter, page_size, cursor, oldest_first), timeout)

    async def refusals(
        self,
        filter: types.RefusalFilter | None = None,
        *,
        page_size: int = 0,
        oldest_first: bool = False,
        timeout: float | None = None,
    ) -> AsyncIterator[types.Refusal]:
        """All refusals that pass the filter, newest first unless `oldest_first`; `timeout` is of each page."""
        cursor = ""
        while True:
            page = await self.refusals_page(
                filter, page_size=page_size, cursor=cursor, oldest_first=oldest_first, timeout=timeout
            )
            for row in page.refusals:
                yield row
            cursor = page.next_cursor
            if not cursor:
                return

    # ------------------------------------------------------------ streams

    def watch(
        self,
        *,
        after: int | None = None,
        resume_token: str | None = None,
        wallet_ids: Iterable[int] = (),
        kinds: Iterable[types.TransactionKind] = (),
        patience: float | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[types.WatchEvent]:
        """Every transaction behind a place of the journal, in the order of their ids, and then each new one when it is
        durable: each exactly once.

        It begins behind `after` (a transaction's id or a commit_seq; 0: with the first row) or behind the event that
        `resume_token` came with, else with what comes from now on. At most 1,000 `wallet_ids`, none: all; `kinds`,
        none: all. It goes on by itself, from the last event that was read, after a lost connection, a server that
        leaves, and a reader that has fallen behind by more than 1 MiB.

        It has no end of its own: close the iterator (`aclose`), which ends it at the server. Raises Rejected for what the server
        refuses (RESUME_INVALID: the place isn't in this ledger), NotExecuted when it can't begin within `timeout`, or
        the server is away for more than `patience` seconds (None: as long as it likes), and ValueError when both
        `after` and `resume_token` are given.

        Who stores `WatchEvent.resume_token` beside what he made of an event misses none and takes none twice.
        """
        start = start_of(after, resume_token)
        return self._watch(Resumption(start, wallet_ids, kinds, patience, self._settings.retry), timeout)

    def verify(
        self,
        *,
        expected_head: types.JournalHead | None = None,
        skip_integrity_check: bool = False,
        timeout: float | None = None,
    ) -> AsyncIterator[types.AnyVerifyEvent]:
        """Proves that the ledger is what its journal says, while it is served (docs/VERIFY.md says what is looked at).

        Yields VerifyProgress and VerifyFinding, and at the end a VerifyReport. `expected_head` was kept elsewhere: the
        journal must have it. The integrity check is SQLite's own, for which a copy of the file is made for a while.

        One runs at a time: NotExecuted with RESOURCE_EXHAUSTED where another one still does after some tries. A lost
        connection raises Disconnected. Closing the iterator (`aclose`) cancels it. `timeout` is of the beginning.
        """
        return self._verify(verifying.request(expected_head, skip_integrity_check), timeout)

    async def _verify(
        self, request: StreamRequest[pb.VerifyEvent], timeout: float | None
    ) -> AsyncIterator[types.AnyVerifyEvent]:
        events = self._events(request, timeout)
        try:
            async for event in events:
                yield verifying.event_of(event)
        finally:
            await events.aclose()

    def backup(
        self, *, incremental: bool = False, timeout: float | None = None
    ) -> AsyncIterator[types.AnyBackupEvent]:
        """Has the server make a file, in its folder of backups, that the ledger can be restored from.

        Yields BackupProgress, and at the end a BackupReport. `incremental`: only the rows behind the newest backup.
        Commits go on meanwhile; the backup is verified before it takes its place.

        One runs at a time: NotExecuted with RESOURCE_EXHAUSTED where another one still does after some tries. A lost
        connection raises Disconnected. Closing the iterator (`aclose`) drops it. `timeout` is of the beginning.
        """
        return self._backup(backups.request(incremental), timeout)

    async def _backup(
        self, request: StreamRequest[pb.BackupEvent], timeout: float | None
    ) -> AsyncIterator[types.AnyBackupEvent]:
        events = self._events(request, timeout)
        try:
            async for event in events:
                yield backups.event_of(event)
        finally:
            await events.aclose()

    async def _watch(self, watch: Resumption, timeout: float | None) -> AsyncIterator[types.WatchEvent]:
        while True:
            events = self._events(watch.request(), timeout)
            try:
                async for event in events:
                    told = watch.told(event)
                    if told is not None:
                        yield told
                return
            except WalletError as error:
                if self._closed:
                    raise
                wait_seconds = watch.ended(error, time.monotonic())
            finally:
                # Not when the garbage is collected: the server is to hear of it now.
                await events.aclose()
            await asyncio.sleep(wait_seconds)

    async def _events(self, request: StreamRequest[M], timeout: float | None) -> AsyncGenerator[M, None]:
        """One stream. Before its first event it is tried again as any call is; after it, its end is the end."""
        call = Request(request.method, request.message, request.event, lambda m: m)
        attempts = Attempts(call, self._settings.deadline(timeout), self._settings.retry, self._unresolved, self._budget)
        while True:
            events = AsyncEventQueue(QUEUE_BYTES_MAX)
            connection = self._current(attempts)
            subscribed = connection.subscribe(request, attempts.deadline, events)
            if isinstance(subscribed, Failed):
                item: Item | None = subscribed
            else:
                silent = False
                try:
                    item = await events.get(attempts.deadline.remaining())
                    if item is None:
                        raise attempts.timed_out(sent=True)
                    began = isinstance(item, Happened)
                    while isinstance(item, Happened):
                        yield request.parse(item.frame)
                        item = await events.get(SILENCE_SECONDS_MAX)
                    silent = item is None
                finally:
                    connection.unsubscribe(subscribed, silent=silent)
                if began:
                    ended(item)
                    return
            if isinstance(item, Answered) and item.frame.code == 0:
                return
            assert isinstance(item, (Answered, Failed))
            await asyncio.sleep(attempts.settle(item) or 0)

    # ------------------------------------------------------------ calls

    async def _call(self, request: Request[T], timeout: float | None) -> T:
        attempts = Attempts(request, self._settings.deadline(timeout), self._settings.retry, self._unresolved, self._budget)
        try:
            while True:
                outcome = await self._current(attempts).attempt(attempts)
                wait_seconds = attempts.settle(outcome)
                if wait_seconds is None:
                    return attempts.result
                await asyncio.sleep(wait_seconds)
        except asyncio.CancelledError as cancelled:
            raise cancelled from attempts.cancelled()

    def _current(self, attempts: Attempts[T]) -> AsyncConnection:
        if self._closed:
            raise attempts.closed()
        connection = self._connection
        if connection is None or not connection.accepting or connection.loop is not asyncio.get_running_loop():
            connection = self._connection = AsyncConnection(self._settings)
        return connection
