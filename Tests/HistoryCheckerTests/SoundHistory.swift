import HistoryChecker

/// A short history of a ledger that keeps its promises: two wallets, a replay, a transfer, a refusal, a batch, reads, and calls
/// that nobody answered, of which one came to something.
struct SoundHistory {
  var history = History()

  init() {
    var journal = Builder()
    journal.open(wallet: 1, key: "open-1", start: 0, end: 10)
    journal.open(wallet: 2, key: "open-2", start: 5, end: 12)
    journal.move(1, 100, key: "credit-1", start: 20, end: 30)
    journal.read(1, start: 31, end: 32)
    journal.move(1, -30, key: "debit-1", start: 40, end: 50)
    journal.move(1, -20, key: "debit-2", start: 41, end: nil)
    journal.replay(of: "debit-2", start: 60, end: 61)
    journal.refuse(1, key: "refused-1", start: 62, end: 70)
    journal.transfer(from: 1, to: 2, 25, key: "transfer-1", start: 71, end: 80)
    journal.unanswered(1, -5, key: "never-1", start: 81)
    journal.fail(1, -7, key: "failed-1", start: 82, end: 83)
    journal.move(1, 3, key: "batch-1\u{B7}0", batch: "batch-1", start: 90, end: 95)
    journal.move(2, 4, key: "batch-1\u{B7}1", batch: "batch-1", start: 90, end: 95)
    journal.read(2, start: 96, end: 97)
    journal.read(1, start: 96, end: 99)
    history = journal.finished()
  }

  /// The place of the only call with a key that was answered.
  func index(of key: String) -> Int {
    history.calls.firstIndex { $0.key == key && $0.end != nil } ?? 0
  }

  func rowIndex(of key: String) -> Int { history.rows.firstIndex { $0.key == key } ?? 0 }

  /// Writes a history down as a ledger would bring it about.
  private struct Builder {
    private var history = History()
    private var wallets: [Int64: (version: Int64, balance: Int64)] = [:]
    private var total: Int64 = 0

    private var nextSeq: Int64 { Int64(history.rows.count) + 1 }

    private mutating func append(
      _ wallet: Int64, _ amount: Int64, key: String?, other: Int64 = 0, account: String = ""
    ) -> History.Row {
      var state = wallets[wallet] ?? (0, 0)
      state = (state.version + 1, state.balance + amount)
      wallets[wallet] = state
      var row = History.Row(seq: nextSeq)
      (row.wallet, row.version, row.amount, row.balance) = (wallet, state.version, amount, state.balance)
      (row.key, row.other, row.account) = (key, other, account)
      if !account.isEmpty { total -= amount }
      history.rows.append(row)
      return row
    }

    private mutating func add(
      _ row: History.Row, _ verb: String, _ key: String, batch: String? = nil, commitSeq: Int64? = nil, start: Int64,
      end: Int64?
    ) {
      var call = History.Call(start: start, verb: verb)
      (call.key, call.batch, call.amount, call.end) = (key, batch, row.amount, end)
      if end != nil {
        (call.outcome, call.wallet, call.seq, call.commitSeq) = (.done, row.wallet, row.seq, commitSeq ?? row.seq)
        (call.version, call.balance) = (row.version, row.balance)
      }
      history.calls.append(call)
    }

    mutating func open(wallet: Int64, key: String, start: Int64, end: Int64) {
      add(append(wallet, 0, key: key), "open", key, start: start, end: end)
    }

    mutating func move(
      _ wallet: Int64, _ amount: Int64, key: String, batch: String? = nil, start: Int64, end: Int64?
    ) {
      let row = append(wallet, amount, key: key, account: "sales")
      add(row, amount < 0 ? "debit" : "credit", key, batch: batch, start: start, end: end)
    }

    mutating func transfer(from: Int64, to: Int64, _ amount: Int64, key: String, start: Int64, end: Int64) {
      let row = append(from, -amount, key: key, other: nextSeq + 1)
      _ = append(to, amount, key: nil, other: row.seq)
      add(row, "transfer", key, commitSeq: row.seq + 1, start: start, end: end)
    }

    mutating func replay(of key: String, start: Int64, end: Int64) {
      guard let row = history.rows.first(where: { $0.key == key }) else { return }
      add(row, "debit", key, start: start, end: end)
      history.calls[history.calls.count - 1].isReplayed = true
    }

    mutating func refuse(_ wallet: Int64, key: String, start: Int64, end: Int64) {
      var row = History.Row(seq: nextSeq)
      (row.kind, row.key) = (.refusal, key)
      history.rows.append(row)
      var call = History.Call(start: start, verb: "debit")
      (call.key, call.end, call.outcome, call.amount) = (key, end, .refused, -1_000)
      (call.seq, call.commitSeq) = (row.seq, row.seq)
      history.calls.append(call)
    }

    mutating func unanswered(_ wallet: Int64, _ amount: Int64, key: String, start: Int64) {
      var call = History.Call(start: start, verb: "debit")
      (call.key, call.amount) = (key, amount)
      history.calls.append(call)
    }

    mutating func fail(_ wallet: Int64, _ amount: Int64, key: String, start: Int64, end: Int64) {
      var call = History.Call(start: start, verb: "debit")
      (call.key, call.end, call.outcome, call.amount) = (key, end, .failed, amount)
      history.calls.append(call)
    }

    mutating func read(_ wallet: Int64, start: Int64, end: Int64) {
      guard let state = wallets[wallet] else { return }
      var call = History.Call(start: start, verb: "balance")
      (call.end, call.outcome, call.wallet) = (end, .read, wallet)
      (call.version, call.balance, call.seq) = (state.version, state.balance, nextSeq - 1)
      call.commitSeq = call.seq
      history.calls.append(call)
    }

    mutating func finished() -> History {
      for (id, state) in wallets.sorted(by: { $0.key < $1.key }) {
        history.wallets.append(
          History.Wallet(id: id, currency: "USD", version: state.version, balance: state.balance))
      }
      history.totals = [History.Total(currency: "USD", account: "sales", total: total)]
      return history
    }
  }
}
