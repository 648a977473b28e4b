/// A token as its holder keeps it: `wlt_`, the id of its grant, `_`, and the secret in hexadecimal digits. Whoever finds one
/// knows what it is, and its id says which one to revoke.
public struct TokenText: Equatable, Sendable {
  public static let secretByteCount = 32
  private static let prefix = "wlt_"

  public var id: Int64
  public var secret: [UInt8]

  public init(id: Int64, secret: [UInt8]) {
    self.id = id
    self.secret = secret
  }

  /// `nil` when the text is no token.
  public init?(_ text: String) {
    guard text.hasPrefix(Self.prefix) else { return nil }
    let parts = text.dropFirst(Self.prefix.count).split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let id = Int64(parts[0]), id > 0, parts[1].utf8.count == 2 * Self.secretByteCount,
      let secret = Hexadecimal.bytes(String(parts[1]))
    else { return nil }
    self.init(id: id, secret: secret)
  }

  public var text: String { "\(Self.prefix)\(id)_\(Hexadecimal.text(secret))" }
}
