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
    let batchBytes = Int64(maxBatchBytes)
    let outputMin = Int64(maxConnectionOutputBytes + limits.batchResponseBytesMax)
    let ranges: [(name: String, value: Int64, range: ClosedRange<Int64>, why: String)] = [
      ("--max-batch-bytes", batchBytes, Int64(limits.requestBytesMax)...(64 << 20), "at least --max-request-bytes"),
      (
        "--max-connection-output-bytes", Int64(maxConnectionOutputBytes),
        Int64(limits.responseBytesMax + 1)...(1 << 30), ""
      ),
      ("--output-pause-bytes", Int64(outputPauseBytes), 65_536...Int64(maxConnectionOutputBytes - 1), ""),
      ("--output-stall", outputStall, 1...3_600_000, ""),
      ("--max-greeting", Int64(maxGreeting), 1...Int64(limits.connectionsMax), "at most --max-connections"),
      ("--max-greeting-of-address", Int64(maxGreetingOfAddress), 1...Int64(maxGreeting), "at most --max-greeting"),
      ("--max-explanations", Int64(maxExplanations), 1...65_536, ""),
      ("--spare-frame-rate", spareFrameRate, 1...1_000_000, ""),
      ("--principal-share", Int64(principalShare ?? 1), 1...100, ""),
      ("--rate-limit", rateLimit, 0...100_000_000, ""),
      ("--rate-burst", rateBurst ?? 1, 1...100_000_000, ""),
      ("--byte-rate-limit", byteRateLimit, 0...1_000_000_000, ""),
      (
        "--max-queued-bytes", Int64(maxQueuedBytes), ofShare(max(batchBytes, limits.largestBatchQueuedBytes)),
        "a principal's share must hold the largest batch"
      ),
      (
        "--max-output-bytes", Int64(maxOutputBytes), ofShare(outputMin),
        "a principal's share must hold a connection's and a batch's"
      ),
      (
        "--max-input-bytes", Int64(maxInputBytes), ofShare(4 * batchBytes), "a principal's share must hold four batches"
      ),
    ]
    for (name, value, range, why) in ranges where !range.contains(value) {
      let reason = why.isEmpty ? "" : " (\(why))"
      throw ValidationError("\(name) must be \(range.lowerBound) to \(range.upperBound)\(reason), not \(value)")
    }
    if rateBurst != nil, rateLimit == 0 { throw ValidationError("--rate-burst goes with --rate-limit") }
  }

  /// What all must have so that the share of one principal is at least this.
  private func ofShare(_ bytes: Int64) -> ClosedRange<Int64> {
    let percent = Int64(max(1, min(100, principalShare ?? Self.principalShareAmongOthers)))
    return (bytes * 100 + percent - 1) / percent...(1 << 40)
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
