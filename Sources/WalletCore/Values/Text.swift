/// Text that is compared by its bytes.
///
/// `String` compares by canonical equivalence, by which two different keys or owners could be one.
public struct Text: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// UTF-8.
  public let utf8: ShortBytes

  public init(_ string: String) {
    var string = string
    utf8 = string.withUTF8 { unsafe ShortBytes(UnsafeRawBufferPointer($0)) }
  }

  public init(stringLiteral value: String) { self.init(value) }

  @inlinable
  public init() { utf8 = ShortBytes() }

  /// - Parameter utf8: Valid UTF-8; the caller has seen to that.
  @inlinable
  public init(utf8: ShortBytes) { self.utf8 = utf8 }

  public var string: String {
    unsafe utf8.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  public var description: String { string }
  @inlinable
  @inline(__always)
  public var isEmpty: Bool { utf8.isEmpty }
  @inlinable
  @inline(__always)
  public var byteCount: Int { utf8.count }

  @inlinable
  @inline(__always)
  public static func == (left: Text, right: Text) -> Bool { left.utf8 == right.utf8 }

  /// This text, or `other` when it is empty.
  public func or(_ other: @autoclosure () -> Text) -> Text { isEmpty ? other() : self }
}
