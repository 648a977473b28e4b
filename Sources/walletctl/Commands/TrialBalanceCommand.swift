import ArgumentParser
import WalletClient
import WalletWire

struct TrialBalanceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial-balance",
    abstract: "Shows, by currency, what all wallets hold and what stands against them.",
    discussion: "Both sum to zero. Where they don't, which is a fault of the ledger, the exit code is 1.")

  @OptionGroup var connection: ConnectionOptions
  @Option(help: "This currency alone. (default: all that have wallets or were registered)") var currency = ""

  func run() async throws {
    let session = try connection.makeSession()
    let (balance, reply) = try await session.trialBalance(currency: currency)
    if session.json {
      print(try session.jsonValue(reply, method: "TrialBalance").text)
    } else {
      print(TrialBalanceText(balance: balance).text)
    }
    if balance.currencies.contains(where: { $0.difference != 0 }) { throw ExitCode(CommandFailure.refused) }
  }
}

/// A trial balance as a finance person reads it.
struct TrialBalanceText {
  var balance: TrialBalance

  var text: String {
    let blocks = balance.currencies.map(block)
    let place = "as of journal row \(balance.commitSeq)"
    if blocks.isEmpty { return "no currency has a wallet, \(place)" }
    return (blocks + [place]).joined(separator: "\n\n")
  }

  private func block(_ currency: CurrencyBalance) -> String {
    let unit = Unit(currency: currency.currency, exponent: currency.exponent)
    var table = Table(pairs: [("  wallets", unit.text(currency.walletsTotal))], valuesTo: .right)
    for account in currency.counterAccounts { table.add(["  \(account.name)", unit.text(account.total)]) }
    table.add(["  sum", unit.text(currency.difference)])
    let verdict =
      currency.difference == 0
      ? "\(currency.currency) balances"
      : "\(currency.currency) does NOT balance: it is off by \(unit.text(currency.difference))"
    return "\(currency.currency)\n\(table.text)\n\(verdict)"
  }
}
