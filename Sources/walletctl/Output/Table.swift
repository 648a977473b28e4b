/// Aligned columns for people.
struct Table {
  enum Alignment {
    case left
    case right
  }

  private var columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)], hasTitles: Bool = true) {
    self.columns = columns
    if hasTitles { rows.append(columns.map(\.title)) }
  }

  /// Names and values, without titles: figures to the right of their names.
  init(pairs: [(name: String, value: String)], valuesTo alignment: Alignment = .left) {
    columns = [("", .left), ("", alignment)]
    rows = pairs.map { [$0.name, $0.value] }
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (index, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        line += columns[index].alignment == .right ? padding + cell : cell + padding
        line += "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
