package import NIOCore
import NIOHTTP1

/// What the bytes of a connection go through to become requests, and answers to become bytes. All connections share one;
/// confined to the event loop.
package final class HTTPPipeline {
  private let limits: AdminLimits
  private let budget: BodyBudget
  private let respond: (Exchange) -> Void

  /// - Parameter respond: Takes each request that has come whole.
  package init(_ limits: AdminLimits, respond: @escaping (Exchange) -> Void) {
    self.limits = limits
    self.respond = respond
    budget = BodyBudget(bytesMax: limits.bodiesBytesMax)
  }

  package func add(to channel: any Channel) throws {
    let clock = ConnectionClock(limits)
    var decoding = NIOHTTPDecoderLimitConfiguration()
    decoding.maxHeaderFieldSize = limits.headBytesMax
    decoding.maxHeaderListSize = limits.headBytesMax
    decoding.maxHeaderFieldCount = limits.headerFieldsMax
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(clock)
    // What can't be parsed is answered by our own handler: NIO's would answer it even behind an answer that closes.
    try pipeline.configureHTTPServerPipeline(
      withErrorHandling: false, withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoding)
    try pipeline.addHandler(HTTPHandler(limits, clock: clock, budget: budget, respond: respond))
  }
}
