import COpenSSL
import TestSupport

/// The chain of digests, recomputed from the file by docs/ROW.md, and the digests that callers were told.
struct ChainCheck {
  private let world: any Checked
  private let file: SQLiteFile

  init(_ world: any Checked) throws {
    self.world = world
    file = try SQLiteFile("\(world.path)/ledger.db", vfs: world.vfs)
  }

  /// - Returns: How many rows were recomputed.
  func run() throws -> Int {
    let ledgerID = try file.value("SELECT value FROM meta WHERE key = 'ledger_id'")
    var digest = Self.sha256([], Array("walletd ledger \(ledgerID)".utf8))
    var tables = try Table.allCases.map { table in try file.rows(table.columns)[...] }
    var count = 0
    while let index = tables.indices.min(by: { Self.seq(tables[$0].first) < Self.seq(tables[$1].first) }),
      let next = tables[index].popFirst()
    {
      count += 1
      try world.expect(Self.seq(next) == count, "row \(next[0]) stands where \(count) must")
      digest = Self.sha256(digest, Table.allCases[index].bytes(of: next))
      try world.expect(Self.hexadecimal(digest) == next[next.count - 1], "another digest of row \(count): \(next)")
      if let told = world.reference.shownRow(Int64(count))?.told.last {
        try world.expect(told == digest, "another digest of row \(count) was told")
      }
    }
    return count
  }

  private static func seq(_ row: [String]?) -> Int { row.flatMap { Int($0[0]) } ?? .max }

  private enum Table: CaseIterable {
    case transactions, refusals, administration

    var columns: String {
      switch self {
      case .transactions: transactionColumns
      case .refusals: refusalColumns
      case .administration:
        "SELECT seq, format, lane, verb, \(audit), created_at, hex(detail), hex(digest) FROM administration_by_origin "
          + "ORDER BY seq"
      }
    }

    func bytes(of row: [String]) -> [UInt8] {
      switch self {
      case .transactions: transaction(row)
      case .refusals: refusal(row)
      case .administration: administrationRow(row)
      }
    }
  }

  // MARK: Columns, in the order of the encoding

  private static let audit =
    "actor, on_behalf_of, reason, note, reference, typeof(idempotency_key), CASE typeof(idempotency_key) "
    + "WHEN 'blob' THEN hex(idempotency_key) ELSE idempotency_key END, hex(request_digest), correlation_id, source, "
    + "client_name, metadata, occurred_at"
  private static let transactionColumns =
    "SELECT seq, format, lane, kind, wallet_id, version, amount, held_change, balance, held, overdraft_limit, "
    + "counter_account, counter_wallet_id, hold_id, related_seq, previous_seq, \(audit), created_at, hex(detail), "
    + "hex(digest) FROM transactions_by_origin ORDER BY seq"
  private static let refusalColumns =
    "SELECT seq, format, lane, verb, reason_code, wallet_id, given_wallet_id, owner_id, currency, name, amount, "
    + "counter_account, \(audit), created_at, hex(figures), hex(parameters), hex(digest) FROM refusals_by_origin "
    + "ORDER BY seq"

  private static func transaction(_ row: [String]) -> [UInt8] {
    var bytes = CanonicalBytes()
    bytes.byte(0x54)
    for index in [1, 2, 0, 3, 4, 5, 6, 7, 8, 9, 10] { bytes.integer(Int64(row[index]) ?? 0) }
    bytes.text(row[11])
    for index in 12...15 { bytes.integer(Int64(row[index]) ?? 0) }
    write(audit: Array(row[16..<29]), to: &bytes)
    bytes.integer(Int64(row[29]) ?? 0)
    bytes.blob(Self.bytes(row[30]))
    return bytes.bytes
  }

  private static func refusal(_ row: [String]) -> [UInt8] {
    var bytes = CanonicalBytes()
    bytes.byte(0x52)
    for index in [1, 2, 0, 3, 4, 5, 6] { bytes.integer(Int64(row[index]) ?? 0) }
    for index in 7...9 { bytes.text(row[index]) }
    bytes.integer(Int64(row[10]) ?? 0)
    bytes.text(row[11])
    write(audit: Array(row[12..<25]), to: &bytes)
    bytes.integer(Int64(row[25]) ?? 0)
    bytes.blob(Self.bytes(row[26]))
    if row[1] == "2" { bytes.blob(Self.bytes(row[27])) }
    return bytes.bytes
  }

  private static func administrationRow(_ row: [String]) -> [UInt8] {
    var bytes = CanonicalBytes()
    bytes.byte(0x41)
    for index in [1, 2, 0, 3] { bytes.integer(Int64(row[index]) ?? 0) }
    write(audit: Array(row[4..<17]), to: &bytes)
    bytes.integer(Int64(row[17]) ?? 0)
    bytes.blob(Self.bytes(row[18]))
    return bytes.bytes
  }

  /// From actor to occurred_at.
  private static func write(audit row: [String], to bytes: inout CanonicalBytes) {
    for index in 0...4 { bytes.text(row[index]) }
    write(key: row[6], type: row[5], to: &bytes)
    bytes.blob(Self.bytes(row[7]))
    for index in 8...10 { bytes.text(row[index]) }
    let pairs = row[11].split(separator: "\n")
    bytes.integer(Int64(pairs.count))
    for pair in pairs {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      bytes.text(String(parts[0]))
      bytes.text(String(parts[1]))
    }
    bytes.integer(Int64(row[12]) ?? 0)
  }

  private static func write(key: String, type: String, to bytes: inout CanonicalBytes) {
    switch type {
    case "null": bytes.byte(0)
    case "blob":
      let all = Self.bytes(key)
      if all.count > 16 { bytes.byte(3) }
      bytes.byte(1)
      bytes.raw(Array(all.prefix(16)))
      if all.count > 16 { bytes.integer(all.dropFirst(16).reduce(0) { $0 << 8 | Int64($1) }) }
    default:
      let parts = key.split(separator: "\u{1F}")
      if parts.count > 1 { bytes.byte(3) }
      bytes.byte(2)
      bytes.text(String(parts[0]))
      if parts.count > 1 { bytes.integer(Int64(parts[1]) ?? 0) }
    }
  }

  // MARK: Bytes

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in hexadecimal.utf8 {
      let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "A") + 10
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func sha256(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = unsafe walletd_sha256(first, first.count, second, second.count, &digest)
    precondition(done == 1, "SHA-256 failed")
    return digest
  }
}
