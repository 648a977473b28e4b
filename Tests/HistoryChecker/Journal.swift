/// The rows of a history by place, by key and by wallet. Where the history has none, those that replies have told of.
struct Journal {
  /// All rows are known.
  let isWhole: Bool
  private let bySeq: [Int64: History.Row]
  private let byKey: [String: [History.Row]]
  /// In the order of their places.
  private let byWallet: [Int64: [History.Row]]
  private let all: [History.Row]
  private var places: [String] = []

  init(_ history: History) {
    isWhole = !history.rows.isEmpty
    all = (isWhole ? history.rows : Self.rows(toldBy: history.calls)).sorted { $0.seq < $1.seq }
    var bySeq: [Int64: History.Row] = [:]
    var byKey: [String: [History.Row]] = [:]
    var byWallet: [Int64: [History.Row]] = [:]
    for row in all {
      bySeq[row.seq] = row
      if let key = row.key { byKey[key, default: []].append(row) }
      if row.kind == .transaction { byWallet[row.wallet, default: []].append(row) }
    }
    (self.bySeq, self.byKey, self.byWallet) = (bySeq, byKey, byWallet)
  }

  private static func rows(toldBy calls: [History.Call]) -> [History.Row] {
    var rows: [Int64: History.Row] = [:]
    for call in calls where call.outcome == .done && call.wallet != 0 && call.version != 0 {
      var row = History.Row(seq: call.seq)
      (row.wallet, row.version, row.balance, row.key) = (call.wallet, call.version, call.balance, call.key)
      row.amount = call.amount ?? 0
      rows[call.seq] = row
    }
    return Array(rows.values)
  }

  func row(_ seq: Int64) -> History.Row? { bySeq[seq] }

  /// Who wasn't told of his own row, but of the last one, was told of the second one of a transfer.
  func row(toldBy call: History.Call) -> History.Row? {
    guard call.seq == 0, let last = row(call.commitSeq), last.key == nil, last.other != 0 else {
      return row(call.place)
    }
    return row(last.other)
  }

  func rows(of key: String) -> [History.Row] { byKey[key] ?? [] }

  func rows(ofWallet wallet: Int64, upTo seq: Int64) -> ArraySlice<History.Row> {
    let rows = byWallet[wallet] ?? []
    return rows[..<Self.firstIndex(of: rows, after: seq)]
  }

  func rows(ofWallet wallet: Int64, after seq: Int64) -> ArraySlice<History.Row> {
    let rows = byWallet[wallet] ?? []
    return rows[Self.firstIndex(of: rows, after: seq)...]
  }

  private static func firstIndex(of rows: [History.Row], after seq: Int64) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].seq <= seq { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Whether it adds up

  func anomalies() -> [Anomaly] {
    var anomalies: [Anomaly] = []
    for (before, row) in zip(all, all.dropFirst()) where row.seq == before.seq {
      anomalies.append(Anomaly(.hole, "two rows have place \(row.seq)"))
    }
    if isWhole {
      for (index, row) in all.enumerated() where row.seq != Int64(index) + 1 {
        anomalies.append(Anomaly(.hole, "row \(row.seq) stands where \(index + 1) must"))
        break
      }
      anomalies += transferAnomalies()
    }
    for (wallet, rows) in byWallet.sorted(by: { $0.key < $1.key }) { anomalies += fold(wallet, rows) }
    return anomalies
  }

  /// A wallet is the fold of its rows.
  private func fold(_ wallet: Int64, _ rows: [History.Row]) -> [Anomaly] {
    var anomalies: [Anomaly] = []
    var (version, balance): (Int64, Int64) = (0, 0)
    for row in rows {
      let isNext = row.version == version + 1
      if row.version <= version || isWhole && !isNext {
        anomalies.append(Anomaly(.fold, "wallet \(wallet): row \(row.seq) of version \(row.version) behind \(version)"))
      } else if isNext, row.balance != balance &+ row.amount {
        anomalies.append(
          Anomaly(.fold, "wallet \(wallet): \(balance) and \(row.amount) are \(row.balance) at row \(row.seq)"))
      }
      (version, balance) = (row.version, row.balance)
    }
    return anomalies
  }

  /// The sides of a transfer name each other, and what one gives the other gets.
  private func transferAnomalies() -> [Anomaly] {
    all.compactMap { row in
      if row.other == 0 { return nil }
      if let other = bySeq[row.other], other.other == row.seq, other.amount == -row.amount { return nil }
      return Anomaly(.conservation, "row \(row.seq) gives \(row.amount) to row \(row.other), which doesn't get it")
    }
  }
}

/// Wallets and counter-accounts of each currency sum to zero, and both are the sums of their rows.
enum Conservation {
  static func anomalies(_ history: History) -> [Anomaly] {
    var anomalies: [Anomaly] = []
    var balances: [Int64: (version: Int64, balance: Int128)] = [:]
    for row in history.rows where row.kind == .transaction {
      let before = balances[row.wallet] ?? (0, 0)
      balances[row.wallet] = (before.version + 1, before.balance + Int128(row.amount))
    }
    var sums: [String: Int128] = [:]
    for wallet in history.wallets {
      let sum = balances[wallet.id] ?? (0, 0)
      if sum.balance != Int128(wallet.balance) || sum.version != wallet.version {
        anomalies.append(
          Anomaly(
            .conservation,
            "wallet \(wallet.id) has \(wallet.balance) at \(wallet.version), its rows \(sum.balance) at \(sum.version)")
        )
      }
      sums[wallet.currency, default: 0] += Int128(wallet.balance)
    }
    if history.wallets.isEmpty { return anomalies }
    for total in history.totals { sums[total.currency, default: 0] += Int128(total.total) }
    for (currency, sum) in sums.sorted(by: { $0.key < $1.key }) where sum != 0 {
      anomalies.append(Anomaly(.conservation, "\(currency) sums to \(sum)"))
    }
    return anomalies + totalAnomalies(history)
  }

  private static func totalAnomalies(_ history: History) -> [Anomaly] {
    let currencies = Dictionary(history.wallets.map { ($0.id, $0.currency) }) { first, _ in first }
    var sums: [String: Int128] = [:]
    for row in history.rows where !row.account.isEmpty {
      sums["\(currencies[row.wallet] ?? "?") \(row.account)", default: 0] -= Int128(row.amount)
    }
    for total in history.totals { sums["\(total.currency) \(total.account)", default: 0] -= Int128(total.total) }
    return sums.sorted { $0.key < $1.key }.filter { $0.value != 0 }.map {
      Anomaly(.conservation, "the total of \($0.key) isn't that of its rows by \($0.value)")
    }
  }
}
