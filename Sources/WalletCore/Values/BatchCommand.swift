/// Several mutations in one request. They are carried out in order, and each sees those before it.
public struct BatchCommand: Sendable {
  public enum Mode: Equatable, Sendable {
    /// Each item has a key and an outcome of its own.
    case itemByItem
    /// All or none, under one key. The key of an item is the batch's key and the item's index.
    case allOrNothing(IdempotencyKey)
  }

  /// A batch of all or nothing can't hold a malformed item: it is refused when it is read.
  public enum Item: Sendable {
    case command(Command)
    /// Can't be read; the others go on. Seldom, and large: an item is one reference.
    indirect case malformed(Failure)
  }

  /// With 512 bytes for each, a request and its reply stay within 4 MiB.
  public static let itemsMax = 8_190
  /// No compact result reaches it.
  public static let resultBytesMax = 512
  /// With whole transactions; the same bound on the reply.
  public static let fullItemsMax = 1_023
  public static let fullResultBytesMax = 4_096

  public var mode: Mode
  public var items: [Item]
  /// Results are wanted with their whole transactions.
  public var wantsFullResults: Bool

  public init(mode: Mode, items: [Item], wantsFullResults: Bool = false) {
    self.mode = mode
    self.items = items
    self.wantsFullResults = wantsFullResults
  }

  public var replyBytesMax: Int {
    items.count * (wantsFullResults ? Self.fullResultBytesMax : Self.resultBytesMax)
  }
}

extension Failure {
  /// The failure of an item, as its batch says it: a field gets the path that leads to the item.
  public func below(_ path: String) -> Failure {
    var failure = self
    switch detail {
    case .invalidArgument(let field, let rule):
      failure.detail = .invalidArgument(field: field.isEmpty ? path : "\(path).\(field)", rule: rule)
    case .mismatch(let field): failure.detail = .mismatch(field: "\(path).\(field)")
    case .unimplemented(let method, let feature):
      failure.detail = .unimplemented(method: method, feature: feature.isEmpty ? path : "\(path).\(feature)")
    default: break
    }
    return failure
  }

  /// Whether the refusal has a row in the journal: a batch's is remembered when its cause would have been.
  public var isRemembered: Bool {
    if case .batchAborted(_, let cause) = detail { cause.reason.isRemembered } else { reason.isRemembered }
  }
}

extension BatchCommand {
  /// What the digest of a batch of all or nothing is made over: the compared fields of its items, with their addresses
  /// as they were given.
  public func encodeCompared(into writer: inout CanonicalWriter) {
    writer.integer(Int64(Verb.batch.rawValue))
    writer.integer(Int64(items.count))
    for case .command(let command) in items {
      command.encodeCompared(walletID: nil, walletCurrency: Text(), into: &writer)
    }
  }
}
