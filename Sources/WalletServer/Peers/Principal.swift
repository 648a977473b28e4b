import WalletCore

/// What the connections of one principal have of the server, all together. Each of them has it at hand, so that no request
/// looks it up. Those that haven't said HELLO share one.
final class Principal {
  let name: Text
  var connections = 0
  var queuedRequests = 0
  var queuedBytes = 0
  var outputBytes = 0
  /// In the buffers of what hasn't arrived whole.
  var inputBytes = 0
  var watches = 0
  var explanations = 0
  var requestRate = RateBucket()
  var byteRate = RateBucket()

  init(_ name: Text) { self.name = name }

  /// Nothing would be forgotten with it.
  func isIdle(now: Int64) -> Bool {
    connections == 0 && requestRate.isFull(now: now) && byteRate.isFull(now: now)
  }
}

/// What one principal may have at most.
struct PrincipalLimits {
  let connectionsMax: Int
  let queuedRequestsMax: Int
  let queuedBytesMax: Int
  let outputBytesMax: Int
  let inputBytesMax: Int
  let watchesMax: Int
  let explanationsMax: Int
  let hasRates: Bool

  init(_ limits: ServerLimits) {
    let percent = limits.principalPercent
    let share = { (bound: Int) in max(1, bound / 100 * percent + bound % 100 * percent / 100) }
    connectionsMax = share(limits.connectionsMax)
    queuedRequestsMax = share(limits.queuedRequestsMax)
    queuedBytesMax = share(limits.queuedBytesMax)
    outputBytesMax = share(limits.outputBytesMax)
    inputBytesMax = share(limits.inputBytesMax)
    watchesMax = limits.watchesMax == 0 ? 0 : share(limits.watchesMax)
    explanationsMax = share(limits.explanationsMax)
    hasRates = !limits.requestRate.isNone || !limits.byteRate.isNone
  }
}
