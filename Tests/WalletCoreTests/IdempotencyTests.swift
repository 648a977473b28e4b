import Testing
import WalletCore

@Suite("Idempotency")
struct IdempotencyTests {
  /// A request in which every compared field is set, and one change for each.
  private static let audit = Command.Audit(
    reason: "esim.purchase", note: "note", reference: "order-1", onBehalfOf: "u1", correlationID: "c1", occurredAt: 5,
    metadata: [MetadataPair(key: "sku", value: "eu-5gb")])
  private static let full = Sample.command(counterAccount: "adjustments", audit: audit)

  static let changes: [(field: String, change: @Sendable (inout Command) -> Void)] = [
    ("verb", { $0.verb = .credit }),
    ("amount", { $0.amount = 101 }),
    ("reason", { $0.audit.reason = "other" }),
    ("note", { $0.audit.note = "" }),
    ("reference", { $0.audit.reference = "order-2" }),
    ("on_behalf_of", { $0.audit.onBehalfOf = "u2" }),
    ("counter_account", { $0.counterAccount = "" }),
    ("occurred_at_micros", { $0.audit.occurredAt = 6 }),
    ("metadata", { $0.audit.metadata[0].value = "eu-10gb" }),
  ]

  private func prior() throws -> Prior {
    guard let (row, wallet) = decide(Self.full, Sample.facts(), now: Sample.now).posted(for: Self.full) else {
      throw TestFailure("the first request was refused")
    }
    return .transaction(row, currency: wallet.currency, exponent: 2)
  }

  @Test("the same key with another payload is a mismatch that names the field (a peer's defect)", arguments: 0..<9)
  func mismatch(_ index: Int) throws {
    var command = Self.full
    Self.changes[index].change(&command)
    guard case .fail(let failure) = decide(command, Sample.facts(prior: try prior()), now: Sample.now) else {
      Issue.record("another payload was not noticed")
      return
    }
    #expect(failure == Failure(.idempotencyMismatch, .mismatch(field: Self.changes[index].field)))
  }

  @Test("of several fields that differ the first in order is named")
  func firstField() throws {
    var command = Self.full
    command.audit.metadata = []
    command.audit.note = "another"
    command.amount = 7
    guard case .fail(let failure) = decide(command, Sample.facts(prior: try prior()), now: Sample.now) else {
      Issue.record("another payload was not noticed")
      return
    }
    #expect(failure.detail == .mismatch(field: "amount"))
  }

  @Test("another wallet, and a currency that isn't the wallet's, are mismatches")
  func wallets() throws {
    var other = Sample.wallet()
    other.id = 9
    let facts = Sample.facts(prior: try prior(), wallet: other)
    guard case .fail(let failure) = decide(Self.full, facts, now: Sample.now) else {
      Issue.record("another wallet was not noticed")
      return
    }
    #expect(failure.detail == .mismatch(field: "wallet"))

    var command = Self.full
    command.wallet = .id(5, currency: "EUR")
    guard case .fail(let second) = decide(command, Sample.facts(prior: try prior()), now: Sample.now) else {
      Issue.record("another currency was not noticed")
      return
    }
    #expect(second.detail == .mismatch(field: "currency"))
  }

  @Test("expected version, correlation id and source aren't compared, nor how the wallet is named")
  func notCompared() throws {
    var command = Self.full
    command.expectedVersion = 3
    command.audit.correlationID = "c2"
    command.origin = Origin(actor: "somebody", source: "10.0.0.1", clientName: "other")
    command.wallet = .id(5, currency: "")
    command.counterAccount = "adjustments"
    guard case .replay(.transaction(let row, _, _)) = decide(command, Sample.facts(prior: try prior()), now: 9) else {
      Issue.record("the same request was not replayed")
      return
    }
    #expect(row.createdAt == Sample.now)
  }

  @Test("a replay comes before rules that have changed since, and before what is wrong with the request now")
  func replayBeforeRules() throws {
    var command = Self.full
    command.violation = .invalidArgument("note", "is longer than this version allows")
    let facts = Sample.facts(prior: try prior(), wallet: Sample.wallet(balance: 0), counterAccountTotal: nil)
    guard case .replay = decide(command, facts, now: Sample.now) else {
      Issue.record("a known key was not replayed")
      return
    }
  }

  @Test("a remembered refusal answers its key although the wallet could pay by now")
  func refusalForEver() {
    let poor = decide(Sample.command(amount: 700), Sample.facts(), now: Sample.now)
    guard let refusal = poor.refused(Sample.command(amount: 700)) else {
      Issue.record("not refused")
      return
    }
    let rich = Sample.facts(prior: .refusal(refusal), wallet: Sample.wallet(balance: 10_000))
    guard case .replay(.refusal(let row)) = decide(Sample.command(amount: 700), rich, now: Sample.now + 1) else {
      Issue.record("not replayed")
      return
    }
    #expect(row.failure == refusal.failure && row.createdAt == Sample.now)
  }

  @Test("a refusal for a missing wallet answers its key although the wallet is there by now")
  func refusalBeforeOpening() {
    let missing = decide(Sample.command(), Sample.facts(wallet: nil), now: Sample.now)
    guard let refusal = missing.refused(Sample.command(), walletID: nil) else {
      Issue.record("not refused")
      return
    }
    #expect(decide(Sample.command(), Sample.facts(prior: .refusal(refusal)), now: Sample.now).reason == .walletNotFound)
  }
}

struct TestFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
