import ArgumentParser
import WalletBenchKit

struct Walletbench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "walletbench",
    abstract: "A load test of walletd, or of a Redis beside it, that checks every balance afterwards.",
    discussion: """
      Opens wallets of its own, credits them, keeps --connections times --in-flight requests outstanding for --seconds, \
      then reads each wallet back and compares balance and version with what was acknowledged. This closed loop asks a \
      slow server less; with --rate requests are due at their times whatever the server does, and latencies count from \
      there.

      Workloads: debit and credit of 1 to 100 minor units with key, reason, reference and correlation id; balance \
      (GetBalance); list (ListTransactions, newest 50); mixed: \(Workload.mixedBalancePercent) % balance, \
      \(Workload.mixedDebitPercent) % debit, \(Workload.mixedCreditPercent) % credit, the rest list; hold-capture: a Hold, \
      and when it is answered a Capture of all of it, counted as one operation.

      Lost connections are opened again, and what was outstanding is asked again under the same key until its outcome is \
      known; after 10 s without an answer the run is given up.

      Exit codes: 0 all balances as expected, 1 the check failed or the server refused the set-up, 2 usage, 3 the \
      server can't be reached or stopped answering.
      """)

  @Option(help: ArgumentHelp("The server: HOST:PORT or unix:PATH.", valueName: "address"))
  var server = BenchSettings().server

  @OptionGroup(title: "Identity and TLS") var access: AccessOptions

  @Option(help: "The server's language: wrp is walletd's own, resp that of Redis.")
  var `protocol` = ServerProtocol.wrp

  @Option(help: "Connections, 1 to 10000. (default: 64; with --fill 4)")
  var connections: Int?

  @Option(
    help: """
      Requests that each connection keeps outstanding, 1 to 65536; with --rate the most that it may have. (default: 1; \
      with --rate 1024)
      """)
  var inFlight: Int?

  @Option(
    help: ArgumentHelp(
      "Operations a second that are due over all connections, however slow the server is.", valueName: "n"))
  var rate: Int?

  @Option(help: "Measured seconds, 1 to 86400.")
  var seconds = BenchSettings().seconds

  @Option(name: .customLong("warm-up"), help: "Seconds under load before the measurement, 0 to 3600.")
  var warmUp = BenchSettings().warmUpSeconds

  @Option(help: "What to ask for.")
  var workload = Workload.debit

  @Option(help: "Wallets to open and use, 1 to 10000000.")
  var wallets = BenchSettings().wallets

  @Option(
    help: ArgumentHelp(
      "How wallets are chosen: uniform, zipf (exponent 0.99), zipf:S, or hot (one gets everything).",
      valueName: "distribution"))
  var distribution = Distribution.uniform

  @Option(help: "Idempotency keys: ordered by time, or not (UUIDv4).")
  var keys = KeyKind.uuidv7

  @Option(help: "What wallets, amounts and verbs are drawn from; 0 to 2^64 - 1; by chance when it isn't given.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Send batches of this many debits or credits.", valueName: "n"))
  var batch: Int?

  @Option(
    name: .customLong("batch-mode"), help: "Whether the items of a batch stand alone, or stand and fall together.")
  var batchMode = BatchMode.items

  @Option(
    help: ArgumentHelp(
      "Make this many debits or credits as fast as possible, in batches of \(BenchSettings.batchMax) or of --batch, and end.",
      valueName: "n"))
  var fill: Int?

  @Option(
    name: .customLong("owner-prefix"),
    help: ArgumentHelp(
      "Use the wallets of the owners bench-<prefix>-0 and so on; those that are missing are opened and credited.",
      valueName: "prefix"))
  var ownerPrefix: String?

  @Flag(inversion: .prefixedNo, help: "Compare all wallets at the end. (default: yes; with --fill no)")
  var check: Bool?

  @Option(help: ArgumentHelp("Write the percentiles as HdrHistogram has them, in milliseconds.", valueName: "file"))
  var hgrm: String?

  @Option(help: ArgumentHelp("Write a plot of latencies by percentile.", valueName: "file"))
  var svg: String?

  @Option(
    name: .customLong("ack-log"),
    help: ArgumentHelp(
      "Write a line for each acknowledged mutation of the load: key, commit_seq, wallet, version, balance.",
      valueName: "file"))
  var ackLog: String?

  @Option(
    name: .customLong("cpu-of"),
    help: ArgumentHelp("Measure the processor time of this process, the server's.", valueName: "pid"))
  var cpuOf: Int32?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    let settings = settings(randomSeed: 0)
    if let violation = settings.violation ?? outputs.violation(settings) { throw ValidationError(violation) }
    try access.validate()
    if `protocol` == .resp, access.isGiven { throw ValidationError("TLS and --token-file need --protocol wrp") }
    if server.hasPrefix("unix:"), server.count > 5 { return }
    let port = server.split(separator: ":", omittingEmptySubsequences: false).last.flatMap { UInt16($0) }
    guard let port, port > 0, server.count > String(port).count + 1, server.contains(":") else {
      throw ValidationError("--server must be HOST:PORT with a port from 1 to 65535, or unix:PATH, not \(server)")
    }
  }

  func settings(randomSeed: UInt64) -> BenchSettings {
    var settings = BenchSettings(
      server: server, connections: connections ?? (fill == nil ? BenchSettings().connections : 4), seconds: seconds,
      warmUpSeconds: warmUp, workload: workload,
      wallets: wallets, seed: seed ?? randomSeed)
    settings.protocol = self.protocol
    settings.rate = rate
    settings.inFlight = inFlight ?? settings.inFlightDefault
    settings.distribution = distribution
    settings.keys = keys
    settings.batch = batch ?? (fill == nil ? nil : BenchSettings.batchMax)
    settings.batchMode = batchMode
    settings.fill = fill
    settings.ownerPrefix = ownerPrefix
    settings.checks = check ?? (fill == nil)
    return settings
  }

  var outputs: BenchOutputs {
    var outputs = BenchOutputs()
    outputs.cpuOf = cpuOf
    outputs.hgrm = hgrm
    outputs.svg = svg
    outputs.ackLog = ackLog
    return outputs
  }
}

extension ServerProtocol: ExpressibleByArgument {}
extension BatchMode: ExpressibleByArgument {}
extension KeyKind: ExpressibleByArgument {}

extension Distribution: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { text }
}

extension Workload: ExpressibleByArgument {}
