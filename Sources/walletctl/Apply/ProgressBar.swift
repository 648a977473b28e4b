import Foundation

/// A line on a terminal that says how far a run has come. Nothing anywhere else.
struct ProgressBar {
  private let total: Int
  private let start = ContinuousClock.now
  private static let width = 30

  /// `nil` when stderr isn't a terminal.
  init?(total: Int) {
    guard isatty(STDERR_FILENO) == 1, total > 0 else { return nil }
    self.total = total
  }

  /// Draws until the task is cancelled.
  func follow(_ progress: @escaping @Sendable () -> ApplyProgress) async {
    while !Task.isCancelled {
      draw(progress())
      try? await Task.sleep(for: .milliseconds(100))
    }
    write("\r\u{1B}[K")
  }

  private func draw(_ progress: ApplyProgress) {
    let finished = progress.done + progress.refused
    let filled = min(Self.width, finished * Self.width / total)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    let elapsed = max(1, Int((ContinuousClock.now - start) / .milliseconds(1)))
    let refused = progress.refused == 0 ? "" : ", \(progress.refused) refused"
    write("\r\u{1B}[K[\(bar)] \(finished)/\(total) rows\(refused), \(finished * 1_000 / elapsed)/s")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
