import ArgumentParser
import Foundation
import WalletClient

struct HoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Reserves an amount of a wallet for a time.",
    discussion: """
      It stays in the balance and isn't available until the hold is captured or released, or its time has passed. The \
      transaction's id is the hold's.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions

  @Option(help: "The amount in the currency's own units, such as 12.30.")
  var amount: String

  @Option(
    name: .customLong("for"), help: ArgumentHelp("How long: 90s, 15m, 2h or 7d; at most 366d.", valueName: "time"))
  var span: String

  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  private static let secondsMax: Int64 = 366 * 86_400

  func validate() throws {
    guard let seconds = TimeSpan.seconds(span), seconds <= Self.secondsMax else {
      throw ValidationError("--for must be like 90s, 15m, 2h or 7d, and at most 366d, not '\(span)'")
    }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let reference = wallet.reference
    let (minorUnits, unit) = try await session.amount(amount) { try await session.unit(of: reference) }
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .hold(reference, amount: minorUnits, timeout: .seconds(TimeSpan.seconds(span) ?? 0)),
      change.options(arguments, key: key), unit: unit)
    try output.show(method: "Hold") { _, _ in
      "held \(unit.text(minorUnits)) for \(span)"
    }
  }
}

struct CaptureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Takes a part of a hold, or all that is left of it.",
    discussion: "Without --amount it takes all that is left, and the hold has ended.")

  @OptionGroup var connection: ConnectionOptions
  @Option(help: "The hold's id.") var hold: Int64
  @OptionGroup var part: PartArguments
  @Flag(help: "Nothing more will be captured: the rest is given back.") var final = false

  @Option(help: "The account that stands against the wallet. (default: sales)")
  var counterAccount = ""

  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func validate() throws {
    if hold < 1 { throw ValidationError("--hold must be a positive id") }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let (minorUnits, unit) = try await part.amount(session)
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .capture(holdID: hold, amount: minorUnits, currency: unit?.currency ?? "", isFinal: final),
      change.options(arguments, key: key, counterAccount: counterAccount), unit: unit)
    try output.show(method: "Capture") { result, unit in
      "captured \(unit.text(-result.transaction.amount))"
    }
  }
}

struct ReleaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Gives back what is left of a hold.")

  @OptionGroup var connection: ConnectionOptions
  @Option(help: "The hold's id.") var hold: Int64
  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func validate() throws {
    if hold < 1 { throw ValidationError("--hold must be a positive id") }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(.release(holdID: hold), change.options(arguments, key: key), unit: nil)
    try output.show(method: "Release") { result, unit in
      "released \(unit.text(-result.transaction.heldChange))"
    }
  }
}

struct RefundCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refund",
    abstract: "Gives back a debit or a capture, or a part of it.",
    discussion: "Without --amount it gives back all that wasn't refunded yet.")

  @OptionGroup var connection: ConnectionOptions
  @Option(help: "The id of the debit's or capture's transaction.") var transaction: Int64
  @OptionGroup var part: PartArguments

  @Option(help: "The account that stands against the wallet. (default: refunds)")
  var counterAccount = ""

  @OptionGroup var change: ChangeArguments
  @OptionGroup var arguments: MutationArguments

  func validate() throws {
    if transaction < 1 { throw ValidationError("--transaction must be a positive id") }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let (minorUnits, unit) = try await part.amount(session)
    let key = arguments.key ?? session.client.makeIdempotencyKey()
    let output = try await session.mutate(
      .refund(transactionID: transaction, amount: minorUnits, currency: unit?.currency ?? ""),
      change.options(arguments, key: key, counterAccount: counterAccount), unit: unit)
    try output.show(method: "Refund") { result, unit in
      "refunded \(unit.text(result.transaction.amount))"
    }
  }
}

/// A part of something that is named by an id, which doesn't tell its currency.
struct PartArguments: ParsableArguments {
  @Option(help: "The amount in the currency's own units, such as 12.30, with --currency or --wallet. (default: all)")
  var amount: String?

  @Option(help: "The amount's currency, which must be the wallet's.")
  var currency: String?

  @Option(help: "The wallet's id, from which the currency is known.")
  var wallet: Int64?

  func validate() throws {
    if let wallet, wallet < 1 { throw ValidationError("--wallet must be a positive id") }
    if currency != nil, wallet != nil { throw ValidationError("give --currency or --wallet, not both") }
    if amount != nil, currency == nil, wallet == nil {
      throw ValidationError("--amount needs --currency, or --wallet ID")
    }
  }

  /// Minor units, `nil` for all; the unit where it is known.
  func amount(_ session: Session) async throws -> (minorUnits: Int64?, unit: Unit?) {
    guard let amount else {
      guard let currency else { return (nil, nil) }
      return (nil, try await session.unit(ofCurrency: currency))
    }
    let (minorUnits, unit) = try await session.amount(amount) {
      if let currency { return try await session.unit(ofCurrency: currency) }
      return try await session.unit(of: .id(wallet ?? 0))
    }
    return (minorUnits, unit)
  }
}
