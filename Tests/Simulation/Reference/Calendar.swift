/// Days, ISO weeks and months of UTC, counted on the fingers.
enum Calendar {
  static let microsPerDay: Int64 = 86_400_000_000

  static func day(of micros: Int64) -> Int64 { micros / microsPerDay }

  /// The days of the window that a day lies in, from the first to the one behind the last: 0 day, 1 week, 2 month.
  static func window(_ number: Int, around day: Int64) -> Range<Int64> {
    switch number {
    case 0: return day..<day + 1
    case 1:
      // 1970-01-01 was a Thursday.
      let sinceMonday = (day + 3) % 7
      return day - sinceMonday..<day - sinceMonday + 7
    default:
      var first: Int64 = 0
      var (year, month) = (1970, 1)
      while first + days(year, month) <= day {
        first += days(year, month)
        (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
      }
      return first..<first + days(year, month)
    }
  }

  private static func days(_ year: Int, _ month: Int) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// What time a server takes it for.
struct ReferenceClock {
  static let minute: Int64 = 60_000_000
  static let day: Int64 = 24 * 3600 * 1_000_000

  private(set) var lastStored: Int64
  private var start: (wall: Int64, monotonic: Int64)
  private var isBelieved: Bool

  /// As it is when a server starts.
  ///
  /// - Parameter isAccepted: The operator says that the wall clock is right.
  init(lastStored: Int64, wall: Int64, monotonic: Int64, isAccepted: Bool = false) {
    self.lastStored = lastStored
    start = (wall, monotonic)
    isBelieved = isAccepted || lastStored == 0
  }

  /// The time to store; `nil` while the clocks can't be believed.
  mutating func time(wall: Int64, monotonic: Int64) -> Int64? {
    if !isBelieved {
      if wall < lastStored - Self.minute || wall > lastStored + Self.day { return nil }
      isBelieved = true
      start = (wall, monotonic)
    }
    if abs((wall - start.wall) - (monotonic - start.monotonic)) > Self.minute { return nil }
    return max(wall, lastStored)
  }

  mutating func store(_ time: Int64) { lastStored = time }
}
