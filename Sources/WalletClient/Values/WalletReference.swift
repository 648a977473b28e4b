/// Which wallet is meant.
public enum WalletReference: Sendable, Hashable {
  /// The number that the server gave the wallet.
  case id(Int64)
  /// The wallet of an owner (at most 64 bytes of `[A-Za-z0-9._:@-]`) in a currency (at most 16 bytes of `[A-Z0-9-]`)
  /// with a name (at most 32 bytes; empty is the same as `main`).
  case owner(String, currency: String, name: String = "main")
}
