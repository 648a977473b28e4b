/// What is wrong with a setting, and where it was said.
package struct ConfigurationProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// A file with the line, a variable of the environment, or an option.
  package var place: String
  package var message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  package var description: String { "\(place): \(message)" }

  var printable: ConfigurationProblem { ConfigurationProblem(place: place, message: message.printable) }
}

extension String {
  /// Names and values may have anything in them, what moves a terminal's cursor too: that is written as its number.
  package var printable: String {
    unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
        "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }.joined()
  }
}

enum Suggestion {
  /// The name that was probably meant: the nearest one, when no more than a third of it differs.
  static func nearest(to word: String, in names: [String]) -> String? {
    func distanceMax(_ name: String) -> Int { max(1, min(word.utf8.count, name.utf8.count) / 3) }
    // No distance is less than the difference of the lengths.
    let distances = names.filter { abs(word.utf8.count - $0.utf8.count) <= distanceMax($0) }
      .map { (name: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= distanceMax(best.name) ? best.name : nil
  }

  /// Insertions, removals and replacements that turn one word into the other.
  static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (index, byte) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let replaced = diagonal + (byte == other[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[other.count]
  }
}
