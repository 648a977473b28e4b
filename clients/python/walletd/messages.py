"""The protobuf messages of proto/wallet/v1/wallet.proto that users of this package meet: the details of errors."""

from ._proto.wallet_pb2 import (
    AmountOverflow,
    BatchAborted,
    CounterAccountDetail,
    CurrencyDetail,
    FrameLimit,
    IdempotencyMismatch,
    InsufficientFunds,
    Internal,
    InvalidArgument,
    RetryAfter,
    ScopeDetail,
    Unimplemented,
    VersionConflict,
    WalletDetail,
)

__all__ = [
    "AmountOverflow",
    "BatchAborted",
    "CounterAccountDetail",
    "CurrencyDetail",
    "FrameLimit",
    "IdempotencyMismatch",
    "InsufficientFunds",
    "Internal",
    "InvalidArgument",
    "RetryAfter",
    "ScopeDetail",
    "Unimplemented",
    "VersionConflict",
    "WalletDetail",
]
