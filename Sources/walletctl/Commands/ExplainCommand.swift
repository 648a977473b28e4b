import ArgumentParser
import WalletClient
import WalletWire

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains a wallet's balance: what it is made of, and what stands in its way.",
    discussion: """
      The wallet's rows are read and added up anew, and each is compared with the one before it and with its link in the \
      chain of digests. Where something doesn't fit, which is a fault of the ledger or of somebody who edited it, the exit \
      code is 1.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions

  @Option(help: ArgumentHelp("What came before it is one sum, like 2026-01-31T12:00:00Z.", valueName: "time"))
  var from: String?

  @Option(help: ArgumentHelp("How many of the last changes are shown, at most 100.", valueName: "rows"))
  var last: UInt32 = 10

  func validate() throws {
    if let from, Timestamp.micros(from) == nil {
      throw ValidationError("--from must be like 2026-01-31T12:00:00Z, or microseconds since 1970")
    }
    if !(1...100).contains(last) { throw ValidationError("--last must be from 1 to 100") }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let request = RequestEncoding.explainBalance(
      wallet.reference, fromMicros: from.flatMap(Timestamp.micros) ?? 0, lastChanges: last)
    let reply = try await session.read(.explainBalance, request)
    let explanation = try session.decoded(reply, ReplyDecoding.explanation)
    if session.json {
      print(try session.jsonValue(reply, method: "ExplainBalance").text)
    } else {
      print(ExplanationText(explanation).text)
    }
    if !explanation.difference.isEmpty { throw ExitCode(CommandFailure.refused) }
  }
}
