import WalletCore
import WalletServer
import WalletStore
import WalletSystem
import WalletWire

/// What the doctor looks at, and from when on it complains.
struct DoctorChecks {
  private static let syncCount = 200
  /// Of the 99th percentile, microseconds: each commit waits for one.
  private static let syncWarn: Int64 = 10_000
  private static let syncBad: Int64 = 100_000
  private static let freeBad: Int64 = 64 << 20
  private static let freeWarn: Int64 = 1 << 30
  private static let logWarn: Int64 = 256 << 20
  /// A start refuses mutations when the clock is so far before or behind the last stored time.
  private static let clockBefore: Int64 = 60_000_000
  private static let clockBehind: Int64 = 86_400_000_000
  private static let backupWarn: Int64 = 26 * 3_600_000_000
  /// Beside the connections: files, listeners and what the machine needs.
  private static let filesBeside: Int64 = 64

  let data: String
  let backups: String?
  let time: any TimeSource
  let files: any Files

  func run() -> Diagnosis {
    var diagnosis = Diagnosis()
    diagnosis.add(versions)
    diagnosis.add(openFiles)
    diagnosis.add(clock)
    diagnosis.add(unit)
    guard DataFolder.hasLedger(data, files: files) else {
      diagnosis.add(.init("ledger", .bad, "\(data) has no ledger.db", advice: "Name the folder with --data"))
      return diagnosis
    }
    diagnosis.add(modes)
    diagnosis.add(freeDisk)
    diagnosis.add(sync)
    let glance: LedgerGlance
    do { glance = try LedgerGlance(data) } catch {
      let why = (error as? LedgerFileError)?.message ?? "\(error)"
      diagnosis.add(.init("ledger", .bad, why, advice: "Run walletd verify, or restore a backup"))
      return diagnosis
    }
    for line in lines(of: glance) { diagnosis.add(line) }
    return diagnosis
  }

  // MARK: The machine

  private var versions: Diagnosis.Line {
    let found = "walletd \(Walletd.version), \(BuildMode.ofThisProgram) build, Linux \(Machine.kernel)"
    return BuildMode.ofThisProgram == "release"
      ? .init("program", .ok, found)
      : .init("program", .warn, found, advice: "A debug build is many times slower: build with -c release")
  }

  private var openFiles: Diagnosis.Line {
    let limit = Machine.openFilesMax
    let needed = Int64(ServerLimits().connectionsMax) + Self.filesBeside
    let found = "\(limit) for this process"
    return limit >= needed
      ? .init("open files", .ok, found)
      : .init(
        "open files", .warn, found,
        advice:
          "\(ServerLimits().connectionsMax) connections need \(needed): raise LimitNOFILE, or lower --max-connections")
  }

  private var clock: Diagnosis.Line {
    switch Machine.clockIsSynchronised {
    case true?: .init("clock", .ok, "synchronised, by the kernel's word")
    case false?:
      .init(
        "clock", .warn, "not synchronised, by the kernel's word",
        advice: "Run a time service: a clock that jumps stops mutations")
    case nil: .init("clock", .warn, "the kernel doesn't say whether it is synchronised")
    }
  }

  private var unit: Diagnosis.Line {
    let places = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"].map {
      "\($0)/walletd.service"
    }
    guard let place = places.first(where: { files.exists($0) }) else {
      return .init("systemd unit", .ok, "not installed")
    }
    guard files.exists("/run/systemd/system") else {
      return .init("systemd unit", .ok, "\(place); systemd isn't running here")
    }
    // A link that systemd keeps while the unit runs; it leads nowhere.
    let isActive =
      (try? files.names(in: "/run/systemd/units"))?.contains("invocation:walletd.service") ?? false
    return isActive
      ? .init("systemd unit", .ok, "\(place), active")
      : .init("systemd unit", .warn, "\(place), not active", advice: "systemctl status walletd says why")
  }

  // MARK: The folder

  private var modes: Diagnosis.Line {
    do throws(SystemError) {
      var loose: [String] = []
      var foreign: [String] = []
      let owner = try Machine.mode(of: data).owner
      for path in [data] + (try files.names(in: data).sorted().map { "\(data)/\($0)" }) {
        let mode = try Machine.mode(of: path)
        if mode.bits & 0o077 != 0 { loose.append("\(path) (\(String(mode.bits, radix: 8)))") }
        if mode.owner != owner { foreign.append(path) }
      }
      if !loose.isEmpty {
        return .init(
          "file modes", .bad, "others may read or write \(loose.joined(separator: ", "))",
          advice: "chmod 700 the folder, 600 its files")
      }
      if !foreign.isEmpty {
        return .init(
          "file modes", .bad, "another user than the folder's has \(foreign.joined(separator: ", "))",
          advice: "chown them, or the server can't open them")
      }
      return .init("file modes", .ok, "only user \(owner) may enter")
    } catch {
      return .init("file modes", .bad, "\(error)", advice: "Run this as the server's user")
    }
  }

  private var freeDisk: Diagnosis.Line {
    do throws(SystemError) {
      let (free, all) = (try files.availableBytes(data), try Machine.diskBytes(of: data))
      let found = "\(Self.bytes(free)) of \(Self.bytes(all))"
      if free < Self.freeBad {
        return .init("free disk", .bad, found, advice: "Mutations are refused below --min-free: make room now")
      }
      if free < Self.freeWarn || free < all / 20 { return .init("free disk", .warn, found, advice: "Make room") }
      return .init("free disk", .ok, found)
    } catch {
      return .init("free disk", .bad, "\(error)")
    }
  }

  private var sync: Diagnosis.Line {
    do throws(SystemError) {
      let times = try Machine.syncMicroseconds(in: data, count: Self.syncCount, time: time)
      let (middle, high) = (times[times.count / 2], times[times.count * 99 / 100])
      let found = "4 KiB in \(middle) µs (p50), \(high) µs (p99)"
      if high >= Self.syncBad {
        return .init("sync", .bad, found, advice: "Each commit waits for one: move the folder to a faster disk")
      }
      if high >= Self.syncWarn {
        return .init("sync", .warn, found, advice: "Each commit waits for one: look for what else writes to the disk")
      }
      return .init("sync", .ok, found)
    } catch {
      return .init("sync", .bad, "\(error)", advice: "Run this as the server's user")
    }
  }

  static func bytes(_ count: Int64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(count), 0)
    while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    let tenths = Int64((value * 10).rounded())
    return unit == 0 ? "\(count) B" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }

  // MARK: The ledger

  private func lines(of glance: LedgerGlance) -> [Diagnosis.Line] {
    [ledger(glance), settings(glance), log, storedTime(glance), backup(glance)]
  }

  private func ledger(_ glance: LedgerGlance) -> Diagnosis.Line {
    let found =
      "\(glance.ledgerID), epoch \(glance.epoch), row \(glance.headSeq), \(Self.bytes(glance.fileBytes)), schema "
      + "\(glance.schemaVersion)"
    return glance.schemaVersion == glance.schemaKnown
      ? .init("ledger", .ok, found)
      : .init(
        "ledger", .warn, found, advice: "The next start brings it to schema \(glance.schemaKnown): back it up first")
  }

  private func settings(_ glance: LedgerGlance) -> Diagnosis.Line {
    let found = "\(glance.sqliteVersion), journal \(glance.journalMode), pages of \(glance.pageBytes)"
    return glance.journalMode == "wal"
      ? .init("SQLite", .ok, found)
      : .init("SQLite", .warn, found, advice: "A server sets its journal to wal when it starts")
  }

  private var log: Diagnosis.Line {
    let path = "\(data)/ledger.db-wal"
    let bytes = files.exists(path) ? (try? files.byteCount(of: path)) ?? 0 : 0
    return bytes <= Self.logWarn
      ? .init("log", .ok, Self.bytes(bytes))
      : .init(
        "log", .warn, Self.bytes(bytes),
        advice: "Something keeps it from being moved into the file: another program that reads ledger.db?")
  }

  private func storedTime(_ glance: LedgerGlance) -> Diagnosis.Line {
    if glance.lastStoredAt == 0 { return .init("stored time", .ok, "no row yet") }
    let found = "the last row is of \(Timestamp.text(glance.lastStoredAt))"
    let ago = time.wallMicroseconds - glance.lastStoredAt
    if ago < -Self.clockBefore {
      return .init(
        "stored time", .bad, "\(found), which is still to come",
        advice: "Set the clock right: until then mutations are refused")
    }
    if ago > Self.clockBehind {
      return .init(
        "stored time", .warn, "\(found), more than a day ago",
        advice: "The next start refuses mutations until it is told --accept-clock: look at the clock first")
    }
    return .init("stored time", .ok, found)
  }

  private func backup(_ glance: LedgerGlance) -> Diagnosis.Line {
    guard let backups else {
      return .init("last backup", .warn, "not looked at", advice: "Name the folder with --backup-dir")
    }
    do throws(BackupError) {
      guard let newest = try NewestBackup.find(in: backups, ledgerID: glance.ledgerID) else {
        return .init("last backup", .bad, "\(backups) has none of this ledger", advice: "walletctl backup makes one")
      }
      let hours = max(0, time.wallMicroseconds - newest.createdAt) / 3_600_000_000
      let found = "\(newest.file), \(hours) hours ago, \(glance.headSeq - newest.seq) rows behind"
      return time.wallMicroseconds - newest.createdAt <= Self.backupWarn
        ? .init("last backup", .ok, found)
        : .init(
          "last backup", .warn, found, advice: "walletctl backup makes one; walletd-backup.timer does so each day")
    } catch {
      return .init("last backup", .bad, error.message)
    }
  }
}
