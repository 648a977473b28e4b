import WalletCore

@testable import WalletWire

/// Values of every size, the same ones for the same seed.
struct RandomValues {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: UInt64) -> Int { Int(bits() % bound) }
  mutating func flag() -> Bool { below(2) == 0 }
  mutating func byte() -> UInt8 { UInt8(below(20)) }

  /// Often 0, and else of any length, negative ones too.
  mutating func integer() -> Int64 {
    if below(3) == 0 { return 0 }
    let value = Int64(bitPattern: bits()) >> Int64(below(64))
    return value
  }

  mutating func bytes() -> [UInt8] {
    let count =
      switch below(8) {
      case 0, 1: 0
      case 2: 36 + below(8)
      case 3: 120 + below(16)
      case 4: below(600)
      default: below(40)
      }
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: bits()) }
  }

  mutating func text() -> Text { Text(utf8: ShortBytes(bytes().map { $0 & 0x3F | 0x40 })) }

  mutating func key() -> IdempotencyKey? {
    switch below(4) {
    case 0: nil
    case 1: .text(text())
    case 2: .item(.uuid(high: bits(), low: bits()), index: UInt32(below(9000)))
    default: .uuid(high: bits(), low: bits())
    }
  }

  mutating func row() -> TransactionRow {
    let pairs = (0..<(below(3) == 0 ? below(17) : 0)).map { _ in MetadataPair(key: text(), value: text()) }
    let audit = Command.Audit(
      reason: text(), note: text(), reference: text(), onBehalfOf: text(), correlationID: text(), occurredAt: integer(),
      metadata: pairs)
    var row = TransactionRow(
      seq: integer(), kind: TransactionKind.allCases[below(14)], walletID: integer(), version: integer(),
      amount: integer(), balance: integer() >> 2, held: integer() >> 2, overdraftLimit: integer() >> 2,
      counterAccount: text(),
      attribution: Attribution(
        key: key(), audit: audit, origin: Origin(actor: text(), source: text(), clientName: text())),
      createdAt: integer())
    row.heldChange = integer()
    row.counterWalletID = integer()
    row.holdID = integer()
    row.relatedSeq = integer()
    row.lane = integer()
    row.format = integer()
    row.detail = bytes()
    row.digest = ShortBytes(bytes())
    row.requestDigest = ShortBytes(bytes())
    return row
  }

  mutating func wallet() -> Wallet {
    var wallet = Wallet(
      id: integer(), name: WalletName(owner: text(), currency: text(), name: text()), exponent: byte(),
      balance: integer() >> 2, held: integer() >> 2, overdraftLimit: integer() >> 2, version: integer(),
      createdAt: integer(), createdBy: text(), updatedAt: integer(), updatedBy: text(), lastSeq: integer())
    wallet.isExpiryPending = flag()
    return wallet
  }

  mutating func itemOutcome() -> LedgerOutcome {
    switch below(4) {
    case 0: return .failed(failure(), commitSeq: integer(), replayed: flag())
    case 1: return transferred()
    default: return .posted(row(), currency: text(), exponent: byte(), replayed: flag())
    }
  }

  mutating func transferred() -> LedgerOutcome {
    .transferred(source: row(), destination: row(), currency: text(), exponent: byte(), replayed: flag())
  }

  /// An integer that is not negative.
  mutating func figure() -> Int64 { Int64(bitPattern: UInt64(bitPattern: integer()) >> 1) }

  mutating func failure() -> Failure {
    switch below(9) {
    case 0: return Failure(.walletNotFound, .message(text().string))
    case 1: return .invalidArgument(text().string, "rule")
    case 2: return Failure(flag() ? .transactionNotFound : .notRefundable, .transaction(integer()))
    case 3:
      let reasons: [ErrorReason] = [.holdNotFound, .holdCaptured, .holdReleased, .holdExpired, .holdAmountExceeded]
      return Failure(reasons[below(5)], .hold(integer(), at: integer(), remaining: integer()))
    case 4:
      let original = figure()
      return Failure(.refundExceedsOriginal, .refund(original: original, refunded: min(original, figure())))
    case 5:
      let freeze = Freeze(
        scope: FreezeScope.allCases[below(3)], reason: text(), since: integer(), until: integer())
      return Failure(.walletFrozen, .frozen(walletID: integer(), freeze))
    case 6: return Failure(.walletNotEmpty, .notEmpty(balance: integer(), openHolds: integer()))
    case 7:
      let kind = LimitKind.allCases[below(7)]
      return Failure(.limitExceeded, .limit(kind, limit: figure(), used: figure(), windowEnd: integer()))
    default: return Failure(.maxBalanceExceeded, .balanceMax(figure() >> 1, balance: integer() >> 2))
    }
  }
}
