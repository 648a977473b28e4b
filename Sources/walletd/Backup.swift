import ArgumentParser
import Glibc
import WalletCore
import WalletStore
import WalletSystem

/// Backs up a ledger that nobody serves.
struct Backup: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Backs up a ledger while no server has it; walletctl backup does it while it is served.",
    discussion: """
      The backup is verified, and takes its place when it is whole. docs/OPERATING.md has the drill. Exit codes: 0 done, \
      64 usage, 65 the ledger or the copy isn't sound, 73 the folder can't be written or is full, 75 somebody else has the \
      ledger or makes a backup.
      """)

  @Option(help: "The data folder.")
  var data = "./data"
  @Option(help: ArgumentHelp("The folder of backups; it is made when it is missing.", valueName: "dir"))
  var to: String
  @Flag(help: "Only the rows behind the newest backup in the folder.")
  var incremental = false

  func run() {
    let files = SystemFiles()
    guard DataFolder.hasLedger(data, files: files) else { Console.end(.cannotCreate, "\(data) has no ledger.db") }
    do {
      let folder = try DataFolder(path: data, files: files)
      let source = try BackupSource(offline: folder, to: to, settings: StoreSettings(), time: SystemTime())
      switch source.open(BackupRequest(isIncremental: incremental)) {
      case .success(let stream): try follow(stream)
      case .failure(let failure): Self.end(failure)
      }
    } catch DataFolder.Failure.inUse {
      Console.end(
        .inUse, "\(data) is in use by a walletd (its lock file is held): back it up there, with walletctl backup")
    } catch let error as LedgerFileError {
      Console.end(.notALedger, "\(data)/ledger.db: \(error.message)")
    } catch let fault as LedgerFault {
      Console.end(fault, during: "backing up \(data)")
    } catch {
      Console.end(.storage, "backing up \(data): \(error)")
    }
  }

  private func follow(_ stream: any LedgerStream) throws(LedgerFault) {
    let line = StageLine()
    while true {
      switch try stream.advance(roomBytes: 1 << 20) {
      case .more(let events), .waiting(let events), .finished(let events):
        for event in events {
          switch event {
          case .progress(let stage, let done, let total): line.show(stage, done, total)
          case .backup(let report):
            line.clear()
            print(report.done)
            print(BackupText.head(seq: report.head.seq, digest: report.head.digest.bytes))
            return
          case .transaction, .token, .finding, .report: break
          }
        }
      case .failed(let failure):
        line.clear()
        Self.end(failure)
      }
    }
  }

  private static func end(_ failure: Failure) -> Never {
    switch failure.detail {
    case .invalidArgument(let field, let rule): Console.end(.usage, "--\(field): \(rule)")
    case .message(let message):
      Console.end(failure.reason == .resourceExhausted ? .inUse : .cannotCreate, message)
    default: Console.end(.cannotCreate, failure.message)
    }
  }
}

/// How far something is, in place of the line before, on a terminal.
struct StageLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1

  func show(_ stage: String, _ done: Int64, _ total: Int64) {
    if isTerminal { Console.show(VerifyText.progress(stage: stage, done: done, total: total)) }
  }

  func clear() { if isTerminal { Console.show("") } }
}
