/// The figures of a wallet as they were, in minor units.
public struct BalanceAt: Sendable, Equatable {
  public var walletID: Int64
  /// Posted.
  public var balance: Int64
  public var held: Int64
  /// `balance - held + overdraftLimit`.
  public var available: Int64
  public var overdraftLimit: Int64
  public var version: Int64
  /// The transaction that made it so.
  public var transactionID: Int64
  /// When that transaction was stored, microseconds since 1970 UTC.
  public var createdAtMicros: Int64
  public var currency: String
  public var exponent: Int
  /// The last durable place of the journal, which this answer reflects.
  public var commitSeq: Int64
}

/// One immutable row of the journal: a mutation that was refused for a business reason. Amounts are minor units, times
/// microseconds since 1970 UTC.
public struct Refusal: Sendable, Equatable {
  /// Its place in the journal.
  public var id: Int64
  /// The verb's name, such as `Debit`; its number where it is newer than this client.
  public var verb: String
  /// As its caller was told.
  public var error: Rejection
  /// The wallet that the address led to; 0: it led to none.
  public var walletID: Int64
  /// As it was given; `nil` where the request named a hold or a transaction instead.
  public var wallet: WalletReference?
  public var amount: Int64
  public var counterAccount: String
  /// Of the wallet, or else as it was given.
  public var currency: String
  /// Of the currency; 0 where that isn't known.
  public var exponent: Int
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
  public var digest: [UInt8]
  public var lane: UInt32
  public var rowFormat: UInt32
}

/// Some refusals.
public struct RefusalPage: Sendable, Equatable {
  public var refusals: [Refusal]
  /// Where the next page begins; `nil`: that was all.
  public var nextCursor: String?
  public var commitSeq: Int64
}
