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

  package static func == (left: Text, right: Text) -> Bool { left.string.utf8.elementsEqual(right.string.utf8) }

  package func hash(into hasher: inout Hasher) {
    for byte in string.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
  }

  /// This text, or `other` when it is empty.
  package func or(_ other: Text) -> Text { isEmpty ? other : self }
}
