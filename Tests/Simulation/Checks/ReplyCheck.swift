import TestSupport
import WalletWire

/// A reply against the one that must come.
struct ReplyCheck {
  let world: any Checked

  /// - Parameter asked: What it answers, in words.
  /// - Returns: What can't be foretold of it.
  func compare(
    _ header: FrameHeader, _ payload: [UInt8], _ expected: ExpectedReply, asked: @autoclosure () -> String
  ) throws(TestFailure) -> ComparableReply {
    let found = try ComparableReply(payload, as: expected.message)
    let isSame =
      header.code == expected.status && header.flags.rawValue == expected.flags && header.millis == expected.retryMillis
    if !isSame || found.bytes != expected.payload {
      throw world.failure(
        "\(asked()) is answered with\n  status \(header.code), flags \(header.flags.rawValue), "
          + "retry \(header.millis): \(dump(payload))\nand must be\n  status \(expected.status), flags \(expected.flags), "
          + "retry \(expected.retryMillis): \(dump(expected.payload))")
    }
    try compareDigests(found.digests, expected.rows)
    return found
  }

  /// Digests never change once they were told.
  private func compareDigests(_ found: [[UInt8]], _ rows: [ShownRow]) throws(TestFailure) {
    var index = 0
    for row in rows {
      let count = row.digestCount
      try world.expect(index + count <= found.count, "digests are missing")
      let digests = Array(found[index..<index + count])
      index += count
      if row.told.isEmpty { row.told = digests }
      try world.expect(row.told == digests, "the digests of row \(row.seq) have changed")
      try world.expect(
        digests[count - 1].count == 32 && (count == 1 || digests[0].count == 16), "digests of another length")
    }
    try world.expect(index == found.count, "digests of more transactions than there are")
  }

  /// GetServerInfo tells of the head, which was at a place when the ledger was asked.
  func compareInfo(_ payload: [UInt8], seq: Int64) throws(TestFailure) {
    let info = try ProtobufMessage(payload)
    let head = try ProtobufMessage(info.bytes(4))
    try world.expect(head.integer(1) == seq && info.integer(12) == seq, "the head is another: \(dump(payload))")
    if let told = world.reference.shownRow(seq)?.told.last {
      try world.expect(head.bytes(2) == told, "the head's digest is another")
    }
  }
}

extension Read {
  /// It goes on where another one has ended.
  ///
  /// - Returns: `nil` for what has no pages.
  func goingOn(at cursor: String) -> Read? {
    switch self {
    case .wallets(let owner, let size, _, let after): .wallets(owner: owner, size: size, cursor: cursor, after: after)
    case .transactions(let address, let size, _, let oldestFirst, let version):
      .transactions(address, size: size, cursor: cursor, oldestFirst: oldestFirst, version: version)
    default: nil
    }
  }
}
