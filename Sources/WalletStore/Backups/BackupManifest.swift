import WalletCore

/// What stands beside a backup: whose it is, how far it goes, and what its file must be. A backup without one is none.
struct BackupManifest: Equatable, Sendable {
  static let format: Int64 = 1
  static let suffix = ".json"
  /// No manifest of ours is longer.
  static let bytesMax = 4096

  var ledgerID: String
  var epoch: UInt32
  /// The name of the file, without its folder.
  var file: String
  var bytes: Int64
  var sha256: ShortBytes
  /// The last row in it.
  var head: JournalHead
  /// When that row was stored, microseconds.
  var lastRowAt: Int64
  /// Of an increment: the row that it goes on behind. `nil` for a whole ledger.
  var base: JournalHead?
  /// Of the journal.
  var rows: Int64
  var createdAt: Int64

  /// Names are made here, never by a caller. The last group of a ledger's id is random.
  static func fileName(ledgerID: String, epoch: UInt32, seq: Int64, baseSeq: Int64?) -> String {
    let short = ledgerID.split(separator: "-").last ?? Substring(ledgerID)
    return "walletd-\(short)-\(epoch)-\(seq)" + (baseSeq.map { "-from-\($0)" } ?? "") + ".db"
  }

  /// The name of the manifest that belongs to a file.
  static func name(for file: String) -> String { file.dropLast(3) + suffix }

  static func isName(_ name: String) -> Bool { name.hasPrefix("walletd-") && name.hasSuffix(suffix) }

  var name: String { Self.name(for: file) }

  /// JSON. No text in it needs an escape.
  var encoded: String {
    """
    {
      "format": \(Self.format),
      "ledger_id": "\(ledgerID)",
      "epoch": \(epoch),
      "seq": \(head.seq),
      "digest": "\(Hexadecimal.text(head.digest.bytes))",
      "last_row_at": \(lastRowAt),
      "created_at": \(createdAt),
      "rows": \(rows),
      "file": "\(file)",
      "bytes": \(bytes),
      "sha256": "\(Hexadecimal.text(sha256.bytes))",
      "base": \(base.map { "{\"seq\": \($0.seq), \"digest\": \"\(Hexadecimal.text($0.digest.bytes))\"}" } ?? "null")
    }

    """
  }
}

/// Reads manifests, by SQLite's own JSON.
final class ManifestReader {
  private static let fields = [
    "format", "ledger_id", "epoch", "seq", "digest", "last_row_at", "created_at", "rows", "file", "bytes", "sha256",
    "base", "base.seq", "base.digest",
  ]

  private let database: Database
  private let select: Statement

  init() throws(SQLiteError) {
    database = try Database(path: ":memory:", access: .write, vfs: nil)
    let columns = Self.fields.map { "json_extract(?1, '$.\($0)')" }.joined(separator: ", ")
    select = try database.prepare("SELECT \(columns) WHERE json_valid(?1)")
  }

  /// - Parameter name: Of the manifest's own file, to which its content must belong.
  func manifest(_ bytes: [UInt8], name: String) throws(BackupError) -> BackupManifest {
    select.bind(1, Text(String(decoding: bytes, as: UTF8.self)))
    defer { select.reset() }
    let isJSON: Bool
    do throws(SQLiteError) { isJSON = try select.step() } catch { throw .damaged("\(name): \(error.message)") }
    guard isJSON else { throw .damaged("\(name) isn't JSON") }
    guard select.integer(0) == BackupManifest.format else {
      throw .damaged("\(name): \"format\" must be \(BackupManifest.format), and is \(select.text(0))")
    }
    let head = JournalHead(seq: try number(3, name), digest: try digest(4, name))
    let isWhole = select.text(11).isEmpty
    let base = isWhole ? nil : JournalHead(seq: try number(12, name), digest: try digest(13, name))
    guard let epoch = UInt32(exactly: try number(2, name)) else { throw refusal(2, name) }
    let manifest = BackupManifest(
      ledgerID: select.text(1).string, epoch: epoch, file: select.text(8).string, bytes: try number(9, name),
      sha256: try digest(10, name), head: head, lastRowAt: try number(5, name), base: base,
      rows: try number(7, name), createdAt: try number(6, name))
    // Nothing of a manifest can lead out of its folder.
    let expected = BackupManifest.fileName(
      ledgerID: manifest.ledgerID, epoch: epoch, seq: head.seq, baseSeq: base?.seq)
    guard manifest.file == expected, manifest.name == name else {
      throw .damaged("\(name) belongs to a backup of another name: \(expected)")
    }
    if let base, base.seq >= head.seq { throw refusal(12, name) }
    return manifest
  }

  private func number(_ column: Int, _ name: String) throws(BackupError) -> Int64 {
    let text = select.text(Int32(column)).string
    guard let number = Int64(text), number >= 0 else { throw refusal(column, name) }
    return number
  }

  private func digest(_ column: Int, _ name: String) throws(BackupError) -> ShortBytes {
    guard let bytes = Hexadecimal.bytes(select.text(Int32(column)).string), bytes.count == SHA256.byteCount else {
      throw refusal(column, name)
    }
    return ShortBytes(bytes)
  }

  private func refusal(_ column: Int, _ name: String) -> BackupError {
    .damaged("\(name): \"\(Self.fields[column])\" is missing or out of its range")
  }
}
