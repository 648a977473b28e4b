import TestSupport
import Testing
import WalletClient

@Suite("Currencies and counter-accounts of one's own over a real socket")
struct AdministrationTests {
  private let service: Service
  private var client: WalletClient { service.client }
  private var address: String { "127.0.0.1:\(service.server.port)" }
  private let why = MutationOptions(reason: "test")

  init() throws { service = try Service() }

  /// What a call is refused with.
  private func refused<Result>(
    _ call: () async throws(WalletError) -> Result
  ) async -> (reason: ErrorReason?, detail: RejectionDetail)? {
    do throws(WalletError) {
      let result = try await call()
      Issue.record("it was done: \(result)")
      return nil
    } catch {
      guard case .rejected(let rejection) = error else {
        Issue.record("\(error)")
        return nil
      }
      return (rejection.reason, rejection.detail)
    }
  }

  @Test("through the Swift client: registered once for a key, used, refused when it is there, and in the trial balance")
  func client() async throws {
    let options = MutationOptions(reason: "new.product", idempotencyKey: "currency-0001")
    var rows: [AdministrationRow] = []
    for replayed in [false, true] {
      let result = try await client.registerCurrency("ESIM-MB", exponent: 0, options)
      #expect(result.replayed == replayed && result.commitSeq == 1 && result.idempotencyKey == "currency-0001")
      rows.append(result.row)
    }
    #expect(rows[0] == rows[1] && rows[0].id == 1 && rows[0].verb == 512 && rows[0].subject == "ESIM-MB")
    #expect(rows[0].reason == "new.product" && rows[0].digest.count == 32 && rows[0].actor == "local")
    let mismatch = await refused { () async throws(WalletError) in
      try await client.registerCurrency("ESIM-MB", exponent: 2, options)
    }
    #expect(mismatch?.detail == .idempotencyMismatch(field: "exponent"))
    let exists = await refused { () async throws(WalletError) in
      try await client.registerCurrency("ESIM-MB", exponent: 2, why)
    }
    #expect(exists?.reason == .currencyExists && exists?.detail == .currency(wallet: "", request: "ESIM-MB"))

    #expect(try await client.addCounterAccount("vouchers", why).row.subject == "vouchers")
    let twice = await refused { () async throws(WalletError) in try await client.addCounterAccount("vouchers", why) }
    #expect(twice?.reason == .counterAccountExists && twice?.detail == .counterAccount("vouchers"))

    _ = try await client.openWallet(owner: "u1", currency: "ESIM-MB")
    _ = try await client.openWallet(owner: "u1", currency: "USD")
    let megabytes = WalletReference.owner("u1", currency: "ESIM-MB", name: "main")
    var credit = MutationOptions(reason: "bundle")
    credit.counterAccount = "vouchers"
    #expect(try await client.credit(megabytes, amount: 1_024, credit).exponent == 0)
    _ = try await client.credit(dollars("u1"), amount: 500, why)
    let swap = await refused { () async throws(WalletError) in
      try await client.transfer(from: megabytes, to: dollars("u1"), amount: 1, why)
    }
    #expect(swap?.detail == .currency(wallet: "ESIM-MB", request: "USD"))

    let balance = try await client.trialBalance()
    #expect(balance.currencies.map(\.currency) == ["ESIM-MB", "USD"])
    #expect(balance.currencies.map(\.walletsTotal) == [1_024, 500] && balance.currencies.map(\.difference) == [0, 0])
    #expect(balance.currencies[0].counterAccounts.map(\.name) == ["vouchers"])
    #expect(balance.currencies[0].counterAccounts.map(\.total) == [-1_024])
    #expect(balance.counterAccounts.contains("vouchers") && balance.counterAccounts.count == 6)
    #expect(try await client.trialBalance(currency: "USD").currencies == [balance.currencies[1]])
    let unknown = await refused { () async throws(WalletError) in try await client.trialBalance(currency: "QQQ") }
    #expect(unknown?.reason == .currencyUnknown)
  }

  @Test("through walletctl: add, list, trial balance, and amounts of one's own currency")
  func program() throws {
    let to = ["--server", address]
    let added = try walletctl(
      ["currency", "add", "ESIM-GB", "--exponent", "3", "--reason", "new.product", "--key", "currency-0001"] + to)
    #expect(added.status == 0)
    #expect(
      added.output == "registered currency ESIM-GB, exponent 3\n  journal row  1\n  key          currency-0001\n")
    let again = try walletctl(
      ["currency", "add", "ESIM-GB", "--exponent", "3", "--reason", "new.product", "--key", "currency-0001"] + to)
    #expect(again.output.hasPrefix("registered currency ESIM-GB, exponent 3 (done before under this key; nothing "))
    let exists = try walletctl(["currency", "add", "ESIM-GB", "--exponent", "0"] + to)
    #expect(
      exists.status == 1 && exists.errors.contains("refused: CURRENCY_EXISTS: there is a currency ESIM-GB already"))
    let invalid = try walletctl(["currency", "add", "esim", "--exponent", "0"] + to)
    #expect(invalid.status == 1 && invalid.errors.contains("code: may contain only A-Z 0-9 -"))
    let high = try walletctl(["currency", "add", "ESIM", "--exponent", "19"] + to)
    #expect(high.status == 1 && high.errors.contains("exponent: is above 18"))

    #expect(
      try walletctl(["counter-account", "add", "vouchers"] + to).output.hasPrefix("added counter-account vouchers\n"))
    let twice = try walletctl(["counter-account", "add", "vouchers", "--json"] + to)
    #expect(twice.status == 1 && twice.output.contains(#""code":"COUNTER_ACCOUNT_EXISTS""#))
    #expect(
      try walletctl(["counter-account", "list"] + to).output
        == "adjustments\nfunding\nopening\nrefunds\nsales\nvouchers\n")

    let wallet = ["--owner", "u1", "--currency", "ESIM-GB"] + to
    #expect(try walletctl(["open"] + wallet).status == 0)
    let credit = ["credit", "--amount", "1.5", "--reason", "bundle", "--counter-account", "vouchers"] + wallet
    #expect(try walletctl(credit).output.hasPrefix("credited 1.500 ESIM-GB: wallet 1\n"))
    #expect(try walletctl(["hold", "--amount", "0.25", "--for", "1h", "--reason", "use"] + wallet).status == 0)
    let capture = ["capture", "--hold", "7", "--amount", "0.125", "--currency", "ESIM-GB", "--reason", "use"] + to
    #expect(try walletctl(capture).output.hasPrefix("captured 0.125 ESIM-GB: wallet 1\n"))

    let list = try walletctl(["currency", "list"] + to).output
    #expect(list == "CURRENCY  EXPONENT  BY\nESIM-GB          3  RegisterCurrency\n")
    let json = try walletctl(["currency", "list", "--json"] + to).output
    #expect(json == #"{"currencies":[{"currency":"ESIM-GB","exponent":3,"registered":true}]}"# + "\n")
    let balance = try walletctl(["trial-balance", "--currency", "ESIM-GB"] + to)
    #expect(
      balance.output == """
        ESIM-GB
          wallets    1.375 ESIM-GB
          sales      0.125 ESIM-GB
          vouchers  -1.500 ESIM-GB
          sum        0.000 ESIM-GB
        ESIM-GB balances

        as of journal row 8

        """)
    #expect(balance.status == 0)
    let unknown = try walletctl(["trial-balance", "--currency", "QQQ"] + to)
    #expect(unknown.status == 1 && unknown.errors.contains("CURRENCY_UNKNOWN: no currency QQQ is known"))
    #expect(try walletctl(["call", "TrialBalance"] + to).output.contains(#""walletsTotal":"1375""#))
    let called = try walletctl(["call", "AddCounterAccount", #"{"name":"gifts","reason":"new"}"#] + to)
    #expect(called.status == 0 && called.output.contains(#""subject":"gifts""#))
  }
}
