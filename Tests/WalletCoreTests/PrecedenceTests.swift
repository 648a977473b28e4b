import Testing
import WalletCore

/// Each reason that a debit can be refused for, with the one thing about it that is wrong.
private struct Fault: Sendable, CustomStringConvertible {
  var reason: ErrorReason
  var bend: @Sendable (inout Command, inout Facts) -> Void

  var description: String { reason.name }

  /// In the order of precedence.
  static let all: [Fault] = [
    Fault(reason: .invalidArgument) { command, _ in command.violation = .invalidArgument("note", "is too long") },
    Fault(reason: .currencyUnknown) { _, facts in facts.exponent = nil },
    Fault(reason: .currencyMismatch) { command, facts in
      command.wallet = .id(5, currency: "EUR")
      facts.wallet?.currency = "USD"
    },
    Fault(reason: .counterAccountUnknown) { command, facts in
      command.counterAccount = "nowhere"
      facts.counterAccountTotal = nil
    },
    Fault(reason: .walletNotFound) { _, facts in facts.wallet = nil },
    Fault(reason: .walletClosed) { _, facts in facts.wallet?.status = .closed },
    Fault(reason: .versionConflict) { command, _ in command.expectedVersion = 3 },
    Fault(reason: .insufficientFunds) { command, _ in command.amount = .max },
    Fault(reason: .amountOverflow) { _, facts in
      if facts.counterAccountTotal != nil { facts.counterAccountTotal = .max }
    },
  ]
}

@Suite("Precedence of refusals")
struct PrecedenceTests {
  @Test("each fault alone is answered with its own code", arguments: Fault.all)
  private func alone(_ fault: Fault) {
    var command = Sample.command()
    var facts = Sample.facts()
    fault.bend(&command, &facts)
    #expect(decide(command, facts, now: Sample.now).reason == fault.reason)
  }

  @Test("of two faults the one with the lower number is answered", arguments: Fault.all, Fault.all)
  private func pairs(_ first: Fault, _ second: Fault) {
    // A wallet that isn't there has no currency, status, version, or balance that could be wrong; the pair is then that
    // of the missing wallet alone.
    var command = Sample.command()
    var facts = Sample.facts()
    first.bend(&command, &facts)
    second.bend(&command, &facts)
    let isMissing = [first.reason, second.reason].contains(.walletNotFound)
    let reasons = [first.reason, second.reason].filter { !isMissing || $0 != .currencyMismatch }
    let expected = reasons.min { $0.rawValue < $1.rawValue }
    #expect(decide(command, facts, now: Sample.now).reason == expected)
  }

  @Test("a mismatch comes before every other code", arguments: Fault.all)
  private func mismatchFirst(_ fault: Fault) {
    var command = Sample.command(amount: 99)
    var facts = Sample.facts()
    guard let (row, wallet) = decide(Sample.command(), facts, now: Sample.now).posted(for: Sample.command()) else {
      Issue.record("the sample command was refused")
      return
    }
    fault.bend(&command, &facts)
    facts.prior = .transaction(row, currency: wallet.currency, exponent: 2)
    #expect(decide(command, facts, now: Sample.now).reason == .idempotencyMismatch)
  }

  @Test("refusals are remembered, but for those that aren't about money", arguments: Fault.all)
  private func remembered(_ fault: Fault) {
    var command = Sample.command()
    var facts = Sample.facts()
    fault.bend(&command, &facts)
    let isRemembered = decide(command, facts, now: Sample.now).isRemembered
    #expect(isRemembered == (fault.reason != .invalidArgument && fault.reason != .versionConflict))
  }
}
