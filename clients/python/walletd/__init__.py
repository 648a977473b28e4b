"""Client of walletd, the wallet and ledger server.

Client is for threads, AsyncClient for asyncio; both have the same calls. Amounts are ints of minor units, never floats.
"""

from . import messages, money
from ._version import __version__
from .aio import AsyncClient
from .attempts import RetryPolicy
from .client import Client
from .errors import (
    DeadlineExceeded,
    Disconnected,
    NotExecuted,
    OutcomeUnknown,
    ProtocolError,
    Rejected,
    WalletError,
)
from .keys import new_key
from .mutations import BatchItem
from .types import (
    Balance,
    BalanceAt,
    BatchResult,
    FreezeScope,
    ItemDone,
    JournalHead,
    LimitKind,
    Limits,
    MutationResult,
    Pong,
    Refusal,
    RefusalFilter,
    RefusalPage,
    Schema,
    ServerInfo,
    Transaction,
    TransactionFilter,
    TransactionKind,
    TransactionPage,
    TransferResult,
    Wallet,
    WalletLimits,
    WalletPage,
    WalletRef,
    WalletStatus,
    WindowLimit,
)

__all__ = [
    "AsyncClient",
    "Balance",
    "BalanceAt",
    "BatchItem",
    "BatchResult",
    "Client",
    "DeadlineExceeded",
    "Disconnected",
    "FreezeScope",
    "ItemDone",
    "JournalHead",
    "LimitKind",
    "Limits",
    "MutationResult",
    "NotExecuted",
    "OutcomeUnknown",
    "Pong",
    "ProtocolError",
    "Refusal",
    "RefusalFilter",
    "RefusalPage",
    "Rejected",
    "RetryPolicy",
    "Schema",
    "ServerInfo",
    "Transaction",
    "TransactionFilter",
    "TransactionKind",
    "TransactionPage",
    "TransferResult",
    "Wallet",
    "WalletError",
    "WalletLimits",
    "WalletPage",
    "WalletRef",
    "WalletStatus",
    "WindowLimit",
    "__version__",
    "messages",
    "money",
    "new_key",
]
