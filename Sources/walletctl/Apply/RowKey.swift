import WalletClient
import WalletCore

/// Keys for rows that have none, so that a second run of the same file changes nothing.
///
/// The key is a UUID of version 8 (RFC 9562) whose 122 free bits are the first bits of
/// `SHA-256("walletctl.apply.key.1" ‖ content digest ‖ occurrence)`. The content digest is the SHA-256 of
/// `"walletctl.apply.row.1"` and then, in this order, verb, owner, currency, name (`main` when empty), amount (without
/// zeros that mean nothing), reason, reference, note, counter_account and occurred_at, each as the count of its UTF-8
/// bytes (4 bytes, big-endian) and the bytes. The occurrence (8 bytes, big-endian) counts rows of equal content in the
/// file, from 1. So neither the order of the columns nor that of the rows matters.
enum RowKey {
  private static let columns = [
    "verb", "owner", "currency", "name", "amount", "reason", "reference", "note", "counter_account", "occurred_at",
  ]

  static func contentDigest(_ row: ApplyRow) -> [UInt8] {
    var bytes = Array("walletctl.apply.row.1".utf8)
    for column in columns {
      var value = row[column]
      if column == "name", value.isEmpty { value = "main" }
      if column == "amount" { value = canonicalAmount(value) }
      appendBigEndian(UInt64(value.utf8.count), count: 4, to: &bytes)
      bytes += value.utf8
    }
    return SHA256.digest(bytes)
  }

  static func key(contentDigest: [UInt8], occurrence: UInt64) -> String {
    var bytes = Array("walletctl.apply.key.1".utf8) + contentDigest
    appendBigEndian(occurrence, count: 8, to: &bytes)
    return uuid(SHA256.digest(bytes))
  }

  /// The key with which a refused row can be tried again once it is mended, since its own is spent.
  ///
  /// It follows from the spent one: applying the original file again writes the same refused file again, and a refused
  /// file that was applied already then changes nothing.
  static func next(after key: String) -> String {
    uuid(SHA256.digest(Array("walletctl.apply.next.1".utf8) + Array(key.utf8)))
  }

  /// `12.30` and `012.3` are one amount. Text that isn't an amount stays as it is.
  static func canonicalAmount(_ text: String) -> String {
    guard isDecimal(text) else { return text }
    var bytes = Array(text.utf8)[...]
    if bytes.contains(UInt8(ascii: ".")) {
      while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    }
    while bytes.count > 1, bytes.first == UInt8(ascii: "0"), bytes.dropFirst().first != UInt8(ascii: ".") {
      bytes.removeFirst()
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isDecimal(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private static func uuid(_ digest: [UInt8]) -> String {
    let halves = (0..<2).map { half in
      digest[half * 8..<half * 8 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return UUIDv7.text(
      high: halves[0] & ~0xF000 | 0x8000, low: halves[1] & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  private static func appendBigEndian(_ value: UInt64, count: Int, to bytes: inout [UInt8]) {
    for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}
