package import WalletCore
internal import WalletSystem

/// Makes a backup by steps, beside whoever commits. Nothing stays of one that comes to no end.
package final class BackupStream: LedgerStream {
  private let job: BackupJob
  private let status: BackupRecord
  private let beganAt: Int64
  private var stage: (any BackupStage)?
  private var toldAt: Int64 = .min
  private var toldStage = ""

  init(_ job: BackupJob, first: any BackupStage, status: BackupRecord) {
    self.job = job
    self.status = status
    beganAt = job.time.monotonicMicroseconds
    stage = first
  }

  package func advance(roomBytes: Int) throws(LedgerFault) -> StreamStep {
    guard let stage else { return .finished([]) }
    do throws(BackupError) {
      switch try stage.step() {
      case .more: return .more(progress(of: stage))
      case .next(let next):
        self.stage = next
        return .more([])
      case .old(let manifest):
        end()
        return .finished([.backup(report(manifest, isOld: true))])
      case .made(let manifest):
        self.stage = nil
        let report = report(manifest, isOld: false)
        status.made(
          BackupRecord.Last(
            at: manifest.createdAt, seq: manifest.head.seq, bytes: manifest.bytes,
            isIncremental: manifest.base != nil, microseconds: report.microseconds))
        return .finished([.backup(report)])
      }
    } catch {
      status.failed(error.message)
      end()
      return .failed(error.failure)
    }
  }

  private func report(_ manifest: BackupManifest, isOld: Bool) -> BackupReport {
    BackupReport(
      file: manifest.file, head: manifest.head, epoch: manifest.epoch, bytes: manifest.bytes,
      sha256: manifest.sha256, baseSeq: manifest.base?.seq, rows: manifest.rows, isOld: isOld,
      microseconds: job.time.monotonicMicroseconds - beganAt)
  }

  /// Now and then.
  private func progress(of stage: any BackupStage) -> [StreamEvent] {
    let now = job.time.monotonicMicroseconds
    guard stage.name != toldStage || now - toldAt >= job.settings.verifying.progressMicroseconds else { return [] }
    (toldStage, toldAt) = (stage.name, now)
    return [.progress(stage: stage.name, done: stage.done, total: stage.total)]
  }

  package func cancel() {
    guard stage != nil else { return }
    status.failed("it was cancelled")
    end()
  }

  private func end() {
    stage?.cancel()
    // Its files are closed before they are removed.
    stage = nil
    job.folder.abandon(job.making)
  }

  deinit { if stage != nil { end() } }
}
