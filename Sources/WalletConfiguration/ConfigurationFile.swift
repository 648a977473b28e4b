/// A TOML file of settings: keys and values at the top level.
package struct ConfigurationFile: Sendable {
  package static let bytesMax = 1 << 20
  /// A line is a chain of names at worst, each a table in the one before: the parser takes them apart by recursion.
  package static let lineBytesMax = 1024

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
    /// From 1.
    var line: Int
  }

  package let path: String
  let entries: [Entry]

  package init(path: String, text: String) throws(ConfigurationProblem) {
    self.path = path
    guard text.utf8.count <= Self.bytesMax else { throw Self.tooLong(path) }
    guard !text.utf8.contains(0) else { throw ConfigurationProblem(place: path, message: "the file has a zero byte") }
    if let line = Self.longLine(text) {
      throw ConfigurationProblem(
        place: "\(path):\(line)",
        message: "the line is longer than \(Self.lineBytesMax) bytes; a list may go over several lines")
    }
    do throws(TOMLDocument.Unreadable) {
      entries = try TOMLDocument(text).entries
    } catch {
      throw ConfigurationProblem(
        place: error.line.map { "\(path):\($0)" } ?? path, message: "not TOML: \(error.message)")
    }
  }

  package static func tooLong(_ path: String) -> ConfigurationProblem {
    ConfigurationProblem(place: path, message: "the file is longer than \(bytesMax) bytes")
  }

  func place(_ entry: Entry) -> String { "\(path):\(entry.line)" }

  /// The first line that is too long. Comments may be.
  private static func longLine(_ text: String) -> Int? {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .firstIndex { $0.count > lineBytesMax && $0.first != UInt8(ascii: "#") }.map { $0 + 1 }
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
      // A path would end there.
      if text.utf8.contains(0) { throw Rule("takes text without a zero byte") }
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
