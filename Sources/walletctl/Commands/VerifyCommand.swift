import ArgumentParser
import Foundation
import WalletClient
import WalletWire

import enum WalletCore.Verb
import enum WalletCore.VerifyText

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Proves that the ledger is what its journal says, while it is served.",
    discussion: """
      docs/VERIFY.md says what is looked at. The last line has the head up to which all of it was verified: keep it \
      elsewhere, and give it to a later verification with --head. With --json each line is a VerifyEvent of \
      proto/wallet/v1/wallet.proto. Exit code 1 when there are findings.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Option(help: ArgumentHelp("A head that was kept elsewhere: the journal must have it.", valueName: "seq:digest"))
  var head: String?
  @Flag(help: "Leave SQLite's own check out, for which a copy of the file is made for a while.")
  var skipIntegrityCheck = false

  func validate() throws {
    if let head, VerifyText.head(head) == nil {
      throw ValidationError(
        "--head must be a row and its digest of 64 hexadecimal digits, such as 42:9f86…, not '\(head)'")
    }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let expected = head.flatMap { VerifyText.head($0) }.map { JournalHead(seq: $0.seq, digest: $0.digest) }
    let request = RequestEncoding.verify(expectedHead: expected, skipsIntegrityCheck: skipIntegrityCheck)
    let events = session.client.events(method: Verb.verify.rawValue, payload: request)
    let task = Task { await Self.show(events, session) }
    let (report, error) = await Interruption.cancels(task) { await task.value }
    if let error { throw ErrorReport(error: error, server: session.server, unit: nil).failure(json: session.json) }
    guard let report else { throw ExitCode(CommandFailure.cannotReach) }
    if report.findings > 0 { throw ExitCode(CommandFailure.refused) }
  }

  /// - Returns: The report, unless it was interrupted, and why it ended without one.
  private static func show(_ events: EventSequence, _ session: Session) async -> (VerificationReport?, WalletError?) {
    let progress = ProgressLine()
    defer { progress.clear() }
    do throws(WalletError) {
      for try await event in events {
        let decoded = try decoded(event)
        if session.json {
          write(try json(event, session))
        } else {
          show(decoded, progress)
        }
        if case .report(let report) = decoded { return (report, nil) }
      }
      return (nil, nil)
    } catch {
      return (nil, error)
    }
  }

  private static func show(_ event: VerificationEvent, _ progress: ProgressLine) {
    switch event {
    case .progress(let stage):
      progress.show(VerifyText.progress(stage: stage.stage, done: stage.done, total: stage.total))
    case .finding(let finding):
      progress.clear()
      write(finding.text)
    case .report(let report):
      progress.clear()
      write(
        VerifyText.outcome(
          findings: report.findings, told: report.findingsTold,
          integritySkippedBecause: report.integritySkippedBecause))
      write(
        VerifyText.verified(
          rows: report.rows, wallets: report.wallets, keys: report.keys, headSeq: report.head.seq,
          headDigest: report.head.digest))
    }
  }

  private static func decoded(_ event: [UInt8]) throws(WalletError) -> VerificationEvent {
    do throws(DecodeError) {
      return try ReplyDecoding.verifyEvent(event)
    } catch {
      throw .notExecuted(key: nil, cause: .invalidReply(error.text))
    }
  }

  private static func json(_ event: [UInt8], _ session: Session) throws(WalletError) -> String {
    do {
      return try session.jsonValue(event, method: "Verify").text
    } catch {
      throw .notExecuted(key: nil, cause: .invalidReply("\(error)"))
    }
  }

  /// Each line leaves at once: standard output may be a pipe.
  private static func write(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}

extension VerificationFinding {
  var text: String {
    VerifyText.finding(what: what, walletID: walletID, seq: seq, expected: expected, found: found)
  }
}

/// A line on standard error that is written over, where that is a terminal.
struct ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1

  func show(_ line: String) {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8)) }
  }

  func clear() { show("") }
}
