import TestSupport
import WalletCore

@testable import WalletStore

/// What is answered, against what the model says.
extension RandomRun {
  func expect(_ outcome: LedgerOutcome, _ command: Command, path: String) throws {
    commandCount += 1
    let (expected, isReplay) = model.perform(command, now: ledger.wall)
    let comment = "\(command.verb) \(command.key.text) of \(command.wallet): \(outcome), not \(expected)"
    if isReplay { replayCount += 1 }
    switch expected {
    case .posted(let id, let row, let other):
      try check(outcome.row?.walletID == id && outcome.row.map { modelRow($0) } == row, comment)
      try check(outcome.otherRow.map { modelRow($0) } == other, comment)
      try check(outcome.isReplay == isReplay, comment)
      try check(isAsTold(outcome.row, &rows[command.key]), comment)
    case .administered(let seq):
      guard case .administered(let row, isReplay) = outcome, row.seq == seq else { throw TestFailure(comment) }
      try check(isAsTold(row, &administered[command.key]), comment)
    case .refused(let reason, let seq):
      guard case .failed(let failure, seq, isReplay) = outcome, failure.reason == reason else {
        throw TestFailure(comment)
      }
      try check(isAsTold(failure, &failures[command.key]), comment)
    case .failed(let reason): try check(outcome.reason == reason && !outcome.isReplay, comment)
    case .mismatch(let field):
      try check(outcome.mismatch == (path.isEmpty ? field : "\(path).\(field)") && !outcome.isReplay, comment)
    }
  }

  /// What was told first is told for ever. Of a commit that nobody was told of, the first to ask again is told first.
  func isAsTold<Told: Equatable>(_ found: Told?, _ told: inout Told?) -> Bool {
    if told == nil { told = found }
    return told == found
  }

  /// A dry run tells what its request is answered with right behind it.
  func expect(_ projected: LedgerOutcome, projects outcome: LedgerOutcome) throws {
    dryRunCount += 1
    let (seq, wallets) = (model.seq, Int64(model.accounts.count))
    let (tried, done) = (
      Placeless(projected, after: seq, wallets: wallets), Placeless(outcome, after: seq, wallets: wallets)
    )
    try check(tried == done, "\(projected), then \(outcome)")
    switch projected {
    case .projected(_, let commitSeq): try check(commitSeq == seq)
    case .failed(_, let commitSeq, _): try check(commitSeq <= seq)
    default: try check(projected.isReplay, "\(projected)")
    }
  }

  static let trier = Origin(actor: "local", source: "127.0.0.1", clientName: "tries")

  /// From a place that no row is from.
  func byTrier(_ command: Command) -> Command {
    var command = command
    command.origin = Self.trier
    return command
  }

  func byTrier(_ batch: BatchCommand) -> BatchCommand {
    var batch = batch
    batch.items = batch.items.map { item in
      if case .command(let command) = item { .command(byTrier(command)) } else { item }
    }
    return batch
  }

  func modelRow(_ row: TransactionRow) -> LedgerModel.Row {
    LedgerModel.Row(
      kind: row.kind, seq: row.seq, version: row.version, amount: row.amount, heldChange: row.heldChange,
      balance: row.balance, held: row.held, overdraft: row.overdraftLimit, holdID: row.holdID,
      relatedSeq: row.relatedSeq, previousSeq: row.previousSeq, createdAt: row.createdAt)
  }

  func expect(_ outcome: LedgerOutcome, _ batch: BatchCommand) throws {
    switch batch.mode {
    case .itemByItem:
      try check(outcome.items.count == batch.items.count)
      for (index, (item, outcome)) in zip(batch.items, outcome.items).enumerated() {
        switch item {
        case .command(let command): try expect(outcome, command, path: "items[\(index)]")
        case .malformed(let failure): try check(outcome.failure == failure)
        }
      }
    case .allOrNothing(let key):
      commandCount += batch.items.count
      let commands = batch.items.compactMap { if case .command(let command) = $0 { command } else { nil } }
      if let known = batches.first(where: { $0.key == key }) {
        replayCount += 1
        return try expect(outcome, known.expected, commands, isReplay: true)
      }
      let expected = model.performAll(key, commands, now: ledger.wall)
      if case .aborted(_, _, 0) = expected {
      } else {
        batches.append(Batch(command: batch, key: key, expected: expected))
      }
      try expect(outcome, expected, commands, isReplay: false)
    }
  }

  func expect(
    _ outcome: LedgerOutcome, _ expected: LedgerModel.ExpectedBatch, _ commands: [Command], isReplay: Bool
  ) throws {
    let comment = "\(outcome), not \(expected)"
    switch expected {
    case .posted(let expectedRows):
      try check(outcome.isReplay == isReplay && outcome.items.count == expectedRows.count, comment)
      for ((id, row, other), item) in zip(expectedRows, outcome.items) {
        try check(
          item.row?.walletID == id && item.row.map { modelRow($0) } == row && item.isReplay == isReplay, comment)
        try check(item.otherRow.map { modelRow($0) } == other, comment)
      }
      for (command, item) in zip(commands, outcome.items) {
        try check(isAsTold(item.row, &rows[command.key]), comment)
      }
    case .aborted(let index, let reason, let seq):
      guard case .failed(let failure, let place, isReplay) = outcome,
        case .batchAborted(index, let cause) = failure.detail, cause.reason == reason
      else {
        throw TestFailure(comment)
      }
      if seq != 0 { try check(place == seq, comment) }
    }
  }

  func expectBalance(_ outcome: LedgerOutcome, _ reference: WalletReference) throws {
    if readsMayFail, outcome.reason == .unavailable { return }
    guard let account = model.account(reference) else {
      try check([.walletNotFound, .currencyUnknown].contains(outcome.reason), "\(reference): \(outcome)")
      return
    }
    if !reference.currency.isEmpty, reference.currency != account.name.currency {
      try check(outcome.reason == .currencyMismatch, "\(reference): \(outcome)")
      return
    }
    guard case .wallet(let wallet, let commitSeq) = outcome else {
      throw TestFailure("\(reference): \(outcome)")
    }
    try check(commitSeq == model.seq && wallet.id == account.id && wallet.name == account.name)
    let due = model.dueHolds(of: account.id, ledger.wall).reduce(0) { $0 + $1.value.remaining }
    try check(wallet.held == account.held - due && wallet.isExpiryPending == (due > 0), "\(wallet)")
    try check(
      wallet.balance == account.balance && wallet.version == account.version && wallet.lastSeq == account.rows.last?.seq
    )
  }
}
