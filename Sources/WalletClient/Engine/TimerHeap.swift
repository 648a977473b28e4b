/// Times to come, the earliest first. What no longer matters is left in until its time comes or `compact` is called:
/// most timers of a client are deadlines that never strike.
struct TimerHeap<Timer> {
  private var entries: [(time: UInt64, timer: Timer)] = []

  var count: Int { entries.count }
  var earliest: UInt64? { entries.first?.time }

  mutating func insert(_ timer: Timer, at time: UInt64) {
    entries.append((time, timer))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].time < entries[parent].time else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// The earliest timer, when its time has come.
  mutating func popDue(now: UInt64) -> Timer? {
    guard let first = entries.first, first.time <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink(from: 0)
    }
    return first.timer
  }

  mutating func compact(keeping isWanted: (Timer) -> Bool) {
    entries.removeAll { !isWanted($0.timer) }
    for index in entries.indices.reversed() { sink(from: index) }
  }

  private mutating func sink(from start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
        if entries[child].time < entries[least].time { least = child }
      }
      if least == parent { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
