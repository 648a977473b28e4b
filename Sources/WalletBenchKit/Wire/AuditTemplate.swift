import WalletCore

/// The fields 3 to 6 of a mutation (key, reason, reference, correlation id) with the lengths of the canonical debit. They
/// are copied in one piece, and the places of what differs are patched.
struct AuditTemplate: Sendable {
  static let keyBytes = 36
  static let referenceBytes = 12
  static let correlationBytes = 16

  private let keyed: [UInt8]
  private let keyless: [UInt8]

  init(reason: [UInt8]) {
    var rest: [UInt8] = []
    rest.appendField(4, bytes: reason)
    rest.appendField(5, bytes: [UInt8](repeating: 0, count: Self.referenceBytes))
    rest.appendField(6, bytes: [UInt8](repeating: 0, count: Self.correlationBytes))
    var key: [UInt8] = []
    key.appendField(3, bytes: [UInt8](repeating: UInt8(ascii: "-"), count: Self.keyBytes))
    keyed = key + rest
    keyless = rest
  }

  func append(_ operation: Operation, isKeyed: Bool, to body: inout [UInt8]) {
    let start = body.count
    if isKeyed { body.append(contentsOf: keyed) } else { body.append(contentsOf: keyless) }
    let end = body.count
    var span = body.mutableSpan
    // Every byte is a UInt8.
    var bytes = unsafe span.mutableBytes
    if isKeyed { bytes.storeUUID(operation.key, at: start + 2) }
    bytes.storeReference(operation.reference, at: end - Self.correlationBytes - 2 - Self.referenceBytes)
    let correlation = operation.key.correlation
    bytes.storeHexadecimal(UInt32(truncatingIfNeeded: correlation >> 32), at: end - 16)
    bytes.storeHexadecimal(UInt32(truncatingIfNeeded: correlation), at: end - 8)
  }

  static func appendKey(_ key: OperationKey, to body: inout [UInt8]) {
    let start = body.count
    body.append(contentsOf: repeatElement(UInt8(ascii: "-"), count: keyBytes))
    var span = body.mutableSpan
    // Every byte is a UInt8.
    var bytes = unsafe span.mutableBytes
    bytes.storeUUID(key, at: start)
  }
}

extension MutableRawSpan {
  mutating func storeHexadecimal(_ value: UInt32, at offset: Int) {
    storeBytes(of: HexadecimalDigits.word(of: value), toByteOffset: offset, as: UInt64.self)
  }

  /// Eight digits in two groups of four.
  private mutating func storeHexadecimal(_ value: UInt32, at first: Int, _ second: Int) {
    let digits = HexadecimalDigits.word(of: value)
    storeBytes(of: UInt32(truncatingIfNeeded: digits).littleEndian, toByteOffset: first, as: UInt32.self)
    storeBytes(of: UInt32(truncatingIfNeeded: digits >> 32).littleEndian, toByteOffset: second, as: UInt32.self)
  }

  /// All but the hyphens.
  mutating func storeUUID(_ key: OperationKey, at offset: Int) {
    storeHexadecimal(UInt32(truncatingIfNeeded: key.high >> 32), at: offset)
    storeHexadecimal(UInt32(truncatingIfNeeded: key.high), at: offset + 9, offset + 14)
    storeHexadecimal(UInt32(truncatingIfNeeded: key.low >> 32), at: offset + 19, offset + 24)
    storeHexadecimal(UInt32(truncatingIfNeeded: key.low), at: offset + 28)
  }

  /// 12 digits to the base of 32, whose ASCII order is that of the numbers.
  mutating func storeReference(_ reference: UInt64, at offset: Int) {
    var rest = reference
    for place in stride(from: AuditTemplate.referenceBytes - 1, through: 0, by: -1) {
      let digit = UInt8(truncatingIfNeeded: rest & 31)
      let ascii = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      storeBytes(of: ascii, toByteOffset: offset + place, as: UInt8.self)
      rest >>= 5
    }
  }
}
