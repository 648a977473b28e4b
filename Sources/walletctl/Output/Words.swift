import WalletClient

/// Names in lowerCamelCase as words.
enum Words {
  /// `["day", "amount"]` for the case `dayAmount`.
  static func of<Value>(_ value: Value) -> [String] {
    var words = [""]
    for character in "\(value)" {
      if character.isUppercase { words.append("") }
      words[words.count - 1] += character.lowercased()
    }
    return words
  }
}

extension Transaction {
  /// Its kind in words.
  var kindText: String { kind.map { Words.of($0).joined(separator: " ") } ?? "?" }
}
