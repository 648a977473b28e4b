import ArgumentParser
import Foundation
import WalletClient
import WalletWire

import enum WalletCore.BackupText
import enum WalletCore.Verb
import enum WalletCore.VerifyText

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Makes a backup in the server's folder of backups, while it is served.",
    discussion: """
      The server must have been started with --backup-dir. The backup is verified before it takes its place. Keep the head \
      that it ends with elsewhere. walletd restore makes a ledger of it; docs/OPERATING.md has the drill. With --json each \
      line is a BackupEvent of proto/wallet/v1/wallet.proto.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Flag(help: "Only the rows behind the newest backup.")
  var incremental = false

  func run() async throws {
    let session = try connection.makeSession()
    let request = RequestEncoding.backup(incremental: incremental)
    let events = session.client.events(method: Verb.backup.rawValue, payload: request)
    let task = Task { await Self.show(events, session) }
    let (report, error) = await Interruption.cancels(task) { await task.value }
    if let error { throw ErrorReport(error: error, server: session.server, unit: nil).failure(json: session.json) }
    if report == nil { throw ExitCode(CommandFailure.cannotReach) }
  }

  /// - Returns: The report, unless it was interrupted, and why it ended without one.
  private static func show(_ events: EventSequence, _ session: Session) async -> (BackupReport?, WalletError?) {
    let progress = ProgressLine()
    defer { progress.clear() }
    do throws(WalletError) {
      for try await event in events {
        let decoded = try decoded(event)
        if session.json { write(try json(event, session)) }
        switch decoded {
        case .progress(let stage):
          if session.json { break }
          progress.show(VerifyText.progress(stage: stage.stage, done: stage.done, total: stage.total))
        case .report(let report):
          if session.json { return (report, nil) }
          progress.clear()
          write(
            BackupText.done(
              file: report.file, baseSeq: report.baseSeq, seq: report.head.seq, rows: report.rows,
              bytes: report.bytes, isOld: report.isOld))
          write(BackupText.head(seq: report.head.seq, digest: report.head.digest))
          return (report, nil)
        }
      }
      return (nil, nil)
    } catch {
      return (nil, error)
    }
  }

  private static func decoded(_ event: [UInt8]) throws(WalletError) -> BackupEvent {
    do throws(DecodeError) {
      return try ReplyDecoding.backupEvent(event)
    } catch {
      throw .notExecuted(key: nil, cause: .invalidReply(error.text))
    }
  }

  private static func json(_ event: [UInt8], _ session: Session) throws(WalletError) -> String {
    do {
      return try session.jsonValue(event, method: "Backup").text
    } catch {
      throw .notExecuted(key: nil, cause: .invalidReply("\(error)"))
    }
  }

  /// Each line leaves at once: standard output may be a pipe.
  private static func write(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
