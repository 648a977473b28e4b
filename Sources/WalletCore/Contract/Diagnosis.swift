/// What a doctor says: one line for each thing that was looked at.
public struct Diagnosis: Equatable, Sendable {
  public enum State: Int32, Comparable, Sendable {
    case ok = 0
    /// To be looked at before it becomes worse.
    case warn = 1
    case bad = 2

    public static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }

    public var name: String {
      switch self {
      case .ok: "ok"
      case .warn: "warn"
      case .bad: "bad"
      }
    }
  }

  public struct Line: Equatable, Sendable {
    public var check: String
    public var state: State
    public var found: String
    /// Empty where there is nothing to be done.
    public var advice: String

    public init(_ check: String, _ state: State, _ found: String, advice: String = "") {
      self.check = check
      self.state = state
      self.found = found
      self.advice = advice
    }

    /// Such as `warn  free disk       1.2 GB of 40.0 GB. Make room`.
    public var text: String {
      func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
      }
      return "\(padded(state.name, 4))  \(padded(check, 16))\(found)" + (advice.isEmpty ? "" : ". \(advice)")
    }
  }

  public private(set) var lines: [Line] = []

  public init() {}

  public mutating func add(_ line: Line) { lines.append(line) }

  /// The worst of all, which is the exit code.
  public var worst: State { lines.map(\.state).max() ?? .ok }
}
