/// Writes the canonical encoding of docs/ROW.md, over which digests are made.
///
/// An integer is its zigzag value in base-128 groups, least first; text and bytes are their length as such an integer
/// (not zigzag) and then themselves. Absent text is empty text.
package struct CanonicalWriter {
  package private(set) var bytes: [UInt8]

  package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  package mutating func reset() { bytes.removeAll(keepingCapacity: true) }

  package mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

  package mutating func integer(_ value: Int64) { group(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  package mutating func text(_ value: Text) {
    group(UInt64(value.byteCount))
    bytes.append(contentsOf: value.string.utf8)
  }

  package mutating func blob(_ value: [UInt8]) {
    group(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A UUID as 16 bytes behind the marker 1, text behind the marker 2, an item of a batch as the batch's key and its
  /// index behind the marker 3, and nothing as the marker 0.
  package mutating func key(_ value: IdempotencyKey?) {
    switch value {
    case nil: bytes.append(0)
    case .uuid(let high, let low):
      bytes.append(1)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: high >> UInt64(shift)))
      }
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: low >> UInt64(shift)))
      }
    case .text(let text):
      bytes.append(2)
      self.text(text)
    case .item(let batch, let index):
      bytes.append(3)
      key(batch)
      integer(Int64(index))
    }
  }

  private mutating func group(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}

/// Reads what `CanonicalWriter` wrote. Everything is `nil` once the bytes aren't that.
package struct CanonicalReader {
  private var bytes: ArraySlice<UInt8>

  package init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  package var isAtEnd: Bool { bytes.isEmpty }

  package mutating func integer() -> Int64? {
    group().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
  }

  package mutating func text() -> Text? {
    guard let count = group(), count <= UInt64(bytes.count) else { return nil }
    let text = String(validating: bytes.prefix(Int(count)), as: UTF8.self)
    bytes.removeFirst(Int(count))
    return text.map { Text($0) }
  }

  package mutating func blob() -> [UInt8]? {
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
