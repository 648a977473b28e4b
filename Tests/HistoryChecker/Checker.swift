/// Proves that a history is one of a strictly serialisable ledger, or says why it isn't.
///
/// The journal is the order that it must be equivalent to: each call has a place in it. So it is enough to show that every
/// reply is what its place says, that places follow real time, and that the journal adds up; all of it takes a few sorts.
package struct Checker {
  let history: History
  let journal: Journal
  /// Mutations by their keys, each in the order in which its attempts were sent.
  let attempts: [String: [History.Call]]
  private var anomalies: [Anomaly] = []

  private init(_ history: History) {
    self.history = history
    journal = Journal(history)
    var attempts: [String: [History.Call]] = [:]
    for call in history.calls { if let key = call.key { attempts[key, default: []].append(call) } }
    self.attempts = attempts.mapValues { $0.sorted { $0.start < $1.start } }
  }

  /// - Returns: What is wrong with it, in no particular order within a kind; empty for a sound history.
  package static func anomalies(of history: History) -> [Anomaly] {
    var checker = Checker(history)
    checker.anomalies += checker.journal.anomalies()
    for (key, attempts) in checker.attempts.sorted(by: { $0.key < $1.key }) { checker.check(key, attempts) }
    checker.checkBatches()
    checker.checkReads()
    checker.anomalies += RealTime.anomalies(checker.journal, checker.attempts, checker.reads)
    if checker.journal.isWhole {
      if history.hasAllCalls { checker.checkSenders() }
      checker.anomalies += Conservation.anomalies(history)
    }
    return checker.anomalies
  }

  var reads: [History.Call] { history.calls.filter { $0.outcome == .read } }

  private mutating func add(_ kind: Anomaly.Kind, _ text: String) { anomalies.append(Anomaly(kind, text)) }

  // MARK: Keys

  private mutating func check(_ key: String, _ attempts: [History.Call]) {
    let answered = attempts.filter { $0.outcome == .done || $0.outcome == .refused }
    if let first = answered.first {
      for other in answered.dropFirst() where !other.tellsTheSame(as: first) {
        add(.contradiction, "\(key) was answered with \(first.told) and with \(other.told)")
      }
    }
    // Only one can be the first one.
    let fresh = answered.filter { !$0.isReplayed }
    if fresh.count > 1 { add(.twice, "\(key) was carried out \(fresh.count) times: \(fresh.map(\.told))") }
    guard journal.isWhole else { return }
    let rows = journal.rows(of: key)
    if rows.count > 1 { add(.twice, "\(key) has rows \(rows.map(\.seq))") }
    for call in answered { check(call, key) }
    if !rows.isEmpty, attempts.allSatisfy({ $0.outcome == .failed }) {
      add(.effectOfFailed, "\(key) has row \(rows[0].seq), and no attempt was to have an effect")
    }
  }

  /// An answer against the row that it is of.
  private mutating func check(_ call: History.Call, _ key: String) {
    let found = journal.row(toldBy: call)
    guard let row = found, row.key == key else {
      let instead = found.map { "\($0)" } ?? "missing"
      return add(.lost, "\(key) was acknowledged with row \(call.place), which is \(instead)")
    }
    guard (row.kind == .refusal) == (call.outcome == .refused) else {
      return add(.wrongReply, "\(key) was \(call.outcome.rawValue), and row \(row.seq) is a \(row.kind.rawValue)")
    }
    guard row.kind == .transaction else {
      if call.commitSeq != row.seq { add(.wrongReply, "\(key) says \(call.commitSeq) and has row \(row.seq)") }
      return
    }
    if row.version != call.version || row.balance != call.balance || call.wallet != 0 && row.wallet != call.wallet {
      add(.wrongReply, "\(key) was told \(call.told), and its row is \(row)")
    }
    if let amount = call.amount, amount != row.amount {
      add(.wrongReply, "\(key) asked for \(amount), and row \(row.seq) has \(row.amount)")
    }
    let last = max(row.seq, row.other)
    if call.commitSeq != last, call.batch == nil {
      add(.wrongReply, "\(key) says it ends at \(call.commitSeq), and its last row is \(last)")
    }
  }

  // MARK: Batches

  private mutating func checkBatches() {
    guard journal.isWhole else { return }
    /// What each attempt had in it.
    var sent: [String: [Attempt: Set<String>]] = [:]
    for call in history.calls {
      guard let batch = call.batch, let key = call.key else { continue }
      sent[batch, default: [:]][Attempt(client: call.client, start: call.start), default: []].insert(key)
    }
    for (batch, attempts) in sent.sorted(by: { $0.key < $1.key }) {
      let all = attempts.values.reduce(into: Set<String>()) { $0.formUnion($1) }
      let rows = all.flatMap { journal.rows(of: $0) }.sorted { $0.seq < $1.seq }
      guard let first = rows.first, let last = rows.last else { continue }
      let found = Set(rows.compactMap(\.key))
      if !attempts.values.contains(found) {
        add(.torn, "\(batch) has \(rows.count) rows, from \(first.seq) on, and no attempt had just these")
      }
      // Nothing of anybody else may stand between them.
      let between = (first.seq...max(last.seq, last.other)).compactMap { journal.row($0) }
      if let stranger = between.first(where: { row in row.key.map { !found.contains($0) } ?? false }) {
        add(.torn, "row \(stranger.seq) stands within \(batch)")
      }
    }
  }

  private struct Attempt: Hashable {
    var client: Int
    var start: Int64
  }

  // MARK: Reads

  private mutating func checkReads() {
    for read in reads {
      guard let last = journal.rows(ofWallet: read.wallet, upTo: read.seq).last else {
        if journal.isWhole { add(.wrongRead, "wallet \(read.wallet) was read at \(read.seq), where it has no rows") }
        continue
      }
      let next = journal.rows(ofWallet: read.wallet, after: read.seq).first
      if read.version < last.version {
        add(.wrongRead, "\(read.told) was read at \(read.seq), behind row \(last.seq) of version \(last.version)")
      } else if let next, read.version >= next.version {
        add(.wrongRead, "\(read.told) was read at \(read.seq), before row \(next.seq) of version \(next.version)")
      } else if read.version == last.version && read.balance != last.balance {
        add(.wrongRead, "\(read.told) was read, and row \(last.seq) left \(last.balance)")
      } else if journal.isWhole, read.version != last.version {
        add(.wrongRead, "\(read.told) was read at \(read.seq), where wallet \(read.wallet) is at \(last.version)")
      }
    }
  }

  // MARK: Senders

  private mutating func checkSenders() {
    for row in history.rows {
      if let key = row.key, attempts[key] == nil { add(.nobodySent, "row \(row.seq) has key \(key)") }
    }
  }
}

extension History.Call {
  fileprivate func tellsTheSame(as other: History.Call) -> Bool {
    outcome == other.outcome && seq == other.seq && commitSeq == other.commitSeq && version == other.version
      && balance == other.balance && (wallet == other.wallet || wallet == 0 || other.wallet == 0)
  }

  /// Its place in the journal, as it was told.
  var place: Int64 { seq == 0 ? commitSeq : seq }

  var told: String {
    "\(verb) of wallet \(wallet): \(outcome.rawValue), row \(place), version \(version), balance \(balance)"
  }
}
