import ArgumentParser
import Foundation
import WalletClient
import WalletWire

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Shows transactions as they are committed, each once and in order.",
    discussion: """
      Begins with what comes from now on, unless told otherwise, and goes on by itself when the server was away. Ends \
      with ^C, and then says on standard error how to go on behind the last line. With --json each line is a WatchEvent \
      of proto/wallet/v1/wallet.proto: it has the resumeToken to go on behind it.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Flag(help: "Begin with the ledger's first transaction.") var fromStart = false
  @Option(help: "Begin behind this transaction, or place of the journal.") var after: Int64?
  @Option(help: "Go on with the token that an earlier watch has shown.") var resume: String?
  @Option(help: "Only this wallet's, by its id; may be given again.") var wallet: [Int64] = []
  @OptionGroup var kinds: KindOptions

  func validate() throws {
    let starts = [fromStart, after != nil, resume != nil].count { $0 }
    guard starts <= 1 else { throw ValidationError("only one of --from-start, --after and --resume can be") }
    if let after, after < 0 { throw ValidationError("--after must not be negative") }
    if resume == "" { throw ValidationError("--resume needs a token") }
    if let id = wallet.first(where: { $0 <= 0 }) { throw ValidationError("--wallet must be a positive id, not \(id)") }
  }

  private var start: WatchStart {
    if fromStart { return .beginning }
    if let after { return .after(after) }
    if let resume { return .token(resume) }
    return .now
  }

  func run() async throws {
    let session = try connection.makeSession()
    let events = session.client.watch(
      from: start, walletIDs: wallet, kinds: kinds.kinds)
    let task = Task { await Self.show(events, session) }
    let (token, error) = await Interruption.cancels(task) { await task.value }
    if let token { FileHandle.standardError.write(Data("Go on with: walletctl watch --resume \(token)\n".utf8)) }
    if let error { throw ErrorReport(error: error, server: session.server, unit: nil).failure(json: session.json) }
  }

  /// - Returns: The token behind the last event, and why the watch ended unless it was interrupted.
  private static func show(_ events: WatchSequence, _ session: Session) async -> (token: String?, WalletError?) {
    var token: String?
    do throws(WalletError) {
      for try await event in events {
        token = event.resumeToken
        guard event.transaction != nil else { continue }
        let line = session.json ? try json(event, session) : WatchLine(event).text
        // Each line leaves at once: standard output may be a pipe.
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
      }
      return (token, nil)
    } catch {
      return (token, error)
    }
  }

  private static func json(_ event: WatchEvent, _ session: Session) throws(WalletError) -> String {
    do {
      return try session.jsonValue(event.encoded, method: "WatchTransactions").text
    } catch {
      throw .notExecuted(key: nil, cause: .invalidReply("\(error)"))
    }
  }
}
