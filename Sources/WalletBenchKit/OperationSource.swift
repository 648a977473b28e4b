import WalletCore
import WalletSystem

/// Draws operations. What is drawn follows from the seed alone; the keys follow from the time too, so that no key is
/// used again when a run is repeated on the same server.
struct OperationSource {
  private let workload: Workload
  private let book: WalletBook
  private let time: any TimeSource
  private var draws: SplitMix64
  private var keys: SplitMix64

  init(_ settings: BenchSettings, book: WalletBook, time: any TimeSource, startedAt: Int64) {
    workload = settings.workload
    self.book = book
    self.time = time
    draws = SplitMix64(seed: settings.seed)
    keys = SplitMix64(seed: SplitMix64.mix(settings.seed) ^ UInt64(bitPattern: startedAt))
  }

  /// An operation of the workload on a wallet that is chosen uniformly.
  mutating func drawn() -> Operation {
    let kind = drawnKind()
    let wallet = draws.next(below: book.count)
    var operation = Operation(kind: kind, wallet: wallet, walletID: book.id(wallet))
    if kind.isMutation {
      let amounts = BenchSettings.amounts
      operation.amount = amounts.lowerBound + Int64(draws.next(below: Int(amounts.upperBound - amounts.lowerBound + 1)))
      operation.key = key()
    }
    return operation
  }

  mutating func opening(_ wallet: Int) -> Operation { Operation(kind: .open, wallet: wallet, key: key()) }

  mutating func credit(_ wallet: Int, _ amount: Int64) -> Operation {
    Operation(kind: .credit, wallet: wallet, walletID: book.id(wallet), amount: amount, key: key())
  }

  private mutating func key() -> OperationKey {
    OperationKey(milliseconds: UInt64(time.wallMicroseconds / 1000), random: (keys.next(), keys.next()))
  }

  private mutating func drawnKind() -> Operation.Kind {
    switch workload {
    case .debit: return .debit
    case .credit: return .credit
    case .balance: return .balance
    case .list: return .list
    case .mixed:
      var draw = draws.next(below: 100)
      let shares: [(Operation.Kind, Int)] = [
        (.balance, Workload.mixedBalancePercent), (.debit, Workload.mixedDebitPercent),
        (.credit, Workload.mixedCreditPercent),
      ]
      for (kind, percent) in shares {
        if draw < percent { return kind }
        draw -= percent
      }
      return .list
    }
  }
}
