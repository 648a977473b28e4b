extension Array where Element == UInt8 {
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// - Parameter number: Below 16, whose tags take one byte.
  mutating func appendField(_ number: UInt8, _ value: UInt64) {
    append(number << 3)
    appendVarint(value)
  }

  /// - Parameter number: From 16 on, whose tags take more.
  mutating func appendLateField(_ number: UInt64, _ value: UInt64) {
    appendVarint(number << 3)
    appendVarint(value)
  }

  mutating func appendField(_ number: UInt8, bytes: [UInt8]) {
    append(number << 3 | 2)
    appendVarint(UInt64(bytes.count))
    append(contentsOf: bytes)
  }

  /// A message of at most 16,383 bytes that `body` appends. Its length is written when it is known: messages of 128 bytes
  /// and more are moved by one byte.
  mutating func appendMessage(_ number: UInt8, _ body: (inout [UInt8]) -> Void) {
    append(number << 3 | 2)
    let start = count
    append(0)
    body(&self)
    let length = count - start - 1
    precondition(length < 1 << 14, "an item of a batch has \(length) bytes")
    if length < 0x80 {
      self[start] = UInt8(length)
    } else {
      self[start] = UInt8(truncatingIfNeeded: length) | 0x80
      insert(UInt8(length >> 7), at: start + 1)
    }
  }
}
