import WalletClient

/// One row of a file of mutations.
struct ApplyRow: Sendable {
  enum Verb: String, Sendable {
    case open
    case credit
    case debit
  }

  /// The line of the file on which it begins.
  var line: Int
  /// By column, without spaces around.
  var values: [String: String]
  /// Why the row can't be read at all.
  var formatRule: String?
  /// The key under which it is done: its own, or one made of its content.
  private(set) var key = ""

  init(line: Int, values: [String: String]) {
    self.line = line
    self.values = values
  }

  subscript(column: String) -> String { values[column] ?? "" }

  var wallet: WalletReference {
    .owner(self["owner"], currency: self["currency"], name: self["name"].isEmpty ? "main" : self["name"])
  }

  var verb: Verb? { Verb(rawValue: self["verb"]) }

  /// What no server needs to say: the first column that is wrong, and how.
  var localRule: (field: String, rule: String)? {
    if let formatRule { return ("row", formatRule) }
    guard let verb else { return ("verb", "must be open, credit or debit, not '\(self["verb"])'") }
    if verb == .open, !self["amount"].isEmpty { return ("amount", "must be empty for open") }
    if verb == .open, !self["counter_account"].isEmpty { return ("counter_account", "must be empty for open") }
    if verb != .open, self["reason"].isEmpty { return ("reason", "must not be empty") }
    if !self["occurred_at"].isEmpty, Timestamp.micros(self["occurred_at"]) == nil {
      return ("occurred_at", "must be like 2026-01-31T12:00:00Z, or microseconds since 1970")
    }
    return nil
  }

  var options: MutationOptions {
    let reason = self["reason"].isEmpty && verb == .open ? "wallet.open" : self["reason"]
    var options = MutationOptions(reason: reason, idempotencyKey: key)
    options.reference = self["reference"]
    options.note = self["note"]
    options.counterAccount = self["counter_account"]
    options.occurredAtMicros = Timestamp.micros(self["occurred_at"]) ?? 0
    return options
  }

  /// Takes the row's own key, or makes one; `occurrences` counts rows of equal content so far.
  mutating func takeKey(_ occurrences: inout [[UInt8]: UInt64]) {
    guard self["key"].isEmpty else {
      key = self["key"]
      return
    }
    let digest = RowKey.contentDigest(self)
    let occurrence = occurrences[digest, default: 0] + 1
    occurrences[digest] = occurrence
    key = RowKey.key(contentDigest: digest, occurrence: occurrence)
  }
}
