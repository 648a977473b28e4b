import CProtobufC
import CWalletProto
import WalletCore

/// Makes a command of a Batch.
@unsafe
struct BatchReader {
  private let message: Wallet__V1__BatchRequest

  init(_ pointer: UnsafeMutablePointer<Wallet__V1__BatchRequest>) { unsafe message = pointer.pointee }

  func command(_ origin: Origin) throws(Failure) -> BatchCommand {
    let mode = try unsafe mode()
    let count = unsafe message.n_items
    if count == 0 { throw .invalidArgument("items", "must have at least one item") }
    if count > BatchCommand.itemsMax {
      throw .invalidArgument("items", "has \(count) items; at most \(BatchCommand.itemsMax) are allowed")
    }
    let wantsFullResults = unsafe message.full_results != 0
    if wantsFullResults, count > BatchCommand.fullItemsMax {
      throw .invalidArgument(
        "full_results", "may be asked for at most \(BatchCommand.fullItemsMax) items; there are \(count)")
    }
    var items: [BatchCommand.Item] = []
    items.reserveCapacity(count)
    for index in 0..<count { items.append(try unsafe item(index, mode, origin)) }
    return BatchCommand(mode: mode, items: items, wantsFullResults: wantsFullResults)
  }

  /// What is wrong with the batch itself refuses all of it.
  private func mode() throws(Failure) -> BatchCommand.Mode {
    var fields = FieldReader()
    unsafe fields.refuseUnknownFields(message.base, in: "")
    var mode = BatchCommand.Mode.itemByItem
    if unsafe message.atomic != 0 {
      if let key = unsafe fields.key(message.idempotency_key) { mode = .allOrNothing(key) }
    } else if unsafe message.idempotency_key.len > 0 {
      fields.refuseAsMalformed("idempotency_key", "may be given only with atomic; each item has a key of its own")
    }
    try fields.requireNothingRefused()
    if unsafe message.dry_run != 0 { throw .unimplemented(Verb.batch.rawValue, feature: "dry_run") }
    return mode
  }

  private func item(
    _ index: Int, _ mode: BatchCommand.Mode, _ origin: Origin
  ) throws(Failure) -> BatchCommand.Item {
    do throws(Failure) {
      return .command(try unsafe command(index, mode, origin))
    } catch {
      // A feature that isn't there yet is asked for by mistake: nothing of the batch is done.
      if error.reason == .unimplemented { throw error.ofBatch }
      guard case .itemByItem = mode else { throw error }
      return .malformed(error)
    }
  }

  private func command(_ index: Int, _ mode: BatchCommand.Mode, _ origin: Origin) throws(Failure) -> Command {
    let path = "items[\(index)]"
    guard let item = unsafe message.items[index]?.pointee else { preconditionFailure("an item that isn't there") }
    if unsafe item.base.n_unknown_fields > 0 {
      var fields = FieldReader()
      unsafe fields.refuseUnknownFields(item.base, in: "\(path).")
      try fields.requireNothingRefused()
    }
    let key: KeySource =
      switch mode {
      case .itemByItem: .message
      case .allOrNothing(let key): .batch(.item(key, index: UInt32(index)))
      }
    switch unsafe item.mutation_case {
    case WALLET__V1__BATCH_ITEM__MUTATION_OPEN_WALLET:
      return try unsafe below("\(path).open_wallet") { () throws(Failure) in
        try unsafe OpenWalletReader(item.open_wallet).command(.openWallet, origin, key: key)
      }
    case WALLET__V1__BATCH_ITEM__MUTATION_DEBIT:
      return try unsafe below("\(path).debit") { () throws(Failure) in
        try unsafe PostingReader(item.debit).command(.debit, origin, key: key)
      }
    case WALLET__V1__BATCH_ITEM__MUTATION_CREDIT:
      return try unsafe below("\(path).credit") { () throws(Failure) in
        try unsafe PostingReader(item.credit).command(.credit, origin, key: key)
      }
    default: throw .invalidArgument(path, "has no mutation")
    }
  }

  private func below(_ path: String, _ read: () throws(Failure) -> Command) throws(Failure) -> Command {
    do throws(Failure) {
      var command = try read()
      if let violation = command.violation { command.violation = violation.below(path) }
      return command
    } catch {
      throw error.below(path)
    }
  }
}

extension Failure {
  /// The method that doesn't serve the feature is the batch.
  fileprivate var ofBatch: Failure {
    guard case .unimplemented(_, let feature) = detail else { return self }
    return .unimplemented(Verb.batch.rawValue, feature: feature)
  }
}
