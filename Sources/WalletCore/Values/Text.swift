/// Text that is compared by its bytes.
///
/// `String` compares by canonical equivalence, by which two different keys or owners could be one.
package struct Text: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package var string: String

  package init(_ string: String) { self.string = string }
  package init(stringLiteral value: String) { string = value }

  package var description: String { string }
  package var isEmpty: Bool { string.isEmpty }
  package var byteCount: Int { string.utf8.count }

  package static func == (left: Text, right: Text) -> Bool {
    guard left.byteCount == right.byteCount else { return false }
    // Through the strings' own storage: an iterator over UTF-8 takes several times as long.
    return unsafe left.string.utf8.withContiguousStorageIfAvailable { left in
      unsafe right.string.utf8.withContiguousStorageIfAvailable { right in unsafe left.elementsEqual(right) }
    } == .some(.some(true)) || left.string.utf8.elementsEqual(right.string.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }

  /// This text, or `other` when it is empty.
  package func or(_ other: Text) -> Text { isEmpty ? other : self }
}
