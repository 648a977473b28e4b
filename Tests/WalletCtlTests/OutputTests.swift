import Testing
import WalletWire

@testable import WalletClient
@testable import walletctl

@Suite struct OutputTests {
  static let usd = Unit(currency: "USD", exponent: 2)

  @Test func amounts() {
    #expect(AmountText.minorUnits("12.30", unit: Self.usd) == 1_230)
    #expect(AmountText.minorUnits("12", unit: Self.usd) == 1_200)
    #expect(AmountText.rule("12.305", unit: Self.usd) == "has more digits after the point than USD has (2): '12.305'")
    for text in ["0", "-1", "1.", ".5", "1e2", "", "+1", "1,5", "99999999999999999999", "NaN"] {
      #expect(AmountText.minorUnits(text, unit: Self.usd) == nil, "\(text)")
      #expect(AmountText.rule(text, unit: Self.usd) != nil, "\(text)")
    }
  }

  @Test func times() {
    #expect(Timestamp.micros("2026-01-31T12:00:00Z") == 1_769_860_800_000_000)
    #expect(Timestamp.micros("2026-01-31T13:00:00.5+01:00") == 1_769_860_800_500_000)
    #expect(Timestamp.micros("2024-02-29T00:00:00.000001Z") == 1_709_164_800_000_001)
    #expect(Timestamp.micros("1738324800000000") == 1_738_324_800_000_000)
    #expect(Timestamp.text(1_709_164_800_000_001) == "2024-02-29T00:00:00.000001Z")
    for text in [
      "", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-31", "2026-01-31T12:00:00", "-5", "0",
      "2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00:00Zx",
    ] {
      #expect(Timestamp.micros(text) == nil, "\(text)")
    }
    for day in stride(from: Int64(1), to: 60_000, by: 13) {
      let micros = day * 86_400_000_000 + 3_723_000_004
      #expect(Timestamp.micros(Timestamp.text(micros)) == micros)
    }
  }

  @Test func tablesAlign() {
    var table = Table([("NAME", .left), ("AMOUNT", .right)])
    table.add(["a", "1.00 USD"])
    table.add(["long", "12.30 USD"])
    #expect(table.text == "NAME     AMOUNT\na      1.00 USD\nlong  12.30 USD")
  }

  @Test func exitCodesAndFigures() {
    let figures = InsufficientFunds.sample
    let rejection = Rejection.sample(.insufficientFunds(figures))
    let refused = ErrorReport(error: .rejected(rejection), server: "s:1", unit: Self.usd).failure(json: true)
    #expect(refused.exitCode == 1)
    #expect(refused.text.contains("20.00 USD requested, 12.30 USD available, 7.70 USD short"))
    #expect(refused.json?["error"]?["code"] == .string("INSUFFICIENT_FUNDS"))
    #expect(refused.json?["error"]?["detail"]?["shortfall"] == .string("770"))

    let gone = ErrorReport(error: .notExecuted(key: nil, cause: .unreachable("refused")), server: "s:1", unit: nil)
    #expect(gone.failure(json: false).exitCode == 3)
    #expect(gone.failure(json: false).json == nil)

    let unknown = ErrorReport(error: .outcomeUnknown(key: "key-0001", cause: .timedOut("")), server: "s:1", unit: nil)
    #expect(unknown.failure(json: true).exitCode == 4)
    #expect(unknown.failure(json: true).text.contains("--key key-0001 is safe to repeat"))
    #expect(unknown.failure(json: true).json?["error"]?["key"] == .string("key-0001"))
  }

  @Test("refusals of holds, refunds, freezes and limits say their figures and times")
  func headlines() {
    let cases: [(ErrorReason, RejectionDetail, String)] = [
      (
        .holdAmountExceeded, .hold(HoldFigures(holdID: 7, atMicros: 1_000_000, remaining: 350)),
        "hold 7 has 3.50 USD left, until 1970-01-01T00:00:01.000000Z"
      ),
      (
        .holdReleased, .hold(HoldFigures(holdID: 7, atMicros: 1_000_000, remaining: 0)),
        "hold 7 was released at 1970-01-01T00:00:01.000000Z"
      ),
      (.holdNotFound, .hold(HoldFigures(holdID: 7, atMicros: 0, remaining: 0)), "no"),
      (
        .refundExceedsOriginal, .refundExceeds(original: 900, refunded: 600, remaining: 300),
        "of 9.00 USD 6.00 USD were refunded, 3.00 USD may still be"
      ),
      (
        .walletFrozen,
        .walletFrozen(
          WalletFrozen(walletID: 1, scope: .debit, reason: "fraud", sinceMicros: 1_000_000, untilMicros: 0)),
        "wallet 1 is frozen for debits since 1970-01-01T00:00:01.000000Z: fraud"
      ),
      (
        .walletNotEmpty, .walletNotEmpty(balance: 500, openHolds: 1),
        "the wallet has a balance of 5.00 USD and 1 open hold"
      ),
      (
        .limitExceeded,
        .limitExceeded(LimitExceeded(kind: .dayCount, limit: 5, used: 4, remaining: 1, windowEndMicros: 1)),
        "the limit day count is 5: 4 used, 1 left"
      ),
      (
        .limitExceeded,
        .limitExceeded(LimitExceeded(kind: .weekAmount, limit: 500, used: 400, remaining: 100, windowEndMicros: 1)),
        "the limit week amount is 5.00 USD: 4.00 USD used, 1.00 USD left"
      ),
      (
        .maxBalanceExceeded, .maxBalanceExceeded(limit: 500, balance: 400, remaining: 100),
        "the balance may not pass 5.00 USD; it is 4.00 USD, and 1.00 USD may be put in"
      ),
      (.sameWallet, .wallet(id: 1, owner: "", currency: "", name: ""), "the wallet that gives is the one that gets"),
    ]
    for (reason, detail, sentence) in cases {
      var rejection = Rejection.sample(detail)
      (rejection.reason, rejection.code) = (reason, reason.name)
      #expect(RejectionHeadline(rejection: rejection, unit: Self.usd).text == "\(reason.name): \(sentence)")
    }
  }

  @Test("figures in JSON have the names and values of the schema")
  func figuresInJSON() {
    let frozen = RejectionFigures(
      .walletFrozen(WalletFrozen(walletID: 1, scope: .all, reason: "fraud", sinceMicros: 2, untilMicros: 3)),
      unit: nil)
    #expect(frozen.pairs.map(\.jsonName) == ["walletId", "scope", "reason", "sinceMicros", "untilMicros"])
    #expect(frozen.pairs[1].json == .string("FREEZE_SCOPE_ALL"))
    let limit = RejectionFigures(
      .limitExceeded(LimitExceeded(kind: .dayCount, limit: 5, used: 5, remaining: 0, windowEndMicros: 9)),
      unit: Self.usd)
    #expect(limit.pairs.map(\.jsonName) == ["kind", "limit", "used", "remaining", "windowEndMicros"])
    #expect(limit.pairs[0].json == .string("LIMIT_KIND_DAY_COUNT") && limit.pairs[0].text == "day count")
    #expect(limit.pairs[1].text == "5" && limit.pairs[1].amount == nil)
    let newer = RejectionFigures(
      .limitExceeded(LimitExceeded(kind: nil, limit: 5, used: 5, remaining: 0, windowEndMicros: 0)), unit: Self.usd)
    #expect(newer.pairs[0].text == "unknown")
  }

  @Test func timeSpans() {
    #expect(TimeSpan.seconds("90s") == 90 && TimeSpan.seconds("15m") == 900)
    #expect(TimeSpan.seconds("2h") == 7_200 && TimeSpan.seconds("7d") == 604_800)
    for text in ["", "15", "m", "0s", "-1h", "+1h", "1.5h", "1w", "1h30m", " 1h", "99999999999999999d"] {
      #expect(TimeSpan.seconds(text) == nil, "\(text)")
    }
  }

  @Test("the commands of holds, freezes and limits, and what they don't take")
  func specialCommandsParse() throws {
    let wallet = ["--owner", "u", "--currency", "USD", "--reason", "r"]
    let good: [[String]] = [
      ["transfer", "--amount", "1", "--to-owner", "v", "--to-name", "n"] + wallet,
      ["transfer", "--amount", "1", "--to-wallet", "2", "--expect-version", "3"] + wallet,
      ["hold", "--amount", "1", "--for", "366d"] + wallet,
      ["capture", "--hold", "7", "--reason", "r"],
      ["capture", "--hold", "7", "--amount", "1", "--currency", "USD", "--final", "--reason", "r"],
      ["capture", "--hold", "7", "--amount", "1", "--currency", "ESIM-MB", "--reason", "r"],
      ["release", "--hold", "7", "--reason", "r"],
      ["refund", "--transaction", "7", "--amount", "1", "--wallet", "1", "--reason", "r"],
      ["freeze", "--scope", "debit", "--until", "2026-01-31T12:00:00Z"] + wallet,
      ["unfreeze"] + wallet, ["close"] + wallet,
      ["set-limits", "--none"] + wallet,
      ["set-limits", "--overdraft", "5", "--day-count", "3", "--month-amount", "100"] + wallet,
    ]
    for arguments in good { #expect(throws: Never.self, "\(arguments)") { try WalletCtl.parseAsRoot(arguments) } }
    let bad: [[String]] = [
      ["transfer", "--amount", "1"] + wallet,
      ["transfer", "--amount", "1", "--to-wallet", "2", "--to-owner", "v"] + wallet,
      ["hold", "--amount", "1", "--for", "367d"] + wallet, ["hold", "--amount", "1"] + wallet,
      ["capture", "--hold", "0", "--reason", "r"],
      ["capture", "--hold", "7", "--amount", "1", "--reason", "r"],
      ["capture", "--hold", "7", "--amount", "1", "--currency", "USD", "--wallet", "1", "--reason", "r"],
      ["release", "--reason", "r"], ["refund", "--transaction", "-1", "--reason", "r"],
      ["freeze", "--scope", "some"] + wallet, ["freeze", "--until", "tomorrow"] + wallet,
      ["close", "--owner", "u", "--currency", "USD"],
      ["set-limits"] + wallet, ["set-limits", "--none", "--day-count", "3"] + wallet,
      ["set-limits", "--day-count", "0"] + wallet,
    ]
    for arguments in bad {
      #expect(throws: (any Error).self, "\(arguments)") { try WalletCtl.parseAsRoot(arguments) }
    }
  }

  @Test func everyCommandParses() throws {
    let debit = try WalletCtl.parseAsRoot([
      "debit", "--server", "h:1", "--json", "--timeout", "2", "--owner", "u", "--currency", "USD", "--name", "n",
      "--amount", "12.30", "--reason", "r", "--note", "n", "--reference", "f", "--key", "key-0001", "--expect-version",
      "3", "--counter-account", "sales", "--occurred-at", "2026-01-31T12:00:00Z", "--on-behalf-of", "o",
      "--correlation-id", "c", "--metadata", "a=b", "--metadata", "c=d=e",
    ])
    #expect(debit is DebitCommand)
    for arguments in [
      ["debit", "--owner", "u", "--currency", "USD", "--amount", "1"], ["balance"], ["balance", "--owner", "u"],
      ["balance", "--wallet", "1", "--owner", "u"], ["ping", "--server", "nowhere"], ["nonsense"],
      ["debit", "--wallet", "1", "--amount", "1", "--reason", "r", "--metadata", "x"], ["apply"],
    ] {
      #expect(throws: (any Error).self, "\(arguments)") { try WalletCtl.parseAsRoot(arguments) }
    }
    #expect(try WalletCtl.parseAsRoot(["batch", "f", "--atomic", "--key", "batch-0001"]) is BatchFileCommand)
    #expect(throws: (any Error).self) { try WalletCtl.parseAsRoot(["batch", "f", "--key", "batch-0001"]) }
    let options = try #require(debit as? DebitCommand).arguments.options(reason: "r", key: "k")
    #expect(options.metadata == [MetadataEntry(key: "a", value: "b"), MetadataEntry(key: "c", value: "d=e")])
  }
}

@Suite("Batches from files") struct BatchFileTests {
  private func batch(_ text: String, key: String? = nil) throws -> BatchRequest {
    BatchRequest(try JSONParser.parse(text), key: key, makeKey: { "018bcfe5-6800-7fff-bfff-000000000000" })
  }

  @Test("items get keys where they have none, and an atomic batch one for all")
  func keys() throws {
    let items = #"{"items":[{"debit":{"amount":"1"}},{"credit":{"idempotencyKey":"mine-0001"}},{"credit":{}}]}"#
    let request = try batch(items)
    #expect(
      request.itemKeys == ["018bcfe5-6800-7fff-bfff-000000000000", "mine-0001", "018bcfe5-6800-7fff-bfff-000000000002"])
    guard case .array(let values)? = request.value["items"] else { throw BatchFile.Failure(text: "no items") }
    #expect(values[0]["debit"]?["idempotencyKey"] == .string(request.itemKeys[0]))
    #expect(values[1]["credit"]?["idempotencyKey"] == .string("mine-0001"))

    let atomic = try batch(#"{"atomic":true,"items":[{"debit":{"amount":"1"}}]}"#, key: "batch-0001")
    #expect(atomic.value["idempotencyKey"] == .string("batch-0001") && atomic.keys.key == "batch-0001")
    guard case .array(let keyless)? = atomic.value["items"] else { throw BatchFile.Failure(text: "no items") }
    #expect(keyless[0]["debit"]?["idempotencyKey"] == nil)
  }

  @Test("a file: lines are counted with the empty ones, and what isn't JSON is named by its line")
  func lines() throws {
    #expect(try BatchFile(Array("{}\n\n  \r\n{\"debit\":{}}\n".utf8)).lines == [1, 4])
    for (text, part) in [("{}\n{", "line 2"), ("\n", "no item"), (String(repeating: "{}\n", count: 8_191), "8190")] {
      #expect {
        try BatchFile(Array(text.utf8))
      } throws: { error in
        (error as? BatchFile.Failure)?.text.contains(part) ?? false
      }
    }
  }
}

extension InsufficientFunds {
  static let sample = InsufficientFunds(
    requested: 2_000, available: 1_230, balance: 1_230, held: 0, overdraftLimit: 0, shortfall: 770, version: 2)
}

extension Rejection {
  static func sample(_ detail: RejectionDetail) -> Rejection {
    Rejection(
      reason: .insufficientFunds, code: "INSUFFICIENT_FUNDS", detail: detail, message: "no", status: 9,
      replayed: false, commitSeq: 4, key: "key-0009", retryAfterMillis: 0)
  }
}
