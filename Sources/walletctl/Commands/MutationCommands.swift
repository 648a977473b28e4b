import ArgumentParser
import WalletClient
import WalletWire

import enum WalletCore.Verb

struct OpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "open", abstract: "Opens a wallet.")

  @OptionGroup var connection: ConnectionOptions
  @Option(help: "The wallet's owner.") var owner: String
  @Option(help: "The wallet's currency, such as USD.") var currency: String
  @Option(help: "The wallet's name.") var name = "main"
  @Option(help: "Why: a short code.") var reason = "wallet.open"
  @OptionGroup var arguments: MutationArguments

  func run() async throws {
    let session = try connection.makeSession()
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .openWallet(owner: owner, currency: currency, name: name), arguments.options(reason: reason, key: key),
      unit: Unit.iso(currency))
    try output.show(method: "OpenWallet") { _, _ in "opened" }
  }
}

struct DebitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "debit", abstract: "Takes an amount out of a wallet.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @OptionGroup var posting: PostingArguments
  @OptionGroup var arguments: MutationArguments

  func run() async throws {
    try await posting.run(.debit, try connection.makeSession(), wallet, arguments)
  }
}

struct CreditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "credit", abstract: "Puts an amount into a wallet.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions
  @OptionGroup var posting: PostingArguments
  @OptionGroup var arguments: MutationArguments

  func run() async throws {
    try await posting.run(.credit, try connection.makeSession(), wallet, arguments)
  }
}

/// What a debit and a credit take besides what every mutation takes.
struct PostingArguments: ParsableArguments {
  @Option(help: "The amount in the currency's own units, such as 12.30.")
  var amount: String

  @OptionGroup var change: ChangeArguments

  @Option(help: "The account that stands against the wallet. (default: sales for a debit, funding for a credit)")
  var counterAccount = ""

  func run(
    _ method: Verb, _ session: Session, _ wallet: WalletOptions, _ arguments: MutationArguments
  ) async throws {
    let reference = wallet.reference
    let (minorUnits, unit) = try await session.amount(amount) { try await session.unit(of: reference) }
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let options = change.options(arguments, key: key, counterAccount: counterAccount)
    let mutation: BatchItem.Mutation =
      method == .debit ? .debit(reference, amount: minorUnits) : .credit(reference, amount: minorUnits)
    let output = try await session.mutate(mutation, options, unit: unit)
    try output.show(method: method == .debit ? "Debit" : "Credit") { _, _ in
      "\(method == .debit ? "debited" : "credited") \(unit.text(minorUnits))"
    }
  }
}

/// Shows what a mutation did.
struct MutationOutput {
  var session: Session
  var reply: [UInt8]
  var key: String
  /// It was only to be tried.
  var isDryRun = false

  /// What is said before anything else of a dry run.
  static let nothingChanged = "dry run: nothing was changed"

  /// - Parameter done: What it did, in words.
  func show(method: String, done: (MutationResult, Unit) -> String) throws {
    if session.json { return print(try session.jsonValue(reply, method: method).text) }
    let result = try session.decoded(reply) { bytes throws(DecodeError) in
      try ReplyDecoding.mutation(bytes, key: key)
    }
    let unit = Unit(currency: result.currency, exponent: result.exponent)
    announce("\(done(result, unit)): \(wallet(result.transaction.walletID))", result.isDryRun, result.replayed)
    print(figures(of: result, unit))
    var ids = [("  version", "\(result.version)")]
    if result.transaction.id != 0 { ids.append(("  transaction", "\(result.transaction.id)")) }
    if result.transaction.holdID != 0 { ids.append(("  hold", "\(result.transaction.holdID)")) }
    if result.transaction.relatedTransactionID != 0 {
      ids.append(("  of transaction", "\(result.transaction.relatedTransactionID)"))
    }
    print(Table(pairs: ids + [("  key", key)]).text)
  }

  func showTransfer() throws {
    if session.json { return print(try session.jsonValue(reply, method: "Transfer").text) }
    let result = try session.decoded(reply) { bytes throws(DecodeError) in
      try ReplyDecoding.transfer(bytes, key: key)
    }
    let (source, destination) = (result.source, result.destination)
    let unit = Unit(currency: source.currency, exponent: source.exponent)
    announce(
      "transferred \(unit.text(destination.amount)): \(wallet(source.transaction.walletID)) to "
        + wallet(destination.walletID), result.isDryRun, result.replayed)
    print(figures(of: source, unit))
    var ids = [("  version", "\(source.version)")]
    if destination.id != 0 { ids.append(("  transactions", "\(source.transaction.id) out, \(destination.id) in")) }
    print(Table(pairs: ids + [("  key", key)]).text)
  }

  /// - Parameter isProjected: It would be done; else it is, or was under this key.
  private func announce(_ done: String, _ isProjected: Bool, _ replayed: Bool) {
    if isDryRun { print(Self.nothingChanged) }
    print(
      (isProjected ? "would follow: \(done)" : done)
        + (replayed ? " (done before under this key; nothing moved now)" : ""))
  }

  private func wallet(_ id: Int64) -> String { id == 0 ? "a new wallet" : "wallet \(id)" }

  private func figures(of result: MutationResult, _ unit: Unit) -> String {
    var amounts = Table(pairs: [("  balance", unit.text(result.balance))], valuesTo: .right)
    if result.held != 0 { amounts.add(["  held", unit.text(result.held)]) }
    amounts.add(["  available", unit.text(result.available)])
    return amounts.text
  }
}
