import Testing
import WalletCore

@Suite("A wallet's figures")
struct WalletAccountTests {
  @Test("a currency's code comes out as it went in, at every length that one may have")
  func currency() {
    let letters = "ABCDEFGHIJKLMNOP"
    #expect(letters.utf8.count == LedgerLimits.currencyBytesMax)
    let codes = (0...letters.count).map { Text(String(letters.prefix($0))) }
    for code in codes {
      var account = WalletAccount(id: 1, currency: code, exponent: 2)
      #expect(account.currency == code)
      account.currency = "X"
      #expect(account.currency == "X")
    }
    for (index, code) in codes.enumerated() {
      for (other, otherCode) in codes.enumerated() {
        let accounts = [code, otherCode].map { WalletAccount(id: 1, currency: $0, exponent: 2) }
        #expect((accounts[0] == accounts[1]) == (index == other))
      }
    }
  }
}
