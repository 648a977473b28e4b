import TestSupport

/// What of a reply can be foretold: all but digests, cursors and words for people, which are left out here.
struct ComparableReply {
  /// The messages that have something to leave out.
  enum Message {
    case plain, mutation, transfer, batch, batchResult, transaction, transactions, error, errorAtDoor, invalid, aborted
    case wallets, info, administration

    /// Fields that are left out, in bits.
    var leftOut: UInt64 {
      switch self {
      case .error, .invalid: 1 << 2
      // The last place that anybody was told of, which depends on who was told what.
      case .errorAtDoor: 1 << 2 | 1 << 3
      default: 0
      }
    }

    func below(_ field: UInt64) -> Message? {
      switch (self, field) {
      case (.mutation, 1), (.transfer, 2), (.batchResult, 7), (.transactions, 1), (.administration, 1): .transaction
      case (.transfer, 1): .mutation
      case (.batch, 1): .batchResult
      case (.batchResult, 5): .error
      case (.error, 16), (.errorAtDoor, 16): .invalid
      case (.error, 29): .aborted
      case (.aborted, 2): .error
      default: nil
      }
    }
  }

  private(set) var bytes: [UInt8] = []
  /// Digests of request and row, of each transaction in turn.
  private(set) var digests: [[UInt8]] = []
  private(set) var cursor: [UInt8] = []

  init(_ payload: [UInt8], as message: Message) throws(TestFailure) {
    var output: [UInt8] = []
    output.reserveCapacity(payload.count)
    try copy(payload, 0, payload.count, message, to: &output)
    bytes = output
  }

  private mutating func copy(
    _ payload: [UInt8], _ start: Int, _ end: Int, _ message: Message, to output: inout [UInt8]
  ) throws(TestFailure) {
    if message == .plain {
      output += payload[start..<end]
      return
    }
    var index = start
    var copied = start
    while index < end {
      let fieldStart = index
      let tag = try Self.varint(payload, &index, end)
      let field = tag >> 3
      if tag & 7 == 0 {
        _ = try Self.varint(payload, &index, end)
        if message.leftOut & 1 << field != 0 {
          output += payload[copied..<fieldStart]
          copied = index
        }
        continue
      }
      guard tag & 7 == 2 else { throw TestFailure("wire type \(tag & 7) in a reply") }
      let count = Int(try Self.varint(payload, &index, end))
      guard count <= end - index else { throw TestFailure("a field is longer than its message") }
      let valueStart = index
      index += count
      if let inner = message.below(field) {
        output += payload[copied..<fieldStart]
        copied = index
        var nested: [UInt8] = []
        try copy(payload, valueStart, index, inner, to: &nested)
        var writer = ProtobufWriter()
        writer.message(UInt32(field), nested)
        output += writer.bytes
      } else if message == .transaction, field == 20 || field == 28 {
        output += payload[copied..<fieldStart]
        copied = index
        digests.append(Array(payload[valueStart..<index]))
      } else if message == .transactions && field == 2 || message == .wallets && field == 2 {
        output += payload[copied..<fieldStart]
        copied = index
        cursor = Array(payload[valueStart..<index])
      } else if message.leftOut & 1 << field != 0 {
        output += payload[copied..<fieldStart]
        copied = index
      }
    }
    output += payload[copied..<end]
  }

  private static func varint(_ bytes: [UInt8], _ index: inout Int, _ end: Int) throws(TestFailure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < end, shift < 64 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    throw TestFailure("a varint without an end")
  }
}

/// A message's fields, as far as they can be told without its schema: for those who look for a difference.
func dump(_ bytes: [UInt8]) -> String {
  var index = 0
  var parts: [String] = []
  func varint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count, shift < 64 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    return nil
  }
  while index < bytes.count {
    guard let tag = varint(), let value = varint() else { return "?" }
    if tag & 7 == 0 {
      parts.append("\(tag >> 3): \(Int64(bitPattern: value))")
      continue
    }
    guard tag & 7 == 2, value <= UInt64(bytes.count - index) else { return "?" }
    let inner = Array(bytes[index..<index + Int(value)])
    index += Int(value)
    let isText = !inner.isEmpty && inner.allSatisfy { (0x20...0x7E).contains($0) }
    let nested = isText ? "\"\(String(decoding: inner, as: UTF8.self))\"" : "{ \(dump(inner)) }"
    parts.append("\(tag >> 3): \(nested)")
  }
  return parts.joined(separator: ", ")
}
