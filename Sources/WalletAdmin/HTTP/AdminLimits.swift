package import WalletCore

/// Every bound of the admin port.
package struct AdminLimits: Sendable {
  package var connectionsMax = 64
  /// Of the request line and all header fields together.
  package var headBytesMax = 32 * 1024
  package var headerFieldsMax = 64
  /// A batch of 4 MiB is longer as JSON.
  package var bodyBytesMax = 8 << 20
  /// Bodies that are received or worked on, of all connections.
  package var bodiesBytesMax = 64 << 20
  /// From the first byte of a request, or from the begin of a connection, to its last byte.
  package var requestMilliseconds: Int64 = 10_000
  /// From an answer to the next request.
  package var idleMilliseconds: Int64 = 90_000
  /// Until an answer must have been taken, and the connection closed where it is the last one.
  package var writeMilliseconds: Int64 = 10_000
  /// How long the server's queues may take to say how it is.
  package var statusMilliseconds: Int64 = 2_000

  // The gateway.
  /// Connections that it keeps with the server, one for each token and address.
  package var gatewayConnectionsMax = 64
  /// How long an unused one is kept. Less than the server keeps idle connections.
  package var gatewayIdleMilliseconds: Int64 = 60_000
  package var credentialBytesMax = 512

  package init() {}

  /// The JSON of the longest answer, which is that to a batch.
  private static let answerBytesMax = 16 << 20

  package var memory: MemoryBudget.Part {
    MemoryBudget.Part("admin port", bytes: 2 * bodiesBytesMax + connectionsMax * Self.answerBytesMax)
  }
}

/// Bytes that the bodies of all requests may take together. Confined to the event loop.
final class BodyBudget {
  private var bytesLeft: Int

  init(bytesMax: Int) { bytesLeft = bytesMax }

  func take(_ count: Int) -> Bool {
    if count > bytesLeft { return false }
    bytesLeft -= count
    return true
  }

  func give(_ count: Int) { bytesLeft += count }
}
