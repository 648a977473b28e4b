import ArgumentParser
import WalletClient

/// Which of a wallet's transactions.
struct FilterOptions: ParsableArguments {
  @OptionGroup var period: PeriodOptions

  @OptionGroup var kinds: KindOptions

  @Option(help: "Only with this reason.")
  var reason = ""

  @Option(help: "Only by whom.")
  var actor = ""

  @Option(help: "Only with this reference.")
  var reference = ""

  @Option(help: "Only amounts from this on, such as 12.30, whatever their sign; of a hold what it reserves.")
  var min: String?

  @Option(help: "Only amounts up to this one.")
  var max: String?

  /// `nil` where nothing is excluded.
  func filter(of wallet: WalletReference, _ session: Session) async throws -> TransactionFilter? {
    var filter = TransactionFilter()
    filter.fromMicros = period.fromMicros
    filter.beforeMicros = period.beforeMicros
    filter.kinds = kinds.kinds
    filter.reason = reason
    filter.actor = actor
    filter.reference = reference
    if let min {
      filter.minAmount = try await session.amount(min, option: "--min") { try await session.unit(of: wallet) }
        .minorUnits
    }
    if let max {
      filter.maxAmount = try await session.amount(max, option: "--max") { try await session.unit(of: wallet) }
        .minorUnits
      if filter.maxAmount < filter.minAmount {
        throw CommandFailure.usage("--max must not be below --min", json: session.json)
      }
    }
    return filter == TransactionFilter() ? nil : filter
  }
}
