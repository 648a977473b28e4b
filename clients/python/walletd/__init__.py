"""Client of walletd, the wallet and ledger server.

Client is for threads, AsyncClient for asyncio; both have the same calls. Amounts are ints of minor units, never floats.
"""

from . import messages, money
from ._version import __version__
from .aio import AsyncClient
from .attempts import RetryPolicy
from .batch import BatchItem
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
from .types import (
    Balance,
    BatchResult,
    ItemDone,
    JournalHead,
    Limits,
    MutationResult,
    Pong,
    Schema,
    ServerInfo,
    Transaction,
    TransactionKind,
    TransactionPage,
    Wallet,
    WalletPage,
    WalletRef,
    WalletStatus,
)

__all__ = [
    "AsyncClient",
    "Balance",
    "BatchItem",
    "BatchResult",
    "Client",
    "DeadlineExceeded",
    "Disconnected",
    "ItemDone",
    "JournalHead",
    "Limits",
    "MutationResult",
    "NotExecuted",
    "OutcomeUnknown",
    "Pong",
    "ProtocolError",
    "Rejected",
    "RetryPolicy",
    "Schema",
    "ServerInfo",
    "Transaction",
    "TransactionKind",
    "TransactionPage",
    "Wallet",
    "WalletError",
    "WalletPage",
    "WalletRef",
    "WalletStatus",
    "__version__",
    "messages",
    "money",
    "new_key",
]
