import WalletClient

/// Pays orders over a connection that may be lost at any time: each is paid exactly once. Its argument is the server's
/// address.
@main
struct Retry {
  static func main() async throws {
    guard let address = CommandLine.arguments.dropFirst().first, let endpoint = WalletEndpoint(address) else {
      fatalError("the server's address, please")
    }
    let client = WalletClient(endpoint)
    let wallet = WalletReference.owner("user-21", currency: "EUR")
    let signup = MutationOptions(reason: "signup", idempotencyKey: "signup-user-21")
    _ = try await forSure(signup) { options throws(WalletError) in
      try await client.openWallet(owner: "user-21", currency: "EUR", options)
    }
    let topUp = MutationOptions(reason: "topup", idempotencyKey: "topup-user-21-1")
    var last = try await forSure(topUp) { options throws(WalletError) in
      try await client.credit(wallet, amount: 10_000, options)
    }

    for order in 1...20 {
      // A key of the order's own, kept with it: so it can be asked for again after a crash of this process, too.
      let options = MutationOptions(reason: "esim.purchase", idempotencyKey: "order-2026-\(order)")
      last = try await forSure(options) { options throws(WalletError) in
        try await client.debit(wallet, amount: 100, options)  // refused: it will be the next time, too
      }
    }
    print("20 orders are paid, left are", Money.text(last.available, exponent: last.exponent), last.currency)
  }

  /// Repeats a call until its outcome is known. The client itself tries again for as long as the call's deadline allows;
  /// this is for what lasts longer. The same key can't move money twice.
  static func forSure(
    _ options: MutationOptions,
    _ call: @Sendable (MutationOptions) async throws(WalletError) -> MutationResult
  ) async throws -> MutationResult {
    var options = options
    while true {
      do throws(WalletError) {
        return try await call(options)
      } catch {
        if case .rejected = error { throw error }
        if case .outcomeUnknown = error { options.earlierOutcomeUnknown = true }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
