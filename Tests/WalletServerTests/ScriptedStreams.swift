import WalletCore

@testable import WalletServer
@testable import WalletWire

/// A journal in memory and the watches of it; a verification tells what the test has prepared.
final class ScriptedStreams: LedgerStreamSource {
  /// Rows 1 to this are committed.
  var committed: Int64 = 0
  /// Of each row's note.
  var noteBytes = 100
  /// The steps of the verifications to come.
  var verification: [StreamStep] = []
  var openFailure: Failure?
  private(set) var streams: [ScriptedStream] = []

  func open(_ request: StreamRequest) throws(LedgerFault) -> Result<any LedgerStream, Failure> {
    if let openFailure { return .failure(openFailure) }
    let stream = ScriptedStream(self, request)
    streams.append(stream)
    return .success(stream)
  }
}

final class ScriptedStream: LedgerStream {
  private unowned let source: ScriptedStreams
  private let request: StreamRequest
  private var seq: Int64?
  private(set) var rooms: [Int] = []
  private(set) var isCancelled = false

  init(_ source: ScriptedStreams, _ request: StreamRequest) {
    self.source = source
    self.request = request
  }

  func cancel() { isCancelled = true }

  func advance(roomBytes: Int) throws(LedgerFault) -> StreamStep {
    rooms.append(roomBytes)
    guard case .watch(let watch) = request else { return source.verification.removeFirst() }
    var events: [StreamEvent] = []
    if seq == nil {
      let start: Int64 = if case .after(let seq) = watch.start { seq } else { source.committed }
      seq = start
      events.append(.token(WatchPlace(resumeToken: Self.token(start), commitSeq: start)))
    }
    var bytes = 0
    while let last = seq, last < source.committed {
      if bytes >= roomBytes { return .more(events) }
      events.append(event(last + 1))
      bytes += source.noteBytes + 150
      seq = last + 1
    }
    return .waiting(events)
  }

  static func token(_ seq: Int64) -> Text { Text("t\(seq)") }

  private func event(_ seq: Int64) -> StreamEvent {
    var audit = Command.Audit(reason: "r")
    audit.note = Text(String(repeating: "n", count: source.noteBytes))
    let row = TransactionRow(
      seq: seq, kind: .credit, walletID: 1, version: seq, amount: 2, balance: 2 * seq, held: 0, overdraftLimit: 0,
      counterAccount: "funding",
      attribution: Attribution(
        key: nil, audit: audit, origin: Origin(actor: "local", source: "", clientName: "")), createdAt: 1)
    return .transaction(row, currency: "USD", exponent: 2, resumeToken: Self.token(seq))
  }
}

extension MemoryClient {
  /// A watch of all rows behind a place; nothing but new ones without one.
  static func watch(id: UInt32, after seq: UInt8? = nil, millis: UInt32 = 0) -> [UInt8] {
    frame(
      .request, code: Verb.watchTransactions.rawValue, id: id, millis: millis,
      payload: seq.map { [0x08, $0] } ?? [0x18, 1])
  }

  static func verify(id: UInt32) -> [UInt8] { frame(.request, code: Verb.verify.rawValue, id: id) }
}

/// What a watch was told.
struct ToldEvent {
  var requestID: UInt32
  /// 0: a mere token.
  var row: Int64
  var token: String
}
