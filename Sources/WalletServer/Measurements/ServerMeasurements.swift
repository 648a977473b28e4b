package import WalletCore

/// How the server is, at one moment.
package struct ServerMeasurements: Sendable {
  package struct Answers: Equatable, Sendable {
    package var verb: String
    /// `OK`, or the name of the reason.
    package var code: String
    package var count: UInt64
  }

  /// Those that aren't 0.
  package var answers: [Answers] = []
  /// From the receipt of a request to its reply, microseconds; of verbs that were asked for.
  package var durations: [(verb: String, Histogram)] = []
  package var bytesIn: UInt64 = 0
  package var bytesOut: UInt64 = 0
  package var connectionsAccepted: UInt64 = 0
  package var connectionsEnded: [(ConnectionEnd, UInt64)] = []
  package var connections = 0
  package var greetingConnections = 0
  package var queuedRequests = 0
  package var queuedBytes = 0
  package var outputBytes = 0
  package var watches = 0
  package var verifications = 0
  package var isDraining = false
  /// Microseconds since 1970.
  package var startedAt: Int64 = 0
  package var name = ""
  package var build = ""

  package init() {}
}

extension Server {
  /// On the loop's queue.
  package func measure() -> ServerMeasurements {
    var measurements = ServerMeasurements()
    counters.fill(&measurements)
    measurements.connections = connections.count
    measurements.greetingConnections = greeting.count
    measurements.queuedRequests = queuedRequests
    measurements.queuedBytes = queuedBytes
    measurements.outputBytes = outputBytes
    measurements.watches = streams.count(of: .watch)
    measurements.verifications = streams.count(of: .verify)
    measurements.isDraining = drain != nil
    measurements.startedAt = description.startedAt
    measurements.name = description.name
    measurements.build = description.build
    return measurements
  }
}
