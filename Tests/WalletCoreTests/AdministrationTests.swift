import Testing
import WalletCore

@Suite("Administration")
struct AdministrationTests {
  private static func command(_ parameters: Command.Parameters = .currency(code: "ESIM-MB", exponent: 3)) -> Command {
    var isCurrency = false
    if case .currency = parameters { isCurrency = true }
    return Command(
      verb: isCurrency ? .registerCurrency : .addCounterAccount, key: Sample.key(), wallet: .none,
      audit: Command.Audit(
        reason: "new.product", note: "note", reference: "r-1", onBehalfOf: "u1", correlationID: "c1", occurredAt: 5,
        metadata: [MetadataPair(key: "a", value: "b")]), origin: Sample.origin, parameters: parameters)
  }

  private static let account = command(.counterAccount(name: "vouchers"))

  private static func decided(
    _ command: Command, _ change: (inout AdministrationFacts) -> Void = { _ in }
  ) -> AdministrationDecision {
    var facts = AdministrationFacts(nextSeq: 42)
    change(&facts)
    return decideAdministration(command, facts, now: Sample.now)
  }

  private static func row(_ command: Command) throws -> AdministrationRow {
    guard case .append(let row) = decided(command) else { throw TestFailure("not appended") }
    return row
  }

  @Test("a currency or counter-account that isn't there becomes a row that says all of the request")
  func rows() throws {
    for command in [Self.command(), Self.account] {
      let row = try Self.row(command)
      #expect(row.seq == 42 && row.createdAt == Sample.now && row.verb == command.verb && row.key == command.key)
      #expect(row.attribution == command.attribution)
      #expect(Command.Parameters(encoded: row.detail) == command.parameters)
    }
  }

  @Test("what is there already is refused, and the refusal is remembered")
  func exists() {
    guard case .refuse(let currency) = Self.decided(Self.command(), { $0.isThere = true }),
      case .refuse(let account) = Self.decided(Self.account, { $0.isThere = true })
    else {
      Issue.record("not refused")
      return
    }
    #expect(currency == Failure(.currencyExists, .currency(wallet: "", request: "ESIM-MB")))
    #expect(account == Failure(.counterAccountExists, .counterAccount("vouchers")))
    #expect(currency.message == "there is a currency ESIM-MB already")
    #expect(account.message == "there is a counter-account vouchers already")
    #expect(currency.isRemembered && account.isRemembered)
  }

  @Test("past the bound nothing is added, and that isn't remembered; what is there is still told")
  func bounds() {
    for (command, field, countMax) in [
      (Self.command(), "code", LedgerLimits.registeredCurrenciesMax),
      (Self.account, "name", LedgerLimits.counterAccountsMax),
    ] {
      guard case .append = Self.decided(command, { $0.count = countMax - 1 }),
        case .fail(let failure) = Self.decided(command, { $0.count = countMax }),
        case .refuse = Self.decided(command, { ($0.isThere, $0.count) = (true, countMax) })
      else {
        Issue.record("\(field)")
        continue
      }
      guard case .invalidArgument(field, let rule) = failure.detail else {
        Issue.record("\(failure)")
        continue
      }
      #expect(!failure.isRemembered && rule.contains("\(countMax)"))
    }
  }

  @Test("a broken rule of form is answered before what is there, and a known key before the broken rule")
  func precedence() throws {
    var broken = Self.command()
    broken.violation = .invalidArgument("exponent", "is above 18")
    guard case .fail(let failure) = Self.decided(broken, { $0.isThere = true }) else {
      Issue.record("not failed")
      return
    }
    #expect(failure.reason == .invalidArgument)
    let first = try Self.row(Self.command())
    guard
      case .replay(.administration(let row)) = Self.decided(
        broken,
        {
          $0.prior = .administration(first)
          $0.isThere = true
        })
    else {
      Issue.record("a known key was not replayed")
      return
    }
    #expect(row == first)
  }

  @Test("a remembered refusal answers its key for ever, with its request only")
  func refusals() throws {
    guard case .refuse(let failure) = Self.decided(Self.command(), { $0.isThere = true }) else {
      Issue.record("not refused")
      return
    }
    let refusal = RefusalRow(
      refusing: Self.command(), walletID: nil, failure: failure, seq: 7, createdAt: Sample.now)
    #expect(refusal.format == RefusalRow.formatWithParameters && refusal.failure == failure)
    guard case .replay(.refusal) = Self.decided(Self.command(), { $0.prior = .refusal(refusal) }) else {
      Issue.record("not replayed")
      return
    }
    #expect(Self.mismatch(Self.command(.currency(code: "ESIM-MB", exponent: 0)), .refusal(refusal)) == "exponent")
  }

  private static func mismatch(_ command: Command, _ prior: Prior) -> String? {
    guard case .fail(let failure) = decided(command, { $0.prior = prior }), failure.reason == .idempotencyMismatch,
      case .mismatch(let field) = failure.detail
    else { return nil }
    return field
  }

  private static let changes: [(field: String, change: @Sendable (inout Command) -> Void)] = [
    ("reason", { $0.audit.reason = "other" }),
    ("note", { $0.audit.note = "" }),
    ("reference", { $0.audit.reference = "r-2" }),
    ("on_behalf_of", { $0.audit.onBehalfOf = "u2" }),
    ("occurred_at_micros", { $0.audit.occurredAt = 6 }),
    ("metadata", { $0.audit.metadata = [] }),
    ("code", { $0.parameters = .currency(code: "ESIM-GB", exponent: 0) }),
    ("exponent", { $0.parameters = .currency(code: "ESIM-MB", exponent: 0) }),
    (
      "verb",
      {
        $0.verb = .addCounterAccount
        $0.parameters = .counterAccount(name: "vouchers")
      }
    ),
  ]

  @Test("the same key with another payload is a mismatch that names the field", arguments: 0..<9)
  func mismatches(_ index: Int) throws {
    let prior = Prior.administration(try Self.row(Self.command()))
    var command = Self.command()
    Self.changes[index].change(&command)
    #expect(Self.mismatch(command, prior) == Self.changes[index].field)
  }

  @Test("another counter-account is a mismatch; correlation id and origin aren't compared")
  func names() throws {
    let prior = Prior.administration(try Self.row(Self.account))
    #expect(Self.mismatch(Self.command(.counterAccount(name: "gifts")), prior) == "name")
    var same = Self.account
    same.audit.correlationID = "c2"
    same.origin = Origin(actor: "somebody", source: "10.0.0.1", clientName: "other")
    guard case .replay = Self.decided(same, { $0.prior = prior }) else {
      Issue.record("the same request was not replayed")
      return
    }
  }

  @Test("a key belongs to one request, whether it changes wallets or not")
  func keysOfOthers() throws {
    let prior = Prior.administration(try Self.row(Self.command()))
    guard case .fail(let failure) = decide(Sample.command(), Sample.facts(prior: prior), now: Sample.now) else {
      Issue.record("a debit under the key of a currency was not refused")
      return
    }
    #expect(failure.detail == .mismatch(field: "verb"))
    let debit = Sample.command()
    guard let (row, wallet) = decide(debit, Sample.facts(), now: Sample.now).posted(for: debit) else {
      Issue.record("the debit was refused")
      return
    }
    #expect(Self.mismatch(Self.command(), .transaction(row, currency: wallet.currency, exponent: 2)) == "verb")
  }

  @Test("a sum of all wallets that would leave int64 is an error, after that of the counter-account")
  func totals() {
    func reason(_ verb: Verb, _ total: Int64, account: Int64 = 0) -> FailureDetail? {
      var facts = Sample.facts(wallet: Sample.wallet(balance: 500), counterAccountTotal: account)
      facts.walletsTotal = total
      guard case .refuse(let failure) = decide(Sample.command(verb, amount: 100), facts, now: Sample.now) else {
        return nil
      }
      #expect(failure.reason == .amountOverflow)
      return failure.detail
    }
    #expect(reason(.credit, .max - 100) == nil && reason(.debit, .min + 100) == nil)
    #expect(reason(.credit, .max - 99) == .overflow(field: "currency"))
    #expect(reason(.debit, .min + 99) == .overflow(field: "currency"))
    #expect(reason(.credit, .max - 99, account: .min) == .overflow(field: "counter_account"))
  }
}
