internal import Foundation

/// A history as JSON lines: each says its type, and has the fields of `History` in snake case, those left out that are
/// empty.
package enum HistoryFile {
  /// A line that isn't one of a history.
  package struct BadLine: Error, Equatable, CustomStringConvertible {
    package var number: Int
    package var rule: String

    package var description: String { "line \(number): \(rule)" }
  }

  /// A file that can't be used.
  package struct Unusable: Error, Equatable, CustomStringConvertible {
    package var path: String
    package var rule: String

    package var description: String { "\(path) \(rule)" }
  }

  private static func contents(of path: String) throws(Unusable) -> Data {
    do { return try Data(contentsOf: URL(filePath: path)) } catch {
      throw Unusable(path: path, rule: "can't be read: \(error.localizedDescription)")
    }
  }

  package static func write(_ history: History, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var lines: [Line] = []
    for call in history.calls { lines.append(Line(call)) }
    for row in history.rows { lines.append(Line(row)) }
    for wallet in history.wallets { lines.append(Line(wallet)) }
    for total in history.totals { lines.append(Line(total)) }
    var data = Data()
    for line in lines {
      data += try encoder.encode(line)
      data.append(UInt8(ascii: "\n"))
    }
    do { try data.write(to: URL(filePath: path)) } catch {
      throw Unusable(path: path, rule: "can't be written: \(error.localizedDescription)")
    }
  }

  package static func read(_ path: String) throws -> History {
    var history = History()
    let decoder = JSONDecoder()
    for (index, bytes) in try contents(of: path).split(separator: UInt8(ascii: "\n")).enumerated() {
      let line: Line
      do { line = try decoder.decode(Line.self, from: bytes) } catch {
        throw BadLine(number: index + 1, rule: "is no JSON object of a history: \(error)")
      }
      do throws(BadLine) { try line.add(to: &history) } catch {
        throw BadLine(number: index + 1, rule: error.rule)
      }
    }
    return history
  }

  /// Lines of `walletbench --ack-log`: key, commit_seq, wallet, version and balance of what was acknowledged, in that order. When
  /// it was asked for they don't say, nor what the rest of the load was.
  package static func readAcknowledgements(_ path: String) throws -> History {
    var history = History()
    history.hasAllCalls = false
    let text = String(decoding: try contents(of: path), as: UTF8.self)
    for (index, line) in text.split(separator: "\n").enumerated() {
      let parts = line.split(separator: " ")
      let numbers = parts.dropFirst().compactMap { Int64($0) }
      guard parts.count == 5, numbers.count == 4 else {
        throw BadLine(number: index + 1, rule: "must be `key commit_seq wallet version balance`: \(line)")
      }
      var call = History.Call(start: 0, verb: "acknowledged")
      (call.key, call.end, call.outcome) = (String(parts[0]), Int64(index) + 1, .done)
      (call.commitSeq, call.wallet) = (numbers[0], numbers[1])
      (call.version, call.balance) = (numbers[2], numbers[3])
      history.calls.append(call)
    }
    return history
  }

  private struct Line: Codable {
    enum Kind: String, Codable { case call, row, wallet, total }

    var type: Kind
    var client: Int?
    var start: Int64?
    var end: Int64?
    var verb: String?
    var key: String?
    var batch: String?
    var wallet: Int64?
    var amount: Int64?
    var outcome: History.Outcome?
    var seq: Int64?
    var commitSeq: Int64?
    var version: Int64?
    var balance: Int64?
    var replayed: Bool?
    var kind: History.Row.Kind?
    var other: Int64?
    var account: String?
    var currency: String?
    var total: Int64?

    enum CodingKeys: String, CodingKey {
      case type, client, start, end, verb, key, batch, wallet, amount, outcome, seq, version, balance, replayed, kind
      case other, account, currency, total
      case commitSeq = "commit_seq"
    }

    init(_ call: History.Call) {
      type = .call
      (client, start, end, verb) = (call.client, call.start, call.end, call.verb)
      (key, batch, wallet, amount, outcome) = (call.key, call.batch, call.wallet, call.amount, call.outcome)
      guard call.end != nil else { return }
      (seq, commitSeq, version, balance) = (call.seq, call.commitSeq, call.version, call.balance)
      replayed = call.isReplayed ? true : nil
    }

    init(_ row: History.Row) {
      type = .row
      (seq, kind, key) = (row.seq, row.kind, row.key)
      guard row.kind == .transaction else { return }
      (wallet, version, amount, balance) = (row.wallet, row.version, row.amount, row.balance)
      other = row.other == 0 ? nil : row.other
      account = row.account.isEmpty ? nil : row.account
    }

    init(_ wallet: History.Wallet) {
      type = .wallet
      (self.wallet, currency, version, balance) = (wallet.id, wallet.currency, wallet.version, wallet.balance)
    }

    init(_ total: History.Total) {
      type = .total
      (currency, account, self.total) = (total.currency, total.account, total.total)
    }

    private func required<Value>(_ value: Value?, _ name: String) throws(BadLine) -> Value {
      guard let value else { throw BadLine(number: 0, rule: "a \(type.rawValue) needs \(name)") }
      return value
    }

    func add(to history: inout History) throws(BadLine) {
      switch type {
      case .call: history.calls.append(try call())
      case .row:
        var row = History.Row(seq: try required(seq, "seq"))
        row.kind = kind ?? .transaction
        row.key = key
        if row.kind == .transaction {
          row.wallet = try required(wallet, "wallet")
          row.version = try required(version, "version")
          row.balance = try required(balance, "balance")
          row.amount = try required(amount, "amount")
          row.other = other ?? 0
          row.account = account ?? ""
        }
        history.rows.append(row)
      case .wallet:
        history.wallets.append(
          History.Wallet(
            id: try required(wallet, "wallet"), currency: try required(currency, "currency"),
            version: try required(version, "version"), balance: try required(balance, "balance")))
      case .total:
        history.totals.append(
          History.Total(
            currency: try required(currency, "currency"), account: try required(account, "account"),
            total: try required(total, "total")))
      }
    }

    private func call() throws(BadLine) -> History.Call {
      var call = History.Call(start: try required(start, "start"), verb: try required(verb, "verb"))
      call.client = client ?? 0
      call.end = end
      call.outcome = try required(outcome, "outcome")
      if (end == nil) != (call.outcome == .unknown) {
        throw BadLine(number: 0, rule: "a call has an end unless its outcome is unknown")
      }
      (call.key, call.batch, call.wallet, call.amount) = (key, batch, wallet ?? 0, amount)
      if call.outcome != .read, key == nil { throw BadLine(number: 0, rule: "a mutation needs key") }
      (call.seq, call.commitSeq) = (seq ?? 0, commitSeq ?? 0)
      (call.version, call.balance, call.isReplayed) = (version ?? 0, balance ?? 0, replayed ?? false)
      return call
    }
  }
}
