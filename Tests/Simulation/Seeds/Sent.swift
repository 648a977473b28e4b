/// A request that a client has sent, and what it must be answered with.
final class Sent {
  enum Content {
    case mutation(Request)
    /// A batch, item by item.
    case items([Request], isFull: Bool)
    /// A batch of all or nothing.
    case batch(String, [Request], isFull: Bool)
    case read(Read)
    case unknownMethod
  }

  let content: Content
  /// Its place among those of its connection.
  let number: Int
  let millis: UInt32
  /// When it was written, for the history, and in monotonic microseconds.
  let moment: Int64
  let writtenAt: Int64
  /// It can't get to the ledger, and this is what it is told.
  var door: ExpectedReply?
  var isCancelled = false
  /// What it is answered with, known as soon as the ledger has taken it up.
  var expected: ExpectedReply?
  /// Of a list: the page behind it.
  var next: Read?
  /// The last row when it was taken up.
  var seq: Int64 = 0

  init(_ content: Content, number: Int, millis: UInt32, moment: Int64, writtenAt: Int64) {
    self.content = content
    self.number = number
    self.millis = millis
    self.moment = moment
    self.writtenAt = writtenAt
  }

  var isMutation: Bool {
    switch content {
    case .mutation, .items, .batch: true
    case .read, .unknownMethod: false
    }
  }

  /// A reader has it to itself for a while, where it may still be called back or come too late.
  var isList: Bool { if case .read(.transactions) = content { true } else { false } }

  /// That may be sent again with their keys.
  var requests: [Request] {
    switch content {
    case .mutation(let request): [request]
    case .items(let requests, _): requests
    case .batch, .read, .unknownMethod: []
    }
  }
}
