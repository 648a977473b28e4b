/// The code of a currency as plain bytes: unlike a text, which may be long, it has no reference to count.
@usableFromInline
struct CurrencyCode: Equatable, Sendable {
  /// As an inline `ShortBytes` has them: the count, then the bytes, zeros after them.
  @usableFromInline let words: (UInt64, UInt64, UInt64)

  /// - Parameter text: Of `LedgerLimits.currencyBytesMax` bytes at most.
  @inlinable
  @inline(__always)
  init(_ text: Text) {
    // Three words less the count; the rules allow fewer.
    precondition(text.utf8.isInline && text.byteCount <= 23, "a currency's code is longer than any may be")
    words = (text.utf8.word0, text.utf8.word1, text.utf8.word2)
  }

  @inlinable
  @inline(__always)
  var text: Text {
    var bytes = ShortBytes()
    (bytes.word0, bytes.word1, bytes.word2) = words
    return Text(utf8: bytes)
  }

  @inlinable
  @inline(__always)
  static func == (left: CurrencyCode, right: CurrencyCode) -> Bool { left.words == right.words }
}
