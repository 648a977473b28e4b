import ArgumentParser

/// From when to when: the begin belongs to it, the end doesn't.
struct PeriodOptions: ParsableArguments {
  static let form = "must be like 2026-01-31T12:00:00Z or 2026-01-31, or microseconds since 1970"

  @Option(help: ArgumentHelp("From this time on: 2026-01-31T12:00:00Z, or a day in UTC.", valueName: "time"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Before this time, or before this day begins: all of January is --from 2026-01-01 --to 2026-02-01.",
      valueName: "time"))
  var to: String?

  func validate() throws {
    for (name, text) in [("--from", from), ("--to", to)] {
      if let text, Timestamp.microsOfTimeOrDay(text) == nil { throw ValidationError("\(name) \(Self.form)") }
    }
    if to != nil, beforeMicros <= fromMicros { throw ValidationError("--to must lie after --from") }
  }

  /// 0: from the beginning.
  var fromMicros: Int64 { from.flatMap(Timestamp.microsOfTimeOrDay) ?? 0 }

  /// 0: no end.
  var beforeMicros: Int64 { to.flatMap(Timestamp.microsOfTimeOrDay) ?? 0 }
}
