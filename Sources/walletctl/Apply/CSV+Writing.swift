extension CSV {
  /// As RFC 4180 has them.
  static let lineEnd = "\r\n"

  /// A record as a line, quoted where it must be.
  static func line(_ fields: [String], end: String = "\n") -> String {
    fields.map { field in
      let needsQuotes = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
      let hasSpace = field.hasPrefix(" ") || field.hasSuffix(" ")
      guard needsQuotes || hasSpace else { return field }
      var quoted = "\""
      for scalar in field.unicodeScalars {
        if scalar == "\"" { quoted.unicodeScalars.append("\"") }
        quoted.unicodeScalars.append(scalar)
      }
      return quoted + "\""
    }.joined(separator: ",") + end
  }
}
