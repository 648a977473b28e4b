import TestSupport
import Testing

@testable import Simulation

/// The disk in memory loses what a disk may lose, and nothing else.
@Suite("A disk in memory")
struct DiskTests {
  /// Rows of one commit each, up to a crash that is drawn from the seed; the last of them may not be whole.
  private func rows(after how: Disk.Crash, synchronous: String, seed: UInt64) throws -> (committed: Int, left: Int) {
    let disk = Disk(seed: seed)
    var generator = SeededGenerator(seed: seed)
    var committed = 0
    do {
      let file = try SQLiteFile("/test.db", mayWrite: true, vfs: disk.vfs)
      _ = try file.rows("PRAGMA journal_mode = WAL")
      try file.execute("PRAGMA synchronous = FULL; CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT)")
      _ = try file.rows("PRAGMA wal_checkpoint(TRUNCATE)")
      try file.execute("PRAGMA synchronous = \(synchronous)")
      disk.crash(after: UInt64.random(in: 0..<60, using: &generator), how, seed: seed)
      for number in 1...40 {
        try file.execute("INSERT INTO t VALUES (\(number), '\(String(repeating: "y", count: number * 50))')")
        if !disk.hasCrashed { committed = number }
      }
      if !disk.hasCrashed { disk.crash(after: 0, how, seed: seed) }
    }
    let survivor = try #require(disk.survivor(seed: seed))
    return try withExtendedLifetime(survivor) {
      let file = try SQLiteFile("/test.db", mayWrite: true, vfs: survivor.vfs)
      #expect(try file.value("PRAGMA integrity_check") == "ok")
      let left = try file.value("SELECT count(*) FROM t WHERE length(y) = x * 50")
      #expect(left == (try file.value("SELECT coalesce(max(x), 0) FROM t")))
      return (committed, Int(left) ?? -1)
    }
  }

  @Test("what was committed with a sync is there after each kind of crash", arguments: Disk.Crash.allCases)
  func keeps(_ how: Disk.Crash) throws {
    for seed in 0..<60 as Range<UInt64> {
      let (committed, left) = try rows(after: how, synchronous: "FULL", seed: seed)
      #expect(left == committed || left == committed + 1, "seed \(seed)")
    }
  }

  @Test("what was committed without one is there when the process dies, and not when the power goes")
  func loses() throws {
    var lost = 0
    for seed in 0..<60 as Range<UInt64> {
      let killed = try rows(after: .kill, synchronous: "NORMAL", seed: seed)
      #expect(killed.left >= killed.committed, "seed \(seed)")
      let cut = try rows(after: .lose, synchronous: "NORMAL", seed: seed)
      if cut.left < cut.committed { lost += 1 }
    }
    #expect(lost > 10)
  }

  @Test("a sync that fails loses what it should have written, and later ones don't bring it back")
  func failedSync() throws {
    let disk = Disk(seed: 1)
    let file = try SQLiteFile("/test.db", mayWrite: true, vfs: disk.vfs)
    _ = try file.rows("PRAGMA journal_mode = WAL")
    try file.execute("CREATE TABLE t (x INTEGER PRIMARY KEY)")
    // The write of a frame's header, of its page, and the sync.
    disk.fail(after: 2, isFull: false, staysSo: false)
    #expect(throws: TestFailure.self) { try file.execute("INSERT INTO t VALUES (1)") }
    #expect(disk.failures == 1)
    disk.mend()
    try file.execute("INSERT INTO t VALUES (2)")
    #expect(try file.rows("SELECT x FROM t") == [["2"]])
  }
}
