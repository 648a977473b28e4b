/// Bytes that lie in the value itself up to 39 of them, which is what digests, ids and references have: handing them on
/// takes neither an allocation nor a reference count. Longer ones lie in an array.
package struct ShortBytes: Hashable, Sendable, ExpressibleByArrayLiteral {
  @inlinable package static var inlineMax: Int { 39 }
  @usableFromInline
  static var isLong: UInt8 { 0xFF }

  // The first byte is the count (or `isLong`), the bytes follow, and zeros after them: equal bytes are equal words.
  @usableFromInline var word0: UInt64 = 0
  @usableFromInline var word1: UInt64 = 0
  @usableFromInline var word2: UInt64 = 0
  @usableFromInline var word3: UInt64 = 0
  @usableFromInline var word4: UInt64 = 0
  @usableFromInline var long: [UInt8]?

  @inlinable
  package init() {}

  package init(arrayLiteral elements: UInt8...) { self.init(elements) }

  package init(_ bytes: [UInt8]) { self = unsafe bytes.withUnsafeBytes { unsafe ShortBytes($0) } }

  @unsafe
  @inlinable
  package init(_ bytes: UnsafeRawBufferPointer) {
    if bytes.count <= Self.inlineMax {
      unsafe withUnsafeMutableBytes(of: &self) { storage in
        unsafe storage[0] = UInt8(truncatingIfNeeded: bytes.count)
        if let source = bytes.baseAddress, let target = storage.baseAddress {
          unsafe (target + 1).copyMemory(from: source, byteCount: bytes.count)
        }
      }
    } else {
      word0 = UInt64(Self.isLong)
      long = unsafe Array(bytes)
    }
  }

  @inlinable
  package var count: Int {
    let first = UInt8(truncatingIfNeeded: word0)
    return first == Self.isLong ? long?.count ?? 0 : Int(first)
  }

  @inlinable
  package var isEmpty: Bool { word0 & 0xFF == 0 }

  package var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

  @unsafe
  @inlinable
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    if let long { return try unsafe long.withUnsafeBytes(body) }
    let count = Int(UInt8(truncatingIfNeeded: word0))
    return try unsafe Swift.withUnsafeBytes(of: self) { storage in
      try unsafe body(UnsafeRawBufferPointer(rebasing: storage[1..<1 + count]))
    }
  }

  /// The bytes of a value that stays where it is, for as long as it does.
  @unsafe
  @inlinable
  package static func bytes(at place: UnsafePointer<ShortBytes>) -> UnsafeRawBufferPointer {
    if let long = unsafe place.pointee.long {
      return unsafe long.withUnsafeBytes { unsafe $0 }
    }
    let raw = unsafe UnsafeRawPointer(place)
    return unsafe UnsafeRawBufferPointer(start: raw + 1, count: Int(raw.load(as: UInt8.self)))
  }

  @inlinable
  package static func == (left: ShortBytes, right: ShortBytes) -> Bool {
    left.word0 == right.word0 && left.word1 == right.word1 && left.word2 == right.word2 && left.word3 == right.word3
      && left.word4 == right.word4 && (UInt8(truncatingIfNeeded: left.word0) != isLong || left.long == right.long)
  }

  @inlinable
  package func hash(into hasher: inout Hasher) {
    if let long {
      hasher.combine(long)
    } else {
      hasher.combine(word0)
      hasher.combine(word1)
      if UInt8(truncatingIfNeeded: word0) > 15 {
        hasher.combine(word2)
        hasher.combine(word3)
        hasher.combine(word4)
      }
    }
  }
}
