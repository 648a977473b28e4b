import Testing
import WalletCore

@Suite("Decisions")
struct DecideTests {
  @Test("a debit takes, a credit gives, and the row says what was and what is")
  func postings() throws {
    for (verb, amount, account) in [(Verb.debit, Int64(-100), "sales"), (.credit, 100, "funding")] {
      let command = Sample.command(verb)
      guard let (row, wallet) = decide(command, Sample.facts(), now: Sample.now).posted(for: command) else {
        Issue.record("\(verb) was refused")
        continue
      }
      #expect(row.amount == amount && row.balance == 500 + amount && wallet.balance == row.balance)
      #expect(row.version == 8 && wallet.version == 8 && row.seq == 42 && wallet.lastSeq == 42)
      #expect(row.counterAccount.string == account && row.createdAt == Sample.now)
      #expect(row.attribution.origin == Sample.origin && row.attribution.audit.reason == "esim.purchase")
    }
  }

  @Test("the whole of what is available can be spent, and one more cannot")
  func boundary() {
    let wallet = Sample.wallet(balance: 500, held: 200, overdraftLimit: 50)
    #expect(wallet.available == 350)
    #expect(decide(Sample.command(amount: 350), Sample.facts(wallet: wallet), now: Sample.now).reason == nil)
    let refused = decide(Sample.command(amount: 351), Sample.facts(wallet: wallet), now: Sample.now)
    guard case .refuse(let failure) = refused else {
      Issue.record("a debit beyond what is available was not refused")
      return
    }
    let figures = InsufficientFunds(
      requested: 351, available: 350, balance: 500, held: 200, overdraftLimit: 50, version: 7)
    #expect(failure.detail == .insufficientFunds(figures) && figures.shortfall == 1)
  }

  @Test("the shortfall is a typed figure, not only text (a peer's defect)")
  func typedShortfall() {
    let decision = decide(Sample.command(amount: 700), Sample.facts(), now: Sample.now)
    guard case .refuse(let failure) = decision, case .insufficientFunds(let figures) = failure.detail else {
      Issue.record("no typed figures")
      return
    }
    #expect(figures.shortfall == 200)
  }

  @Test("a credit that would leave int64 is an error and never wraps")
  func overflow() {
    let full = Sample.wallet(balance: .max - 10)
    #expect(decide(Sample.command(.credit, amount: 10), Sample.facts(wallet: full), now: Sample.now).reason == nil)
    #expect(
      decide(Sample.command(.credit, amount: 11), Sample.facts(wallet: full), now: Sample.now).reason == .amountOverflow
    )
    let total = Sample.facts(counterAccountTotal: .min + 5)
    #expect(decide(Sample.command(.credit, amount: 6), total, now: Sample.now).reason == .amountOverflow)
  }

  @Test("opening makes version 1 and stores the name; a name that is taken is refused")
  func opening() throws {
    let decision = decide(Sample.command(.openWallet), Sample.facts(wallet: nil), now: Sample.now)
    guard let (row, wallet) = decision.posted(for: Sample.command(.openWallet)) else {
      Issue.record("opening was refused")
      return
    }
    #expect(row.kind == .open && row.version == 1 && row.amount == 0 && wallet.balance == 0 && wallet.id == 6)
    #expect(OpenDetail(encoded: row.detail) == OpenDetail(name: Sample.name, exponent: 2))
    #expect(decide(Sample.command(.openWallet), Sample.facts(), now: Sample.now).reason == .walletExists)
  }

  @Test("the expected version is checked against the wallet's, and its figures come back")
  func expectedVersion() {
    #expect(decide(Sample.command(expectedVersion: 7), Sample.facts(), now: Sample.now).reason == nil)
    guard case .fail(let failure) = decide(Sample.command(expectedVersion: 6), Sample.facts(), now: Sample.now) else {
      Issue.record("a stale version was not refused")
      return
    }
    #expect(failure.detail == .versionConflict(expected: 6, actual: 7, balance: 500))
  }
}
