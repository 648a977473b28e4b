import ArgumentParser
import Glibc
import WalletCore
import WalletStore
import WalletSystem

/// The engine without server and wire, for the side-by-side table: what the C loop in Benchmarks is held against.
struct BenchEngine: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-engine", abstract: "Measures the engine alone, with canonical debits.", shouldDisplay: false)

  @Option(help: "A data folder that is made for it.")
  var data: String
  @Option(help: "Debits.")
  var rows = 1_000_000
  @Option(help: "Debits to a commit.")
  var rowsPerCommit = 1024
  @Option(help: "Wallets.")
  var wallets = 100_000
  @Option(help: "uuidv7 or random.")
  var keys = "uuidv7"

  func run() throws {
    let time = SystemTime()
    var settings = StoreSettings()
    settings.acceptsClock = true
    let store = Opening.open(data, settings)
    guard store.head.seq == 0 else {
      Console.end(.usage, "\(data) has a ledger already; bench-engine posts into its own")
    }
    var generator = SystemRandomNumberGenerator()
    let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "walletbench")
    let isOrdered = keys == "uuidv7"

    func key() -> IdempotencyKey {
      let high = UInt64(time.wallMicroseconds / 1000) << 16 | 0x7000 | generator.next() & 0xFFF
      return .uuid(high: isOrdered ? high : generator.next(), low: generator.next() >> 2 | 1 << 63)
    }
    func perform(_ requests: [LedgerRequest]) throws {
      let reading = LedgerClock.Reading(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
      for outcome in try store.perform(requests, reading: reading, isDue: { _ in true }) {
        guard case .posted = outcome else { Console.end(.storage, "an operation was refused: \(outcome)") }
      }
      _ = try store.maintain(isIdle: false)
    }
    func command(_ verb: Verb, _ wallet: WalletReference, _ amount: Int64, _ reference: Text) -> LedgerRequest {
      .mutation(
        Command(
          verb: verb, key: key(), wallet: wallet, amount: amount,
          audit: Command.Audit(
            reason: "bench.debit1", reference: reference, correlationID: "bench-0123456789"), origin: origin))
    }

    for start in stride(from: 1, through: wallets, by: 4096) {
      let range = start...min(wallets, start + 4095)
      try perform(
        range.map { number in
          command(
            .openWallet, .name(WalletName(owner: Text("bench-\(number)"), currency: "USD", name: "main")), 0, "")
        })
      try perform(range.map { command(.credit, .id(Int64($0), currency: ""), 1_000_000_000, "") })
    }
    while try store.maintain(isIdle: true).isUnfinished {}

    var done = 0
    var spent: Int64 = 0
    var spentCPU: Int64 = 0
    while done < rows {
      let requests = (0..<min(rowsPerCommit, rows - done)).map { index in
        command(
          .debit, .id(Int64.random(in: 1...Int64(wallets), using: &generator), currency: ""), 1,
          Text("o-" + String(10_000_000_00 + done + index)))
      }
      let begun = time.monotonicMicroseconds
      let begunCPU = Self.processorNanoseconds
      try perform(requests)
      spentCPU += Self.processorNanoseconds - begunCPU
      spent += time.monotonicMicroseconds - begun
      done += requests.count
    }
    print(
      "{\"rows_per_second\": \(Int(Double(rows) * 1e6 / Double(spent))), \"cpu_ns_per_row\": \(spentCPU / Int64(rows))}"
    )
    Opening.close(store)
  }

  private static var processorNanoseconds: Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
