/// One immutable row of the journal that changes no wallet: what an administrator did. Times are microseconds since 1970
/// UTC.
public struct AdministrationRow: Sendable, Equatable {
  /// Its place in the journal.
  public var id: Int64
  /// The number of the method, such as 512 for RegisterCurrency.
  public var verb: Int
  /// The currency's code, the counter-account's name, or the principal of a token that was created.
  public var subject: String
  /// Of a currency.
  public var exponent: Int
  /// That was created or revoked; else 0.
  public var tokenID: Int64
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

/// What an administrator's mutation did.
public struct AdministrationResult: Sendable, Equatable {
  public var row: AdministrationRow
  /// The first result of this key, answered again: nothing was done this time.
  public var replayed: Bool
  /// The place in the journal at which it is durable.
  public var commitSeq: Int64
  /// The key under which it was done.
  public var idempotencyKey: String
  /// Only tried (``MutationOptions/dryRun``): nothing was written, and the row has the id 0 and no digest.
  public var isDryRun: Bool
}

/// What wallets and counter-accounts come to, at one place of the journal.
public struct TrialBalance: Sendable, Equatable {
  /// By code.
  public var currencies: [CurrencyBalance]
  /// All counter-accounts that there are, by name.
  public var counterAccounts: [String]
  public var commitSeq: Int64
}

/// The totals of a currency, in its minor units.
public struct CurrencyBalance: Sendable, Equatable {
  public var currency: String
  public var exponent: Int
  /// Of all wallets' balances.
  public var walletsTotal: Int64
  /// Those that were posted to, by name.
  public var counterAccounts: [CounterAccountBalance]
  /// The sum of all: anything but 0 is a fault of the server.
  public var difference: Int64
  /// By an administrator, not by ISO 4217.
  public var registered: Bool
}

public struct CounterAccountBalance: Sendable, Equatable {
  public var name: String
  public var total: Int64
}
