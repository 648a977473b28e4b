import ArgumentParser
import Glibc
import WalletCore
import WalletStore
import WalletSystem

/// Verifies a ledger that nobody serves.
struct Verify: ParsableCommand {
  private static let sound: Int32 = 0
  private static let hasFindings: Int32 = 1
  private static let unreadable: Int32 = 2
  /// Events that one step may tell.
  private static let roomBytes = 1 << 20

  static let configuration = CommandConfiguration(
    abstract: "Proves that a ledger is what its journal says, while no server has it.",
    discussion: """
      Nothing in the folder is changed but its lock file. docs/VERIFY.md says what is looked at. \
      Exit codes: 0 the ledger is sound, 1 there are findings, 2 it could not be read.
      """)

  @Option(help: "The data folder.")
  var data = "./data"
  @Option(help: ArgumentHelp("A head that was kept elsewhere: the journal must have it.", valueName: "seq:digest"))
  var head: String?
  @Flag(help: "Leave SQLite's own check of the file out.")
  var skipIntegrityCheck = false

  func validate() throws {
    if let head, VerifyText.head(head) == nil {
      throw ValidationError(
        "--head must be a row and its digest of 64 hexadecimal digits, such as 42:9f86…, not '\(head)'")
    }
  }

  func run() {
    let (source, lock) = open()
    let expected = head.flatMap { VerifyText.head($0) }.map {
      JournalHead(seq: $0.seq, digest: ShortBytes($0.digest))
    }
    do throws(LedgerFault) {
      switch try source.open(VerifyRequest(expectedHead: expected, skipsIntegrityCheck: skipIntegrityCheck)) {
      case .success(let stream): Glibc.exit(try follow(stream))
      case .failure(let failure): end("\(data): \(failure.message)")
      }
    } catch {
      end("\(data): \(error.message)")
    }
    withExtendedLifetime(lock) {}
  }

  private func open() -> (VerifySource, DataFolder) {
    let files = SystemFiles()
    guard DataFolder.hasLedger(data, files: files) else { end("\(data) has no ledger.db") }
    do {
      let folder = try DataFolder(path: data, files: files)
      return (try VerifySource(offline: folder, settings: StoreSettings(), time: SystemTime()), folder)
    } catch let failure as DataFolder.Failure {
      switch failure {
      case .inUse:
        end("\(data) is in use by a walletd (its lock file is held): verify it there, with walletctl verify")
      case .notEmpty(let found): end("\(data) isn't a walletd data folder: it has \"\(found)\" and no ledger.db")
      case .system(let error): end("\(data) can't be used: \(error)")
      }
    } catch let error as LedgerFileError {
      end("\(data)/ledger.db: \(error.message)")
    } catch {
      end("\(data)/ledger.db can't be read: \(error)")
    }
  }

  private func end(_ line: String) -> Never {
    Console.say(line)
    Glibc.exit(Self.unreadable)
  }

  /// - Returns: The exit code.
  private func follow(_ stream: any LedgerStream) throws(LedgerFault) -> Int32 {
    let isTerminal = isatty(STDERR_FILENO) == 1
    while true {
      let events: [StreamEvent]
      var isOver = false
      switch try stream.advance(roomBytes: Self.roomBytes) {
      case .more(let some), .waiting(let some): events = some
      case .finished(let last): (events, isOver) = (last, true)
      case .failed(let failure): end("\(data): \(failure.message)")
      }
      for event in events {
        switch event {
        case .progress(let stage, let done, let total):
          if isTerminal { Console.show(VerifyText.progress(stage: stage, done: done, total: total)) }
        case .finding(let finding):
          if isTerminal { Console.show("") }
          print(finding.text)
        case .report(let report):
          if isTerminal { Console.show("") }
          print(report.outcome)
          print(report.verified)
          if isOver { return report.findings == 0 ? Self.sound : Self.hasFindings }
        case .transaction, .token, .backup: break
        }
      }
    }
  }
}
