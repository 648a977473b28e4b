internal import WalletCore
internal import WalletSystem

/// How a verification comes to a file that nobody writes.
enum IntegritySource: Sendable {
  /// The ledger is served: a copy that the connection makes that writes.
  case copy(CopyDesk)
  /// Nobody serves it: the file itself.
  case file
}

/// What the last stages of a verification need beside its run.
struct IntegrityEnvironment: Sendable {
  var source: IntegritySource
  var folder: DataFolder
  var settings: StoreSettings
  var schedule: BackgroundCheckpoints.Schedule
}

/// Has a copy made, where there is room for it.
final class CopyStage: VerifyStage {
  let name = "copy"
  private(set) var done: Int64 = 0
  private(set) var total: Int64 = 0
  private let run: VerifyRun
  private let environment: IntegrityEnvironment
  private var copy: OnlineCopy?

  init(_ run: VerifyRun, _ environment: IntegrityEnvironment) {
    self.run = run
    self.environment = environment
  }

  func step() throws(StoreError) -> VerifyStep {
    guard case .copy(let desk) = environment.source else {
      return .finished(next: [IntegrityStage(run, environment)])
    }
    guard let copy else { return try ask(desk) }
    copy.wait(milliseconds: environment.settings.verifying.pollMilliseconds)
    switch copy.progress {
    case .waiting: return .more
    case .copying(let pages, let of):
      (done, total) = (Int64(pages), Int64(of))
      return .more
    case .finished: return .finished(next: [IntegrityStage(run, environment)])
    case .failed(let why): return skip(because: "no copy could be made: \(why)")
    }
  }

  private func ask(_ desk: CopyDesk) throws(StoreError) -> VerifyStep {
    let bytes: Int64
    do throws(SQLiteError) {
      bytes =
        (try run.database.integer("PRAGMA page_count") ?? 0) * (try run.database.integer("PRAGMA page_size") ?? 0)
    } catch {
      throw .sqlite(error)
    }
    let margin = environment.settings.freeBytesMin
    do throws(SystemError) {
      let available = try environment.folder.availableBytes()
      guard available >= bytes, available - bytes >= margin else {
        return skip(
          because:
            "the disk has \(available) bytes left; a copy takes \(bytes), and \(margin) must stay free (--min-free)")
      }
    } catch {
      return skip(because: "the free space of the disk can't be read: \(error)")
    }
    guard let asked = desk.ask(.beside(environment.folder, settings: environment.settings)) else {
      return skip(because: "another copy is being made")
    }
    copy = asked
    return .more
  }

  private func skip(because why: String) -> VerifyStep {
    run.integritySkippedBecause = why
    return .finished(next: [])
  }

  func skip(_ error: StoreError) -> VerifyStep { skip(because: error.words) }

  func cancel() {
    copy?.cancel()
    // One that is complete already is nobody's any more. What can't be removed is removed by the next start.
    if copy?.progress == .finished { try? environment.folder.removeCopy() }
  }
}

/// Lets SQLite look at the copy, or at the file itself, and removes the copy.
final class IntegrityStage: VerifyStage {
  let name = "integrity"
  let done: Int64 = 0
  let total: Int64 = 0
  private let run: VerifyRun
  private let environment: IntegrityEnvironment
  private var check: IntegrityCheck?

  init(_ run: VerifyRun, _ environment: IntegrityEnvironment) {
    self.run = run
    self.environment = environment
  }

  func step() throws(StoreError) -> VerifyStep {
    guard let check else {
      begin()
      return .more
    }
    switch check.result(waitingMilliseconds: environment.settings.verifying.pollMilliseconds) {
    case nil: return .more
    case .failed(let why): run.integritySkippedBecause = "SQLite can't look at the file: \(why)"
    case .ended(let messages):
      for message in messages { run.findings.add("integrity", expected: "ok", found: message) }
    }
    return .finished(next: [])
  }

  private func begin() {
    let check = IntegrityCheck()
    self.check = check
    let (folder, settings) = (environment.folder, environment.settings)
    switch environment.source {
    case .copy:
      check.begin(
        schedule: environment.schedule, open: { try folder.openCopy(settings: settings) },
        // What can't be removed is removed by the next start, or overwritten.
        close: { try? folder.removeCopy() })
    case .file:
      check.begin(
        schedule: environment.schedule, open: { try folder.open(.read, settings: settings) }, close: {})
    }
  }

  func skip(_ error: StoreError) -> VerifyStep {
    run.integritySkippedBecause = error.words
    return .finished(next: [])
  }

  func cancel() {
    // Whoever looks removes the copy; where nobody does yet, it is removed here.
    if let check { check.cancel() } else if case .copy = environment.source { try? environment.folder.removeCopy() }
  }
}
