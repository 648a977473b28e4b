/// Notices when a server answers nothing although requests are outstanding. Times are microseconds.
struct StallWatch {
  /// Shorter silences are work, not stalls.
  static let stallMin: Int64 = 20_000

  /// Shorter rounds of the generator are taken for listening.
  static let awayMin: Int64 = 2_000

  /// Since when something is outstanding without an answer to anything.
  private(set) var quietSince: Int64 = 0

  /// The first request is outstanding.
  mutating func began(_ now: Int64) { quietSince = now }

  /// The generator itself didn't listen until `now`: what was answered meanwhile lay there unread.
  mutating func wasAway(since start: Int64, until now: Int64) {
    if now - start > Self.awayMin { quietSince = now }
  }

  /// - Returns: The silence that the answer ended, when it was long.
  mutating func answered(_ now: Int64) -> Range<Int64>? {
    defer { quietSince = now }
    return now - quietSince > Self.stallMin ? quietSince..<now : nil
  }
}
