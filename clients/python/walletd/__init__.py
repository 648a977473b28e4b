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
from .streams import ReaderTooSlow
from .types import (
    AdministrationResult,
    AdministrationRow,
    Balance,
    BatchResult,
    CurrencyBalance,
    FreezeScope,
    ItemDone,
    JournalHead,
    LimitKind,
    Limits,
    MutationResult,
    Pong,
    Schema,
    ServerInfo,
    Transaction,
    TransactionKind,
    TransactionPage,
    TransferResult,
    TrialBalance,
    Wallet,
    WalletLimits,
    WalletPage,
    WalletRef,
    WalletStatus,
    WatchEvent,
    WindowLimit,
)

__all__ = [
    "AdministrationResult",
    "AdministrationRow",
    "AsyncClient",
    "Balance",
    "BatchItem",
    "BatchResult",
    "Client",
    "CurrencyBalance",
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
    "ReaderTooSlow",
    "Rejected",
    "RetryPolicy",
    "Schema",
    "ServerInfo",
    "Transaction",
    "TransactionKind",
    "TransactionPage",
    "TransferResult",
    "TrialBalance",
    "Wallet",
    "WalletError",
    "WalletLimits",
    "WalletPage",
    "WalletRef",
    "WalletStatus",
    "WatchEvent",
    "WindowLimit",
    "__version__",
    "messages",
    "money",
    "new_key",
]
