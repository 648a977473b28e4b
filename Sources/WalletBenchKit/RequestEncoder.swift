import WalletCore
import WalletWire

/// Writes requests as protobuf by hand into a buffer that is used again and again: a message built by protobuf-c first
/// would cost the generator more than the server spends on reading it.
package struct RequestEncoder: Sendable {
  /// 12 bytes, as the canonical debit has.
  static let reason = Array("bench.charge".utf8)
  static let currency = Array("USD".utf8)
  /// Rows that a list asks for.
  static let pageSize: UInt64 = 50

  private let ownerPrefix: [UInt8]

  /// - Parameter runID: Makes the wallets' owners of this run unlike those of all others.
  package init(runID: String) { ownerPrefix = Array("bench-\(runID)-".utf8) }

  /// Appends the REQUEST frame of an operation.
  package func append(_ operation: Operation, requestID: UInt32, to output: inout [UInt8]) {
    let header = FrameHeader(type: .request, code: operation.kind.verb.rawValue, requestID: requestID)
    output.appendFrame(header) { body in
      switch operation.kind {
      case .open: appendOpen(operation, to: &body)
      case .credit, .debit: appendPosting(operation, to: &body)
      case .balance: Self.appendWallet(operation.walletID, to: &body)
      case .list:
        Self.appendWallet(operation.walletID, to: &body)
        body.appendField(2, Self.pageSize)
      }
    }
  }

  /// Appends what a client sends first.
  static func appendHello(to output: inout [UInt8]) {
    output.append(contentsOf: FrameHeader.preface)
    output.appendFrame(FrameHeader(type: .hello)) { body in
      // Packed, as proto3 has repeated numbers.
      body.appendField(1, bytes: [1])
      body.appendField(2, bytes: Array("walletbench".utf8))
    }
  }

  private func appendOpen(_ operation: Operation, to body: inout [UInt8]) {
    let number = Array(String(operation.wallet).utf8)
    let owner = ownerPrefix + number
    body.append(1 << 3 | 2)
    // Both fields are short, so each length takes one byte.
    body.append(UInt8(2 + owner.count + 2 + Self.currency.count))
    body.appendField(2, bytes: owner)
    body.appendField(3, bytes: Self.currency)
    appendAudit(operation.key, to: &body)
  }

  private func appendPosting(_ operation: Operation, to body: inout [UInt8]) {
    Self.appendWallet(operation.walletID, to: &body)
    body.appendField(2, UInt64(operation.amount))
    appendAudit(operation.key, to: &body)
  }

  private static func appendWallet(_ id: Int64, to body: inout [UInt8]) {
    let start = body.count
    body.append(1 << 3 | 2)
    body.append(0)
    body.appendField(1, UInt64(id))
    body[start + 1] = UInt8(body.count - start - 2)
  }

  private func appendAudit(_ key: OperationKey, to body: inout [UInt8]) {
    body.append(3 << 3 | 2)
    body.append(36)
    body.appendUUID(high: key.high, low: key.low)
    body.appendField(4, bytes: Self.reason)
    body.append(5 << 3 | 2)
    body.append(12)
    body.appendHexadecimal(key.reference, digits: 12)
    body.append(6 << 3 | 2)
    body.append(16)
    body.appendHexadecimal(key.correlation, digits: 16)
  }
}

extension Array where Element == UInt8 {
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  mutating func appendField(_ number: UInt8, _ value: UInt64) {
    append(number << 3)
    appendVarint(value)
  }

  mutating func appendField(_ number: UInt8, bytes: [UInt8]) {
    append(number << 3 | 2)
    appendVarint(UInt64(bytes.count))
    append(contentsOf: bytes)
  }

  /// The lowest digits of `value`, highest first.
  mutating func appendHexadecimal(_ value: UInt64, digits: Int) {
    for position in stride(from: (digits - 1) * 4, through: 0, by: -4) {
      let nibble = UInt8(truncatingIfNeeded: value >> UInt64(position)) & 15
      append(nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "a"))
    }
  }

  mutating func appendUUID(high: UInt64, low: UInt64) {
    appendHexadecimal(high >> 32, digits: 8)
    append(UInt8(ascii: "-"))
    appendHexadecimal(high >> 16, digits: 4)
    append(UInt8(ascii: "-"))
    appendHexadecimal(high, digits: 4)
    append(UInt8(ascii: "-"))
    appendHexadecimal(low >> 48, digits: 4)
    append(UInt8(ascii: "-"))
    appendHexadecimal(low, digits: 12)
  }
}
