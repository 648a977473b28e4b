import Synchronization

/// Who may come in: all grants that weren't revoked, and the last ones that were.
public struct Grants: Sendable {
  public struct Entry: Sendable {
    public var grant: Grant
    public var access: Access
  }

  private var entries: [Int64: Entry] = [:]
  /// Of grants that weren't revoked.
  private var ids: [Credential: Int64] = [:]
  private var principals: [Text: [Int64]] = [:]
  /// Oldest first; they are kept so that their callers can be told.
  private var revoked: [Int64] = []

  /// A grant of many currencies, its access, and its share of the tables, which may be half empty.
  public static let bytesPerGrant = 2048

  public init() {}

  public subscript(id: Int64) -> Entry? { entries[id] }

  /// The grant of a credential that wasn't revoked.
  public subscript(credential: Credential) -> Entry? { ids[credential].flatMap { entries[$0] } }

  /// Those that weren't revoked.
  public var count: Int { ids.count }

  /// Tokens of a principal that still let somebody in, by rising id.
  public func liveTokens(of principal: Text, at time: Int64) -> [Int64] {
    (principals[principal] ?? []).filter { id in
      guard let grant = entries[id]?.grant, case .secret = grant.terms.credential else { return false }
      return !grant.terms.isExpired(at: time)
    }
  }

  public mutating func add(_ grant: Grant) {
    let entry = Entry(grant: grant, access: Access(grant))
    entries[grant.id] = entry
    if grant.revokedAt == 0 {
      ids[grant.terms.credential] = grant.id
      principals[grant.terms.principal, default: []].append(grant.id)
    } else {
      entry.access.isEnded = true
      keepRevoked(grant.id)
    }
  }

  public mutating func revoke(_ id: Int64, at time: Int64) {
    guard var entry = entries[id] else { return }
    entry.grant.revokedAt = time
    entry.access.isEnded = true
    entries[id] = entry
    forget(entry.grant)
    keepRevoked(id)
  }

  private mutating func forget(_ grant: Grant) {
    if ids[grant.terms.credential] == grant.id { ids[grant.terms.credential] = nil }
    principals[grant.terms.principal]?.removeAll { $0 == grant.id }
    if principals[grant.terms.principal]?.isEmpty ?? false { principals[grant.terms.principal] = nil }
  }

  private mutating func keepRevoked(_ id: Int64) {
    revoked.append(id)
    if revoked.count > LedgerLimits.revokedGrantsMax { entries[revoked.removeFirst()] = nil }
  }
}

/// The grants that are committed. The ledger's queue publishes, and whoever greets callers looks: that is seldom.
public final class GrantBook: Sendable {
  private let published: Mutex<Grants>

  public init(_ grants: Grants = Grants()) { published = Mutex(grants) }

  public var current: Grants { published.withLock { $0 } }

  public func publish(_ grants: Grants) { published.withLock { $0 = grants } }
}
