import ArgumentParser
import WalletClient
import WalletWire

import enum WalletCore.Verb

struct CurrencyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "currency", abstract: "Registers and lists currencies.", subcommands: [Add.self, List.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Makes a currency of your own known, such as ESIM-MB.",
      discussion: "The codes of ISO 4217 are known already. An exponent never changes.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The code: at most 16 of A-Z 0-9 -.") var code: String
    @Option(help: "Digits after the point, from 0 to 18.") var exponent: UInt32
    @Option(help: "Why: a short code.") var reason = "currency.add"
    @OptionGroup var arguments: MutationArguments

    func run() async throws {
      let session = try connection.makeSession()
      let key = arguments.key ?? session.client.makeIdempotencyKey()
      let request = RequestEncoding.registerCurrency(
        code: code, exponent: exponent, arguments.options(reason: reason, key: key), key: key)
      let output = AdministrationOutput(session: session, key: key, isDryRun: arguments.dryRun)
      try await output.perform(.registerCurrency, "RegisterCurrency", request) { row in
        "registered currency \(row.subject), exponent \(row.exponent)"
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Lists the currencies that have wallets, and all that were registered.")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let session = try connection.makeSession()
      let balance = try await session.trialBalance().balance
      if session.json {
        let currencies = balance.currencies.map { currency in
          JSONValue.object([
            .init("currency", .string(currency.currency)), .init("exponent", .integer(currency.exponent)),
            .init("registered", .bool(currency.registered)),
          ])
        }
        return print(JSONValue.object([.init("currencies", .array(currencies))]).text)
      }
      var table = Table([("CURRENCY", .left), ("EXPONENT", .right), ("BY", .left)])
      for currency in balance.currencies {
        table.add([
          currency.currency, "\(currency.exponent)", currency.registered ? "RegisterCurrency" : "ISO 4217",
        ])
      }
      print(table.text)
    }
  }
}

struct CounterAccountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counter-account", abstract: "Adds and lists the accounts that stand against wallets.",
    subcommands: [Add.self, List.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Adds an account that may stand against wallets.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The name: at most 32 of a-z 0-9 . _ -.") var name: String
    @Option(help: "Why: a short code.") var reason = "counter-account.add"
    @OptionGroup var arguments: MutationArguments

    func run() async throws {
      let session = try connection.makeSession()
      let key = arguments.key ?? session.client.makeIdempotencyKey()
      let request = RequestEncoding.addCounterAccount(
        name: name, arguments.options(reason: reason, key: key), key: key)
      let output = AdministrationOutput(session: session, key: key, isDryRun: arguments.dryRun)
      try await output.perform(.addCounterAccount, "AddCounterAccount", request) { row in
        "added counter-account \(row.subject)"
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists all counter-accounts.")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let session = try connection.makeSession()
      let names = try await session.trialBalance().balance.counterAccounts
      if session.json {
        let accounts = JSONValue.array(names.map { .string($0) })
        return print(JSONValue.object([.init("counterAccounts", accounts)]).text)
      }
      print(names.joined(separator: "\n"))
    }
  }
}

/// Shows what an administrator's command did.
private struct AdministrationOutput {
  var session: Session
  var key: String
  var isDryRun: Bool

  /// - Parameter done: What it did, in words.
  func perform(
    _ method: Verb, _ name: String, _ request: [UInt8], done: (AdministrationRow) -> String
  ) async throws {
    let reply = try await session.call(
      method.rawValue, request, key: key, isMutation: true, isDryRun: isDryRun, unit: nil)
    if session.json { return print(try session.jsonValue(reply, method: name).text) }
    let result = try session.decoded(reply) { bytes throws(DecodeError) in
      try ReplyDecoding.administration(bytes, key: key)
    }
    if isDryRun { print(MutationOutput.nothingChanged) }
    let again = result.replayed ? " (done before under this key; nothing changed now)" : ""
    print((result.isDryRun ? "would follow: " : "") + done(result.row) + again)
    let place = result.row.id == 0 ? [] : [("  journal row", "\(result.row.id)")]
    print(Table(pairs: place + [("  key", key)]).text)
  }
}

extension Session {
  /// What the ledger's totals are; also the reply's bytes.
  func trialBalance(currency: String = "") async throws -> (balance: TrialBalance, reply: [UInt8]) {
    let reply = try await read(.trialBalance, RequestEncoding.trialBalance(currency: currency))
    return (try decoded(reply, ReplyDecoding.trialBalance), reply)
  }
}
