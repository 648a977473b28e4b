import WalletClient
import WalletWire

/// A Batch in JSON, with keys where none were given.
struct BatchRequest {
  private(set) var value: JSONValue
  private(set) var keys: BatchKeys
  /// Of the items; in an atomic batch the batch's.
  private(set) var itemKeys: [String] = []

  /// - Parameters:
  ///   - value: A BatchRequest in JSON. What isn't one is left for the encoder to refuse.
  ///   - key: That of an atomic batch without one, or a UUID from which items without keys get theirs.
  init(_ value: JSONValue, key: String? = nil, makeKey: () -> String) {
    self.value = value
    let key = key ?? makeKey()
    let given = value["idempotencyKey"] ?? value["idempotency_key"]
    let isAtomic = value["atomic"] == .bool(true)
    if case .string(let given)? = given, isAtomic {
      keys = .ofAll(given)
    } else {
      keys = isAtomic ? .ofAll(key) : .ofItems(from: key)
    }
    guard case .object(var members) = value else { return }
    if isAtomic, given == nil { members.append(.init("idempotencyKey", .string(key))) }
    if let place = members.firstIndex(where: { $0.name == "items" }), case .array(let items) = members[place].value {
      members[place].value = .array(items.enumerated().map { item($1, index: $0) })
    }
    self.value = .object(members)
  }

  /// An item has one member, its mutation.
  private mutating func item(_ item: JSONValue, index: Int) -> JSONValue {
    guard case .object(var members) = item, members.count == 1, case .object(var fields) = members[0].value else {
      itemKeys.append(keys.ofItem(index, own: nil))
      return item
    }
    if case .string(let own)? = members[0].value["idempotencyKey"] ?? members[0].value["idempotency_key"] {
      itemKeys.append(keys.ofItem(index, own: own))
      return item
    }
    itemKeys.append(keys.ofItem(index, own: nil))
    if case .ofItems = keys { fields.append(.init("idempotencyKey", .string(itemKeys[index]))) }
    members[0].value = .object(fields)
    return .object(members)
  }
}

/// A file of items: one in JSON on each line, empty lines aside.
struct BatchFile {
  struct Failure: Error {
    var text: String
  }

  private(set) var items: [JSONValue] = []
  /// Where each item stands, from 1.
  private(set) var lines: [Int] = []

  init(_ bytes: [UInt8]) throws(Failure) {
    let newline = UInt8(ascii: "\n")
    for (index, line) in bytes.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if isBlank { continue }
      do throws(JSONParser.Failure) {
        items.append(try JSONParser.parse(Array(line)))
      } catch {
        throw Failure(text: "line \(index + 1) isn't JSON: \(error.rule), at byte \(error.position)")
      }
      lines.append(index + 1)
    }
    if items.isEmpty { throw Failure(text: "there is no item in it") }
    if items.count > BatchKeys.itemsMax {
      throw Failure(
        text: "\(items.count) items; a batch has at most \(BatchKeys.itemsMax). walletctl apply takes longer files")
    }
  }
}
