package import WalletCore

/// What the load reads of a reply. The rest is skipped, and its checksum has vouched for it.
package struct Reply: Equatable, Sendable {
  package var walletID: Int64 = 0
  package var balance: Int64 = 0
  package var version: Int64 = 0
  package var commitSeq: Int64 = 0
  /// Of a hold, whose id it is.
  package var transactionID: Int64 = 0
  /// Rows of a list.
  package var rows = 0
}

/// An `Error` message, or what another server has for it.
package struct Refusal: Equatable, Sendable {
  /// `nil` for a number that this version doesn't know, and for what isn't walletd.
  package var reason: ErrorReason?
  /// How another server calls it.
  package var code = "UNKNOWN_REASON"
  package var message = ""

  package var name: String { reason?.name ?? code }
}

package enum ReplyReader {
  /// `nil` when the payload isn't a message that answers `kind`.
  package static func reply(to kind: Operation.Kind, _ bytes: Span<UInt8>, _ payload: Range<Int>) -> Reply? {
    var reply = Reply()
    let whole: Bool
    switch kind {
    case .list:
      whole = fields(bytes, payload) { number, value, _ in
        if number == 1 { reply.rows += 1 } else if number == 5 { reply.commitSeq = Int64(bitPattern: value) }
      }
    case .batch: return nil
    case .lookUp:
      var wallet: Range<Int>?
      whole = fields(bytes, payload) { number, value, range in
        if number == 1 { wallet = range } else if number == 2 { reply.commitSeq = Int64(bitPattern: value) }
      }
      guard let wallet else { return nil }
      let inner = fields(bytes, wallet) { number, value, _ in
        switch number {
        case 1: reply.walletID = Int64(bitPattern: value)
        case 7: reply.balance = Int64(bitPattern: value)
        case 11: reply.version = Int64(bitPattern: value)
        default: break
        }
      }
      guard inner else { return nil }
    case .open, .credit, .debit, .hold, .capture, .balance:
      var transaction: Range<Int>?
      whole = fields(bytes, payload) { number, value, range in
        switch number {
        case 1: if kind == .balance { reply.walletID = Int64(bitPattern: value) } else { transaction = range }
        case 2: reply.balance = Int64(bitPattern: value)
        case 5: reply.version = Int64(bitPattern: value)
        case 9: reply.commitSeq = Int64(bitPattern: value)
        default: break
        }
      }
      // Only an opening tells a wallet id that isn't known yet, and a hold its own.
      if kind == .open || kind == .hold, let transaction {
        let inner = fields(bytes, transaction) { number, value, _ in
          if number == 1 { reply.transactionID = Int64(bitPattern: value) }
          if number == 3 { reply.walletID = Int64(bitPattern: value) }
        }
        guard inner else { return nil }
      }
    }
    return whole ? reply : nil
  }

  /// Calls `body` with each result of a `BatchResponse` in the order of the items; `false` when the payload isn't one.
  static func batchResults(
    _ bytes: Span<UInt8>, _ payload: Range<Int>, _ body: (Int, BatchItemResult) throws(BenchFailure) -> Void
  ) throws(BenchFailure) -> Bool {
    var commitSeq: Int64 = 0
    var isReplay = false
    guard
      fields(
        bytes, payload,
        { number, value, _ in
          if number == 2 { commitSeq = Int64(bitPattern: value) } else if number == 3 { isReplay = value != 0 }
        })
    else { return false }
    // A second walk, since a result may stand before the number that it needs.
    var index = 0
    var position = payload.lowerBound
    while let field = nextField(bytes, &position, payload.upperBound) {
      guard field.number == 1 else { continue }
      guard let result = batchResult(bytes, field.range, commitSeq, isReplay) else { return false }
      try body(index, result)
      index += 1
    }
    return true
  }

  private static func batchResult(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ commitSeq: Int64, _ isBatchReplay: Bool
  ) -> BatchItemResult? {
    var reply = Reply()
    reply.commitSeq = commitSeq
    var error: Range<Int>?
    var isReplay = isBatchReplay
    let whole = fields(bytes, range) { number, value, range in
      switch number {
      case 2: reply.version = Int64(bitPattern: value)
      case 3: reply.balance = Int64(bitPattern: value)
      case 5: error = range
      case 6: isReplay = isReplay || value != 0
      default: break
      }
    }
    guard whole else { return nil }
    guard let error else { return .done(reply, isReplay: isReplay) }
    guard let refusal = refusal(bytes, error) else { return nil }
    return .refused(refusal)
  }

  package static func refusal(_ bytes: Span<UInt8>, _ payload: Range<Int>) -> Refusal? {
    var refusal = Refusal()
    let whole = fields(bytes, payload) { number, value, range in
      if number == 1 { refusal.reason = ErrorReason(rawValue: UInt8(truncatingIfNeeded: value)) }
      if number == 2 { refusal.message = text(bytes, range) }
    }
    return whole ? refusal : nil
  }

  /// The text of the length-delimited field `wanted`; empty when it isn't there.
  static func text(_ wanted: UInt64, _ bytes: Span<UInt8>, _ payload: Range<Int>) -> String {
    var found = ""
    _ = fields(bytes, payload) { number, _, range in
      if number == wanted { found = text(bytes, range) }
    }
    return found
  }

  private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  /// Calls `body` with each field's number, its value (varint) or its range (length-delimited); `false` when the bytes
  /// aren't a protobuf message.
  @inline(__always)
  private static func fields(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ body: (UInt64, UInt64, Range<Int>) -> Void
  ) -> Bool {
    var position = range.lowerBound
    while let field = nextField(bytes, &position, range.upperBound) { body(field.number, field.value, field.range) }
    return position == range.upperBound
  }

  /// `nil` at the end and at what isn't a field; then `position` isn't `end`.
  @inline(__always)
  private static func nextField(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int
  ) -> (number: UInt64, value: UInt64, range: Range<Int>)? {
    guard position < end else { return nil }
    let start = position
    guard let tag = varint(bytes, &position, end) else { return stop(&position, start) }
    switch tag & 7 {
    case 0:
      guard let value = varint(bytes, &position, end) else { return stop(&position, start) }
      return (tag >> 3, value, position..<position)
    case 2:
      guard let length = varint(bytes, &position, end), length <= UInt64(end - position) else {
        return stop(&position, start)
      }
      let range = position..<position + Int(length)
      position = range.upperBound
      return (tag >> 3, 0, range)
    case 1, 5:
      let width = tag & 7 == 1 ? 8 : 4
      guard end - position >= width else { return stop(&position, start) }
      position += width
      return (tag >> 3, 0, position..<position)
    default: return stop(&position, start)
    }
  }

  private static func stop(_ position: inout Int, _ start: Int) -> (number: UInt64, value: UInt64, range: Range<Int>)? {
    position = start
    return nil
  }

  @inline(__always)
  private static func varint(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
