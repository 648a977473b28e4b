internal import TOMLKit

/// A TOML file of settings: keys and values at the top level.
package struct ConfigurationFile: Sendable {
  package static let bytesMax = 1 << 20

  enum Value: Equatable, Sendable {
    case text(String)
    case integer(Int)
    case decimal(Double)
    case truth(Bool)
    case list([Value])
    case table
    case time
  }

  struct Entry: Sendable {
    var key: String
    var value: Value
    /// From 1; `nil` where the key isn't found by a plain search.
    var line: Int?
  }

  package let path: String
  let entries: [Entry]

  package init(path: String, text: String) throws(ConfigurationProblem) {
    self.path = path
    guard text.utf8.count <= Self.bytesMax else {
      throw ConfigurationProblem(place: path, message: "the file is longer than \(Self.bytesMax) bytes")
    }
    guard !text.utf8.contains(0) else { throw ConfigurationProblem(place: path, message: "the file has a zero byte") }
    if let strange = StrangeTOML(in: text) {
      throw ConfigurationProblem(place: "\(path):\(strange.line)", message: "not TOML: \(strange.message)")
    }
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw ConfigurationProblem(
        place: "\(path):\(error.source.begin.line)", message: "not TOML: \(error.description)")
    } catch {
      throw ConfigurationProblem(place: path, message: "not TOML: \(error)")
    }
    let lines = Self.lines(of: text)
    entries = table.keys.map { key in
      Entry(key: key, value: table[key].map(Self.value) ?? .table, line: lines[key])
    }.sorted { ($0.line ?? .max, $0.key) < ($1.line ?? .max, $1.key) }
  }

  func place(_ entry: Entry) -> String { entry.line.map { "\(path):\($0)" } ?? path }

  private static func value(_ value: any TOMLValueConvertible) -> Value {
    switch value.type {
    case .string: .text(value.string ?? "")
    case .int: .integer(value.int ?? 0)
    case .double: .decimal(value.double ?? 0)
    case .bool: .truth(value.bool ?? false)
    case .array: .list((value.array.map { array in (0..<array.count).map { Self.value(array[$0]) } }) ?? [])
    case .table: .table
    case .date, .time, .dateTime: .time
    }
  }

  /// The parser keeps no lines, so they are looked for: the first line that begins with the key.
  private static func lines(of text: String) -> [String: Int] {
    var lines: [String: Int] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let word = line.drop { $0 == " " || $0 == "\t" || $0 == "[" }.prefix { !" \t=]\r".contains($0) }
      let key = String(word.filter { $0 != "\"" && $0 != "'" })
      if !key.isEmpty, lines[key] == nil { lines[key] = index + 1 }
    }
    return lines
  }
}

extension ConfigurationFile.Value {
  /// The value as the command line would have it; throws the rule that it breaks.
  func arguments(for option: OptionDescription) throws(Rule) -> [String] {
    if option.isFlag {
      guard case .truth(let isOn) = self else { throw Rule("is a switch: true or false, not \(description)") }
      return [isOn ? "true" : "false"]
    }
    guard case .list(let values) = self else { return [try argument(for: option)] }
    guard option.isRepeating else { throw Rule("takes one value, not a list") }
    var arguments: [String] = []
    for value in values { arguments.append(try value.argument(for: option)) }
    return arguments
  }

  private func argument(for option: OptionDescription) throws(Rule) -> String {
    switch self {
    case .text(let text):
      // Digits in quotes do no harm, and a mode of files is told so.
      if option.isNumber == true, Double(text) == nil { throw Rule("takes a number, not \(description)") }
      return text
    case .integer(let number):
      if option.isNumber == false { throw Rule("takes text: write \"\(number)\"") }
      return String(number)
    case .decimal(let number): return "\(number)"
    case .truth(let isTrue):
      throw Rule(option.isNumber == true ? "takes a number, not \(isTrue)" : "takes text: write \"\(isTrue)\"")
    case .list, .table, .time: throw Rule("takes a number or text, not \(description)")
    }
  }

  /// A rule that a value breaks, without the name of the setting.
  struct Rule: Error {
    var text: String
    init(_ text: String) { self.text = text }
  }

  private var description: String {
    switch self {
    case .text(let text): "\"\(text)\""
    case .integer(let number): String(number)
    case .decimal(let number): "\(number)"
    case .truth(let isTrue): String(isTrue)
    case .list: "a list"
    case .table: "a section"
    case .time: "a date"
    }
  }
}
