/// Aligned columns for people.
struct Table {
  enum Alignment {
    case left
    case right
  }

  private var columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []
  private var widthsTaken: [Int]

  init(_ columns: [(title: String, alignment: Alignment)], hasTitles: Bool = true) {
    self.columns = columns
    widthsTaken = Array(repeating: 0, count: columns.count)
    if hasTitles { rows.append(columns.map(\.title)) }
  }

  /// Names and values, without titles: figures to the right of their names.
  init(pairs: [(name: String, value: String)], valuesTo alignment: Alignment = .left) {
    columns = [("", .left), ("", alignment)]
    widthsTaken = [0, 0]
    rows = pairs.map { [$0.name, $0.value] }
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    var widths = Array(repeating: 0, count: columns.count)
    return lines(&widths).joined(separator: "\n")
  }

  /// The lines so far, which it forgets. For tables of any length: a column that was once so wide stays so.
  mutating func takeLines() -> [String] {
    defer { rows.removeAll(keepingCapacity: true) }
    return lines(&widthsTaken)
  }

  private func lines(_ widths: inout [Int]) -> [String] {
    for column in columns.indices { widths[column] = max(widths[column], rows.map { $0[column].count }.max() ?? 0) }
    return rows.map { row in
      var line = ""
      for (index, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        line += columns[index].alignment == .right ? padding + cell : cell + padding
        line += "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
