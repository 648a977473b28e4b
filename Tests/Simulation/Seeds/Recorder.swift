import HistoryChecker
import TestSupport

/// Writes down what clients sent and what they were told, as a history: from the bytes of the replies alone.
final class Recorder {
  private(set) var history = History()

  // MARK: Calls

  /// Nobody has answered.
  func unknown(_ sent: Sent, _ link: Link) {
    switch sent.content {
    case .mutation(let request): add(call(request, sent, link))
    case .items(let requests, _): for request in requests { add(call(request, sent, link)) }
    case .batch(let key, let requests, _): addUnknown(key, requests, sent, link)
    case .read, .unknownMethod: break
    }
  }

  /// A batch may have left its items or its refusal.
  private func addUnknown(_ key: String, _ requests: [Request], _ sent: Sent, _ link: Link) {
    add(batchCall(key, sent, link))
    for index in requests.indices { add(itemCall(index, of: key, requests, sent, link)) }
  }

  func answered(_ sent: Sent, _ link: Link, _ frame: Frames.Frame, at moment: Int64) throws(TestFailure) {
    let message = try ProtobufMessage(frame.payload)
    let isOK = frame.header.code == 0
    switch sent.content {
    case .mutation(let request):
      var call = call(request, sent, link)
      call.end = moment
      if isOK { try read(message, request.verb, into: &call) } else { try readError(message, into: &call) }
      add(call)
    case .items(let requests, _):
      let results = try isOK ? message.all(1).map(resultMessage) : []
      for (index, request) in requests.enumerated() {
        var call = call(request, sent, link)
        call.end = moment
        if isOK { try readResult(results[index], into: &call) } else { try readError(message, into: &call) }
        add(call)
      }
    case .batch(let key, let requests, _):
      if isOK {
        for (index, result) in try message.all(1).map(resultMessage).enumerated() where requests.indices.contains(index)
        {
          var call = itemCall(index, of: key, requests, sent, link)
          call.end = moment
          try readResult(result, into: &call)
          add(call)
        }
      } else {
        var call = batchCall(key, sent, link)
        call.end = moment
        try readError(message, into: &call)
        add(call)
      }
    case .read(let read):
      guard isOK, case .balance = read else { return }
      var call = History.Call(start: sent.moment, verb: "balance")
      (call.client, call.end, call.outcome) = (link.client, moment, .read)
      (call.wallet, call.balance, call.version) = (message.integer(1), message.integer(2), message.integer(5))
      (call.seq, call.commitSeq) = (message.integer(9), message.integer(9))
      add(call)
    case .unknownMethod: break
    }
  }

  private func resultMessage(_ bytes: ArraySlice<UInt8>) throws(TestFailure) -> ProtobufMessage {
    try ProtobufMessage(bytes)
  }

  private func add(_ call: History.Call) { history.calls.append(call) }

  private func call(_ request: Request, _ sent: Sent, _ link: Link) -> History.Call {
    var call = History.Call(start: sent.moment, verb: "\(request.verb)")
    call.client = link.client
    call.key = request.key
    call.amount = request.change
    return call
  }

  private func batchCall(_ key: String, _ sent: Sent, _ link: Link) -> History.Call {
    var call = History.Call(start: sent.moment, verb: "batch")
    call.client = link.client
    call.key = key
    return call
  }

  private func itemCall(
    _ index: Int, of key: String, _ requests: [Request], _ sent: Sent, _ link: Link
  ) -> History.Call {
    var call = call(requests[index], sent, link)
    (call.key, call.batch) = ("\(key)\u{B7}\(index)", key)
    return call
  }

  // MARK: Replies

  private func read(
    _ message: ProtobufMessage, _ verb: Request.Verb, into call: inout History.Call
  ) throws(TestFailure) {
    call.outcome = .done
    if verb.isAdministration {
      call.seq = try ProtobufMessage(message.bytes(1)).integer(1)
      (call.commitSeq, call.isReplayed) = (message.integer(4), message.integer(2) != 0)
      return
    }
    let mutation = verb == .transfer ? try ProtobufMessage(message.bytes(1)) : message
    let row = try ProtobufMessage(mutation.bytes(1))
    (call.seq, call.wallet, call.version, call.balance) = (
      row.integer(1), row.integer(3), mutation.integer(5), mutation.integer(2)
    )
    (call.commitSeq, call.isReplayed) = (mutation.integer(9), mutation.integer(8) != 0)
  }

  private func readResult(_ result: ProtobufMessage, into call: inout History.Call) throws(TestFailure) {
    let error = result.bytes(5)
    if !error.isEmpty { return try readError(ProtobufMessage(error), into: &call) }
    call.outcome = .done
    (call.seq, call.version, call.balance) = (result.integer(1), result.integer(2), result.integer(3))
    (call.wallet, call.isReplayed) = (result.integer(8), result.integer(6) != 0)
    // A result says where its own row is, and the batch where the last one of all is.
    call.commitSeq = call.verb == "\(Request.Verb.transfer)" ? call.seq + 1 : call.seq
  }

  private func readError(_ message: ProtobufMessage, into call: inout History.Call) throws(TestFailure) {
    var code = Code(rawValue: message.integer(1))
    if code == .batchAborted {
      code = Code(rawValue: try ProtobufMessage(try ProtobufMessage(message.bytes(29)).bytes(2)).integer(1))
    }
    call.outcome = code?.isRemembered == true ? .refused : .failed
    guard call.outcome == .refused else { return }
    (call.seq, call.commitSeq, call.isReplayed) = (message.integer(3), message.integer(3), message.integer(4) != 0)
  }

  // MARK: The ledger's file

  /// All that it has in the end.
  func addRows(of file: SQLiteFile) throws(TestFailure) { try history.addRows(of: file) }
}

extension Request {
  /// What it changes its wallet's balance by; `nil` where the ledger says how much.
  fileprivate var change: Int64? {
    switch verb {
    case .credit: amount
    case .debit, .transfer: -amount
    case .capture: amount == 0 ? nil : -amount
    case .refund: amount == 0 ? nil : amount
    default: 0
    }
  }
}
