import WalletClient

/// Carries out several mutations in one commit: item by item, and all or nothing. Its argument is the server's address.
@main
struct Batch {
  static func main() async throws {
    guard let address = CommandLine.arguments.dropFirst().first, let endpoint = WalletEndpoint(address) else {
      fatalError("the server's address, please")
    }
    let client = WalletClient(endpoint)
    let shop = WalletReference.owner("shop-1", currency: "EUR")
    let user = WalletReference.owner("user-41", currency: "EUR")
    let signup = MutationOptions(reason: "signup")
    let purchase = MutationOptions(reason: "esim.purchase")

    // Item by item: each has a result of its own, and one that is refused doesn't hinder the others.
    let done = try await client.batch([
      .openWallet(owner: "shop-1", currency: "EUR", signup),
      .openWallet(owner: "user-41", currency: "EUR", signup),
      .credit(user, amount: 1_000, MutationOptions(reason: "topup")),
      .debit(user, amount: 5_000, purchase),
    ])
    for (index, item) in done.items.enumerated() {
      switch item {
      case .done(let figures): print("\(index) balance \(figures.balance)")
      case .rejected(let refused): print("\(index) \(refused.code)")
      case .outcomeUnknown(let refused): print("\(index) unknown: \(refused)")
      }
    }

    // All or nothing: the fee can't be paid, so the purchase isn't either.
    do throws(WalletError) {
      _ = try await client.batch(
        [
          .transfer(from: user, to: shop, amount: 900, purchase),
          .debit(user, amount: 200, MutationOptions(reason: "fee")),
        ],
        mode: .allOrNothing())
    } catch {
      guard case .rejected(let refused) = error, case .batchAborted(let index, let cause) = refused.detail else {
        throw error
      }
      print("\(refused.code) by item \(index) for \(cause.code)")
    }
  }
}
