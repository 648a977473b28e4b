import CProtobufC
import CWalletProto
import WalletCore

/// Makes a command of a Batch.
@unsafe
struct BatchReader {
  private let message: Wallet__V1__BatchRequest

  init(_ message: Wallet__V1__BatchRequest) { unsafe self.message = unsafe message }

  func command(_ origin: Origin) throws(Failure) -> BatchCommand {
    var batch = try unsafe emptyCommand()
    for index in unsafe 0..<message.n_items {
      batch.items.append(
        try unsafe Self.item(index, batch.mode) { key throws(Failure) in try unsafe mutation(index, key, origin) })
    }
    return batch
  }

  /// The batch without its items, which are as many as it may have.
  func emptyCommand() throws(Failure) -> BatchCommand {
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
    return mode
  }

  // MARK: Items

  /// - Parameter read: Makes the command of the item; what it refuses is said with paths below the item.
  @inline(__always)
  static func item(
    _ index: Int, _ mode: BatchCommand.Mode, _ read: (KeySource) throws(Failure) -> Command
  ) throws(Failure) -> BatchCommand.Item {
    let key: KeySource =
      switch mode {
      case .itemByItem: .message
      case .allOrNothing(let key): .batch(.item(key, index: UInt32(index)))
      }
    do throws(Failure) {
      var command = try read(key)
      if command.violation != nil { command.violation = command.violation?.below("items[\(index)]") }
      return .command(command)
    } catch {
      let failure = error.below("items[\(index)]")
      // A feature that isn't there yet is asked for by mistake: nothing of the batch is done.
      if failure.reason == .unimplemented { throw failure.ofBatch }
      guard case .itemByItem = mode else { throw failure }
      return .malformed(failure)
    }
  }

  private func mutation(_ index: Int, _ key: KeySource, _ origin: Origin) throws(Failure) -> Command {
    guard let item = unsafe message.items[index]?.pointee else { preconditionFailure("an item that isn't there") }
    if unsafe item.base.n_unknown_fields > 0 {
      var fields = FieldReader()
      unsafe fields.refuseUnknownFields(item.base, in: "")
      try fields.requireNothingRefused()
    }
    switch unsafe item.mutation_case {
    case WALLET__V1__BATCH_ITEM__MUTATION_OPEN_WALLET:
      return try unsafe Self.below("open_wallet", item.open_wallet) { () throws(Failure) in
        try unsafe OpenWalletReader(item.open_wallet).command(.openWallet, origin, key: key)
      }
    case WALLET__V1__BATCH_ITEM__MUTATION_DEBIT: return try unsafe Self.debit(item.debit, key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_CREDIT: return try unsafe Self.credit(item.credit, key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_TRANSFER:
      return try unsafe Self.special(item.transfer, "transfer", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_HOLD: return try unsafe Self.special(item.hold, "hold", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_CAPTURE: return try unsafe Self.special(item.capture, "capture", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_RELEASE: return try unsafe Self.special(item.release, "release", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_REFUND: return try unsafe Self.special(item.refund, "refund", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_FREEZE: return try unsafe Self.special(item.freeze, "freeze", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_UNFREEZE:
      return try unsafe Self.special(item.unfreeze, "unfreeze", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_SET_LIMITS:
      return try unsafe Self.special(item.set_limits, "set_limits", key, origin)
    case WALLET__V1__BATCH_ITEM__MUTATION_CLOSE_WALLET:
      return try unsafe Self.special(item.close_wallet, "close_wallet", key, origin)
    default: throw .invalidArgument("", "has no mutation")
    }
  }

  static func debit(
    _ message: UnsafeMutablePointer<Wallet__V1__DebitRequest>, _ key: KeySource, _ origin: Origin
  ) throws(Failure) -> Command {
    try unsafe below("debit", message) { () throws(Failure) in
      try unsafe PostingReader(message).command(.debit, origin, key: key)
    }
  }

  static func credit(
    _ message: UnsafeMutablePointer<Wallet__V1__CreditRequest>, _ key: KeySource, _ origin: Origin
  ) throws(Failure) -> Command {
    try unsafe below("credit", message) { () throws(Failure) in
      try unsafe PostingReader(message).command(.credit, origin, key: key)
    }
  }

  private static func special<Message: SpecialMessage>(
    _ message: UnsafeMutablePointer<Message>, _ path: StaticString, _ key: KeySource, _ origin: Origin
  ) throws(Failure) -> Command {
    try unsafe below(path, message) { () throws(Failure) in try unsafe SpecialReader(message).command(origin, key: key)
    }
  }

  /// The mutation of an item: the batch says for all of them whether they are only tried.
  @inline(__always)
  private static func below<Message: AuditedMessage>(
    _ path: StaticString, _ message: UnsafeMutablePointer<Message>, _ read: () throws(Failure) -> Command
  ) throws(Failure) -> Command {
    do throws(Failure) {
      var command = try read()
      if unsafe message.pointee.dry_run != 0 { throw .unimplemented(command.verb.rawValue, feature: "dry_run") }
      if command.violation != nil { command.violation = command.violation?.below("\(path)") }
      return command
    } catch {
      throw error.below("\(path)")
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
