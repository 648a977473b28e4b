package import WalletCore

/// One request of the load, from the moment it is drawn until its outcome is known.
package struct Operation: Equatable, Sendable, BitwiseCopyable {
  package enum Kind: UInt8, CaseIterable, Codable, Sendable, BitwiseCopyable {
    case open, credit, debit, hold, capture, balance, list, lookUp, batch

    package var verb: Verb {
      switch self {
      case .open: .openWallet
      case .credit: .credit
      case .debit: .debit
      case .hold: .hold
      case .capture: .capture
      case .balance: .getBalance
      case .list: .listTransactions
      case .lookUp: .getWallet
      case .batch: .batch
      }
    }

    var isMutation: Bool {
      switch self {
      case .open, .credit, .debit, .hold, .capture, .batch: true
      case .balance, .list, .lookUp: false
      }
    }
  }

  package var kind: Kind
  /// An attempt ended without a word on its effect. From then on only OK or a remembered refusal says what happened.
  package var isUnknown = false
  /// Sendings after the first.
  package var repetitions: Int32 = 0
  /// Place in the `BatchPool` of a batch.
  package var batch: Int32 = -1
  /// Place in the `WalletBook`.
  package var wallet: Int
  /// The server's id of it; 0 while it isn't known. Of a capture that of the hold, which is all that it names.
  package var walletID: Int64
  package var amount: Int64
  package var key: OperationKey
  /// A number like that of an order: unique, and rising in the order of drawing.
  package var reference: UInt64
  /// When it was sent first or, at a fixed rate, when it was due; microseconds. A repetition doesn't reset it: its caller
  /// has waited since.
  package var sentAt: Int64 = 0

  package init(
    kind: Kind, wallet: Int, walletID: Int64 = 0, amount: Int64 = 0, key: OperationKey = OperationKey(high: 0, low: 0),
    reference: UInt64 = 0
  ) {
    self.kind = kind
    self.wallet = wallet
    self.walletID = walletID
    self.amount = amount
    self.key = key
    self.reference = reference
  }

  /// The change of the balance when it succeeds.
  var change: Int64 {
    switch kind {
    case .credit, .open: amount
    case .debit, .capture: -amount
    case .hold, .balance, .list, .lookUp, .batch: 0
    }
  }
}

/// A UUID as its bits. The correlation id follows from it, so that a repetition is the same request.
package struct OperationKey: Equatable, Sendable, BitwiseCopyable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A UUIDv7.
  ///
  /// - Parameter milliseconds: Since 1970-01-01 UTC.
  package init(milliseconds: UInt64, random: (UInt64, UInt64)) {
    high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
    low = 0x8000_0000_0000_0000 | random.1 >> 2
  }

  /// A UUIDv4.
  package init(random: (UInt64, UInt64)) {
    high = random.0 & ~0xF000 | 0x4000
    low = 0x8000_0000_0000_0000 | random.1 >> 2
  }

  /// 16 hexadecimal digits of it.
  var correlation: UInt64 { SplitMix64.mix(high ^ low) }
}
