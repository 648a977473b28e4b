internal import WalletCore
package import WalletWire

/// Every bound of the server in one place; proto/WIRE.md has the defaults in words. What a server can hold is their sum.
package struct ServerLimits: Sendable {
  // Before HELLO is accepted.
  package var helloFrameBytesMax = 4 * 1024
  package var helloTimeoutMilliseconds: Int64 = 5_000
  package var greetingConnectionsMax = 1024
  package var greetingConnectionsOfOneAddressMax = 64
  package var greetingOutputBytesMax = 16 * 1024

  // After.
  package var requestBytesMax = 1 << 20
  package var batchRequestBytesMax = 4 << 20
  package var responseBytesMax = 1 << 20
  package var batchResponseBytesMax = 4 << 20
  package var requestsInFlightMax = 1024
  package var queuedRequestsMax = 65_536
  package var queuedBytesMax = 256 << 20
  package var outputBytesMax = 256 << 20
  /// What all connections hold of what hasn't arrived whole.
  package var inputBytesMax = 256 << 20
  package var defaultDeadlineMilliseconds: Int64 = 10_000
  package var frameTimeoutMilliseconds: Int64 = 10_000
  package var idleTimeoutMilliseconds: Int64 = 300_000
  package var connectionOutputPauseBytes = 256 * 1024
  package var connectionOutputBytesMax = 4 << 20
  package var outputStallMilliseconds: Int64 = 10_000
  package var connectionsMax = 10_000
  /// What one read takes from a connection.
  package var readBytesMax = 64 * 1024
  /// What the unpacked form of one request may take.
  package var unpackBytesMax = 16 << 20
  /// The same of a batch.
  package var batchUnpackBytesMax = 32 << 20
  /// What an item of a queued batch counts for at least: small ones take more in memory than on the wire.
  package var batchItemBytesMin = 1024
  /// Requests that share a commit at most; a batch counts as many as it has items.
  package var gatherMax = 4096
  /// How long a gather waits at most, while others are at work, for those who were answered just now.
  package var lingerMicroseconds: Int64 = 2_000
  /// Requests that the loop carries out itself at most, together, instead of handing them on; 0: none.
  package var inPlaceMax = 256
  /// Lists that are answered in one hop at most: a page is long, and others wait for it.
  package var listGatherMax = 16
  /// Explanations of balances at a time; past it RESOURCE_EXHAUSTED.
  package var explanationsMax = 256

  // One among others.
  /// What one principal may have of connections, queue, output, input, watches and explanations, of a hundred parts.
  package var principalPercent = 100
  /// Requests of one principal; an item of a batch counts as one.
  package var requestRate = RateLimit.none
  /// Bytes of such requests.
  package var byteRate = RateLimit.none
  /// On one connection, frames that take no place in flight: PING, PONG, CANCEL, and requests that are turned away. Past it
  /// the connection isn't read for a while.
  package var spareFrameRate = RateLimit(perSecond: 1000, burst: 2048)
  /// How often in a row that may happen for PING, PONG and CANCEL before the connection is closed.
  package var floodsMax = 20

  // Streams.
  package var connectionStreamsMax = 16
  package var watchesMax = 256
  package var verificationsMax = 1
  package var backupsMax = 1
  /// What the events that wait on a connection may take. Less than the output at which it isn't read any more, so that a
  /// stream can still be cancelled.
  package var connectionStreamBytesMax: Int { connectionOutputPauseBytes / 4 * 3 }
  /// What one piece of work on a stream may bring.
  package var streamStepBytesMax = 64 * 1024
  /// The least room for which a stream is told to work.
  package var streamRoomBytesMin: Int { connectionStreamBytesMax / 12 }
  /// How long a stream waits for room before it is ended.
  package var streamStallMilliseconds: Int64 = 5_000
  /// A watch that has nothing to tell says so now and then.
  package var streamSilenceMilliseconds: Int64 = 15_000
  /// Output past which streams wait, of all connections: the rest is for replies.
  package var streamBytesMax: Int { outputBytesMax / 2 }

  // Leaving.
  package var drainTimeoutMilliseconds: Int64 = 10_000
  /// How long a connection stays open after GOAWAY, so that what is on its way is still answered.
  package var drainLingerMilliseconds: Int64 = 250

  package init() {}

  /// Traps when the limits contradict each other: a mistake of ours, or a setting that the command line let through.
  package func validate() {
    precondition(helloFrameBytesMax <= requestBytesMax && requestBytesMax <= batchRequestBytesMax)
    precondition(batchRequestBytesMax < 1 << 31 && responseBytesMax < 1 << 31)
    precondition(connectionOutputPauseBytes < connectionOutputBytesMax)
    precondition(responseBytesMax < connectionOutputBytesMax)
    precondition(connectionOutputBytesMax + batchResponseBytesMax <= outputBytesMax)
    precondition(BatchCommand.itemsMax * BatchCommand.resultBytesMax <= batchResponseBytesMax)
    precondition(BatchCommand.fullItemsMax * BatchCommand.fullResultBytesMax <= batchResponseBytesMax)
    precondition(greetingConnectionsOfOneAddressMax <= greetingConnectionsMax)
    precondition(greetingConnectionsMax <= connectionsMax)
    precondition(requestsInFlightMax > 0 && requestsInFlightMax <= queuedRequestsMax)
    precondition(queuedBytesMax >= max(batchRequestBytesMax, BatchCommand.itemsMax * batchItemBytesMin))
    precondition((1...100).contains(principalPercent) && floodsMax > 0 && !spareFrameRate.isNone)
    let ofPrincipal = PrincipalLimits(self)
    precondition(ofPrincipal.queuedBytesMax >= max(batchRequestBytesMax, Int(largestBatchQueuedBytes)))
    precondition(ofPrincipal.outputBytesMax >= connectionOutputBytesMax + batchResponseBytesMax)
    // A buffer that grows is there twice for a moment, and half of it may be empty.
    precondition(ofPrincipal.inputBytesMax >= 4 * batchRequestBytesMax)
    precondition(streamStepBytesMax > 0 && watchesMax >= 0 && verificationsMax >= 0)
    precondition(gatherMax > 0 && listGatherMax > 0 && readBytesMax > 0)
  }

  /// What the batch with the most items counts for while it is queued, if they are small.
  package var largestBatchQueuedBytes: Int64 { Int64(BatchCommand.itemsMax * batchItemBytesMin) }

  package var announced: AnnouncedLimits {
    AnnouncedLimits(
      requestBytesMax: UInt32(requestBytesMax), batchRequestBytesMax: UInt32(batchRequestBytesMax),
      responseBytesMax: UInt32(responseBytesMax), requestsInFlightMax: UInt32(requestsInFlightMax),
      idleTimeoutMilliseconds: UInt32(idleTimeoutMilliseconds),
      defaultDeadlineMilliseconds: UInt32(defaultDeadlineMilliseconds))
  }
}
