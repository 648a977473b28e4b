import ArgumentParser
import WalletClient
import WalletWire

struct BalanceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "balance", abstract: "Shows a wallet's balance, as it is or as it was.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var wallet: WalletOptions

  @Option(help: ArgumentHelp("As it was then: 2026-01-31T12:00:00Z, or when a day in UTC began.", valueName: "time"))
  var at: String?

  @Option(help: ArgumentHelp("As it was right after this version.", valueName: "version"))
  var version: Int64?

  func validate() throws {
    if let at, Timestamp.microsOfTimeOrDay(at) == nil { throw ValidationError("--at \(PeriodOptions.form)") }
    if let version, version < 1 { throw ValidationError("--version must be from 1") }
    if at != nil, version != nil { throw ValidationError("give --at or --version, not both") }
  }

  func run() async throws {
    let session = try connection.makeSession()
    if let moment { return try await show(at: moment, session) }
    let reply = try await session.read(.getBalance, RequestEncoding.getBalance(wallet.reference))
    if session.json { return print(try session.jsonValue(reply, method: "GetBalance").text) }
    let balance = try session.decoded(reply, ReplyDecoding.balance)
    print("wallet \(balance.walletID), version \(balance.version)")
    print(
      figures(
        Unit(currency: balance.currency, exponent: balance.exponent), balance.balance, balance.held,
        balance.overdraftLimit, balance.available))
    if balance.expiryPending { print("(holds have ended that aren't in the history yet; they don't count here)") }
  }

  private var moment: BalanceMoment? {
    if let at, let micros = Timestamp.microsOfTimeOrDay(at) { return .time(micros: micros) }
    return version.map { .version($0) }
  }

  private func show(at moment: BalanceMoment, _ session: Session) async throws {
    let reply = try await session.read(.getBalanceAt, RequestEncoding.getBalanceAt(wallet.reference, moment))
    if session.json { return print(try session.jsonValue(reply, method: "GetBalanceAt").text) }
    let balance = try session.decoded(reply, ReplyDecoding.balanceAt)
    if case .time(let micros) = moment { print("at \(Timestamp.text(micros))") }
    print(
      "wallet \(balance.walletID), version \(balance.version), by transaction \(balance.transactionID) of "
        + Timestamp.text(balance.createdAtMicros))
    print(
      figures(
        Unit(currency: balance.currency, exponent: balance.exponent), balance.balance, balance.held,
        balance.overdraftLimit, balance.available))
  }

  private func figures(
    _ unit: Unit, _ balance: Int64, _ held: Int64, _ overdraftLimit: Int64, _ available: Int64
  ) -> String {
    Table(
      pairs: [
        ("balance", unit.text(balance)), ("held", unit.text(held)), ("overdraft limit", unit.text(overdraftLimit)),
        ("available", unit.text(available)),
      ], valuesTo: .right
    ).text
  }
}
