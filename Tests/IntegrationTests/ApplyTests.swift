import Foundation
import TestSupport
import Testing

/// A table with a balance column and a log of purchases, as a team has them, carried over and posted: by the script and
/// the program that a user would run.
@Suite("From a balance column")
struct ApplyTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
  private static let userCount = 300
  private static let purchaseCount = 1500

  /// What the sample must come to, worked out without the server.
  private struct Sample {
    var balances: [Int: Int] = [:]
    var applied = 0
    var refused: [String: Int] = [:]
  }

  @Test("every usable user has the balance to the cent, every purchase counts once, and a second run changes nothing")
  func carryOver() throws {
    let folder = try ScratchFolder("apply")
    let sample = try Self.makeSample(in: folder.path, seed: 20_260_101)
    let script = Self.root.appending(path: "scripts/from_balance_column.py").path
    let opening = try Programs.run(
      "/usr/bin/env", ["python3", script, "opening", "--database", "\(folder.path)/legacy.db"],
      output: "\(folder.path)/opening.csv")
    #expect(opening.errors.contains("\(Self.userCount) users, ") && opening.errors.contains(" 5 unusable"))
    _ = try Programs.run(
      "/usr/bin/env", ["python3", script, "purchases", "--log", "\(folder.path)/purchases.csv"],
      output: "\(folder.path)/debits.csv")

    let service = try Service()
    let address = "127.0.0.1:\(service.server.port)"
    let opened = try Self.apply("\(folder.path)/opening.csv", address)
    #expect(opened.status == 0 && opened.report == Report(applied: 2 * Self.userCount, replayed: 0, refused: [:]))
    let posted = try Self.apply("\(folder.path)/debits.csv", address)
    #expect(posted.status == 1)
    #expect(posted.report == Report(applied: sample.applied, replayed: 0, refused: sample.refused))
    try Self.expect(sample.balances, service)
    let head = try service.database.value(
      "SELECT max((SELECT max(seq) FROM transactions), (SELECT max(seq) FROM refusals))")

    let again = try Self.apply("\(folder.path)/opening.csv", address)
    #expect(again.report == Report(applied: 0, replayed: 2 * Self.userCount, refused: [:]))
    let twice = try Self.apply("\(folder.path)/debits.csv", address)
    #expect(twice.report == Report(applied: 0, replayed: sample.applied, refused: sample.refused))
    try Self.expect(sample.balances, service)
    #expect(
      try service.database.value("SELECT max((SELECT max(seq) FROM transactions), (SELECT max(seq) FROM refusals))")
        == head, "the journal has not grown")
  }

  @Test("refused rows come out with fresh keys, and apply once there is money")
  func refusedRows() throws {
    let folder = try ScratchFolder("refused")
    let file = "\(folder.path)/rows.csv"
    try """
    verb,owner,currency,amount,reason,reference
    open,u1,USD,,wallet.open,
    debit,u1,USD,5.00,purchase,order-1
    credit,u1,USD,20.00,top-up,pi-1
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let service = try Service()
    let address = "127.0.0.1:\(service.server.port)"
    #expect(
      try Self.apply(file, address).report == Report(applied: 2, replayed: 0, refused: ["INSUFFICIENT_FUNDS": 1]))
    let refused = "\(folder.path)/rows.refused.csv"
    #expect(try String(contentsOfFile: refused, encoding: .utf8).contains("order-1"))
    #expect(try Self.apply(refused, address).report == Report(applied: 1, replayed: 0, refused: [:]))
    #expect(try service.database.value("SELECT balance FROM wallet_balances") == "1500")
  }

  // MARK: The sample

  /// `legacy.db` with usable and unusable users, and `purchases.csv`, from a seed.
  private static func makeSample(in folder: String, seed: UInt64) throws -> Sample {
    var random = SeededGenerator(seed: seed)
    var sample = Sample()
    let database = try SQLiteFile("\(folder)/legacy.db", mayWrite: true)
    try database.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, balance DECIMAL(10,2))")
    for user in 1...userCount {
      let cents = Int.random(in: 1...30_000, using: &random)
      sample.balances[user] = cents
      try database.execute("INSERT INTO users VALUES (\(user), 'user\(user)@example.com', \(decimal(cents)))")
    }
    for (index, balance) in ["NULL", "'n/a'", "-3.5", "12.345", "1e300"].enumerated() {
      try database.execute("INSERT INTO users VALUES (\(10_000 + index), 'odd\(index)', \(balance))")
    }
    var log = "order_id,user_id,amount_usd\n"
    for order in 1...purchaseCount {
      let user = Int.random(in: 1...userCount, using: &random)
      let cents = order.isMultiple(of: 250) ? 0 : Int.random(in: 1...6_000, using: &random)
      log += "order-\(order),\(user),\(decimal(cents))\n"
      let balance = sample.balances[user] ?? 0
      if cents == 0 {
        sample.refused["INVALID_ARGUMENT", default: 0] += 1
      } else if cents > balance {
        sample.refused["INSUFFICIENT_FUNDS", default: 0] += 1
      } else {
        sample.balances[user] = balance - cents
        sample.applied += 1
      }
    }
    try log.write(toFile: "\(folder)/purchases.csv", atomically: true, encoding: .utf8)
    return sample
  }

  private static func decimal(_ cents: Int) -> String {
    "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
  }

  private static func expect(_ balances: [Int: Int], _ service: Service) throws {
    let rows = try service.database.rows("SELECT owner_id, balance FROM wallet_balances")
    let found = Dictionary(uniqueKeysWithValues: rows.map { (Int($0[0]) ?? 0, Int($0[1]) ?? -1) })
    #expect(found == balances)
  }

  // MARK: Programs

  private struct Report: Decodable, Equatable {
    var applied: Int
    var replayed: Int
    var refused: [String: Int]
  }

  private static func apply(_ file: String, _ address: String) throws -> (status: Int32, report: Report) {
    var program = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    program.deleteLastPathComponent()
    let run = try Programs.run(
      program.appending(path: "walletctl").path, ["apply", file, "--server", address, "--json"], output: file + ".out")
    return (run.status, try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: file + ".out"))))
  }
}
