import WalletCore

/// Up to where a ledger is restored.
package enum RestorePoint: Equatable, Sendable {
  /// All there is.
  case newest
  /// Up to this row.
  case seq(Int64)
  /// All rows that were stored at this time or before, microseconds.
  case time(Int64)
}

/// Which backups a ledger is made of: a whole one to begin with, and rows behind it.
struct RestorePlan: Equatable {
  /// `nil`: the ledger is made of rows alone, from the first one on.
  var base: BackupManifest? = nil
  /// Whose rows come behind the base, in their order.
  var sources: [BackupManifest] = []
  /// What the rows up to the point come out of.
  var tip: BackupManifest

  /// - Parameters:
  ///   - manifests: Of one ledger.
  ///   - tip: The backup that was named; `nil`: the newest one, or the first that goes far enough.
  init(_ manifests: [BackupManifest], tip named: BackupManifest?, point: RestorePoint) throws(BackupError) {
    if let named { tip = named } else { tip = try Self.tip(manifests, point) }
    if let named, case .seq(let seq) = point, named.head.seq < seq {
      throw .impossible("\(named.file) ends at row \(named.head.seq): it has no row \(seq)")
    }
    var chain = try Self.chain(to: tip, manifests)
    if let covering = chain.firstIndex(where: { point.isCovered(by: $0) }) {
      chain.removeLast(chain.count - covering - 1)
    }
    let whole = chain[0]
    if point.isReached(by: whole) {
      (base, sources) = (whole, Array(chain.dropFirst()))
      return
    }
    // It goes too far, and has every row: another one that doesn't spares most of the work.
    base = manifests.last { $0.base == nil && point.isReached(by: $0) && $0.head.seq < whole.head.seq }
    sources = [whole]
  }

  private static func tip(_ manifests: [BackupManifest], _ point: RestorePoint) throws(BackupError) -> BackupManifest {
    // What was written behind a restore point before the restore is in no newer ledger.
    let epoch = manifests.map(\.epoch).max() ?? 0
    let candidates = manifests.filter { $0.epoch == epoch }
    guard let newest = candidates.last else { throw .impossible("there is no backup to restore from") }
    if point == .newest { return candidates.first { $0.head == newest.head } ?? newest }
    if let first = candidates.first(where: { point.isCovered(by: $0) }) { return first }
    if case .seq(let seq) = point {
      throw .impossible("the newest backup, \(newest.file), ends at row \(newest.head.seq): there is no row \(seq)")
    }
    return newest
  }

  /// A whole backup and the increments behind it, each going on where the one before ends.
  private static func chain(
    to tip: BackupManifest, _ manifests: [BackupManifest]
  ) throws(BackupError) -> [BackupManifest] {
    var chain = [tip]
    while let base = chain[0].base {
      guard let before = manifests.first(where: { $0.head == base && $0 != chain[0] }) else {
        throw .impossible(
          "\(chain[0].file) goes on behind row \(base.seq) (\(Hexadecimal.text(base.digest.bytes))), and no backup that "
            + "ends there is in the folder")
      }
      chain.insert(before, at: 0)
    }
    return chain
  }
}

extension RestorePoint {
  /// Whether a backup goes so far that it has every row up to the point.
  fileprivate func isCovered(by manifest: BackupManifest) -> Bool {
    switch self {
    case .newest: false
    case .seq(let seq): manifest.head.seq >= seq
    // More rows of the same time may have come.
    case .time(let time): manifest.lastRowAt > time
    }
  }

  /// Whether a backup doesn't go beyond the point.
  fileprivate func isReached(by manifest: BackupManifest) -> Bool {
    switch self {
    case .newest: true
    case .seq(let seq): manifest.head.seq <= seq
    case .time(let time): manifest.lastRowAt <= time
    }
  }
}
