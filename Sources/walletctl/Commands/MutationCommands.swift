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
    let wallet = WalletReference.owner(owner, currency: currency, name: name)
    let request = RequestEncoding.openWallet(wallet, arguments.options(reason: reason, key: key), key: key)
    let reply = try await session.mutate(.openWallet, request, key: key, unit: Unit.iso(currency))
    try MutationOutput(session: session, reply: reply, key: key).show(method: "OpenWallet", done: "opened")
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

  @Option(help: "Why: a short code, such as esim.purchase.")
  var reason: String

  @Option(help: ArgumentHelp("Only if the wallet has this version.", valueName: "version"))
  var expectVersion: Int64?

  @Option(help: "The account that stands against the wallet. (default: sales for a debit, funding for a credit)")
  var counterAccount = ""

  func validate() throws {
    if let expectVersion, expectVersion < 1 { throw ValidationError("--expect-version must be from 1") }
  }

  func run(
    _ method: Verb, _ session: Session, _ wallet: WalletOptions, _ arguments: MutationArguments
  ) async throws {
    // An amount that no currency can have needs no look at the server.
    if let why = AmountText.rule(amount, unit: Unit(currency: "any currency", exponent: Money.exponentMax)) {
      throw CommandFailure.usage("--amount \(why)", json: session.json)
    }
    let reference = wallet.reference
    let unit = try await session.unit(of: reference)
    guard let minorUnits = AmountText.minorUnits(amount, unit: unit) else {
      let why = AmountText.rule(amount, unit: unit) ?? "isn't an amount"
      throw CommandFailure.usage("--amount \(why)", json: session.json)
    }
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    var options = arguments.options(reason: reason, key: key)
    options.expectedVersion = expectVersion
    options.counterAccount = counterAccount
    let request =
      method == .debit
      ? RequestEncoding.debit(reference, amount: minorUnits, options, key: key)
      : RequestEncoding.credit(reference, amount: minorUnits, options, key: key)
    let reply = try await session.mutate(method, request, key: key, unit: unit)
    let output = MutationOutput(session: session, reply: reply, key: key)
    try output.show(
      method: method == .debit ? "Debit" : "Credit",
      done: "\(method == .debit ? "debited" : "credited") \(unit.text(minorUnits))")
  }
}

/// Shows what a mutation did.
struct MutationOutput {
  var session: Session
  var reply: [UInt8]
  var key: String

  func show(method: String, done: String) throws {
    if session.json { return print(try session.jsonValue(reply, method: method).text) }
    let result = try session.decoded(reply) { bytes throws(DecodeError) in
      try ReplyDecoding.mutation(bytes, key: key)
    }
    let unit = Unit(currency: result.currency, exponent: result.exponent)
    let again = result.replayed ? " (done before under this key; nothing moved now)" : ""
    print("\(done): wallet \(result.transaction.walletID)\(again)")
    var amounts = Table(pairs: [("  balance", unit.text(result.balance))], valuesTo: .right)
    if result.held != 0 { amounts.add(["  held", unit.text(result.held)]) }
    amounts.add(["  available", unit.text(result.available)])
    print(amounts.text)
    print(
      Table(pairs: [
        ("  version", "\(result.version)"), ("  transaction", "\(result.transaction.id)"), ("  key", key),
      ]).text)
  }
}
