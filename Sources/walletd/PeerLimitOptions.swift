import ArgumentParser
import WalletServer

/// What peers may take before somebody knows them, and each of them among others.
struct PeerLimitOptions: ParsableArguments {
  @Option(help: "Bytes of one batch.")
  var maxBatchBytes = ServerLimits().batchRequestBytesMax

  @Option(help: "Bytes of requests queued in all.")
  var maxQueuedBytes = ServerLimits().queuedBytesMax

  @Option(help: "Bytes of replies that wait to be read, in all.")
  var maxOutputBytes = ServerLimits().outputBytesMax

  @Option(help: "Bytes of requests that haven't arrived whole, in all.")
  var maxInputBytes = ServerLimits().inputBytesMax

  @Option(help: "Bytes of replies that wait on a connection before it isn't read any more.")
  var outputPauseBytes = ServerLimits().connectionOutputPauseBytes

  @Option(help: "Bytes of replies that wait on a connection before it is closed.")
  var maxConnectionOutputBytes = ServerLimits().connectionOutputBytesMax

  @Option(help: "Milliseconds that replies may wait without any being read before the connection is closed.")
  var outputStall = ServerLimits().outputStallMilliseconds

  @Option(help: "Connections that haven't said HELLO, in all.")
  var maxGreeting = ServerLimits().greetingConnectionsMax

  @Option(help: "Connections that haven't said HELLO, from one address other than loopback.")
  var maxGreetingOfAddress = ServerLimits().greetingConnectionsOfOneAddressMax

  @Option(help: "Explanations of balances that are under way, in all.")
  var maxExplanations = ServerLimits().explanationsMax

  @Option(help: "PING, PONG and CANCEL frames and refused requests a second on one connection.")
  var spareFrameRate = ServerLimits().spareFrameRate.perSecond

  @Option(
    help: ArgumentHelp(
      """
      What one principal may have at most of connections, queue, memory, watches and explanations, in percent. (default: 50 \
      where callers are asked who they are, else 100, since all are the same one)
      """))
  var principalShare: Int?

  private static let principalShareAmongOthers = 50

  @Option(
    help: ArgumentHelp(
      "Requests a second of one principal; an item of a batch counts as one. 0: no limit.", valueName: "per-second"))
  var rateLimit: Int64 = 0

  @Option(
    help: ArgumentHelp(
      "Requests that a principal may send at once after a rest (default: as many as in a second).",
      valueName: "requests"))
  var rateBurst: Int64?

  @Option(
    help: ArgumentHelp("Bytes of requests a second of one principal. 0: no limit.", valueName: "per-second"))
  var byteRateLimit: Int64 = 0

  /// - Parameters:
  ///   - limits: The other limits, which these must fit.
  func check(with limits: ServerLimits) throws {
    let batchBytesMin = limits.requestBytesMax
    try OptionRange.judge("max-batch-bytes", maxBatchBytes, batchBytesMin, 64 << 20, "at least --max-request-bytes")
    try OptionRange.judge("max-connection-output-bytes", maxConnectionOutputBytes, limits.responseBytesMax + 1, 1 << 30)
    try OptionRange.judge("output-pause-bytes", outputPauseBytes, 65_536, maxConnectionOutputBytes - 1)
    try OptionRange.judge("output-stall", outputStall, 1, 3_600_000)
    try OptionRange.judge("max-greeting", maxGreeting, 1, limits.connectionsMax, "at most --max-connections")
    try OptionRange.judge("max-greeting-of-address", maxGreetingOfAddress, 1, maxGreeting, "at most --max-greeting")
    try OptionRange.judge("max-explanations", maxExplanations, 1, 65_536)
    try OptionRange.judge("spare-frame-rate", spareFrameRate, 1, 1_000_000)
    try OptionRange.judge("principal-share", principalShare ?? 1, 1, 100)
    try OptionRange.judge("rate-limit", rateLimit, 0, 100_000_000)
    try OptionRange.judge("rate-burst", rateBurst ?? 1, 1, 100_000_000)
    try OptionRange.judge("byte-rate-limit", byteRateLimit, 0, 1_000_000_000)
    try judgeOfAll(
      "max-queued-bytes", maxQueuedBytes, share: max(maxBatchBytes, Int(limits.largestBatchQueuedBytes)),
      "a principal's share must hold the largest batch")
    try judgeOfAll(
      "max-output-bytes", maxOutputBytes, share: maxConnectionOutputBytes + limits.batchResponseBytesMax,
      "a principal's share must hold a connection's and a batch's")
    try judgeOfAll(
      "max-input-bytes", maxInputBytes, share: 4 * maxBatchBytes, "a principal's share must hold four batches")
    if rateBurst != nil, rateLimit == 0 { throw ValidationError("--rate-burst goes with --rate-limit") }
  }

  /// What all have must be so much that the share of one principal is at least `share`.
  private func judgeOfAll(_ name: String, _ bytes: Int, share: Int, _ why: String) throws {
    let percent = max(1, min(100, principalShare ?? Self.principalShareAmongOthers))
    try OptionRange.judge(name, bytes, (share * 100 + percent - 1) / percent, 1 << 40, why)
  }

  /// - Parameter hasPrincipals: Callers are asked who they are.
  func apply(to limits: inout ServerLimits, hasPrincipals: Bool) {
    limits.batchRequestBytesMax = maxBatchBytes
    limits.queuedBytesMax = maxQueuedBytes
    limits.outputBytesMax = maxOutputBytes
    limits.inputBytesMax = maxInputBytes
    limits.connectionOutputPauseBytes = outputPauseBytes
    limits.connectionOutputBytesMax = maxConnectionOutputBytes
    limits.outputStallMilliseconds = outputStall
    limits.greetingConnectionsMax = maxGreeting
    limits.greetingConnectionsOfOneAddressMax = maxGreetingOfAddress
    limits.explanationsMax = maxExplanations
    limits.spareFrameRate = RateLimit(
      perSecond: spareFrameRate, burst: max(spareFrameRate, ServerLimits().spareFrameRate.burst))
    limits.principalPercent = principalShare ?? (hasPrincipals ? Self.principalShareAmongOthers : 100)
    if rateLimit > 0 { limits.requestRate = RateLimit(perSecond: rateLimit, burst: rateBurst ?? rateLimit) }
    if byteRateLimit > 0 {
      // A request that is longer than the burst waits for all of it, so any will do; a second's worth is easy to think of.
      limits.byteRate = RateLimit(perSecond: byteRateLimit, burst: byteRateLimit)
    }
  }
}
