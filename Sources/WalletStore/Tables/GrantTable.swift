import WalletCore

/// What was granted to whom: `tokens`, of which those that weren't revoked are in memory. What comes in a gather can be
/// taken back until it commits; only then it is published.
///
/// Its rows are written by `AdministrationTable`, with the rows of the journal that bring them.
final class GrantTable {
  private static let columns = "token_id, terms, created_at, revoked_at"

  private struct Change {
    var before: Grants
    /// That the change has ended.
    var access: Access?
  }

  /// Decided, if not committed.
  private(set) var grants = Grants()
  let book: GrantBook
  private var done: [Change] = []
  private let selectPage: Statement

  init(_ database: Database) throws(StoreError) {
    let (revoked, live): (Statement, Statement)
    do throws(SQLiteError) {
      selectPage = try database.prepare(
        """
        SELECT \(Self.columns) FROM tokens
        WHERE token_id > ?1 AND (?2 = '' OR principal = ?2) AND (?3 OR revoked_seq = 0) ORDER BY token_id LIMIT ?4
        """)
      revoked = try database.prepare(
        """
        SELECT * FROM (SELECT \(Self.columns) FROM tokens WHERE revoked_seq <> 0 ORDER BY revoked_seq DESC LIMIT ?)
        ORDER BY token_id
        """)
      live = try database.prepare("SELECT \(Self.columns) FROM tokens WHERE revoked_seq = 0 ORDER BY token_id")
    } catch {
      throw .sqlite(error)
    }
    revoked.bind(1, Int64(LedgerLimits.revokedGrantsMax))
    for statement in [revoked, live] {
      while try statement.stepped() { grants.add(try Self.grant(statement)) }
    }
    book = GrantBook(grants)
  }

  private static func grant(_ statement: Statement) throws(StoreError) -> Grant {
    guard case .grant(let terms) = Command.Parameters(encoded: statement.bytes(1)) else {
      throw .inconsistent("token \(statement.integer(0)) has terms that can't be read")
    }
    return Grant(
      id: statement.integer(0), terms: terms, createdAt: statement.integer(2), revokedAt: statement.integer(3))
  }

  /// A page of them, by id.
  func page(_ filter: GrantFilter, after id: Int64, countMax: Int) throws(StoreError) -> [Grant] {
    selectPage.bind(1, id)
    selectPage.bind(2, filter.principal)
    selectPage.bind(3, filter.withRevoked ? 1 : 0)
    selectPage.bind(4, Int64(countMax))
    defer { selectPage.reset() }
    var page: [Grant] = []
    while try selectPage.stepped() { page.append(try Self.grant(selectPage)) }
    return page
  }

  // MARK: Changes

  func add(_ grant: Grant) {
    done.append(Change(before: grants))
    grants.add(grant)
  }

  func revoke(_ id: Int64, at time: Int64) {
    let access = grants[id]?.access
    done.append(Change(before: grants, access: access))
    grants.revoke(id, at: time)
  }

  /// How many changes there are; what comes can be taken back to it.
  var changes: Int { done.count }

  func takeBack(to count: Int) {
    while done.count > count {
      let change = done.removeLast()
      grants = change.before
      change.access?.isEnded = false
    }
  }

  func settle() {
    if done.isEmpty { return }
    done.removeAll()
    book.publish(grants)
  }
}
