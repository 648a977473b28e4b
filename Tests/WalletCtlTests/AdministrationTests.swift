import Testing

@testable import WalletClient
@testable import walletctl

@Suite("Currencies, counter-accounts and the trial balance on the command line")
struct AdministrationTests {
  @Test("what the commands take, and what they don't")
  func parse() {
    let good: [[String]] = [
      ["currency", "add", "ESIM-MB", "--exponent", "0", "--reason", "new.product", "--key", "key-0001"],
      ["currency", "add", "ESIM-MB", "--exponent", "18", "--note", "n", "--metadata", "a=b"],
      ["currency", "list", "--json"], ["counter-account", "add", "vouchers"], ["counter-account", "list"],
      ["counter-account", "add", "vouchers", "--reason", "new.channel", "--on-behalf-of", "o"], ["trial-balance"],
      ["trial-balance", "--currency", "USD", "--json"],
    ]
    for arguments in good { #expect(throws: Never.self, "\(arguments)") { try WalletCtl.parseAsRoot(arguments) } }
    let bad: [[String]] = [
      ["currency", "add", "--exponent", "0"], ["currency", "add", "ESIM-MB"],
      ["currency", "add", "ESIM-MB", "--exponent", "-1"], ["currency", "add", "ESIM-MB", "--exponent", "two"],
      ["currency", "add", "ESIM-MB", "--exponent", "0", "--key", "short"], ["counter-account", "add"],
      ["counter-account", "add", "a", "b"], ["counter-account", "remove", "a"], ["trial-balance", "USD"],
    ]
    for arguments in bad {
      #expect(throws: (any Error).self, "\(arguments)") { try WalletCtl.parseAsRoot(arguments) }
    }
  }

  private static let usd = CurrencyBalance(
    currency: "USD", exponent: 2, walletsTotal: 1_550,
    counterAccounts: [
      CounterAccountBalance(name: "funding", total: -2_000), CounterAccountBalance(name: "sales", total: 450),
    ], difference: 0, registered: false)

  @Test("a trial balance adds up line by line and says that it balances")
  func balances() {
    let own = CurrencyBalance(
      currency: "ESIM-MB", exponent: 0, walletsTotal: 0, counterAccounts: [], difference: 0, registered: true)
    let text = TrialBalanceText(
      balance: TrialBalance(currencies: [own, Self.usd], counterAccounts: [], commitSeq: 8)
    ).text
    #expect(
      text == """
        ESIM-MB
          wallets  0 ESIM-MB
          sum      0 ESIM-MB
        ESIM-MB balances

        USD
          wallets   15.50 USD
          funding  -20.00 USD
          sales      4.50 USD
          sum        0.00 USD
        USD balances

        as of journal row 8
        """)
    let nothing = TrialBalanceText(balance: TrialBalance(currencies: [], counterAccounts: [], commitSeq: 0)).text
    #expect(nothing == "no currency has a wallet, as of journal row 0")
  }

  @Test("where it doesn't, it says by how much")
  func difference() {
    var wrong = Self.usd
    (wrong.walletsTotal, wrong.difference) = (1_545, -5)
    let text = TrialBalanceText(
      balance: TrialBalance(currencies: [wrong], counterAccounts: [], commitSeq: 8)
    ).text
    #expect(text.contains("\n  sum       -0.05 USD\nUSD does NOT balance: it is off by -0.05 USD\n"))
  }
}
