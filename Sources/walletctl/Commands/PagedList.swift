import Foundation
import WalletClient
import WalletWire

import enum WalletCore.Verb

/// Reads a list page by page up to a number of rows, and shows the pages as one.
struct PagedList {
  var session: Session
  var method: Verb
  /// The method's name in the schema.
  var name: String
  /// The reply's repeated field.
  var member: String

  private static let pageRowsMax: UInt32 = 1_000

  /// The replies' bytes.
  func pages(
    _ paging: PagingOptions, request: (_ cursor: String?, _ size: UInt32) -> [UInt8],
    next: ([UInt8]) throws(DecodeError) -> (rows: Int, cursor: String?)
  ) async throws -> [[UInt8]] {
    var pages: [[UInt8]] = []
    var cursor = paging.cursor
    var left = paging.limit == 0 ? UInt32.max : paging.limit
    repeat {
      let reply = try await session.read(method, request(cursor, min(left, Self.pageRowsMax)))
      pages.append(reply)
      let page = try session.decoded(reply, next)
      left -= min(left, UInt32(clamping: page.rows))
      // A cursor that doesn't move would never end.
      if page.cursor == cursor { break }
      cursor = page.cursor
    } while cursor != nil && left > 0
    return pages
  }

  /// The last page's JSON with the rows of all.
  func json(_ pages: [[UInt8]]) throws -> JSONValue {
    let values = try pages.map { try session.jsonValue($0, method: name) }
    guard case .object(var members)? = values.last else { return .object([]) }
    var rows: [JSONValue] = []
    for value in values {
      if case .array(let some)? = value[member] { rows += some }
    }
    for index in members.indices where members[index].name == member { members[index].value = .array(rows) }
    return .object(members)
  }

  func sayWhetherMore(_ last: [UInt8]?, cursor: ([UInt8]) throws(DecodeError) -> String?) throws {
    guard let last, let cursor = try session.decoded(last, cursor) else { return }
    FileHandle.standardError.write(Data("There are more: --limit 0 shows all, --cursor \(cursor) the next.\n".utf8))
  }
}
