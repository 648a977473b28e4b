import WalletCore
import WalletSystem

/// Takes the digest of a file, brings it to the disk and puts it in its place.
final class SealStage: BackupStage {
  static let stepBytes = 4 << 20

  let name = "seal"
  private(set) var done: Int64 = 0
  private(set) var total: Int64 = 0
  private let job: BackupJob
  private var manifest: BackupManifest
  private var reader: (any FileReader)?
  private var digest = RunningDigest()

  init(_ job: BackupJob, _ manifest: BackupManifest) {
    self.job = job
    self.manifest = manifest
  }

  func step() throws(BackupError) -> BackupStep {
    let files = job.folder.files
    guard let reader else {
      try during("the backup can't be brought to the disk") {
        try files.syncFile(job.path)
        total = try files.byteCount(of: job.path)
        self.reader = try files.reader(of: job.path)
      }
      return .more
    }
    let bytes = try during("the backup can't be read") { try reader.read(Self.stepBytes) }
    if !bytes.isEmpty {
      digest.add(bytes)
      done += Int64(bytes.count)
      return .more
    }
    self.reader = nil
    manifest.bytes = done
    manifest.sha256 = digest.finish()
    try job.folder.publish(job.making, manifest)
    return .made(manifest)
  }
}
