/// The token of a list's next page: where to go on, and of which list of which ledger. Opaque to callers.
public struct Cursor: Equatable, Sendable {
  private static let format: Int64 = 1

  public enum List: Int64, Sendable {
    case transactionsNewestFirst = 1
    case transactionsOldestFirst = 2
    case wallets = 3
    case refusalsNewestFirst = 4
    case refusalsOldestFirst = 5
    case tokens = 6
    /// Not a list: the whole journal, as a watch goes through it.
    case watch = 16
  }

  public var ledgerID: Text
  public var epoch: UInt32
  public var list: List
  /// What the list is of: the wallet's id, with the filter's digest where there is one; the owner; the filter's digest.
  public var subject: Text
  /// Where the page before ended: in a wallet's list the seq of the next row, newest first, or the version of the last
  /// one, oldest first; in an owner's list the id of the last wallet; among refusals the seq of the last one looked at.
  public var position: Int64

  public init(ledgerID: Text, epoch: UInt32, list: List, subject: Text, position: Int64) {
    self.ledgerID = ledgerID
    self.epoch = epoch
    self.list = list
    self.subject = subject
    self.position = position
  }

  public var encoded: String {
    var writer = CanonicalWriter()
    writer.integer(Self.format)
    writer.text(ledgerID)
    writer.integer(Int64(epoch))
    writer.integer(list.rawValue)
    writer.text(subject)
    writer.integer(position)
    return Hexadecimal.text(writer.bytes)
  }

  /// `nil` when the text is no cursor.
  public init?(encoded: String) {
    guard let bytes = Hexadecimal.bytes(encoded) else { return nil }
    var reader = CanonicalReader(bytes)
    guard reader.integer() == Self.format, let ledgerID = reader.text(),
      let epoch = reader.integer().flatMap({ UInt32(exactly: $0) }),
      let list = reader.integer().flatMap({ List(rawValue: $0) }), let subject = reader.text(),
      let position = reader.integer(), reader.isAtEnd
    else { return nil }
    self.init(ledgerID: ledgerID, epoch: epoch, list: list, subject: subject, position: position)
  }

  /// The place that a request's cursor names; 0 for the first page.
  public static func position(
    in page: PageRequest, list: List, subject: Text, of ledger: LedgerDescription
  ) throws(Failure) -> Int64 {
    if page.cursor.isEmpty { return 0 }
    let cursor = try belonging(to: ledger, encoded: page.cursor, "cursor", called: "cursor")
    guard cursor.list == list, cursor.subject == subject, cursor.position > 0 else {
      throw .invalidArgument("cursor", "belongs to another list")
    }
    return cursor.position
  }

  /// - Parameters:
  ///   - field: Of the request that gives it.
  ///   - name: What its user knows it as.
  static func belonging(
    to ledger: LedgerDescription, encoded: String, _ field: String, called name: String
  ) throws(Failure) -> Cursor {
    guard let cursor = Cursor(encoded: encoded) else {
      throw .invalidArgument(field, "is not a \(name) of this server")
    }
    guard cursor.ledgerID.string == ledger.ledgerID, cursor.epoch == ledger.epoch else {
      throw Failure(.resumeInvalid, .message("the \(name) belongs to another ledger or to the time before a restore"))
    }
    return cursor
  }
}

public enum Hexadecimal {
  public static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// `nil` when the text is not pairs of hexadecimal digits.
  public static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.map { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
