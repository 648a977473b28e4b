import WalletClient

/// Calls that clients make at once.
enum Race {
  /// Starts `count` calls at the same time and says how each ended.
  static func run(
    _ count: Int, _ service: Service,
    _ call: @escaping @Sendable (WalletClient) async throws(WalletError) -> MutationResult
  ) async -> [Result<MutationResult, WalletError>] {
    await withTaskGroup(of: Result<MutationResult, WalletError>.self) { group in
      for _ in 0..<count {
        let client = service.newClient()
        group.addTask { await result(of: call, client) }
      }
      var results: [Result<MutationResult, WalletError>] = []
      for await result in group { results.append(result) }
      return results
    }
  }

  private static func result(
    of call: (WalletClient) async throws(WalletError) -> MutationResult, _ client: WalletClient
  ) async -> Result<MutationResult, WalletError> {
    defer { client.close() }
    do throws(WalletError) { return .success(try await call(client)) } catch { return .failure(error) }
  }

  /// A server with a wallet of u1 that has `amount`.
  static func opened(_ amount: Int64) async throws -> Service {
    let service = try Service()
    _ = try await service.client.openWallet(owner: "u1", currency: "USD")
    _ = try await service.client.credit(dollars("u1"), amount: amount, MutationOptions(reason: "top-up"))
    return service
  }
}

extension Result where Success == MutationResult, Failure == WalletError {
  /// It was carried out, now or before under its key.
  var isDone: Bool { (try? get()) != nil }

  /// The code that it was refused with.
  var refusal: ErrorReason? {
    guard case .failure(.rejected(let rejection)) = self else { return nil }
    return rejection.reason
  }
}
