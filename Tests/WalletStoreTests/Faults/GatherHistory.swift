import FaultSupport
import HistoryChecker
import TestSupport
import WalletCore

/// What a store was asked and what it answered, gather by gather, as a history.
struct GatherHistory {
  private(set) var history = History()
  private var moment: Int64 = 0

  /// Nobody was told what became of a gather.
  mutating func noteUnanswered(_ requests: [LedgerRequest]) {
    moment += 2
    for request in requests {
      switch request {
      case .mutation(let command): add(call(command))
      case .batch(let batch):
        // It may have left its items or its refusal.
        if case .allOrNothing(let key) = batch.mode { add(call(of: key)) }
        for case let call? in items(of: batch) { add(call) }
      default: break
      }
    }
  }

  mutating func note(_ requests: [LedgerRequest], _ outcomes: [LedgerOutcome]) {
    moment += 2
    for (request, outcome) in zip(requests, outcomes) {
      switch (request, outcome) {
      case (.mutation(let command), _): note(outcome, of: call(command))
      case (.batch(let batch), .batch(let outcomes, _, _, _)):
        for case (let call?, let outcome) in zip(items(of: batch), outcomes) { note(outcome, of: call) }
      case (.batch(let batch), _):
        if case .allOrNothing(let key) = batch.mode { note(outcome, of: call(of: key)) }
      case (.balance, .wallet(let wallet, let commitSeq)):
        var call = History.Call(start: moment, verb: "balance")
        (call.end, call.outcome, call.wallet) = (moment + 1, .read, wallet.id)
        (call.version, call.balance) = (wallet.version, wallet.balance)
        (call.seq, call.commitSeq) = (commitSeq, commitSeq)
        add(call)
      default: break
      }
    }
  }

  private mutating func add(_ call: History.Call) { history.calls.append(call) }

  private mutating func note(_ outcome: LedgerOutcome, of asked: History.Call) {
    var call = asked
    call.end = moment + 1
    switch outcome {
    case .posted(let row, _, _, let replayed): call.done(row, upTo: row.seq, replayed)
    case .transferred(let source, let destination, _, _, let replayed):
      call.done(source, upTo: destination.seq, replayed)
    case .administered(let row, let replayed):
      (call.outcome, call.seq, call.commitSeq, call.isReplayed) = (.done, row.seq, row.seq, replayed)
    case .failed(let failure, let seq, let replayed):
      call.outcome = failure.isRemembered ? .refused : .failed
      if failure.isRemembered { (call.seq, call.commitSeq, call.isReplayed) = (seq, seq, replayed) }
    default: preconditionFailure("\(asked.verb) was answered with \(outcome)")
    }
    add(call)
  }

  // MARK: Calls

  private func call(_ command: Command) -> History.Call {
    var call = History.Call(start: moment, verb: "\(command.verb)")
    (call.key, call.amount) = (command.key.text, command.change)
    return call
  }

  private func call(of batch: IdempotencyKey) -> History.Call {
    var call = History.Call(start: moment, verb: "batch")
    call.key = batch.text
    return call
  }

  /// One for each item; `nil` for one that is malformed.
  private func items(of batch: BatchCommand) -> [History.Call?] {
    batch.items.enumerated().map { index, item in
      guard case .command(let command) = item else { return nil }
      var call = call(command)
      if case .allOrNothing(let key) = batch.mode {
        (call.key, call.batch) = ("\(key.text)\u{B7}\(index)", key.text)
      }
      return call
    }
  }

  // MARK: The end

  /// - Returns: What is wrong with it, held against the file of a ledger that was closed.
  func anomalies(_ path: String, on disk: FaultDisk) throws -> [Anomaly] {
    var history = history
    try history.addRows(of: SQLiteFile(path, vfs: disk.vfs))
    return Checker.anomalies(of: history)
  }
}

extension History.Call {
  fileprivate mutating func done(_ row: TransactionRow, upTo last: Int64, _ replayed: Bool) {
    (outcome, seq, commitSeq, isReplayed) = (.done, row.seq, last, replayed)
    (wallet, version, balance) = (row.walletID, row.version, row.balance)
  }
}

extension Command {
  /// What it changes its wallet's balance by; `nil` where the ledger says how much.
  fileprivate var change: Int64? {
    switch verb {
    case .credit: amount
    case .debit, .transfer: -amount
    case .capture: amount == 0 ? nil : -amount
    case .refund: amount == 0 ? nil : amount
    default: 0
    }
  }
}
