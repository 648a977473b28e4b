/// The `detail` bytes of an `open` row: what it sets of the wallet.
public struct OpenDetail: Equatable, Sendable {
  private static let format: Int64 = 1

  public var name: WalletName
  public var exponent: UInt8

  public init(name: WalletName, exponent: UInt8) {
    self.name = name
    self.exponent = exponent
  }

  public var encoded: [UInt8] {
    var writer = CanonicalWriter()
    writer.integer(Self.format)
    writer.text(name.owner)
    writer.text(name.currency)
    writer.text(name.name)
    writer.integer(Int64(exponent))
    return writer.bytes
  }

  /// `nil` when the bytes aren't such a detail.
  public init?(encoded: [UInt8]) {
    var reader = CanonicalReader(encoded)
    guard reader.integer() == Self.format, let owner = reader.text(), let currency = reader.text(),
      let name = reader.text(), let exponent = reader.integer().flatMap({ UInt8(exactly: $0) }), reader.isAtEnd
    else { return nil }
    self.init(name: WalletName(owner: owner, currency: currency, name: name), exponent: exponent)
  }
}
