import ArgumentParser
import Foundation
import WalletClient
import WalletWire

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Applies a CSV file of mutations.",
    discussion: """
      The file begins with a header: verb,owner,currency,amount,reason,reference, and if you like key, \
      counter_account, occurred_at, name and note; any other column is an error. Verbs are open (amount empty), credit \
      and debit. Amounts are in the currency's own units. Spaces around a field don't count.

      The rows of one wallet take effect in the file's order; many wallets are worked on at once. A row without a key \
      gets one made of its content and its occurrence in the file, so a second run of the same file changes nothing.

      Refused rows go to FILE.refused.csv (for purchases.csv: purchases.refused.csv), with the code, the figures and a \
      fresh key; once mended, that file can be applied itself. When nothing is refused, there is no such file.

      Exits with 0 when every row is done, 1 when some were refused, 3 or 4 when the server could not be reached or left \
      a row undecided; then the file can simply be applied again.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The file.") var file: String

  @Option(help: ArgumentHelp("How long a row that the server doesn't decide is tried again.", valueName: "seconds"))
  var giveUp: Double = 60

  @Option(help: ArgumentHelp("Wallets worked on at once.", valueName: "wallets"))
  var parallel = 256

  func validate() throws {
    guard giveUp >= 0, giveUp <= 86_400 else { throw ValidationError("--give-up must be from 0 to 86400") }
    guard (1...10_000).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 10000") }
  }

  func run() async throws {
    let session = try connection.makeSession(connections: 2)
    let file = try read(json: session.json)
    let refusedPath = RefusedFile.path(of: self.file)
    // A server that isn't there should be known now, not after the time to give up.
    _ = try await session.read(.ping, [])

    let runner = ApplyRunner(
      file, parallelWallets: parallel, giveUpAfter: .milliseconds(Int64(giveUp * 1_000)),
      backend: .client(session.client))
    let bar = ProgressBar(total: file.rows.count)
    let drawing = Task { await bar?.follow { runner.progress } }
    let outcomes = await runner.run()
    drawing.cancel()
    await drawing.value

    let report = ApplyReport(file, outcomes)
    let refused = RefusedFile.text(file, outcomes)
    do {
      // A stopped run that refused nothing says nothing about an earlier run's refusals.
      if refused != nil || report.stop == nil { try RefusedFile.write(refused, to: refusedPath) }
    } catch {
      throw CommandFailure(
        exitCode: CommandFailure.refused,
        text: "walletctl: can't write \(refusedPath): \(error.localizedDescription)\n"
          + "\(report.text(refusedFile: refusedPath))\nApplying the file again is safe and gives the same answers.",
        json: session.json ? report.json : nil)
    }
    try end(report, session, refusedPath)
  }

  private func end(_ report: ApplyReport, _ session: Session, _ refusedPath: String) throws {
    if let stop = report.stop {
      var failure = ErrorReport(error: stop.error, server: session.server, unit: nil).failure(json: session.json)
      failure.text = [
        failure.text.split(separator: "\n").first.map(String.init) ?? "walletctl: stopped",
        "Stopped: rows from line \(stop.line) on may not be done.",
        "Applying the same file again is safe: what is done stays done, and the rest follows.",
        report.text(refusedFile: refusedPath),
      ].joined(separator: "\n")
      if case .object(var members)? = failure.json {
        members += [.init("fromLine", .integer(stop.line)), .init("summary", report.json)]
        failure.json = .object(members)
      }
      throw failure
    }
    print(session.json ? report.json.text : report.text(refusedFile: refusedPath))
    if report.refused > 0 { throw ExitCode(CommandFailure.refused) }
  }

  private func read(json: Bool) throws -> ApplyFile {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw CommandFailure.usage("can't read \(file): \(error.localizedDescription)", json: json)
    }
    do throws(ApplyFile.Failure) {
      return try ApplyFile(Array(data))
    } catch {
      throw CommandFailure.usage("\(file): \(error.text)", json: json)
    }
  }
}

extension ApplyBackend {
  /// The real thing.
  static func client(_ client: WalletClient) -> ApplyBackend {
    ApplyBackend(
      execute: { mutation throws(WalletError) in
        switch mutation.verb {
        case .open:
          guard case .owner(let owner, let currency, let name) = mutation.wallet else { return false }
          return try await client.openWallet(owner: owner, currency: currency, name: name, mutation.options).replayed
        case .credit:
          return try await client.credit(mutation.wallet, amount: mutation.amount, mutation.options).replayed
        case .debit:
          return try await client.debit(mutation.wallet, amount: mutation.amount, mutation.options).replayed
        }
      },
      exponent: { wallet throws(WalletError) in try await client.balance(wallet).exponent },
      now: { ContinuousClock.now },
      sleep: { try? await Task.sleep(for: $0) })
  }
}
