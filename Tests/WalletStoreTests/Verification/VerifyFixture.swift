import Foundation
import WalletCore
import WalletSystem

@testable import WalletStore

/// What a verification has told.
struct Verification {
  var findings: [VerifyFinding] = []
  var report: VerifyReport?
  var failure: Failure?
  var stages: [String] = []
  var steps = 0

  /// What is wrong, each once.
  var whats: Set<String> { Set(findings.map(\.what)) }

  func first(_ what: String) -> VerifyFinding? { findings.first { $0.what == what } }
}

extension LedgerFixture {
  /// Bounds so small that all their borders are met.
  static func smallSteps(walletsMax: Int = 3, entriesMax: Int = 4) -> StoreSettings {
    var settings = settings
    settings.verifying.pageRows = 7
    settings.verifying.walletsMax = walletsMax
    settings.verifying.entriesMax = entriesMax
    settings.verifying.bucketCount = 8
    settings.verifying.comparedPerStep = 2
    settings.verifying.catchUpPages = 2
    settings.verifying.pollMilliseconds = 1
    settings.verifying.copyPagesBusy = 3
    return settings
  }

  /// Verifies a ledger that is served.
  ///
  /// - Parameter between: Called between two steps.
  func verify(
    _ request: VerifyRequest = VerifyRequest(), between: () throws -> Void = {}
  ) throws -> Verification {
    switch try store.makeVerifySource().open(request) {
    case .failure(let failure): return Verification(failure: failure)
    case .success(let stream):
      return try run(stream) {
        try between()
        _ = try store.maintain(isIdle: false)
      }
    }
  }

  /// Verifies the ledger's folder, which nobody serves.
  func verifyOffline(_ request: VerifyRequest = VerifyRequest()) throws -> Verification {
    let folder = try DataFolder(path: path, files: SystemFiles())
    defer { folder.unlock() }
    let source = try VerifySource(offline: folder, settings: settings, time: SystemTime())
    switch try source.open(request) {
    case .failure(let failure): return Verification(failure: failure)
    case .success(let stream): return try run(stream) {}
    }
  }

  private func run(_ stream: any LedgerStream, _ between: () throws -> Void) throws -> Verification {
    var verification = Verification()
    func take(_ events: [StreamEvent]) {
      for event in events {
        switch event {
        case .finding(let finding): verification.findings.append(finding)
        case .report(let report): verification.report = report
        case .progress(let stage, _, _):
          if verification.stages.last != stage { verification.stages.append(stage) }
        case .transaction, .token, .backup: break
        }
      }
    }
    while true {
      verification.steps += 1
      switch try stream.advance(roomBytes: 2000) {
      case .more(let events), .waiting(let events): take(events)
      case .finished(let events):
        take(events)
        return verification
      case .failed(let failure):
        verification.failure = failure
        return verification
      }
      try between()
    }
  }

  /// A ledger with something of everything: wallets in two currencies, debits, credits, refusals, transfers, holds that are
  /// open, captured in part and whole, released and expired, refunds, freezes, limits, batches, a closed wallet, and a
  /// currency and a counter-account of its own.
  static func withEverything(_ settings: StoreSettings = smallSteps()) throws -> LedgerFixture {
    let ledger = try LedgerFixture.with(["u1": 10_000, "u2": 5_000, "u3": 700, "u4": 0, "u5": 90], settings)
    var euros = ledger.command(.openWallet, "u6")
    euros.wallet = .name(name("u6", currency: "EUR"))
    _ = try ledger.perform(euros)
    euros.verb = .credit
    euros.key = ledger.newKey()
    euros.amount = 77
    _ = try ledger.perform(euros)
    _ = try ledger.perform(
      ledger.setLimits("u1") { limits in
        limits.overdraft = 50
        limits.day = WindowLimit(amount: 9_000, count: 500)
        limits.month = WindowLimit(amount: 90_000, count: 0)
      })
    for index in 0..<80 {
      var debit = ledger.command(.debit, index % 3 == 0 ? "u2" : "u1", Int64(1 + index % 7), key: uuid(index))
      debit.audit.reference = Text("order-\(index % 20)")
      if index % 9 == 0 { debit.audit.note = "by hand" }
      _ = try ledger.perform(debit)
      ledger.wall += 250_000
    }
    let debit = try ledger.one(ledger.command(.debit, "u3", 200)).row
    _ = try ledger.perform(ledger.refund(debit?.seq ?? 0, 30), ledger.refund(debit?.seq ?? 0, 20))
    _ = try ledger.perform(ledger.command(.debit, "u3", 1 << 40), ledger.command(.debit, "nobody", 5))
    _ = try ledger.perform(ledger.transfer("u1", "u2", 120), ledger.transfer("u2", "u3", 10))
    let captured = try ledger.one(ledger.hold("u1", 100)).row?.seq ?? 0
    _ = try ledger.perform(ledger.capture(captured, 40), ledger.capture(captured, 20, isFinal: true))
    let released = try ledger.one(ledger.hold("u2", 60)).row?.seq ?? 0
    _ = try ledger.perform(ledger.release(released))
    _ = try ledger.perform(ledger.hold("u1", 33, timeout: 1_000_000), ledger.hold("u3", 12, timeout: minute * 60))
    ledger.wall += 2_000_000
    _ = try ledger.perform(ledger.command(.debit, "u1", 1), ledger.hold("u1", 44, timeout: minute * 60))
    _ = try ledger.perform(
      ledger.freeze("u2", .debit), ledger.freeze("u3", .all), ledger.special(.unfreeze, "u3", 0, .unfreeze(.credit)))
    _ = try ledger.perform(
      atomic(.text("batch-0001"), [ledger.command(.credit, "u4", 9), ledger.command(.debit, "u4", 9)]),
      itemByItem([ledger.command(.credit, "u4", 3), ledger.command(.debit, "u4", 1 << 30)]))
    _ = try ledger.perform(ledger.command(.debit, "u5", 90), ledger.special(.closeWallet, "u5", 0, .none))
    _ = try ledger.perform(
      ledger.registerCurrency("ESIM-MB"), ledger.registerCurrency("EUR", exponent: 2),
      ledger.addCounterAccount("partners"))
    var megabytes = ledger.command(.openWallet, "u7")
    megabytes.wallet = .name(name("u7", currency: "ESIM-MB"))
    _ = try ledger.perform(megabytes)
    megabytes.verb = .credit
    megabytes.key = ledger.newKey()
    megabytes.amount = 2_000
    megabytes.counterAccount = "partners"
    _ = try ledger.perform(megabytes)
    return ledger
  }

  static func uuid(_ number: Int) -> IdempotencyKey { .uuid(high: UInt64(number + 1) << 32 | 7, low: 1 << 63 | 5) }
}

extension LedgerFixture {
  /// Writes over a page of the file, past SQLite.
  func spoil(page: Int) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: databasePath))
    try file.seek(toOffset: UInt64(page - 1) * 4096)
    try file.write(contentsOf: Data(repeating: 0xEE, count: 4096))
    try file.close()
  }
}
