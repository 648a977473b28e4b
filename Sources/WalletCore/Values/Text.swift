/// Text that is compared by its bytes.
///
/// `String` compares by canonical equivalence, by which two different keys or owners could be one.
package struct Text: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// UTF-8.
  package let utf8: ShortBytes

  package init(_ string: String) {
    var string = string
    utf8 = string.withUTF8 { unsafe ShortBytes(UnsafeRawBufferPointer($0)) }
  }

  package init(stringLiteral value: String) { self.init(value) }

  @inlinable
  package init() { utf8 = ShortBytes() }

  /// - Parameter utf8: Valid UTF-8; the caller has seen to that.
  @inlinable
  package init(utf8: ShortBytes) { self.utf8 = utf8 }

  package var string: String {
    unsafe utf8.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  package var description: String { string }
  @inlinable
  @inline(__always)
  package var isEmpty: Bool { utf8.isEmpty }
  @inlinable
  @inline(__always)
  package var byteCount: Int { utf8.count }

  @inlinable
  @inline(__always)
  package static func == (left: Text, right: Text) -> Bool { left.utf8 == right.utf8 }

  /// This text, or `other` when it is empty.
  package func or(_ other: @autoclosure () -> Text) -> Text { isEmpty ? other() : self }
}
