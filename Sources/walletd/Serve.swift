import ArgumentParser
import FoundationEssentials
import Glibc
import WalletCore
import WalletServer
import WalletStore
import WalletSystem
import WalletTLS

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves a ledger.",
    discussion: """
      The data folder is made when it is missing. SIGTERM drains and ends; a second one ends at once. Every option may be said \
      in the environment (WALLETD_LISTEN) and in a file (--config) too; check-config tells what holds.
      """)

  @Option(
    help: ArgumentHelp(
      "A TOML file of these options, for what neither the command line nor the environment says.", valueName: "file"))
  var config: String?

  @Option(help: "The data folder.")
  var data = "./data"

  @Option(
    help: ArgumentHelp(
      """
      Where to listen: HOST:PORT, where port 0 takes a free one, or unix:PATH. May be given more than once. Sockets that \
      a service manager passes come in its place.
      """, valueName: "address"))
  var listen = ["127.0.0.1:7431"]

  @OptionGroup(title: "Access") var auth: AuthOptions

  @Option(help: ArgumentHelp("Mode of the file of a Unix socket, octal.", valueName: "mode"))
  var unixMode = "660"

  @OptionGroup(title: "TLS") var tls: TLSOptions

  @Option(
    help: ArgumentHelp(
      "Where metrics, health and the gateway for HTTP are served (default: \(AdminAddress.standard)); off: nowhere.",
      valueName: "host:port"))
  var admin: String?

  @Flag(help: "The wall clock is right, whatever the last stored time says.")
  var acceptClock = false

  @Option(help: "Refuse mutations when the disk has fewer free bytes.")
  var minFree: Int64 = 64 << 20

  @Option(help: ArgumentHelp("Where backups are put that walletctl backup asks for.", valueName: "dir"))
  var backupDir: String?

  @Option(help: "Wallets kept in memory (about 200 bytes each).")
  var cacheWallets = 500_000

  @Flag(
    name: .customLong("bench-balance-column"),
    help: ArgumentHelp("Not a ledger: a bare balance column, to compare with.", visibility: .hidden))
  var servesBalanceColumn = false

  @OptionGroup(title: "Log") var log: LogOptions

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Limits of peers") var peerLimits: PeerLimitOptions

  @Option(
    help: ArgumentHelp(
      "For tests: rows of a generation of the projections, and of a commit of a start.", visibility: .hidden))
  var generationRows: Int?

  func validate() throws {
    try OptionRange.judge("min-free", minFree, 0, 1 << 50)
    if backupDir?.isEmpty == true { throw ValidationError("--backup-dir must name a folder") }
    try OptionRange.judge("cache-wallets", cacheWallets, 1, 1_000_000_000)
    if let generationRows { try OptionRange.judge("generation-rows", generationRows, 16, 1_000_000) }
    guard unixModeBits != nil else { throw ValidationError("--unix-mode must be octal, 0 to 0777, not \(unixMode)") }
    try tls.validate()
    try limits.validate()
    try peerLimits.check(with: limits.limits)
  }

  func serverLimits(isLocal: Bool) -> ServerLimits {
    var all = limits.limits
    peerLimits.apply(to: &all, hasPrincipals: auth.mode(isLocal: isLocal) == .required)
    return all
  }

  var storeSettings: StoreSettings {
    var settings = StoreSettings()
    settings.acceptsClock = acceptClock
    settings.freeBytesMin = minFree
    settings.cachedWalletsMax = cacheWallets
    settings.backupFolder = backupDir
    if let generationRows { settings.trailing = StoreSettings.Trailing(generationRows: generationRows) }
    return settings
  }

  private var unixModeBits: UInt32? { UInt32(unixMode, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil } }

  /// What can be judged of the options before anything is opened, beyond what the parser does.
  func check() throws {
    for text in listen {
      let address = try ListenAddress(option: text)
      if !address.isLocal { try judge(text) }
    }
    _ = try loadTLS()
    _ = try AdminAddress(admin, insecure: auth.insecure)
  }

  private func loadTLS() throws -> TLSContext? {
    do throws(TLSContext.Unusable) { return try tls.load() } catch { throw ValidationError(error.message) }
  }

  /// Of an address that others than this machine can reach.
  private func judge(_ address: String) throws {
    guard let objection = auth.objection(hasTLS: tls.isOn) else { return }
    throw ValidationError("--listen \(address): \(objection)")
  }

  func run() {
    log.begin()
    let context: TLSContext?
    let adminAddress: AdminAddress
    do {
      try check()
      context = try loadTLS()
      adminAddress = try AdminAddress(admin, insecure: auth.insecure)
    } catch {
      Console.end(.usage, Self.message(for: error))
    }
    let settings = storeSettings
    // What is held in all is the same whoever holds it.
    var limits = serverLimits(isLocal: true)
    var parts = limits.memory + settings.memory(gatherMax: limits.gatherMax) + adminAddress.memory
    if tls.isOn {
      parts.append(MemoryBudget.Part("TLS", bytes: limits.connectionsMax * TLSTransport.connectionBytesMax))
    }
    let budget = MemoryBudget(parts)
    let ledger: any Ledger =
      servesBalanceColumn ? Opening.openBalanceColumn(data, settings) : Opening.open(data, settings)
    let listeners = makeListeners()
    let isLocal = listeners.allSatisfy(\.address.isLocal)
    limits = serverLimits(isLocal: isLocal)
    Console.say("holds at most \(budget)")
    raiseDescriptorLimit(limits)
    let certificate = context.map { ServerTLS(context: $0, load: { () throws(TLSContext.Unusable) in try tls.load() }) }
    Assembly.run(
      ledger: ledger, listeners: listeners, tls: certificate, limits: limits,
      authentication: auth.authentication(isLocal: isLocal, ledger: ledger),
      admin: adminAddress, calls: log.calls)
  }

  /// Each connection is a descriptor; systems give a process few unless it asks for more.
  private func raiseDescriptorLimit(_ limits: ServerLimits) {
    let needed = Int64(limits.connectionsMax) + DescriptorLimit.otherDescriptors
    do throws(SystemError) {
      let limit = try DescriptorLimit.raise()
      if limit < needed {
        Console.say(
          "\(limit) descriptors are too few for --max-connections \(limits.connectionsMax), which needs \(needed): "
            + "connections beyond are refused. Raise LimitNOFILE or ulimit -n, or lower --max-connections")
      }
    } catch {
      Console.say("how many descriptors there may be is unknown: \(error)")
    }
  }

  /// Sockets that the service manager hands over take the place of --listen. Called with the data folder's lock held: a Unix
  /// socket that is there was left by a server that is gone, or is another's.
  private func makeListeners() -> [ListeningSocket] {
    do {
      let passed = try PassedSockets.take(environment: ProcessInfo.processInfo.environment, processID: getpid())
      for listener in passed where !listener.address.isLocal { try judge("\(listener.address)") }
      return passed.isEmpty ? try listen.map(open) : passed
    } catch let error as SystemError {
      Console.end(.addressUnavailable, "can't use a socket that was passed: \(error)")
    } catch {
      Console.end(.usage, Self.message(for: error))
    }
  }

  private func open(_ text: String) throws -> ListeningSocket {
    let address = try ListenAddress(option: text)
    do throws(SystemError) {
      switch address {
      case .tcp(let address): return try ListeningSocket(address)
      case .unix(let path): return try ListeningSocket(unix: path, mode: unixModeBits ?? 0)
      }
    } catch {
      let advice = error.number == SystemError.addressInUse ? ". Is another server running there?" : ""
      Console.end(.addressUnavailable, "can't listen on \(text): \(error)\(advice)")
    }
  }
}

/// The limits that an operator may set; the rest of proto/WIRE.md's are fixed.
struct LimitOptions: ParsableArguments {
  @Option(help: "Connections.")
  var maxConnections = ServerLimits().connectionsMax

  @Option(help: "Bytes of one request.")
  var maxRequestBytes = ServerLimits().requestBytesMax

  @Option(help: "Requests in flight on one connection.")
  var maxInFlight = ServerLimits().requestsInFlightMax

  @Option(help: "Requests queued in all.")
  var maxQueued = ServerLimits().queuedRequestsMax

  @Option(help: "Requests that share one commit.")
  var maxGather = ServerLimits().gatherMax

  @Option(
    help:
      "Microseconds that a commit waits at most, under load, for those who were answered just before; 0: it doesn't.")
  var linger = ServerLimits().lingerMicroseconds

  @Option(
    help:
      "Requests that the event loop carries out itself while commits are quick, instead of handing them to the ledger's thread; 0: none."
  )
  var inPlace = ServerLimits().inPlaceMax

  @Option(help: "Streams on one connection.")
  var maxStreams = ServerLimits().connectionStreamsMax

  @Option(help: "Watches in all.")
  var maxWatches = ServerLimits().watchesMax

  @Option(help: "Milliseconds that a stream's client may take no events before the stream is ended.")
  var streamStall = ServerLimits().streamStallMilliseconds

  @Option(help: "Milliseconds until a connection must have said HELLO.")
  var helloTimeout = ServerLimits().helloTimeoutMilliseconds

  @Option(help: "Milliseconds until a silent connection is closed.")
  var idleTimeout = ServerLimits().idleTimeoutMilliseconds

  @Option(help: "Milliseconds until a frame that has begun must be whole.")
  var frameTimeout = ServerLimits().frameTimeoutMilliseconds

  @Option(help: "Milliseconds that a request without a deadline gets.")
  var defaultDeadline = ServerLimits().defaultDeadlineMilliseconds

  @Option(help: "Milliseconds to finish in after SIGTERM.")
  var drainTimeout = ServerLimits().drainTimeoutMilliseconds

  func validate() throws {
    try OptionRange.judge("max-connections", maxConnections, 1024, 1_000_000)
    try OptionRange.judge("max-request-bytes", maxRequestBytes, 4096, 4 << 20)
    try OptionRange.judge("max-in-flight", maxInFlight, 1, 65_536)
    try OptionRange.judge("max-queued", maxQueued, maxInFlight, 10_000_000)
    try OptionRange.judge("max-gather", maxGather, 1, 65_536)
    try OptionRange.judge("linger", linger, 0, 100_000)
    try OptionRange.judge("in-place", inPlace, 0, 4_096)
    try OptionRange.judge("max-streams", maxStreams, 0, 1_024)
    try OptionRange.judge("max-watches", maxWatches, 0, 100_000)
    try OptionRange.judge("stream-stall", streamStall, 1, 9_999)
    try OptionRange.judge("hello-timeout", helloTimeout, 1, 3_600_000)
    try OptionRange.judge("idle-timeout", idleTimeout, 1, 86_400_000)
    try OptionRange.judge("frame-timeout", frameTimeout, 1, 3_600_000)
    try OptionRange.judge("default-deadline", defaultDeadline, 1, 3_600_000)
    try OptionRange.judge("drain-timeout", drainTimeout, 1, 3_600_000)
  }

  var limits: ServerLimits {
    var limits = ServerLimits()
    limits.connectionsMax = maxConnections
    limits.requestBytesMax = maxRequestBytes
    limits.requestsInFlightMax = maxInFlight
    limits.queuedRequestsMax = maxQueued
    limits.gatherMax = maxGather
    limits.lingerMicroseconds = linger
    limits.inPlaceMax = inPlace
    limits.connectionStreamsMax = maxStreams
    limits.watchesMax = maxWatches
    limits.streamStallMilliseconds = streamStall
    limits.helloTimeoutMilliseconds = helloTimeout
    limits.idleTimeoutMilliseconds = idleTimeout
    limits.frameTimeoutMilliseconds = frameTimeout
    limits.defaultDeadlineMilliseconds = defaultDeadline
    limits.drainTimeoutMilliseconds = drainTimeout
    return limits
  }
}
