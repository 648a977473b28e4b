import Foundation

/// The rows that were refused, in a file that can itself be applied once they are mended.
enum RefusedFile {
  /// `purchases.refused.csv` for `purchases.csv`.
  static func path(of path: String) -> String {
    let stem = path.lowercased().hasSuffix(".csv") ? String(path.dropLast(4)) : path
    return stem + ".refused.csv"
  }

  /// The file's text; `nil` when nothing was refused.
  static func text(_ file: ApplyFile, _ outcomes: [RowOutcome?]) -> String? {
    var columns = file.columns
    if !columns.contains("key") { columns.append("key") }
    var text = ""
    for (row, outcome) in zip(file.rows, outcomes) {
      guard case .refused(let refusal) = outcome else { continue }
      let fields = columns.map { $0 == "key" ? RowKey.next(after: row.key) : row[$0] }
      text += CSV.line(fields + [refusal.code, refusal.message, refusal.detail, "\(row.line)"])
    }
    return text.isEmpty ? nil : CSV.line(columns + ["code", "message", "detail", "line"]) + text
  }

  /// Puts the file in place of an older one in one step, or removes the older one.
  static func write(_ text: String?, to path: String) throws {
    if let text {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } else if FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
  }
}
