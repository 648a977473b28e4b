/// The tokens with which watches of a ledger are taken up again: cursors that name a place of the journal.
public struct WatchTokens: Sendable {
  private static let digits = Array("0123456789abcdef".utf8)

  private let ledger: LedgerDescription
  /// What all of them begin with.
  private let prefix: [UInt8]

  public init(_ ledger: LedgerDescription) {
    self.ledger = ledger
    let first = Cursor(
      ledgerID: Text(ledger.ledgerID), epoch: ledger.epoch, list: .watch, subject: Text(), position: 0
    ).encoded
    // The place 0 is one byte.
    prefix = Array(first.utf8.dropLast(2))
  }

  public func token(at seq: Int64) -> Text {
    var bytes = prefix
    var rest = UInt64(bitPattern: seq << 1 ^ seq >> 63)
    repeat {
      let byte = UInt8(truncatingIfNeeded: rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)
      bytes.append(Self.digits[Int(byte >> 4)])
      bytes.append(Self.digits[Int(byte & 15)])
      rest >>= 7
    } while rest > 0
    return Text(utf8: ShortBytes(bytes))
  }

  /// The place of the journal that a token names.
  public func seq(of token: Text) throws(Failure) -> Int64 {
    let cursor = try Cursor.belonging(to: ledger, encoded: token.string, "resume_token", called: "resume token")
    guard cursor.list == .watch, cursor.subject.isEmpty, cursor.position >= 0 else {
      throw .invalidArgument("resume_token", "is the cursor of a list")
    }
    return cursor.position
  }
}
