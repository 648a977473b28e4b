import WalletClient

/// Sells an eSIM: the price is held, the profile is ordered, and then the hold is captured, or released when there is none
/// to be had. Its argument is the server's address.
@main
struct EsimOrder {
  static func main() async throws {
    guard let address = CommandLine.arguments.dropFirst().first, let endpoint = WalletEndpoint(address) else {
      fatalError("the server's address, please")
    }
    let client = WalletClient(endpoint)
    let wallet = WalletReference.owner("user-33", currency: "EUR")
    _ = try await client.openWallet(owner: "user-33", currency: "EUR", MutationOptions(reason: "signup"))
    _ = try await client.credit(wallet, amount: 3_000, MutationOptions(reason: "topup"))
    for plan in ["Japan 5 GB", "Atlantis 1 GB"] {
      try await order(plan, price: 1_250, wallet, client)
    }
    let balance = try await client.balance(wallet)
    print("left:", Money.text(balance.available, exponent: balance.exponent))
  }

  static func order(
    _ plan: String, price: Int64, _ wallet: WalletReference, _ client: WalletClient
  ) async throws(WalletError) {
    var reserve = MutationOptions(reason: "esim.reserve")
    reserve.reference = plan
    // After a quarter of an hour the hold ends by itself.
    let hold = try await client.hold(wallet, amount: price, timeout: .seconds(15 * 60), reserve)
    print("\(plan): held \(hold.held)")

    if orderProfile(plan) {
      let captured = try await client.capture(
        holdID: hold.transaction.id, MutationOptions(reason: "esim.activate"))
      print("\(plan): paid, available \(captured.available)")
    } else {
      let released = try await client.release(
        holdID: hold.transaction.id, MutationOptions(reason: "esim.unavailable"))
      print("\(plan): released, available \(released.available)")
    }
  }

  /// Stands for the call of an eSIM provider.
  static func orderProfile(_ plan: String) -> Bool { plan != "Atlantis 1 GB" }
}
