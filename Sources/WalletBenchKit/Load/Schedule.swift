/// When operations at a fixed rate are due: the n-th at n / rate after the start, whatever the server does. Times are
/// microseconds.
struct Schedule: Equatable, Sendable {
  let rate: Int
  let start: Int64
  /// Operations that were taken: the next one is the `taken`-th.
  private(set) var taken = 0

  init(rate: Int, start: Int64) {
    self.rate = rate
    self.start = start
  }

  /// When the next operation is due.
  var nextDue: Int64 { due(taken) }

  func due(_ number: Int) -> Int64 {
    start + Int64(number / rate) * 1_000_000 + Int64(number % rate * 1_000_000 / rate)
  }

  /// Takes the next operation when it is due, and says when that was.
  mutating func take(_ now: Int64) -> Int64? {
    let due = nextDue
    guard due <= now else { return nil }
    taken += 1
    return due
  }

  /// Operations that are due before `now` and weren't taken.
  func behind(_ now: Int64) -> Int { max(0, dueBefore(now) - taken) }

  /// Operations that are due before `now` from the start on.
  func dueBefore(_ now: Int64) -> Int {
    guard now > start else { return 0 }
    let elapsed = Int(now - start)
    var number = elapsed / 1_000_000 * rate + elapsed % 1_000_000 * rate / 1_000_000
    while due(number) < now { number += 1 }
    while number > 0, due(number - 1) >= now { number -= 1 }
    return number
  }
}
