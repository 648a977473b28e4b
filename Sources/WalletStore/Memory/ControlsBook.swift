import WalletCore

/// Holds, freezes, limits and refunds of those who have any: read when they are needed, changed in memory, written with
/// the commit of the rows that change them. What a gather changes can be taken back until it commits.
final class ControlsBook {
  /// Wallets, holds and refunds that are kept; beyond that they are read again.
  static let keptMax = 4_096
  /// What they take, but for open holds beyond one of each wallet.
  static let bytesMax =
    keptMax * 2
    * (MemoryLayout<WalletControls>.stride + 2 * MemoryLayout<Hold>.stride + 6 * MemoryLayout<Int64>.stride)

  private enum Undo {
    case controls(Int64, WalletControls)
    case hold(Int64, Hold?)
    case refunded(Int64, Int64)
  }

  private let table: ControlsTable
  private var controls: [Int64: WalletControls] = [:]
  private var holds: [Int64: Hold] = [:]
  private var refunded: [Int64: Int64] = [:]
  private var undo: [Undo] = []

  init(_ database: Database) throws(SQLiteError) { table = try ControlsTable(database) }

  // MARK: Reading

  /// Whether a wallet whose row is fetched may have any.
  func hasControls(_ walletID: Int64) throws(StoreError) -> Bool {
    if let known = controls[walletID] { return !known.isEmpty }
    return try table.hasControls(walletID)
  }

  func controls(of walletID: Int64) throws(StoreError) -> WalletControls {
    if let known = controls[walletID] { return known }
    let stored = try table.controls(of: walletID)
    controls[walletID] = stored
    return stored
  }

  func hold(_ id: Int64) throws(StoreError) -> Hold? {
    if let known = holds[id] { return known }
    guard let stored = try table.hold(id) else { return nil }
    holds[id] = stored
    return stored
  }

  /// What was refunded of a row until now.
  func refunded(of seq: Int64) throws(StoreError) -> Int64 {
    if let known = refunded[seq] { return known }
    let stored = try table.refunded(of: seq)
    refunded[seq] = stored
    return stored
  }

  // MARK: Changing

  func set(_ new: WalletControls, of walletID: Int64) throws(StoreError) {
    undo.append(.controls(walletID, try controls(of: walletID)))
    controls[walletID] = new
  }

  func set(_ new: Hold) throws(StoreError) {
    undo.append(.hold(new.id, holds[new.id]))
    holds[new.id] = new
  }

  func set(refunded new: Int64, of seq: Int64) throws(StoreError) {
    undo.append(.refunded(seq, try refunded(of: seq)))
    refunded[seq] = new
  }

  // MARK: A gather

  /// How much has changed in this gather.
  var changes: Int { undo.count }

  func takeBack(to count: Int) {
    while undo.count > count {
      switch undo.removeLast() {
      case .controls(let walletID, let before): controls[walletID] = before
      case .hold(let id, let before): holds[id] = before
      case .refunded(let seq, let before): refunded[seq] = before
      }
    }
  }

  /// Writes what has changed, right before the commit.
  func writePending() throws(StoreError) {
    if undo.isEmpty { return }
    var written: Set<Written> = []
    for change in undo {
      switch change {
      case .controls(let walletID, _):
        guard written.insert(.controls(walletID)).inserted, let now = controls[walletID] else { continue }
        try table.write(now, of: walletID)
      case .hold(let id, _):
        guard written.insert(.hold(id)).inserted, let now = holds[id] else { continue }
        try table.write(now)
      case .refunded(let seq, _):
        guard written.insert(.refunded(seq)).inserted, let now = refunded[seq] else { continue }
        try table.write(refunded: now, of: seq)
      }
    }
  }

  private enum Written: Hashable {
    case controls(Int64)
    case hold(Int64)
    case refunded(Int64)
  }

  /// The gather is committed.
  func settle() {
    undo.removeAll(keepingCapacity: true)
    if controls.count > Self.keptMax { controls.removeAll() }
    if holds.count > Self.keptMax { holds.removeAll() }
    if refunded.count > Self.keptMax { refunded.removeAll() }
  }
}
