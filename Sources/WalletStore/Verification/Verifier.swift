package import WalletCore
internal import WalletSystem

/// Proves by steps that a ledger is what its journal says, beside whoever commits: each step has a snapshot of its own, and
/// memory has its bounds in `StoreSettings.Verifying`. What can't be read is a finding, not a fault.
package final class Verifier: LedgerStream {
  private let run: VerifyRun
  private let time: any TimeSource
  private let beganAt: Int64
  /// What is to be done, the next first.
  private var stages: [any VerifyStage]
  private var toldAt: Int64 = .min
  private var toldStage = ""

  init(
    _ run: VerifyRun, _ request: VerifyRequest, _ environment: IntegrityEnvironment, time: any TimeSource
  ) throws(StoreError) {
    self.run = run
    self.time = time
    beganAt = time.monotonicMicroseconds
    guard let range = run.nextRange() else { preconditionFailure("a verification without a first pass") }
    stages = [try WalletPass(run, range, isFirst: true), TotalsStage(run)]
    stages += run.registerStages
    if request.skipsIntegrityCheck {
      run.integritySkippedBecause = "it was asked to be skipped"
    } else {
      stages.append(CopyStage(run, environment))
    }
  }

  package func advance(roomBytes: Int) throws(LedgerFault) -> StreamStep {
    if run.findings.isWaiting { return .more(findings(roomBytes)) }
    guard let stage = stages.first else { return .finished([.report(report)]) }
    switch advance(stage) {
    case .more: break
    case .finished(let next): stages.replaceSubrange(..<1, with: next)
    case .abandoned(let why):
      cancel()
      return .failed(Failure(.unavailable, .message(why)))
    }
    return .more(progress(of: stage) + findings(roomBytes))
  }

  private func advance(_ stage: any VerifyStage) -> VerifyStep {
    do throws(StoreError) { return try stage.step() } catch { return stage.skip(error) }
  }

  private func findings(_ roomBytes: Int) -> [StreamEvent] {
    run.findings.take(roomBytes: roomBytes).map { .finding($0) }
  }

  /// Now and then.
  private func progress(of stage: any VerifyStage) -> [StreamEvent] {
    let now = time.monotonicMicroseconds
    guard stage.name != toldStage || now - toldAt >= run.sizes.progressMicroseconds else { return [] }
    (toldStage, toldAt) = (stage.name, now)
    return [.progress(stage: stage.name, done: stage.done, total: stage.total)]
  }

  private var report: VerifyReport {
    var report = VerifyReport(head: run.head)
    report.rows = run.rowCount
    report.wallets = run.rows.opened
    report.keys = run.registers[.keys]?.count ?? 0
    report.findings = run.findings.count
    report.findingsTold = run.findings.toldCount
    report.integritySkippedBecause = run.integritySkippedBecause
    report.microseconds = time.monotonicMicroseconds - beganAt
    return report
  }

  package func cancel() {
    for stage in stages { stage.cancel() }
    stages.removeAll()
  }
}

extension VerifyRun {
  fileprivate var registerStages: [any VerifyStage] {
    let database = database
    let namesMax = sizes.entriesMax
    let makeWalks: [Register: RegisterStage.MakeWalk] = [
      .keys: { findings throws(SQLiteError) in
        try KeyWalk(database, findings: findings, namesMax: namesMax)
      },
      .marks: { _ throws(SQLiteError) in try MarkWalk(database) },
      .references: { findings throws(SQLiteError) in try ReferenceWalk(database, findings: findings) },
    ]
    return Register.allCases.compactMap { register in
      guard let census = registers[register], let makeWalk = makeWalks[register] else { return nil }
      return RegisterStage(
        register, database, scan, census, watermark: watermark, sizes: sizes, findings: findings, makeWalk)
    }
  }
}
