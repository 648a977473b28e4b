/// What the rows of a wallet's list must have; what is left at its default excludes nothing.
public struct TransactionFilter: Equatable, Sendable {
  /// Stored at or after it, microseconds.
  public var from: Int64 = 0
  /// Stored before it, microseconds; 0: no end.
  public var before: Int64 = 0
  /// One of them; empty: all.
  public var kinds: Set<TransactionKind> = []
  public var reason = Text()
  public var actor = Text()
  public var reference = Text()
  /// Of the change of the balance without its sign, or of what a hold reserves; minor units.
  public var amountMin: Int64 = 0
  /// 0: no bound.
  public var amountMax: Int64 = 0

  public init() {}

  public var isEmpty: Bool { self == TransactionFilter() }

  /// Tells lists of different filters apart.
  public var digest: String {
    var writer = CanonicalWriter()
    writer.integer(from)
    writer.integer(before)
    writer.numbers(kinds.map { Int64($0.rawValue) })
    writer.text(reason)
    writer.text(actor)
    writer.text(reference)
    writer.integer(amountMin)
    writer.integer(amountMax)
    return FilterDigest.text(of: writer.bytes)
  }
}

/// What refusals must have; what is left at its default excludes nothing.
public struct RefusalFilter: Equatable, Sendable {
  /// As it was asked for.
  public var wallet: WalletReference?
  /// Stored at or after it, microseconds.
  public var from: Int64 = 0
  /// Stored before it, microseconds; 0: no end.
  public var before: Int64 = 0
  /// One of them; empty: all.
  public var reasons: Set<ErrorReason> = []
  public var actor = Text()
  /// As the requests named it.
  public var owner = Text()

  public init() {}

  /// Tells lists of different filters apart.
  public var digest: String {
    var writer = CanonicalWriter()
    writer.byte(wallet == nil ? 0 : 1)
    if let wallet { writer.address(wallet) }
    writer.integer(from)
    writer.integer(before)
    writer.numbers(reasons.map { Int64($0.rawValue) })
    writer.text(actor)
    writer.text(owner)
    return FilterDigest.text(of: writer.bytes)
  }
}

private enum FilterDigest {
  /// FNV-1a, 64 bits: it guards against a mistake, not against a forger, who gains nothing by it.
  static func text(of bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}

extension CanonicalWriter {
  /// A set of numbers, whatever order it is kept in.
  fileprivate mutating func numbers(_ numbers: [Int64]) {
    integer(Int64(numbers.count))
    for number in numbers.sorted() { integer(number) }
  }
}
