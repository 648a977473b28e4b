/// Writes the canonical encoding of docs/ROW.md, over which digests are made.
///
/// An integer is its zigzag value in base-128 groups, least first; text and bytes are their length as such an integer
/// (not zigzag) and then themselves. Absent text is empty text.
///
/// It owns its memory and keeps it over `reset`, so that a row costs no allocation.
@safe
public struct CanonicalWriter: ~Copyable {
  private static let groupBytesMax = 10

  private var storage: UnsafeMutableRawBufferPointer
  public private(set) var count = 0

  public init() { unsafe storage = .allocate(byteCount: 2048, alignment: 16) }

  deinit { unsafe storage.deallocate() }

  public var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

  @unsafe
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try unsafe body(UnsafeRawBufferPointer(rebasing: storage[..<count]))
  }

  public mutating func reset() { count = 0 }

  public mutating func byte(_ value: UInt8) {
    reserve(1)
    unsafe storage[count] = value
    count += 1
  }

  public mutating func raw(_ value: [UInt8]) { unsafe value.withUnsafeBytes { unsafe raw($0) } }

  @inline(__always)
  public mutating func integer(_ value: Int64) { group(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  @inline(__always)
  public mutating func text(_ value: Text) { blob(value.utf8) }

  @inline(__always)
  public mutating func blob(_ value: ShortBytes) {
    guard value.isInline else { return longBlob(value) }
    reserve(ShortBytes.inlineMax + 1)
    if let base = unsafe storage.baseAddress { unsafe value.writeInlineCounted(to: base + count) }
    count += 1 + value.count
  }

  @inline(never)
  private mutating func longBlob(_ value: ShortBytes) {
    reserve(Self.groupBytesMax + value.count)
    group(UInt64(value.count))
    unsafe value.withUnsafeBytes { unsafe raw($0) }
  }

  public mutating func blob(_ value: [UInt8]) {
    group(UInt64(value.count))
    unsafe value.withUnsafeBytes { unsafe raw($0) }
  }

  /// A UUID as 16 bytes behind the marker 1, text behind the marker 2, an item of a batch as the batch's key and its
  /// index behind the marker 3, and nothing as the marker 0.
  public mutating func key(_ value: IdempotencyKey?) {
    switch value {
    case nil: byte(0)
    case .uuid(let high, let low): uuid(high, low)
    case .text(let text):
      byte(2)
      self.text(text)
    case .item(let batch, let index):
      byte(3)
      key(batch)
      integer(Int64(index))
    }
  }

  /// As `key` has one.
  mutating func uuid(_ high: UInt64, _ low: UInt64) {
    byte(1)
    reserve(16)
    unsafe storage.storeBytes(of: high.bigEndian, toByteOffset: count, as: UInt64.self)
    unsafe storage.storeBytes(of: low.bigEndian, toByteOffset: count + 8, as: UInt64.self)
    count += 16
  }

  @unsafe
  private mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    if let target = unsafe storage.baseAddress {
      unsafe (target + count).copyMemory(from: source, byteCount: bytes.count)
    }
    count += bytes.count
  }

  @inline(__always)
  private mutating func group(_ value: UInt64) {
    reserve(Self.groupBytesMax)
    if value <= 0x7F {
      unsafe storage[count] = UInt8(truncatingIfNeeded: value)
      count += 1
      return
    }
    longGroup(value)
  }

  @inline(never)
  private mutating func longGroup(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      unsafe storage[count] = UInt8(truncatingIfNeeded: rest) | 0x80
      count += 1
      rest >>= 7
    }
    unsafe storage[count] = UInt8(truncatingIfNeeded: rest)
    count += 1
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) { if unsafe count + more > storage.count { grow(more) } }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(2 * storage.count, count + more), alignment: 16)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
    unsafe storage.deallocate()
    unsafe storage = larger
  }
}

/// Reads what `CanonicalWriter` wrote. Everything is `nil` once the bytes aren't that.
public struct CanonicalReader {
  private var bytes: ArraySlice<UInt8>

  public init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  public var isAtEnd: Bool { bytes.isEmpty }

  public mutating func integer() -> Int64? {
    group().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
  }

  public mutating func text() -> Text? {
    guard let count = group(), count <= UInt64(bytes.count) else { return nil }
    let text = String(validating: bytes.prefix(Int(count)), as: UTF8.self)
    bytes.removeFirst(Int(count))
    return text.map { Text($0) }
  }

  public mutating func blob() -> [UInt8]? {
    guard let count = group(), count <= UInt64(bytes.count) else { return nil }
    defer { bytes.removeFirst(Int(count)) }
    return Array(bytes.prefix(Int(count)))
  }

  private mutating func group() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }
}
