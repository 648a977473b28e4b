import WalletCore

/// Why a connection has ended.
package enum ConnectionEnd: UInt8, Sendable, CaseIterable {
  /// The other side closed.
  case peer
  /// It broke while something was written to it.
  case broken
  /// What came was no frame, or none that may come.
  case protocolError
  case unauthenticated
  /// HELLO, the rest of a frame or any sign of life took too long.
  case overdue
  /// There were too many.
  case limit
  /// Replies waited and weren't read.
  case unread
  case drained

  /// As metrics have it.
  package var label: String {
    switch self {
    case .peer: "peer"
    case .broken: "broken"
    case .protocolError: "protocol_error"
    case .unauthenticated: "unauthenticated"
    case .overdue: "overdue"
    case .limit: "limit"
    case .unread: "unread"
    case .drained: "drained"
    }
  }

  init(_ reason: ErrorReason) {
    self =
      switch reason {
      case .unauthenticated, .permissionDenied: .unauthenticated
      case .resourceExhausted: .limit
      case .deadlineExceeded: .overdue
      default: .protocolError
      }
  }
}

/// What the loop counts, in plain integers of its own queue: an addition or two for each reply, and nothing that anybody
/// waits for.
struct ServerCounters {
  /// What stands for an answer without an error.
  static let ok: UInt8 = 0
  private static let codesMax = Int(ErrorReason.allCases.map(\.rawValue).max() ?? 0) + 1
  private static let verbs = Verb.allCases

  /// Places of verbs by their number; those behind the last one are of no verb.
  private let rows: [UInt8]
  private var answers: [UInt64]
  private var durations: [Histogram]
  var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  var connectionsAccepted: UInt64 = 0
  private var connectionsEnded = [UInt64](repeating: 0, count: ConnectionEnd.allCases.count)

  init() {
    let verbs = Self.verbs
    precondition(verbs.count < 255)
    var rows = [UInt8](repeating: UInt8(verbs.count), count: Int(verbs.map(\.rawValue).max() ?? 0) + 1)
    for (row, verb) in verbs.enumerated() { rows[Int(verb.rawValue)] = UInt8(row) }
    self.rows = rows
    answers = Array(repeating: 0, count: (verbs.count + 1) * Self.codesMax)
    durations = Array(repeating: Histogram(Histogram.durations), count: verbs.count + 1)
  }

  private func row(_ method: UInt16) -> Int { Int(method) < rows.count ? Int(rows[Int(method)]) : Self.verbs.count }

  /// A request has its response.
  mutating func answered(_ method: UInt16, code: UInt8, after microseconds: Int64) {
    let row = row(method)
    answers[row * Self.codesMax + Int(code)] &+= 1
    durations[row].add(microseconds)
  }

  /// A stream has its response, which may come after hours: how long it took says nothing.
  mutating func ended(stream verb: Verb, code: UInt8) { answers[row(verb.rawValue) * Self.codesMax + Int(code)] &+= 1 }

  mutating func ended(connection end: ConnectionEnd) { connectionsEnded[Int(end.rawValue)] &+= 1 }

  func fill(_ measurements: inout ServerMeasurements) {
    for row in 0...Self.verbs.count {
      let verb = row < Self.verbs.count ? Self.verbs[row].methodName : "unknown"
      for code in 0..<Self.codesMax {
        let count = answers[row * Self.codesMax + code]
        if count == 0 { continue }
        let name = code == 0 ? "OK" : ErrorReason(rawValue: UInt8(code))?.name ?? "\(code)"
        measurements.answers.append(ServerMeasurements.Answers(verb: verb, code: name, count: count))
      }
      if durations[row].count > 0 { measurements.durations.append((verb, durations[row])) }
    }
    measurements.bytesIn = bytesIn
    measurements.bytesOut = bytesOut
    measurements.connectionsAccepted = connectionsAccepted
    measurements.connectionsEnded = ConnectionEnd.allCases.map { ($0, connectionsEnded[Int($0.rawValue)]) }
  }
}

extension Verb {
  /// As the service in wallet.proto has it, such as `GetBalance`.
  package var methodName: String {
    let name = "\(self)"
    return name.prefix(1).uppercased() + name.dropFirst()
  }
}
