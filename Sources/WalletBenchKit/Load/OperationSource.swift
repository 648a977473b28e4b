import WalletCore
import WalletSystem

/// Draws operations. What is drawn follows from the seed alone; keys and references follow from the time too, so that
/// none is used again when a run is repeated on the same server.
struct OperationSource {
  private let workload: Workload
  private let keyKind: KeyKind
  private let book: WalletBook
  /// What the monotonic clock lacks to the time of day, microseconds.
  private let wallOffset: Int64
  private var wallets: WalletDraws
  private var draws: SplitMix64
  private var keys: SplitMix64
  private var reference: UInt64

  /// - Parameter startedAt: Microseconds since 1970-01-01 UTC. References count on from there, which keeps those of two
  ///   runs apart as long as fewer than a million a second are drawn.
  init(_ settings: BenchSettings, book: WalletBook, time: any TimeSource, startedAt: Int64) {
    workload = settings.workload
    keyKind = settings.keys
    self.book = book
    wallOffset = time.wallMicroseconds - time.monotonicMicroseconds
    draws = SplitMix64(seed: settings.seed)
    wallets = WalletDraws(settings.distribution, book: book, seed: SplitMix64.mix(~settings.seed))
    keys = SplitMix64(seed: SplitMix64.mix(settings.seed) ^ UInt64(bitPattern: startedAt))
    reference = UInt64(startedAt)
  }

  /// An operation of the workload.
  ///
  /// - Parameter now: Of the monotonic clock.
  mutating func drawn(_ now: Int64) -> Operation {
    let kind = drawnKind()
    let (wallet, id) = wallets.next()
    var operation = Operation(kind: kind, wallet: wallet, walletID: id)
    if kind.isMutation {
      let amounts = BenchSettings.amounts
      operation.amount = amounts.lowerBound + Int64(draws.next(below: Int(amounts.upperBound - amounts.lowerBound + 1)))
      identify(&operation, now)
    }
    return operation
  }

  /// - Parameter funds: What the wallet begins with, where an opening can say so.
  mutating func opening(_ wallet: Int, funds: Int64 = 0, _ now: Int64) -> Operation {
    var operation = Operation(kind: .open, wallet: wallet, amount: funds)
    identify(&operation, now)
    return operation
  }

  mutating func credit(_ wallet: Int, _ amount: Int64, _ now: Int64) -> Operation {
    var operation = Operation(kind: .credit, wallet: wallet, walletID: book.id(wallet), amount: amount)
    identify(&operation, now)
    return operation
  }

  /// A batch of the items at a place of the `BatchPool`.
  mutating func batch(_ place: Int32, _ now: Int64) -> Operation {
    var operation = Operation(kind: .batch, wallet: 0)
    operation.batch = place
    identify(&operation, now)
    return operation
  }

  /// The capture of all that a hold reserves. Who waits for it has waited since the hold was sent.
  mutating func capture(_ hold: Operation, holdID: Int64, _ now: Int64) -> Operation {
    var operation = Operation(kind: .capture, wallet: hold.wallet, walletID: holdID, amount: hold.amount)
    identify(&operation, now)
    operation.sentAt = hold.sentAt
    return operation
  }

  private mutating func identify(_ operation: inout Operation, _ now: Int64) {
    let random = (keys.next(), keys.next())
    switch keyKind {
    case .uuidv7: operation.key = OperationKey(milliseconds: UInt64((now + wallOffset) / 1000), random: random)
    case .random: operation.key = OperationKey(random: random)
    }
    operation.reference = reference
    reference += 1
  }

  private mutating func drawnKind() -> Operation.Kind {
    switch workload {
    case .debit: return .debit
    case .credit: return .credit
    case .holdCapture: return .hold
    case .balance: return .balance
    case .list: return .list
    case .mixed:
      let draw = draws.next(below: 100)
      if draw < Workload.mixedBalancePercent { return .balance }
      if draw < Workload.mixedBalancePercent + Workload.mixedDebitPercent { return .debit }
      if draw < Workload.mixedBalancePercent + Workload.mixedDebitPercent + Workload.mixedCreditPercent {
        return .credit
      }
      return .list
    }
  }
}
