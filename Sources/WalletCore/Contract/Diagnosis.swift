/// What a doctor says: one line for each thing that was looked at.
package struct Diagnosis: Equatable, Sendable {
  package enum State: Int32, Comparable, Sendable {
    case ok = 0
    /// To be looked at before it becomes worse.
    case warn = 1
    case bad = 2

    package static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }

    package var name: String {
      switch self {
      case .ok: "ok"
      case .warn: "warn"
      case .bad: "bad"
      }
    }
  }

  package struct Line: Equatable, Sendable {
    package var check: String
    package var state: State
    package var found: String
    /// Empty where there is nothing to be done.
    package var advice: String

    package init(_ check: String, _ state: State, _ found: String, advice: String = "") {
      self.check = check
      self.state = state
      self.found = found
      self.advice = advice
    }

    /// Such as `warn  free disk       1.2 GB of 40.0 GB. Make room`.
    package var text: String {
      func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
      }
      return "\(padded(state.name, 4))  \(padded(check, 16))\(found)" + (advice.isEmpty ? "" : ". \(advice)")
    }
  }

  package private(set) var lines: [Line] = []

  package init() {}

  package mutating func add(_ line: Line) { lines.append(line) }

  /// The worst of all, which is the exit code.
  package var worst: State { lines.map(\.state).max() ?? .ok }
}
