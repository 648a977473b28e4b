import WalletClient

/// A file of mutations, read and understood as far as that needs no server.
struct ApplyFile {
  static let required = ["verb", "owner", "currency", "amount", "reason"]
  static let optional = ["reference", "key", "counter_account", "occurred_at", "name", "note"]
  /// Written into the file of refused rows, and ignored when that file is applied.
  static let results = ["code", "message", "detail", "line"]

  struct Failure: Error, Equatable {
    var text: String
  }

  /// The columns that are for the server, in the file's order.
  var columns: [String]
  var rows: [ApplyRow]

  init(_ bytes: [UInt8]) throws(Failure) {
    let records: [CSV.Record]
    do throws(CSV.Failure) {
      records = try CSV.records(bytes)
    } catch {
      throw Failure(text: "line \(error.line): \(error.rule)")
    }
    guard let header = records.first else { throw Failure(text: "the file is empty: it needs a header") }
    let names = header.fields.map { $0.trimmingSpaces }
    var seen: Set<String> = []
    for name in names {
      guard (Self.required + Self.optional + Self.results).contains(name) else {
        throw Failure(text: "unknown column '\(name)'")
      }
      guard seen.insert(name).inserted else { throw Failure(text: "the column '\(name)' comes twice") }
    }
    for name in Self.required where !seen.contains(name) { throw Failure(text: "the column '\(name)' is missing") }

    columns = names.filter { !Self.results.contains($0) }
    rows = []
    var occurrences: [[UInt8]: UInt64] = [:]
    for record in records.dropFirst() {
      var row = ApplyRow(line: record.line, values: [:])
      for (name, field) in zip(names, record.fields) where !Self.results.contains(name) {
        row.values[name] = field.trimmingSpaces
      }
      if record.fields.count != names.count {
        row.formatRule = "has \(record.fields.count) fields, the header \(names.count)"
      }
      row.takeKey(&occurrences)
      rows.append(row)
    }
  }

  /// The rows of each wallet in the file's order; wallets in the order of their first rows.
  var chains: [[Int]] {
    var chains: [[Int]] = []
    var chainOfWallet: [WalletReference: Int] = [:]
    for (index, row) in rows.enumerated() {
      if let chain = chainOfWallet[row.wallet] {
        chains[chain].append(index)
      } else {
        chainOfWallet[row.wallet] = chains.count
        chains.append([index])
      }
    }
    return chains
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var scalars = Substring(self).unicodeScalars
    while scalars.first == " " || scalars.first == "\t" { scalars.removeFirst() }
    while scalars.last == " " || scalars.last == "\t" { scalars.removeLast() }
    return String(scalars)
  }
}
