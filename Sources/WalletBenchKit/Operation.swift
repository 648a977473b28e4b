package import WalletCore

/// One request of the load, from the moment it is drawn until its outcome is known.
package struct Operation: Equatable, Sendable {
  package enum Kind: UInt8, CaseIterable, Codable, Sendable {
    case open, credit, debit, balance, list

    package var verb: Verb {
      switch self {
      case .open: .openWallet
      case .credit: .credit
      case .debit: .debit
      case .balance: .getBalance
      case .list: .listTransactions
      }
    }

    var isMutation: Bool { self == .open || self == .credit || self == .debit }
  }

  package var kind: Kind
  /// Place in the `WalletBook`.
  package var wallet: Int
  /// The server's id of it; 0 while it isn't open.
  package var walletID: Int64
  package var amount: Int64
  package var key: OperationKey
  /// When it was sent first, microseconds. A repetition doesn't reset it: its caller has waited since.
  package var sentAt: Int64 = 0
  /// Sendings after the first.
  package var repetitions = 0
  /// An attempt ended without a word on its effect. From then on only OK or a remembered refusal says what happened.
  package var isUnknown = false

  package init(
    kind: Kind, wallet: Int, walletID: Int64 = 0, amount: Int64 = 0, key: OperationKey = OperationKey(high: 0, low: 0)
  ) {
    self.kind = kind
    self.wallet = wallet
    self.walletID = walletID
    self.amount = amount
    self.key = key
  }

  /// The change of the balance when it succeeds.
  var change: Int64 {
    switch kind {
    case .credit: amount
    case .debit: -amount
    case .open, .balance, .list: 0
    }
  }
}

/// A UUIDv7 as its bits. Reference and correlation id follow from it, so that a repetition is the same request.
package struct OperationKey: Equatable, Sendable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// - Parameter milliseconds: Since 1970-01-01 UTC.
  package init(milliseconds: UInt64, random: (UInt64, UInt64)) {
    high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
    low = 0x8000_0000_0000_0000 | random.1 >> 2
  }

  /// 12 hexadecimal digits of it.
  var reference: UInt64 { low & 0xFFFF_FFFF_FFFF }
  /// 16 hexadecimal digits of it.
  var correlation: UInt64 { SplitMix64.mix(high ^ low) }
}
