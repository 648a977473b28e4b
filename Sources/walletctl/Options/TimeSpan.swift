/// A length of time as text, such as `90s`, `15m`, `2h` or `7d`.
enum TimeSpan {
  /// Whole seconds, from 1; `nil` for anything else.
  static func seconds(_ text: String) -> Int64? {
    let scale: Int64
    switch text.last {
    case "s": scale = 1
    case "m": scale = 60
    case "h": scale = 3_600
    case "d": scale = 86_400
    default: return nil
    }
    let digits = text.dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits) else {
      return nil
    }
    let (seconds, overflow) = number.multipliedReportingOverflow(by: scale)
    return overflow || seconds == 0 ? nil : seconds
  }
}
