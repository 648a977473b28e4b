/// RESP commands on a wallet's key, such as `DECRBY wallet:17 100`, ready for each length of key and amount: they are copied
/// in one piece, and the digits are written into their places.
struct RESPTemplates {
  private static let digitsMax = 19
  private static let keyPrefix = "wallet:"

  private struct Template {
    var bytes: [UInt8]
    /// Behind the last digit.
    var walletEnd: Int
    var amountEnd: Int
  }

  /// By digits of the wallet, then by digits of the amount, each less 1.
  private let templates: [Template]
  private let hasAmount: Bool

  init(_ verb: String, hasAmount: Bool) {
    self.hasAmount = hasAmount
    var templates: [Template] = []
    for walletDigits in 1...Self.digitsMax {
      for amountDigits in 1...(hasAmount ? Self.digitsMax : 1) {
        let key = Self.keyPrefix + String(repeating: "0", count: walletDigits)
        let amount = String(repeating: "0", count: amountDigits)
        let head = "*\(hasAmount ? 3 : 2)\r\n$\(verb.utf8.count)\r\n\(verb)\r\n$\(key.utf8.count)\r\n\(key)"
        let tail = hasAmount ? "\r\n$\(amount.utf8.count)\r\n\(amount)" : ""
        templates.append(
          Template(
            bytes: Array((head + tail + "\r\n").utf8), walletEnd: head.utf8.count,
            amountEnd: head.utf8.count + tail.utf8.count))
      }
    }
    self.templates = templates
  }

  func append(wallet: Int, amount: Int64 = 0, to output: inout [UInt8]) {
    let walletDigits = Self.digits(UInt64(wallet))
    let amountDigits = hasAmount ? Self.digits(UInt64(amount)) : 1
    let start = output.count
    let index = (walletDigits - 1) * (hasAmount ? Self.digitsMax : 1) + amountDigits - 1
    output.append(contentsOf: templates[index].bytes)
    var bytes = output.mutableSpan
    Self.store(UInt64(wallet), walletDigits, before: start + templates[index].walletEnd, &bytes)
    if hasAmount { Self.store(UInt64(amount), amountDigits, before: start + templates[index].amountEnd, &bytes) }
  }

  private static func digits(_ value: UInt64) -> Int {
    var count = 1
    var limit: UInt64 = 10
    while value >= limit, count < digitsMax {
      limit &*= 10
      count += 1
    }
    return count
  }

  private static func store(_ value: UInt64, _ digits: Int, before end: Int, _ bytes: inout MutableSpan<UInt8>) {
    var rest = value
    for place in 1...digits {
      bytes[end - place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}
