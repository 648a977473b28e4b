/// A stretch of the calendar in UTC that limits count over.
public enum CalendarWindow: Sendable, CaseIterable {
  case day
  /// An ISO week, from Monday.
  case week
  case month

  private static let microsecondsPerDay: Int64 = 86_400_000_000
  /// 1970-01-01 was a Thursday: the Monday before it was day -3.
  private static let firstMonday: Int64 = -3

  /// Where the window of a time begins and the next one does, microseconds since 1970.
  public func bounds(of time: Int64) -> Range<Int64> {
    let day = time.flooredDivision(by: Self.microsecondsPerDay)
    switch self {
    case .day: return Self.range(day, day + 1)
    case .week:
      let monday = (day - Self.firstMonday).flooredDivision(by: 7) * 7 + Self.firstMonday
      return Self.range(monday, monday + 7)
    case .month:
      let (year, month) = Self.yearAndMonth(of: day)
      let next = month == 12 ? (year + 1, Int64(1)) : (year, month + 1)
      return Self.range(Self.firstDay(year, month), Self.firstDay(next.0, next.1))
    }
  }

  private static func range(_ from: Int64, _ to: Int64) -> Range<Int64> {
    from * microsecondsPerDay..<to * microsecondsPerDay
  }

  // Years begin in March here, so that the day a leap year adds comes last; 400 of them have 146,097 days. The day of
  // the 1st of March of the year 0 is -719,468.
  private static let daysPerEra: Int64 = 146_097
  private static let eraBegin: Int64 = -719_468

  private static func yearAndMonth(of day: Int64) -> (year: Int64, month: Int64) {
    let shifted = day - eraBegin
    let era = shifted.flooredDivision(by: daysPerEra)
    let dayOfEra = shifted - era * daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
  }

  private static func firstDay(_ year: Int64, _ month: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.flooredDivision(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let shiftedMonth = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shiftedMonth + 2) / 5
    return era * daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear + eraBegin
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor != 0 && (self < 0) != (divisor < 0) ? quotient - 1 : quotient
  }
}
