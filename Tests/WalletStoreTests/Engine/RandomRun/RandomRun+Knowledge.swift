import TestSupport
import WalletCore

@testable import WalletStore

/// What may have been done when nobody was told.
extension RandomRun {
  /// All that the run goes by: what the ledger must hold and what was told of it.
  struct Knowledge {
    var model: LedgerModel
    var batches: [Batch]
    var rows: [IdempotencyKey: TransactionRow]
    var administered: [IdempotencyKey: AdministrationRow]
    var failures: [IdempotencyKey: Failure]
  }

  var knowledge: Knowledge {
    get {
      Knowledge(model: model, batches: batches, rows: rows, administered: administered, failures: failures)
    }
    set {
      (model, batches, rows) = (newValue.model, newValue.batches, newValue.rows)
      (administered, failures) = (newValue.administered, newValue.failures)
    }
  }

  /// What the run would know if a gather were carried out and nobody were told.
  func knowledge(after gather: Gather) -> Knowledge {
    let before = knowledge
    defer { knowledge = before }
    for asked in gather.asked {
      switch asked {
      case .balance: break
      case .command(let command): _ = model.perform(command, now: ledger.wall)
      case .batch(let batch):
        let commands = batch.items.compactMap { if case .command(let command) = $0 { command } else { nil } }
        guard case .allOrNothing(let key) = batch.mode else {
          for command in commands { _ = model.perform(command, now: ledger.wall) }
          continue
        }
        if batches.contains(where: { $0.key == key }) { continue }
        let expected = model.performAll(key, commands, now: ledger.wall)
        if case .aborted(_, _, 0) = expected { continue }
        batches.append(Batch(command: batch, key: key, expected: expected))
      }
    }
    return knowledge
  }
}
