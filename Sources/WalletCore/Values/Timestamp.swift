/// Times as text: RFC 3339 in UTC. Whole microseconds, no floating point.
public enum Timestamp {
  /// Microseconds since 1970 of `2026-01-31T12:00:00Z` (up to six digits of a second's fraction; `Z` or `+00:00`-like
  /// offsets), or of the number of microseconds itself; `nil` for anything else.
  public static func micros(_ text: String) -> Int64? {
    if let number = Int64(text) { return number > 0 && !text.hasPrefix("+") ? number : nil }
    var rest = Array(text.utf8)[...]
    guard let year = digits(4, &rest), take("-", &rest), let month = digits(2, &rest), take("-", &rest),
      let day = digits(2, &rest), take("T", &rest) || take("t", &rest) || take(" ", &rest),
      let hour = digits(2, &rest), take(":", &rest), let minute = digits(2, &rest), take(":", &rest),
      let second = digits(2, &rest)
    else { return nil }
    guard year >= 1970, (1...12).contains(month), (1...daysOfMonth(month, year)).contains(day), hour < 24, minute < 60,
      second < 60
    else { return nil }
    var fraction: Int64 = 0
    if take(".", &rest) {
      var scale: Int64 = 100_000
      guard let first = digits(1, &rest) else { return nil }
      fraction = first * scale
      while let digit = digits(1, &rest) {
        scale /= 10
        guard scale > 0 else { return nil }
        fraction += digit * scale
      }
    }
    guard let offset = offset(&rest), rest.isEmpty else { return nil }
    let seconds = daysSince1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
    let micros = seconds * 1_000_000 + fraction
    return micros > 0 ? micros : nil
  }

  /// As `micros`, or the begin of a day in UTC such as `2026-01-31`.
  public static func microsOfTimeOrDay(_ text: String) -> Int64? {
    micros(text) ?? (text.utf8.count == 10 ? micros(text + "T00:00:00Z") : nil)
  }

  /// Such as `2026-01-31T12:00:00.000000Z`; empty for 0.
  public static func text(_ micros: Int64) -> String {
    guard micros > 0 else { return "" }
    let seconds = micros / 1_000_000
    let (year, month, day) = date(seconds / 86_400)
    let second = seconds % 86_400
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))."
      + "\(padded(micros % 1_000_000, 6))Z"
  }

  /// For people, such as `2026-01-31 12:00:00 UTC`; empty for 0.
  public static func short(_ micros: Int64) -> String {
    let text = text(micros)
    return text.isEmpty ? "" : text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " UTC"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }

  private static func take(_ byte: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: byte) else { return false }
    rest.removeFirst()
    return true
  }

  private static func digits(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int64? {
    guard rest.count >= count, rest.prefix(count).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    defer { rest.removeFirst(count) }
    return rest.prefix(count).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    if take("Z", &rest) || take("z", &rest) { return 0 }
    let isWest = rest.first == UInt8(ascii: "-")
    guard isWest || rest.first == UInt8(ascii: "+") else { return nil }
    rest.removeFirst()
    guard let hours = digits(2, &rest), take(":", &rest), let minutes = digits(2, &rest), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
  }

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func daysOfMonth(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days of the Gregorian calendar, counted in years that begin in March.
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let years = month <= 2 ? year - 1 : year
    let era = years / 400
    let yearOfEra = years % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
