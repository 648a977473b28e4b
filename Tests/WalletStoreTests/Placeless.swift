import WalletCore

@testable import WalletStore

/// An outcome without what a dry run can't have of it: places in the journal, digests, ids of what isn't there yet.
struct Placeless: Equatable {
  var rows: [TransactionRow] = []
  var administered: AdministrationRow?
  var currency: Text = ""
  var failure: Failure?
  var isReplay: Bool
  var items: [Placeless] = []

  /// - Parameters:
  ///   - seq: The last row before it.
  ///   - wallets: How many there were.
  init(_ outcome: LedgerOutcome, after seq: Int64, wallets: Int64) {
    isReplay = outcome.isReplay
    switch outcome {
    case .posted(let row, let currency, _, _): (rows, self.currency) = ([row], currency)
    case .transferred(let row, let other, let currency, _, _): (rows, self.currency) = ([row, other], currency)
    case .failed(let failure, _, _): self.failure = Self.anonymous(failure, wallets)
    case .batch(let items, _, _, _): self.items = items.map { Placeless($0, after: seq, wallets: wallets) }
    case .administered(var row, _):
      if row.seq > seq || row.seq == 0 { (row.seq, row.digest, row.requestDigest) = (0, ShortBytes(), ShortBytes()) }
      row.attribution = Attribution(key: row.key, audit: row.attribution.audit, origin: .system)
      administered = row
    case .projected(let outcome, _): self = Placeless(outcome, after: seq, wallets: wallets)
    default: break
    }
    rows = rows.map { Self.placeless($0, seq, wallets) }
  }

  private static func placeless(_ row: TransactionRow, _ seq: Int64, _ wallets: Int64) -> TransactionRow {
    var row = row
    // Who tries it may be another one than who does it.
    row.attribution = Attribution(key: row.key, audit: row.attribution.audit, origin: .system)
    if row.seq != 0, row.seq <= seq { return row }
    for place in [\TransactionRow.seq, \.holdID, \.relatedSeq, \.previousSeq] where row[keyPath: place] > seq {
      row[keyPath: place] = 0
    }
    for id in [\TransactionRow.walletID, \.counterWalletID] where row[keyPath: id] > wallets { row[keyPath: id] = 0 }
    row.digest = ShortBytes()
    row.requestDigest = ShortBytes()
    return row
  }

  private static func anonymous(_ failure: Failure, _ wallets: Int64) -> Failure {
    var failure = failure
    switch failure.detail {
    case .wallet(let id, let name) where id > wallets: failure.detail = .wallet(id: 0, name)
    case .frozen(let id, let freeze) where id > wallets: failure.detail = .frozen(walletID: 0, freeze)
    case .batchAborted(let index, let cause):
      failure.detail = .batchAborted(index: index, cause: anonymous(cause, wallets))
    default: break
    }
    return failure
  }
}
