import WalletCore

/// What a verification has found: all is counted, the first ones are told.
final class Findings {
  /// Characters of what was expected or found.
  private static let textMax = 500

  private let toldMax: Int
  private(set) var count: Int64 = 0
  private(set) var toldCount: Int64 = 0
  /// To be told with the next events.
  private var waiting: [VerifyFinding] = []

  init(toldMax: Int) { self.toldMax = toldMax }

  func add(
    _ what: String, walletID: Int64 = 0, seq: Int64 = 0, expected: @autoclosure () -> String,
    found: @autoclosure () -> String
  ) {
    count += 1
    guard toldCount + Int64(waiting.count) < Int64(toldMax) else { return }
    waiting.append(
      VerifyFinding(
        what: what, walletID: walletID, seq: seq, expected: Self.cut(expected()), found: Self.cut(found())))
  }

  private static func cut(_ text: String) -> String {
    text.count <= textMax ? text : "\(text.prefix(textMax))…"
  }

  /// Adds a finding unless both figures are the same.
  func expect(_ what: String, walletID: Int64 = 0, seq: Int64 = 0, _ expected: Int64, _ found: Int64) {
    if expected != found { add(what, walletID: walletID, seq: seq, expected: "\(expected)", found: "\(found)") }
  }

  var isWaiting: Bool { !waiting.isEmpty }

  /// Takes out what is to be told, as much as there is room for and one at least.
  func take(roomBytes: Int) -> [VerifyFinding] {
    var bytes = 0
    let fitting = waiting.prefix { finding in
      defer { bytes += finding.byteCount }
      return bytes == 0 || bytes + finding.byteCount <= roomBytes
    }
    waiting.removeFirst(fitting.count)
    toldCount += Int64(fitting.count)
    return Array(fitting)
  }
}

extension VerifyFinding {
  /// An upper bound of what it takes on the wire.
  fileprivate var byteCount: Int { 64 + what.utf8.count + expected.utf8.count + found.utf8.count }
}

extension StoreError {
  /// What a finding says of it.
  var words: String {
    switch self {
    case .sqlite(let error): error.description
    case .inconsistent(let message): message
    }
  }
}
