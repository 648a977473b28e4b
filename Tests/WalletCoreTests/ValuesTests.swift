import Testing
import WalletCore

@Suite("Values")
struct ValuesTests {
  @Test(
    "decimal text becomes minor units",
    arguments: [
      ("12.30", 2, 1230), ("12.3", 2, 1230), ("0.01", 2, 1), ("-0.5", 2, -50), ("7", 0, 7), ("7", 3, 7000),
      ("9223372036854775807", 0, Int64.max), ("-9223372036854775808", 0, .min), ("92233720368547758.07", 2, .max),
    ] as [(String, Int, Int64)])
  func parses(_ text: String, _ exponent: Int, _ expected: Int64) throws {
    #expect(try Money.minorUnits(text, exponent: exponent) == expected)
    #expect(try Money.minorUnits(Money.text(expected, exponent: exponent), exponent: exponent) == expected)
  }

  @Test("too many digits are an error, never rounded", arguments: [("1.234", 2), ("1.0", 0), ("0.0000", 3)])
  func tooManyDigits(_ text: String, _ exponent: Int) {
    #expect(throws: Money.ParseError.tooManyDigits(exponent: exponent)) {
      try Money.minorUnits(text, exponent: exponent)
    }
  }

  @Test(
    "what isn't an amount is refused", arguments: ["", ".", "1.", ".5", "1e3", "+1", "1,5", " 1", "١", "0x10", "--1"])
  func notNumbers(_ text: String) {
    #expect(throws: Money.ParseError.notANumber) { try Money.minorUnits(text, exponent: 2) }
  }

  @Test("beyond int64 is refused", arguments: ["9223372036854775808", "99999999999999999999", "-9223372036854775809"])
  func outOfRange(_ text: String) {
    #expect(throws: Money.ParseError.outOfRange) { try Money.minorUnits(text, exponent: 0) }
  }

  @Test("text is compared by bytes, not by canonical equivalence")
  func bytes() {
    let composed = Text("\u{E9}")
    let decomposed = Text("e\u{301}")
    #expect(composed.string == decomposed.string)
    #expect(composed != decomposed && Set([composed, decomposed]).count == 2)
  }

  @Test("only a canonical UUID is kept as bits, and both kinds read back as they came")
  func keys() throws {
    let uuid = "0190a1b2-c3d4-7e5f-8a6b-0123456789ab"
    #expect(IdempotencyKey(uuid) == .uuid(high: 0x0190_A1B2_C3D4_7E5F, low: 0x8A6B_0123_4567_89AB))
    for text in [uuid, uuid.uppercased(), "order-12345", String(repeating: "k", count: 64), "12345678"] {
      #expect(IdempotencyKey(text)?.text == text)
    }
    for text in ["", "1234567", String(repeating: "k", count: 65), "caf\u{E9}-key", "tab\tinside"] {
      #expect(IdempotencyKey(text) == nil)
    }
  }

  @Test("UUIDs of version 7 rise with their time and carry version and variant")
  func uuids() {
    let early = UUIDv7.text(milliseconds: 1_700_000_000_000, random: (.max, .max))
    let late = UUIDv7.text(milliseconds: 1_700_000_000_001, random: (0, 0))
    #expect(early < late && early == "018bcfe5-6800-7fff-bfff-ffffffffffff")
    #expect(late == "018bcfe5-6801-7000-8000-000000000000")
  }

  @Test("exponents of ISO 4217")
  func exponents() {
    #expect(ISO4217.exponent(of: "USD") == 2 && ISO4217.exponent(of: "JPY") == 0)
    #expect(ISO4217.exponent(of: "BHD") == 3 && ISO4217.exponent(of: "CLF") == 4)
    #expect(ISO4217.exponent(of: "usd") == nil && ISO4217.exponent(of: "XXX") == nil)
    #expect(ISO4217.exponents.count > 150)
  }

  @Test("available saturates instead of wrapping")
  func available() {
    #expect(Wallet.available(balance: .max, held: 0, overdraftLimit: .max) == .max)
    #expect(Wallet.available(balance: 10, held: 30, overdraftLimit: 5) == -15)
  }

  @Test("every code has a status, and only business refusals are remembered")
  func codes() {
    for reason in ErrorReason.allCases { #expect((1...16).contains(reason.status)) }
    #expect(ErrorReason.insufficientFunds.name == "INSUFFICIENT_FUNDS" && ErrorReason.internal.name == "INTERNAL")
    let forgotten = ErrorReason.allCases.filter { !$0.isRemembered }
    #expect(forgotten.map(\.rawValue) == Array(1...11) + [24, 35, 36])
  }

  @Test("a cursor reads back, and nothing else does")
  func cursors() {
    let cursor = Cursor(ledgerID: "l", epoch: 1, list: .wallets, subject: "u1", position: 77)
    #expect(Cursor(encoded: cursor.encoded) == cursor)
    for text in ["", "zz", "00", String(cursor.encoded.dropLast()), cursor.encoded + "00"] {
      #expect(Cursor(encoded: text) == nil)
    }
  }
}

@Suite("The clock")
struct ClockTests {
  private let start = LedgerClock.Reading(wall: 1_000_000_000_000, monotonic: 0)

  private func reading(wall: Int64, monotonic: Int64) -> LedgerClock.Reading {
    LedgerClock.Reading(wall: start.wall + wall * 1_000_000, monotonic: monotonic * 1_000_000)
  }

  @Test("stored time never decreases")
  func monotone() throws {
    var clock = LedgerClock(lastStored: 0, start: start, acceptsClock: false)
    clock.stored(try clock.now(reading(wall: 10, monotonic: 10)))
    #expect(try clock.now(reading(wall: 5, monotonic: 11)) == start.wall + 10_000_000)
  }

  @Test("a jump of the wall clock stops mutations until it agrees again")
  func jump() throws {
    var clock = LedgerClock(lastStored: 0, start: start, acceptsClock: false)
    #expect(throws: LedgerClock.Fault.self) { try clock.now(reading(wall: 100, monotonic: 10)) }
    #expect(throws: LedgerClock.Fault.self) { try clock.now(reading(wall: -60, monotonic: 10)) }
    #expect(throws: Never.self) { try clock.now(reading(wall: 69, monotonic: 10)) }
  }

  @Test("at start the wall clock may not lie far from the last stored time, unless the operator says so")
  func gapAtStart() throws {
    for (gap, isFine) in [(Int64(-61), false), (-59, true), (86_399, true), (86_401, false)] {
      var clock = LedgerClock(lastStored: start.wall, start: start, acceptsClock: false)
      let result = Result { try clock.now(reading(wall: gap, monotonic: 0)) }
      #expect(((try? result.get()) != nil) == isFine, "a gap of \(gap) s")
      var accepting = LedgerClock(
        lastStored: start.wall, start: reading(wall: gap, monotonic: 0), acceptsClock: true)
      #expect(throws: Never.self) { try accepting.now(reading(wall: gap, monotonic: 0)) }
    }
  }
}
