import Foundation
import TestSupport
import Testing
import WalletClient

/// Reads of what was, through the Swift client and through walletctl, against a server.
@Suite("Reads of what was over a real socket")
struct PastReadsTests {
  private let service: Service
  private var client: WalletClient { service.client }
  private let why = MutationOptions(reason: "test")

  init() async throws {
    service = try Service()
    _ = try await service.client.openWallet(owner: "u1", currency: "USD")
    _ = try await service.client.credit(dollars("u1"), amount: 1_000, why)
  }

  @Test("a balance at a time and of a version, and what can't be had")
  func balances() async throws {
    let hold = try await client.hold(dollars("u1"), amount: 300, timeout: .seconds(60), why).transaction
    let debit = try await client.debit(dollars("u1"), amount: 100, why).transaction
    let then = try await client.balance(dollars("u1"), at: .time(micros: hold.createdAtMicros))
    #expect(then.balance == 1_000 && then.held == 300 && then.available == 700 && then.transactionID == hold.id)
    #expect(then.createdAtMicros == hold.createdAtMicros && then.currency == "USD" && then.commitSeq == debit.id)
    #expect(try await client.balance(dollars("u1"), at: .version(4)).balance == 900)
    for (moment, reason) in [
      (BalanceMoment.version(5), ErrorReason.invalidArgument), (.version(0), .invalidArgument),
      (.time(micros: .max), .invalidArgument), (.time(micros: 1), .walletNotFound),
    ] {
      do throws(WalletError) {
        let balance = try await client.balance(dollars("u1"), at: moment)
        Issue.record("\(moment): \(balance)")
      } catch {
        guard case .rejected(let rejection) = error, rejection.reason == reason else {
          Issue.record("\(moment): \(error)")
          continue
        }
      }
    }
  }

  @Test("filtered transactions and refusals come page by page")
  func sequences() async throws {
    for amount in 1...30 as ClosedRange<Int64> {
      var options = MutationOptions(reason: amount % 2 == 0 ? "even" : "odd")
      options.reference = "order-\(amount % 5)"
      _ = try await client.debit(dollars("u1"), amount: amount, options)
    }
    var filter = TransactionFilter()
    filter.kinds = [.debit]
    filter.reason = "odd"
    filter.minAmount = 5
    filter.maxAmount = 25
    var amounts: [Int64] = []
    for try await row in client.transactions(dollars("u1"), filter: filter, pageSize: 4, oldestFirst: true) {
      amounts.append(-row.amount)
    }
    #expect(amounts == [5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25])

    var told: [Rejection] = []
    for number in 0..<7 as Range<Int64> {
      do throws(WalletError) {
        _ = try await client.debit(dollars(number == 3 ? "u9" : "u1"), amount: 5_000 + number, why)
      } catch {
        if case .rejected(let rejection) = error { told.append(rejection) }
      }
    }
    var refusals: [Refusal] = []
    for try await refusal in client.refusals(pageSize: 3, oldestFirst: true) { refusals.append(refusal) }
    #expect(refusals.map(\.error) == told && refusals.map(\.id) == told.map(\.commitSeq))
    #expect(refusals.map(\.verb) == Array(repeating: "Debit", count: 7) && refusals[0].wallet == dollars("u1"))
    var some = RefusalFilter()
    some.wallet = dollars("u9")
    #expect(try await client.refusalsPage(some).refusals.map(\.amount) == [5_003])
    some = RefusalFilter()
    some.reasons = [.insufficientFunds]
    some.ownerID = "u1"
    #expect(try await client.refusalsPage(some, pageSize: 1_000).refusals.count == 6)
  }

  @Test("a statement of several pages adds up, as a table, CSV and JSON, and in a file")
  func statements() async throws {
    // Rows of 2,500 versions lie on three pages.
    let items = (0..<2_500).map { number in
      BatchItem.debit(dollars("u2"), amount: 1 + Int64(number % 3), why)
    }
    _ = try await client.openWallet(owner: "u2", currency: "USD")
    let credit = try await client.credit(dollars("u2"), amount: 10_000, why).transaction
    _ = try await client.batch(items, mode: .allOrNothing(key: "batch-0001"))
    let name = ["--owner", "u2", "--currency", "USD"]

    let table = try Programs.walletctl(["statement"] + name, service)
    #expect(table.status == 0 && table.output.contains("2502 transactions; the sum is right"), "\(table.errors)")
    #expect(table.output.split(separator: "\n").filter { $0.contains(" debit ") }.count == 2_500)

    let from = ["--from", "\(credit.createdAtMicros + 1)"]
    let file = service.folder.path + "/statement.json"
    try "older".write(toFile: file, atomically: true, encoding: .utf8)
    let json = try Programs.walletctl(
      ["statement"] + name + from + ["--format", "json", "--output", file], service)
    #expect(json.status == 0 && json.output.contains("2500 transactions, closing balance 50.01 USD"), "\(json.errors)")
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file))) as? [String: Any])
    #expect((object["transactions"] as? [Any])?.count == 2_500 && object["totalOut"] as? String == "4999")
    #expect((object["opening"] as? [String: Any])?["balance"] as? String == "10000")
    let left = try FileManager.default.contentsOfDirectory(atPath: service.folder.path)
    #expect(!left.contains { $0.hasSuffix(".partial") })

    let csv = try Programs.walletctl(["statement"] + name + from + ["--format", "csv"], service)
    let lines = csv.output.split(separator: "\r\n")
    #expect(csv.status == 0 && lines.count == 2_505 && lines.last?.contains("50.01") == true, "\(csv.errors)")
  }

  @Test("statements of one row, of an empty period, of before the wallet, and what goes wrong")
  func borders() async throws {
    let opened = try await client.openWallet(owner: "u3", currency: "JPY").transaction
    let name = ["statement", "--owner", "u3", "--currency", "JPY"]
    let one = try Programs.walletctl(name, service)
    #expect(one.status == 0 && one.output.contains("1 transaction; the sum is right") && one.output.contains("open"))
    try await Task.sleep(for: .milliseconds(2))
    let after = ["--from", "\(opened.createdAtMicros + 1)", "--to", "\(opened.createdAtMicros + 2)"]
    let empty = try Programs.walletctl(name + after, service)
    #expect(empty.status == 0 && empty.output.contains("0 transactions; the sum is right"), "\(empty.errors)")
    let before = try Programs.walletctl(name + ["--to", "2001-01-01"], service)
    #expect(before.status == 0 && before.output.contains("0 transactions"), "\(before.errors)")

    let future = try Programs.walletctl(name + ["--from", "2999-01-01"], service)
    #expect(future.status == 2 && future.errors.contains("--from lies in the future"))
    let nobody = try Programs.walletctl(["statement", "--owner", "u8", "--currency", "JPY"], service)
    #expect(nobody.status == 1 && nobody.errors.contains("WALLET_NOT_FOUND"))
    let nowhere = try Programs.walletctl(name + ["--output", "/nonexistent/file.csv"], service)
    #expect(nowhere.status == 2 && nowhere.errors.contains("can't write /nonexistent/file.csv: No such file"))
  }

  @Test("a statement whose rows don't lead to the balance is an error, and leaves no file")
  func edited() async throws {
    _ = try await client.debit(dollars("u1"), amount: 100, why)
    _ = try await client.debit(dollars("u1"), amount: 100, why)
    let database = try SQLiteFile(service.folder.path + "/data/ledger.db", mayWrite: true)
    try database.execute("DROP TRIGGER transactions_no_update")
    try database.execute("UPDATE transactions SET amount = -90 WHERE wallet_id = 1 AND version = 3")
    let file = service.folder.path + "/statement.csv"
    let result = try Programs.walletctl(
      ["statement", "--wallet", "1", "--format", "csv", "--output", file, "--json"], service)
    #expect(result.status == 1 && result.output.contains("STATEMENT_DIFFERS"), "\(result.output)")
    #expect(result.errors.contains("changes 10.00 USD by -0.90 USD to 9.00 USD"))
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test("history, balance and refusals of walletctl take their filters")
  func commands() async throws {
    _ = try await client.debit(dollars("u1"), amount: 250, MutationOptions(reason: "esim.purchase"))
    _ = try await client.debit(dollars("u1"), amount: 50, MutationOptions(reason: "fee"))
    _ = try Programs.walletctl(
      ["debit", "--owner", "u1", "--currency", "USD", "--amount", "99.00", "--reason", "esim.purchase"], service)
    let name = ["--owner", "u1", "--currency", "USD"]
    let some = try Programs.walletctl(["history"] + name + ["--kind", "debit", "--min", "1.00"], service)
    #expect(some.status == 0 && some.output.contains("-2.50 USD") && !some.output.contains("-0.50 USD"), "\(some)")
    let none = try Programs.walletctl(["history"] + name + ["--to", "2001-01-01"], service)
    #expect(none.status == 0 && none.output.split(separator: "\n").count == 1)
    let wrong = try Programs.walletctl(["history"] + name + ["--min", "2.00", "--max", "1.00"], service)
    #expect(wrong.status == 2 && wrong.errors.contains("--max must not be below --min"))

    let version = try Programs.walletctl(["balance"] + name + ["--version", "3"], service)
    #expect(version.output.contains("version 3") && version.output.contains("7.50 USD"), "\(version)")
    let future = try Programs.walletctl(["balance"] + name + ["--at", "2999-01-01"], service)
    #expect(future.status == 1 && future.errors.contains("time_micros"), "\(future)")

    let early = try Programs.walletctl(["balance"] + name + ["--at", "2001-01-01"], service)
    #expect(early.status == 1 && early.errors.contains("WALLET_NOT_FOUND: wallet 1 wasn't open yet"), "\(early)")

    let refusals = try Programs.walletctl(["refusals"] + name, service)
    #expect(refusals.output.contains("99.00 USD requested, 7.00 USD available, 92.00 USD short"), "\(refusals)")
    let json = try Programs.walletctl(["refusals", "--code", "WALLET_FROZEN", "--json"], service)
    #expect(json.status == 0 && json.output.contains(#""refusals":[]"#), "\(json)")
  }
}
