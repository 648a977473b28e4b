/// The `detail` bytes of an `open` row: what it sets of the wallet.
package struct OpenDetail: Equatable, Sendable {
  private static let format: Int64 = 1

  package var name: WalletName
  package var exponent: UInt8

  package init(name: WalletName, exponent: UInt8) {
    self.name = name
    self.exponent = exponent
  }

  package var encoded: [UInt8] {
    var writer = CanonicalWriter()
    writer.integer(Self.format)
    writer.text(name.owner)
    writer.text(name.currency)
    writer.text(name.name)
    writer.integer(Int64(exponent))
    return writer.bytes
  }

  /// `nil` when the bytes aren't such a detail.
  package init?(encoded: [UInt8]) {
    var reader = CanonicalReader(encoded)
    guard reader.integer() == Self.format, let owner = reader.text(), let currency = reader.text(),
      let name = reader.text(), let exponent = reader.integer().flatMap({ UInt8(exactly: $0) }), reader.isAtEnd
    else { return nil }
    self.init(name: WalletName(owner: owner, currency: currency, name: name), exponent: exponent)
  }
}
