public import WalletCore

/// A wallet. Amounts are minor units of its currency: `exponent` digits after the point.
public struct Wallet: Sendable, Equatable {
  public enum Status: Sendable, Equatable {
    case open
    case closed
    /// A status that is newer than this client.
    case other(Int)
  }

  public var id: Int64
  public var ownerID: String
  public var currency: String
  public var exponent: Int
  public var name: String
  public var status: Status
  /// Posted.
  public var balance: Int64
  public var held: Int64
  /// `balance - held + overdraftLimit`.
  public var available: Int64
  public var overdraftLimit: Int64
  /// The count of the wallet's transactions.
  public var version: Int64
  /// Microseconds since 1970 UTC.
  public var createdAtMicros: Int64
  public var createdBy: String
  /// Microseconds since 1970 UTC.
  public var updatedAtMicros: Int64
  public var updatedBy: String
  /// Holds have ended whose rows aren't written yet; `held` and `available` are without them.
  public var expiryPending: Bool
}

/// The figures of a wallet at one place of the journal, in minor units.
public struct Balance: Sendable, Equatable {
  public var walletID: Int64
  /// Posted.
  public var balance: Int64
  public var held: Int64
  /// `balance - held + overdraftLimit`.
  public var available: Int64
  public var overdraftLimit: Int64
  public var version: Int64
  public var currency: String
  public var exponent: Int
  /// The last durable place of the journal, which this answer reflects.
  public var commitSeq: Int64
  /// Holds have ended whose rows aren't written yet; `held` and `available` are without them.
  public var expiryPending: Bool
}

/// One immutable row of the journal. Amounts are minor units, times microseconds since 1970 UTC.
public struct Transaction: Sendable, Equatable {
  /// Its place in the journal.
  public var id: Int64
  /// What it did; `nil` for a kind that is newer than this client.
  public var kind: TransactionKind?
  public var walletID: Int64
  /// The wallet's version after this row.
  public var walletVersion: Int64
  /// The signed change of the balance.
  public var amount: Int64
  public var heldChange: Int64
  /// After this row.
  public var balance: Int64
  /// After this row.
  public var held: Int64
  /// After this row.
  public var overdraftLimit: Int64
  public var counterAccount: String
  /// 0: none.
  public var counterWalletID: Int64
  /// The hold that it made, captured, released or ended; 0: none.
  public var holdID: Int64
  /// 0: none.
  public var relatedTransactionID: Int64
  public var actor: String
  public var onBehalfOf: String
  public var reason: String
  public var note: String
  public var reference: String
  public var idempotencyKey: String
  public var requestDigest: [UInt8]
  public var correlationID: String
  public var source: String
  public var clientName: String
  public var metadata: [MetadataEntry]
  /// 0: not given.
  public var occurredAtMicros: Int64
  public var createdAtMicros: Int64
  public var detail: [UInt8]
  public var digest: [UInt8]
  public var lane: UInt32
  public var rowFormat: UInt32
}

/// What a mutation did, and the wallet's figures after it, in minor units.
public struct MutationResult: Sendable, Equatable {
  public var transaction: Transaction
  public var balance: Int64
  public var held: Int64
  public var available: Int64
  public var version: Int64
  public var currency: String
  public var exponent: Int
  /// The first result of this key, answered again: nothing moved this time.
  public var replayed: Bool
  /// The place in the journal at which it is durable.
  public var commitSeq: Int64
  /// The key under which it was done.
  public var idempotencyKey: String
  /// Only tried (``MutationOptions/dryRun``): the figures are those that would follow, nothing was written, and the
  /// transaction has the id 0 and no digest.
  public var isDryRun: Bool
}

/// What a transfer did.
public struct TransferResult: Sendable, Equatable {
  /// The row that took the amount out, and the source's figures after it.
  public var source: MutationResult
  /// The row that put it in; it shows the destination after it.
  public var destination: Transaction
  /// The first result of this key, answered again: nothing moved this time.
  public var replayed: Bool
  /// The place in the journal at which both rows are durable.
  public var commitSeq: Int64
  /// The key under which it was done.
  public var idempotencyKey: String
  /// Only tried, as in a ``MutationResult``.
  public var isDryRun: Bool
}

/// Some of an owner's wallets, by rising id.
public struct WalletPage: Sendable, Equatable {
  public var wallets: [Wallet]
  /// Where the next page begins; `nil`: that was all.
  public var nextCursor: String?
  public var commitSeq: Int64
}

/// Some of a wallet's transactions.
public struct TransactionPage: Sendable, Equatable {
  public var transactions: [Transaction]
  /// Where the next page begins; `nil`: that was all.
  public var nextCursor: String?
  public var currency: String
  public var exponent: Int
  public var commitSeq: Int64
}
