import WalletClient

/// Opens a wallet, puts money into it, pays, is refused, and lists what happened. Its argument is the server's address.
@main
struct Basic {
  static func main() async throws {
    guard let address = CommandLine.arguments.dropFirst().first, let endpoint = WalletEndpoint(address) else {
      fatalError("the server's address, please")
    }

    let client = WalletClient(endpoint)
    let wallet = WalletReference.owner("user-17", currency: "EUR")
    _ = try await client.openWallet(owner: "user-17", currency: "EUR", MutationOptions(reason: "signup"))

    var topUp = MutationOptions(reason: "topup")
    topUp.reference = "stripe:pi_123"
    _ = try await client.credit(wallet, amount: 2_000, topUp)
    let price = try Money.minorUnits("12.30", exponent: 2)
    let paid = try await client.debit(wallet, amount: price, MutationOptions(reason: "esim.purchase"))
    print(Money.text(paid.available, exponent: paid.exponent), paid.currency)

    do throws(WalletError) {
      _ = try await client.debit(wallet, amount: 5_000, MutationOptions(reason: "esim.purchase"))
    } catch {
      guard case .rejected(let refused) = error, case .insufficientFunds(let funds) = refused.detail else {
        throw error
      }
      print("\(refused.code) short of \(funds.shortfall)")
    }

    for try await row in client.transactions(wallet) {
      let kind = row.kind.map { "\($0)" } ?? "?"
      print("\(row.walletVersion) \(kind) \(row.amount) \(row.balance)")
    }
  }
}
