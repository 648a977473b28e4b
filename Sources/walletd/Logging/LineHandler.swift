import Glibc
import Logging
import WalletSystem
import WalletWire

/// Writes what is logged to standard error, a line each: JSON, or text for people.
struct LineHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  let isJSON: Bool

  init(isJSON: Bool, level: Logger.Level) {
    self.isJSON = isJSON
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }.map { (name: $0.key, value: "\($0.value)") }
      .sorted { $0.name < $1.name }
    let time = SystemTime().wallMicroseconds
    Self.write(
      isJSON
        ? Self.json(event.level, "\(event.message)", fields, time: time) : Self.text("\(event.message)", fields))
  }

  static func text(_ message: String, _ fields: [(name: String, value: String)]) -> String {
    let pairs = fields.map { name, value in
      let isPlain = !value.isEmpty && !value.contains { $0 == " " || $0 == "\"" || $0 == "=" }
      return isPlain ? " \(name)=\(value)" : " \(name)=\(JSONValue.string(value).text)"
    }
    // What comes from clients must not make lines of its own, nor speak to a terminal.
    return (["walletd: \(message)"] + pairs).joined().unicodeScalars.map { scalar in
      let isControl = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
      return isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }.joined()
  }

  static func json(
    _ level: Logger.Level, _ message: String, _ fields: [(name: String, value: String)], time: Int64
  ) -> String {
    let first = [
      JSONValue.Member("time", .string(UTCTime.text(time))), JSONValue.Member("level", .string(level.rawValue)),
      JSONValue.Member("message", .string(message)),
    ]
    return JSONValue.object(first + fields.map { JSONValue.Member($0.name, .string($0.value)) }).text
  }

  private static func write(_ line: String) {
    var text = line + "\n"
    text.withUTF8 { bytes in
      // Nobody is left to be told that standard error is closed.
      _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }
}

enum UTCTime {
  /// RFC 3339 with microseconds, of a time since 1970.
  static func text(_ microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000
    let (year, month, day) = date(seconds / 86_400)
    let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(clock).\(padded(microseconds % 1_000_000, 6))Z"
  }

  /// Years are counted from March on, so that the day of a leap year is the last one.
  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    return (
      era * 400 + yearOfEra + (month >= 10 ? 1 : 0), month + (month < 10 ? 3 : -9),
      dayOfYear - (153 * month + 2) / 5 + 1
    )
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
