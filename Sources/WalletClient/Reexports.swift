public import WalletCore
public import WalletTLS

// What users of the client need of the core, so that `import WalletClient` is enough.

/// The code of a failed call.
public typealias ErrorReason = WalletCore.ErrorReason
/// What stands between two programs and a TLS connection.
public typealias TLSProblem = WalletTLS.TLSProblem
/// What a row of the journal did.
public typealias TransactionKind = WalletCore.TransactionKind
/// Decimal text of amounts, such as "12.30", to minor units and back.
public typealias Money = WalletCore.Money
/// The exponents of ISO 4217.
public typealias ISO4217 = WalletCore.ISO4217
/// Time-ordered UUIDs, for idempotency keys.
public typealias UUIDv7 = WalletCore.UUIDv7
