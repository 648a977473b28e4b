/// The name that a caller gives one mutation, for ever.
package enum IdempotencyKey: Hashable, Sendable {
  /// A canonical UUID, kept as its 128 bits.
  case uuid(high: UInt64, low: UInt64)
  case text(Text)
  /// An item of a batch of all or nothing: the batch's key and the item's index. No client can name such a key itself.
  indirect case item(IdempotencyKey, index: UInt32)

  /// Bytes of a key, which are printable ASCII.
  package static let byteCountRange = 8...64

  /// `nil` when the text isn't 8 to 64 printable ASCII characters (space excluded at neither end: 0x20 to 0x7E).
  package init?(_ text: String) {
    guard Self.byteCountRange.contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      return nil
    }
    if let (high, low) = UUIDv7.bits(text) {
      self = .uuid(high: high, low: low)
    } else {
      self = .text(Text(text))
    }
  }

  package var text: String {
    switch self {
    case .uuid(let high, let low): UUIDv7.text(high: high, low: low)
    case .text(let text): text.string
    // The dot isn't ASCII, so this can't be the text of a client's key.
    case .item(let batch, let index): "\(batch.text)\u{B7}\(index)"
    }
  }
}
