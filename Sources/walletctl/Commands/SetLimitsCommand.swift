import ArgumentParser
import WalletClient

struct SetLimitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-limits",
    abstract: "Sets a wallet's limits, all of them: those left out are lifted.",
    discussion: """
      Amounts are in the currency's own units. Debits, outgoing transfers and holds count. Days, weeks (from Monday) and \
      months are those of UTC.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @OptionGroup var limits: LimitArguments
  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func run() async throws {
    let session = try connection.makeSession()
    let reference = wallet.reference
    let (limits, unit) = try await limits.limits(session, of: reference)
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .setLimits(reference, limits), change.options(arguments, key: key), unit: unit ?? wallet.isoUnit)
    try output.show(method: "SetLimits") { _, _ in
      self.limits.none ? "limits lifted" : "limits set"
    }
  }
}

struct LimitArguments: ParsableArguments {
  @Option(help: ArgumentHelp("How far the balance may fall below zero.", valueName: "amount"))
  var overdraft: String?
  @Option(help: ArgumentHelp("What the balance may reach.", valueName: "amount"))
  var maxBalance: String?
  @Option(help: ArgumentHelp("Of one debit, outgoing transfer or hold.", valueName: "amount"))
  var maxAmount: String?
  @Option(help: ArgumentHelp("In a day, in all.", valueName: "amount")) var dayAmount: String?
  @Option(help: ArgumentHelp("In a day, how often.", valueName: "count")) var dayCount: Int64?
  @Option(help: ArgumentHelp("In a week, in all.", valueName: "amount")) var weekAmount: String?
  @Option(help: ArgumentHelp("In a week, how often.", valueName: "count")) var weekCount: Int64?
  @Option(help: ArgumentHelp("In a month, in all.", valueName: "amount")) var monthAmount: String?
  @Option(help: ArgumentHelp("In a month, how often.", valueName: "count")) var monthCount: Int64?
  @Flag(help: "Lift all limits.") var none = false

  private var amounts: [(option: String, text: String?, path: WritableKeyPath<WalletLimits, Int64>)] {
    [
      ("--overdraft", overdraft, \.overdraftLimit), ("--max-balance", maxBalance, \.maxBalance),
      ("--max-amount", maxAmount, \.maxAmount), ("--day-amount", dayAmount, \.day.amount),
      ("--week-amount", weekAmount, \.week.amount), ("--month-amount", monthAmount, \.month.amount),
    ]
  }

  private var counts: [(option: String, count: Int64?, path: WritableKeyPath<WalletLimits, Int64>)] {
    [
      ("--day-count", dayCount, \.day.count), ("--week-count", weekCount, \.week.count),
      ("--month-count", monthCount, \.month.count),
    ]
  }

  func validate() throws {
    for (option, count, _) in counts {
      if let count, count < 1 { throw ValidationError("\(option) must be from 1") }
    }
    let isEmpty = amounts.allSatisfy { $0.text == nil } && counts.allSatisfy { $0.count == nil }
    if isEmpty != none { throw ValidationError("give the limits that shall hold, or --none to lift all") }
  }

  /// The unit is asked for when there are amounts.
  func limits(
    _ session: Session, of wallet: WalletReference
  ) async throws -> (limits: WalletLimits, unit: Unit?) {
    var limits = WalletLimits()
    var unit: Unit?
    for (option, text, path) in amounts {
      guard let text else { continue }
      let known = unit
      let amount = try await session.amount(text, option: option) {
        if let known { return known }
        return try await session.unit(of: wallet)
      }
      limits[keyPath: path] = amount.minorUnits
      unit = amount.unit
    }
    for (_, count, path) in counts { limits[keyPath: path] = count ?? 0 }
    return (limits, unit)
  }
}
