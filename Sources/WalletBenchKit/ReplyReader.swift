package import WalletCore

/// What the load reads of a reply. The rest is skipped, and its checksum has vouched for it.
package struct Reply: Equatable, Sendable {
  package var walletID: Int64 = 0
  package var balance: Int64 = 0
  package var version: Int64 = 0
  package var commitSeq: Int64 = 0
  /// Rows of a list.
  package var rows = 0
}

/// An `Error` message.
package struct Refusal: Equatable, Sendable {
  /// `nil` for a number that this version doesn't know.
  package var reason: ErrorReason?
  package var message = ""

  package var name: String { reason?.name ?? "UNKNOWN_REASON" }
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
    case .open, .credit, .debit, .balance:
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
      // Only an opening tells a wallet id that isn't known yet.
      if kind == .open, let transaction {
        let inner = fields(bytes, transaction) { number, value, _ in
          if number == 3 { reply.walletID = Int64(bitPattern: value) }
        }
        guard inner else { return nil }
      }
    }
    return whole ? reply : nil
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
    while position < range.upperBound {
      guard let tag = varint(bytes, &position, range.upperBound) else { return false }
      switch tag & 7 {
      case 0:
        guard let value = varint(bytes, &position, range.upperBound) else { return false }
        body(tag >> 3, value, position..<position)
      case 2:
        guard let length = varint(bytes, &position, range.upperBound),
          length <= UInt64(range.upperBound - position)
        else { return false }
        body(tag >> 3, 0, position..<position + Int(length))
        position += Int(length)
      case 1: position += 8
      case 5: position += 4
      default: return false
      }
    }
    return position == range.upperBound
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
