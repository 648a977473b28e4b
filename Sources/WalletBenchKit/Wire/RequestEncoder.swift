import WalletCore
import WalletWire

/// Writes requests as protobuf by hand into a buffer that is used again and again: a message built by protobuf-c first
/// would cost the generator more than the server spends on reading it. What is the same in every request is copied in one
/// piece and patched in place.
package struct RequestEncoder: Sendable {
  /// 12 bytes, as the canonical debit has.
  static let reason = Array("bench.charge".utf8)
  static let currency = Array("USD".utf8)
  /// Rows that a list asks for.
  static let pageSize: UInt64 = 50
  /// Longer than any run waits for an answer.
  static let holdMilliseconds: UInt64 = 600_000

  private static let header = [UInt8](repeating: 0, count: FrameHeader.byteCount)
  private let ownerPrefix: [UInt8]
  private let audit = AuditTemplate(reason: Self.reason)
  private let mode: BatchMode

  /// - Parameter ownerPrefix: What the wallets' owners begin with; their numbers follow.
  package init(ownerPrefix: String, batchMode: BatchMode = .items) {
    self.ownerPrefix = Array(ownerPrefix.utf8)
    mode = batchMode
  }

  /// Appends the REQUEST frame of an operation.
  package func append(_ operation: Operation, requestID: UInt32, items: [Operation] = [], to output: inout [UInt8]) {
    let start = output.count
    output.append(contentsOf: Self.header)
    switch operation.kind {
    case .credit, .debit: appendPosting(operation, isKeyed: true, to: &output)
    case .open: appendOpen(operation, isKeyed: true, to: &output)
    case .hold:
      appendPosting(operation, isKeyed: true, to: &output)
      output.appendLateField(16, Self.holdMilliseconds)
    case .capture:
      output.appendField(2, UInt64(operation.amount))
      audit.append(operation, isKeyed: true, to: &output)
      output.appendLateField(16, UInt64(operation.walletID))
    case .balance: Self.appendWallet(operation.walletID, to: &output)
    case .list:
      Self.appendWallet(operation.walletID, to: &output)
      output.appendField(2, Self.pageSize)
    case .lookUp: appendName(operation.wallet, to: &output)
    case .batch: appendBatch(operation, items, to: &output)
    }
    output.finishFrame(
      FrameHeader(type: .request, code: operation.kind.verb.rawValue, requestID: requestID), from: start)
  }

  /// Appends what a client sends first.
  static func appendHello(token: String? = nil, to output: inout [UInt8]) {
    output.append(contentsOf: FrameHeader.preface)
    output.appendFrame(FrameHeader(type: .hello)) { body in
      // Packed, as proto3 has repeated numbers.
      body.appendField(1, bytes: [1])
      body.appendField(2, bytes: Array("walletbench".utf8))
      if let token {
        var credentials: [UInt8] = []
        credentials.appendField(1, bytes: Array(token.utf8))
        body.appendField(3, bytes: credentials)
      }
    }
  }

  /// - Parameter isKeyed: `false` for an item of an atomic batch, which has the one key.
  private func appendPosting(_ operation: Operation, isKeyed: Bool, to body: inout [UInt8]) {
    Self.appendWallet(operation.walletID, to: &body)
    body.appendField(2, UInt64(operation.amount))
    audit.append(operation, isKeyed: isKeyed, to: &body)
  }

  private func appendOpen(_ operation: Operation, isKeyed: Bool, to body: inout [UInt8]) {
    appendName(operation.wallet, to: &body)
    audit.append(operation, isKeyed: isKeyed, to: &body)
  }

  /// A wallet by its owner and currency.
  private func appendName(_ wallet: Int, to body: inout [UInt8]) {
    let number = Array(String(wallet).utf8)
    body.append(1 << 3 | 2)
    // Both fields are short, so each length takes one byte.
    body.append(UInt8(2 + ownerPrefix.count + number.count + 2 + Self.currency.count))
    body.appendField(2, bytes: ownerPrefix + number)
    body.appendField(3, bytes: Self.currency)
  }

  private static func appendWallet(_ id: Int64, to body: inout [UInt8]) {
    let start = body.count
    body.append(1 << 3 | 2)
    body.append(0)
    body.appendField(1, UInt64(id))
    body[start + 1] = UInt8(body.count - start - 2)
  }

  private func appendBatch(_ batch: Operation, _ items: [Operation], to body: inout [UInt8]) {
    if mode == .atomic {
      body.append(3 << 3 | 2)
      body.append(UInt8(AuditTemplate.keyBytes))
      AuditTemplate.appendKey(batch.key, to: &body)
    }
    if mode == .atomic { body.appendField(14, 1) }
    let isKeyed = mode == .items
    for item in items {
      body.appendMessage(15) { body in
        switch item.kind {
        case .open: body.appendMessage(1) { appendOpen(item, isKeyed: isKeyed, to: &$0) }
        case .debit: body.appendMessage(2) { appendPosting(item, isKeyed: isKeyed, to: &$0) }
        case .credit: body.appendMessage(3) { appendPosting(item, isKeyed: isKeyed, to: &$0) }
        case .hold, .capture, .balance, .list, .lookUp, .batch: preconditionFailure("\(item.kind.verb) in a batch")
        }
      }
    }
  }
}

/// Whether the items of a batch stand and fall together.
package enum BatchMode: String, CaseIterable, Codable, Sendable {
  case items, atomic
}
