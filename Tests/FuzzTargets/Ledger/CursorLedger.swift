import Foundation
import ServerSimulation
import WalletCore
import WalletStore
import WalletSystem

/// A small ledger of which lists are asked for. It is the same each time: its id, its rows and their times.
final class CursorLedger {
  private struct Numbers: RandomSource {
    func next() -> UInt64 { 42 }
  }

  static let owner: Text = "u1"
  let description: LedgerDescription
  private let store: LedgerStore
  private let reader: any LedgerReader
  private let time = ManualTime(wall: Door.now)
  private var keys = 0

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "walletd-fuzz-\(UUID().uuidString)")
    // The files stay open. Their names go at once: nobody ends a process that fuzzes in order.
    defer { try? FileManager.default.removeItem(at: folder) }
    var settings = StoreSettings()
    settings.freeBytesMin = 0
    store = try LedgerStore.open(
      DataFolder(path: folder.path, files: SystemFiles()), settings: settings, time: time, random: Numbers(),
      inBackground: { work in work() })
    reader = try store.makeReader()
    description = store.description
    try fill()
  }

  private func fill() throws {
    for owner in [Self.owner, "u2"] {
      try post(.openWallet, owner)
      for amount in 1...6 { try post(amount == 4 ? .debit : .credit, owner, Int64(amount)) }
      for _ in 0..<4 { try post(.debit, owner, 1_000_000) }
    }
    for name in ["b", "c"] { try post(.openWallet, Self.owner, name: Text(name)) }
    for number in UInt8(1)...3 {
      let digest = ShortBytes([UInt8](repeating: number, count: LedgerLimits.digestBytes))
      let terms = GrantTerms(principal: Text("p\(number)"), credential: .secret(digest: digest), scopes: .all)
      try post(.createToken, "", parameters: .grant(terms))
    }
  }

  private func post(
    _ verb: Verb, _ owner: Text, _ amount: Int64 = 0, name: Text = "main", parameters: Command.Parameters = .none
  ) throws {
    keys += 1
    let wallet: WalletReference =
      owner.isEmpty ? .none : .name(WalletName(owner: owner, currency: "USD", name: name))
    let command = Command(
      verb: verb, key: .text(Text("key-\(10_000 + keys)")), wallet: wallet, amount: amount,
      audit: Command.Audit(reason: "fuzz"), origin: Origin(actor: "local", source: "127.0.0.1", clientName: "fuzz"),
      parameters: parameters)
    time.pass(milliseconds: 10)
    _ = try perform(.mutation(command))
  }

  func perform(_ request: LedgerRequest) throws -> LedgerOutcome {
    let reading = LedgerClock.Reading(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
    var outcomes = try store.perform([request], reading: reading, isDue: { _ in true })
    var outcome = outcomes.removeLast()
    while case .deferred(let read) = outcome { outcome = try reader.perform(read) }
    return outcome
  }
}
