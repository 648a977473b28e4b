import TestSupport

extension Request {
  /// Its message.
  ///
  /// - Parameter inAtomicBatch: The batch has the key.
  func encoded(inAtomicBatch: Bool = false) -> [UInt8] {
    var bytes = ProtobufWriter.message { message in
      if verb.namesWallet { message.message(1) { wallet.write(to: &$0) } }
      message.text(1, subject)
      message.integer(2, verb.isAdministration ? exponent : amount)
      if !inAtomicBatch { message.text(3, key) }
      message.text(4, reason)
      message.text(5, reference)
      message.text(6, correlation)
      message.text(7, note)
      message.text(8, onBehalfOf)
      message.integer(9, expectedVersion)
      message.integer(10, occurredAt)
      message.text(11, counterAccount)
      for pair in metadata {
        message.message(12) {
          $0.text(1, pair.key)
          $0.text(2, pair.value)
        }
      }
      writeParameters(to: &message)
    }
    if let fault { bytes += fault.tail }
    return bytes
  }

  private func writeParameters(to message: inout ProtobufWriter) {
    switch verb {
    case .open, .debit, .credit, .close, .registerCurrency, .addCounterAccount: break
    case .transfer: message.message(16) { to.write(to: &$0) }
    case .hold: message.integer(16, timeoutMillis)
    case .capture:
      message.integer(16, holdID)
      message.integer(17, isFinal ? 1 : 0)
      message.text(18, currency)
    case .release: message.integer(16, holdID)
    case .refund:
      message.integer(16, transactionID)
      message.text(18, currency)
    case .freeze:
      message.integer(16, scope)
      message.integer(17, until)
    case .unfreeze: message.integer(16, scope)
    case .setLimits: if let limits { message.message(16) { limits.write(to: &$0) } }
    }
  }

  /// A BatchRequest.
  ///
  /// - Parameter key: Of all of it; `nil`: item by item.
  static func batch(_ requests: [Request], key: String?, isFull: Bool) -> [UInt8] {
    ProtobufWriter.message { batch in
      if let key {
        batch.text(3, key)
        batch.integer(14, 1)
      }
      for request in requests {
        batch.message(15) { $0.message(request.verb.itemField, request.encoded(inAtomicBatch: key != nil)) }
      }
      batch.integer(16, isFull ? 1 : 0)
    }
  }
}

extension Address {
  func write(to message: inout ProtobufWriter) {
    message.integer(1, id)
    message.text(2, owner)
    message.text(3, currency)
    message.text(4, name)
  }
}

extension Limits {
  func write(to message: inout ProtobufWriter) {
    message.integer(1, overdraft)
    message.integer(2, maxBalance)
    message.integer(3, maxAmount)
    for (index, window) in windows.enumerated() where window != Window() {
      message.message(UInt32(4 + index)) {
        $0.integer(1, window.amount)
        $0.integer(2, window.count)
      }
    }
  }
}
