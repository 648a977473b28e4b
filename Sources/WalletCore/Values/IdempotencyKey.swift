/// The name that a caller gives one mutation, for ever.
public enum IdempotencyKey: Hashable, Sendable {
  /// A canonical UUID, kept as its 128 bits.
  case uuid(high: UInt64, low: UInt64)
  case text(Text)
  /// An item of a batch of all or nothing: the batch's key and the item's index. No client can name such a key itself.
  indirect case item(IdempotencyKey, index: UInt32)

  /// Bytes of a key, which are printable ASCII.
  public static let byteCountRange = 8...64

  /// `nil` when the text isn't 8 to 64 printable ASCII characters (space excluded at neither end: 0x20 to 0x7E).
  public init?(_ text: String) {
    var text = text
    guard let key = text.withUTF8({ unsafe IdempotencyKey(UnsafeRawBufferPointer($0)) }) else { return nil }
    self = key
  }

  /// `nil` when the bytes aren't 8 to 64 printable ASCII characters.
  @unsafe
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard Self.byteCountRange.contains(bytes.count) else { return nil }
    if let (high, low) = unsafe UUIDv7.bits(bytes) {
      self = .uuid(high: high, low: low)
      return
    }
    for index in 0..<bytes.count { guard unsafe (0x20...0x7E).contains(bytes[index]) else { return nil } }
    self = unsafe .text(Text(utf8: ShortBytes(bytes)))
  }

  public var text: String {
    switch self {
    case .uuid(let high, let low): UUIDv7.text(high: high, low: low)
    case .text(let text): text.string
    // The dot isn't ASCII, so this can't be the text of a client's key.
    case .item(let batch, let index): "\(batch.text)\u{B7}\(index)"
    }
  }
}
