import WalletClient
import WalletWire

/// What a run did, in numbers.
struct ApplyReport: Equatable {
  private(set) var applied = 0
  private(set) var replayed = 0
  private(set) var refusedByCode: [String: Int] = [:]
  /// The first line that isn't decided, and the error that says most: an unknown outcome before any other.
  private(set) var stop: (line: Int, error: WalletError)?

  init(_ file: ApplyFile, _ outcomes: [RowOutcome?]) {
    var firstOpenLine: Int?
    var worst: WalletError?
    for (row, outcome) in zip(file.rows, outcomes) {
      switch outcome {
      case .applied: applied += 1
      case .replayed: replayed += 1
      case .refused(let refusal): refusedByCode[refusal.code, default: 0] += 1
      case .unresolved(let error):
        firstOpenLine = firstOpenLine ?? row.line
        if worst == nil { worst = error }
        if case .outcomeUnknown = error, case .notExecuted? = worst { worst = error }
      case nil: firstOpenLine = firstOpenLine ?? row.line
      }
    }
    if let firstOpenLine, let worst { stop = (firstOpenLine, worst) }
  }

  var refused: Int { refusedByCode.values.reduce(0, +) }

  /// Exactly `{"applied": n, "replayed": n, "refused": {"CODE": n}}`.
  var json: JSONValue {
    let codes = refusedByCode.sorted { $0.key < $1.key }
    return .object([
      .init("applied", .integer(applied)), .init("replayed", .integer(replayed)),
      .init("refused", .object(codes.map { .init($0.key, .integer($0.value)) })),
    ])
  }

  func text(refusedFile: String) -> String {
    var table = Table(
      pairs: [("applied", "\(applied)"), ("replayed", "\(replayed)"), ("refused", "\(refused)")], valuesTo: .right)
    for (code, count) in refusedByCode.sorted(by: { $0.key < $1.key }) { table.add(["  \(code)", "\(count)"]) }
    return refused == 0 ? table.text : table.text + "\nThe refused rows are in \(refusedFile)."
  }

  static func == (left: ApplyReport, right: ApplyReport) -> Bool {
    left.json == right.json && left.stop?.line == right.stop?.line && left.stop?.error == right.stop?.error
  }
}
