import ArgumentParser
import Glibc
import WalletCore
import WalletStore
import WalletSystem

/// Makes a ledger out of backups.
struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a ledger out of backups, in a folder that has none.",
    discussion: """
      All of it is verified before the folder has a ledger. Keys that the ledger knew still replay; what was acknowledged \
      behind the point isn't in it. Cursors and watch tokens of the ledger before are refused. docs/OPERATING.md has the \
      drill. Exit codes: 0 done, 64 usage, or the point can't be had from these backups, 65 a backup is damaged or missing, \
      73 the folder has something or can't be written, 75 a server has the folder.
      """)

  @Option(help: ArgumentHelp("A folder of backups, or one file in it.", valueName: "dir|file"))
  var from: String
  @Option(help: "The data folder; it is made when it is missing.")
  var data: String
  @Option(help: ArgumentHelp("Up to this row of the journal (a commit_seq) and no further.", valueName: "n"))
  var toSeq: Int64?
  @Option(
    help: ArgumentHelp(
      "All rows stored at this time or before: 2026-01-31T12:00:00Z, or microseconds since 1970.", valueName: "time"))
  var toTime: String?

  func validate() throws {
    if toSeq != nil, toTime != nil { throw ValidationError("--to-seq and --to-time exclude each other") }
    if let toSeq, toSeq < 0 { throw ValidationError("--to-seq must not be negative") }
    if let toTime, Timestamp.microsOfTimeOrDay(toTime) == nil {
      throw ValidationError("--to-time must be like 2026-01-31T12:00:00Z, or microseconds since 1970, not '\(toTime)'")
    }
  }

  private var point: RestorePoint {
    if let toSeq { return .seq(toSeq) }
    return toTime.flatMap(Timestamp.microsOfTimeOrDay).map { .time($0) } ?? .newest
  }

  func run() {
    let line = StageLine()
    let restoration = Restoration(
      files: SystemFiles(), settings: StoreSettings(), time: SystemTime(), random: SystemRandom(),
      progress: { stage, done, total in line.show(stage, done, total) })
    do throws(BackupError) {
      let report = try restoration.run(from: from, to: data, point: point)
      line.clear()
      print("restored: ledger \(report.ledgerID), epoch \(report.epoch), in \(data)")
      print("  \(report.rows) rows and \(report.wallets) wallets, of \(report.files.joined(separator: ", "))")
      if report.head.seq > 0 { print("  the last row was stored at \(Timestamp.text(report.lastRowAt))") }
      print("  \(BackupText.head(seq: report.head.seq, digest: report.head.digest.bytes)), all verified")
    } catch {
      line.clear()
      Console.end(error.status, "nothing was restored: \(error.message)")
    }
  }
}

extension BackupError {
  fileprivate var status: ExitStatus {
    switch self {
    case .damaged: .notALedger
    case .impossible: .usage
    case .occupied, .system: .cannotCreate
    case .busy: .inUse
    case .store: .storage
    }
  }
}
