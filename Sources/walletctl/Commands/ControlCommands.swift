import ArgumentParser
import WalletClient

struct FreezeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "freeze",
    abstract: "Stops a wallet.",
    discussion: """
      A wallet that is frozen already is frozen anew: the last freeze counts. Holds can still be released, and end in \
      their time.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @Option(help: "What is stopped: debit (holds and captures too), credit or all.") var scope = ScopeArgument.all

  @Option(help: ArgumentHelp("Until when, like 2026-01-31T12:00:00Z. (default: until it is lifted)", valueName: "time"))
  var until: String?

  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func validate() throws {
    if let until, Timestamp.micros(until) == nil {
      throw ValidationError("--until must be like 2026-01-31T12:00:00Z, or microseconds since 1970")
    }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let untilMicros = until.flatMap(Timestamp.micros) ?? 0
    let output = try await session.mutate(
      .freeze(wallet.reference, scope: scope.scope, untilMicros: untilMicros), change.options(arguments, key: key),
      unit: wallet.isoUnit)
    try output.show(method: "Freeze") { _, _ in
      "frozen (\(scope))" + (untilMicros == 0 ? "" : " until \(Timestamp.text(untilMicros))")
    }
  }
}

struct UnfreezeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "unfreeze", abstract: "Lifts a wallet's freeze.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @Option(help: "What is lifted: debit, credit or all.") var scope = ScopeArgument.all
  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func run() async throws {
    let session = try connection.makeSession()
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .unfreeze(wallet.reference, scope: scope.scope), change.options(arguments, key: key), unit: wallet.isoUnit)
    try output.show(method: "Unfreeze") { _, _ in
      "unfrozen (\(scope))"
    }
  }
}

enum ScopeArgument: String, ExpressibleByArgument, CaseIterable {
  case debit
  case credit
  case all

  var scope: FreezeScope {
    switch self {
    case .debit: .debit
    case .credit: .credit
    case .all: .all
    }
  }
}

struct CloseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Ends a wallet that is empty; its name is never used again.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func run() async throws {
    let session = try connection.makeSession()
    let unit = try await session.unit(of: wallet.reference)
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .closeWallet(wallet.reference), change.options(arguments, key: key), unit: unit)
    try output.show(method: "CloseWallet") { _, _ in "closed" }
  }
}
