/// Bytes that lie in the value itself up to 39 of them, which is what digests, ids and references have: handing them on
/// takes neither an allocation nor a reference count. Longer ones lie in an array.
public struct ShortBytes: Hashable, Sendable, ExpressibleByArrayLiteral {
  @inlinable public static var inlineMax: Int { 39 }
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
  @inline(__always)
  public init() {}

  public init(arrayLiteral elements: UInt8...) { self.init(elements) }

  public init(_ bytes: [UInt8]) { self = unsafe bytes.withUnsafeBytes { unsafe ShortBytes($0) } }

  @unsafe
  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer) {
    if bytes.count <= Self.inlineMax {
      unsafe withUnsafeMutableBytes(of: &self) { storage in
        unsafe storage[0] = UInt8(truncatingIfNeeded: bytes.count)
        if let source = bytes.baseAddress, let target = storage.baseAddress {
          unsafe Self.copy(source, to: target + 1, count: bytes.count)
        }
      }
    } else {
      word0 = UInt64(Self.isLong)
      long = unsafe Array(bytes)
    }
  }

  /// Copies up to 39 bytes in a few words, which may overlap: a call of memcpy takes longer.
  @unsafe
  @inlinable
  @inline(__always)
  static func copy(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) {
    var rest = 0
    while rest + 8 <= count {
      unsafe target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: rest, as: UInt64.self), toByteOffset: rest, as: UInt64.self)
      rest += 8
    }
    if rest == count { return }
    if count >= 8 {
      let last = count - 8
      unsafe target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: last, as: UInt64.self), toByteOffset: last, as: UInt64.self)
    } else {
      for index in 0..<count {
        unsafe target.storeBytes(
          of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
      }
    }
  }

  @inlinable
  @inline(__always)
  public var count: Int {
    let first = UInt8(truncatingIfNeeded: word0)
    return first == Self.isLong ? long?.count ?? 0 : Int(first)
  }

  @inlinable
  @inline(__always)
  public var isEmpty: Bool { word0 & 0xFF == 0 }

  public var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

  @unsafe
  @inlinable
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    // Only of the long ones the reference is looked at: even a copy of `nil` takes a call.
    if !isInline, let long { return try unsafe long.withUnsafeBytes(body) }
    let count = Int(UInt8(truncatingIfNeeded: word0))
    return try unsafe Swift.withUnsafeBytes(of: (word0, word1, word2, word3, word4)) { storage in
      try unsafe body(UnsafeRawBufferPointer(rebasing: storage[1..<1 + count]))
    }
  }

  /// Copies the bytes to a place that has room for them and for `inlineMax` more: short ones go as whole words, which takes
  /// a few instructions, and what lies behind them is overwritten.
  @unsafe
  @inlinable
  public func copy(to target: UnsafeMutableRawPointer) {
    if !isInline, let long {
      unsafe long.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { unsafe target.copyMemory(from: base, byteCount: bytes.count) }
      }
      return
    }
    // The first byte of all is the count.
    unsafe target.storeBytes(of: (word0 >> 8 | word1 << 56).littleEndian, as: UInt64.self)
    unsafe target.storeBytes(of: (word1 >> 8 | word2 << 56).littleEndian, toByteOffset: 8, as: UInt64.self)
    unsafe target.storeBytes(of: (word2 >> 8 | word3 << 56).littleEndian, toByteOffset: 16, as: UInt64.self)
    unsafe target.storeBytes(of: (word3 >> 8 | word4 << 56).littleEndian, toByteOffset: 24, as: UInt64.self)
    unsafe target.storeBytes(of: (word4 >> 8).littleEndian, toByteOffset: 32, as: UInt64.self)
  }

  /// The bytes of a value that stays where it is, for as long as it does.
  @unsafe
  @inlinable
  public static func bytes(at place: UnsafePointer<ShortBytes>) -> UnsafeRawBufferPointer {
    if unsafe !place.pointee.isInline, let long = unsafe place.pointee.long {
      return unsafe long.withUnsafeBytes { unsafe $0 }
    }
    let raw = unsafe UnsafeRawPointer(place)
    return unsafe UnsafeRawBufferPointer(start: raw + 1, count: Int(raw.load(as: UInt8.self)))
  }

  /// Whether the bytes lie in the value itself.
  @inlinable
  @inline(__always)
  public var isInline: Bool { UInt8(truncatingIfNeeded: word0) != Self.isLong }

  /// Writes the count in one byte and the bytes behind it: of an inline value that is how it lies in memory. 40 bytes are
  /// written, of which `1 + count` mean something.
  @unsafe
  @inlinable
  @inline(__always)
  public func writeInlineCounted(to target: UnsafeMutableRawPointer) {
    unsafe target.storeBytes(of: word0, as: UInt64.self)
    unsafe target.storeBytes(of: word1, toByteOffset: 8, as: UInt64.self)
    unsafe target.storeBytes(of: word2, toByteOffset: 16, as: UInt64.self)
    unsafe target.storeBytes(of: word3, toByteOffset: 24, as: UInt64.self)
    unsafe target.storeBytes(of: word4, toByteOffset: 32, as: UInt64.self)
  }

  @inlinable
  @inline(__always)
  public static func == (left: ShortBytes, right: ShortBytes) -> Bool {
    left.word0 == right.word0 && left.word1 == right.word1 && left.word2 == right.word2 && left.word3 == right.word3
      && left.word4 == right.word4 && (UInt8(truncatingIfNeeded: left.word0) != isLong || left.long == right.long)
  }

  @inlinable
  public func hash(into hasher: inout Hasher) {
    if !isInline, let long {
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
