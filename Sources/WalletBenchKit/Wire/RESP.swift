import WalletSystem

/// Redis's language (RESP2): wallets are keys such as `wallet:17` that hold a number. Answers come in the order of the
/// requests.
struct RESP: WireProtocol {
  static let hasVersions = false

  let server: String

  /// DECRBY done twice takes the money twice.
  static func repeats(_ kind: Operation.Kind) -> Bool { kind == .open || kind == .balance }

  private let set = RESPTemplates("SET", hasAmount: true)
  private let decrement = RESPTemplates("DECRBY", hasAmount: true)
  private let increment = RESPTemplates("INCRBY", hasAmount: true)
  private let get = RESPTemplates("GET", hasAmount: false)

  init(server: String) { self.server = server }

  func append(_ operation: Operation, requestID: UInt32, _ batches: BatchPool, to output: inout [UInt8]) {
    switch operation.kind {
    case .open: set.append(wallet: operation.wallet, amount: operation.amount, to: &output)
    case .debit: decrement.append(wallet: operation.wallet, amount: operation.amount, to: &output)
    case .credit: increment.append(wallet: operation.wallet, amount: operation.amount, to: &output)
    case .balance: get.append(wallet: operation.wallet, to: &output)
    case .hold, .capture, .list, .lookUp, .batch: preconditionFailure("\(operation.kind.verb) has no RESP command")
    }
  }

  func message(in bytes: Span<UInt8>, from start: Int) throws(BenchFailure) -> Incoming? {
    do throws(RESPParser.Malformed) {
      guard let value = try RESPParser.value(in: bytes, from: start) else { return nil }
      var message = Incoming(payload: value.payload, end: value.end)
      message.form = value.form.rawValue
      if value.form == .error || value.form == .null { message.kind = .refusal }
      // Redis says an error instead of doing something.
      message.isNotExecuted = true
      return message
    } catch {
      throw .unreachable("the server sent bytes that are not RESP: \(error.rule)")
    }
  }

  func reply(to operation: Operation, _ message: Incoming, _ bytes: Span<UInt8>) -> Reply? {
    var reply = Reply()
    reply.walletID = operation.walletID
    let form = RESPParser.Form(rawValue: message.form)
    switch operation.kind {
    case .open: return form == .simple && message.payload.count == 2 ? reply : nil
    case .debit, .credit: guard form == .integer else { return nil }
    case .balance: guard form == .bulk else { return nil }
    case .hold, .capture, .list, .lookUp, .batch: return nil
    }
    guard let number = RESPParser.integer(bytes, message.payload) else { return nil }
    reply.balance = number
    return reply
  }

  func refusal(_ message: Incoming, _ bytes: Span<UInt8>) -> Refusal? {
    if message.form == RESPParser.Form.null.rawValue { return Refusal(code: "NIL", message: "there is no such key") }
    let text = String(decoding: message.payload.map { bytes[$0] }, as: UTF8.self)
    return Refusal(code: String(text.prefix { $0 != " " }), message: text)
  }

  func batchResults(
    _ message: Incoming, _ bytes: Span<UInt8>, _ body: (Int, BatchItemResult) throws(BenchFailure) -> Void
  ) throws(BenchFailure) -> Bool { false }
}
