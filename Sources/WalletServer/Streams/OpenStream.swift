import WalletCore
import WalletSystem

/// A stream that is under way, as the loop's queue sees it.
final class OpenStream {
  enum Kind {
    case watch
    case verify
    case backup
  }

  enum Phase {
    /// Its queue works for it, or will: so many bytes of its connection's room are set aside.
    case advancing(roomBytes: Int)
    /// There is nothing to be had before the next commit.
    case waiting
    /// It would go on if there were room, since then.
    case blocked(since: Int64)
  }

  let id: StreamID
  let kind: Kind
  let socket: SocketID
  let requestID: UInt32
  var phase: Phase
  /// The last durable place when its queue was last told to work: what was committed later it may not have seen.
  var askedAtSeq: Int64 = 0
  /// Of the last event that was written.
  var place: WatchPlace?
  /// When that was.
  var toldAt: Int64

  init(_ id: StreamID, _ kind: Kind, _ socket: SocketID, requestID: UInt32, now: Int64) {
    self.id = id
    self.kind = kind
    self.socket = socket
    self.requestID = requestID
    phase = .blocked(since: now)
    toldAt = now
  }

  var isBlocked: Bool { if case .blocked = phase { true } else { false } }
  /// Bytes that are set aside for it.
  var grantedBytes: Int { if case .advancing(let roomBytes) = phase { roomBytes } else { 0 } }
}

/// The queues of streams, each with a source that is its own.
package struct StreamQueues: Sendable {
  let watch: StreamQueue
  let verify: StreamQueue

  package init(watch: StreamQueue, verify: StreamQueue) {
    self.watch = watch
    self.verify = verify
  }

  func queue(of kind: OpenStream.Kind) -> StreamQueue {
    switch kind {
    case .watch: watch
    // Both are seldom, and neither keeps the other from its next step for long.
    case .verify, .backup: verify
    }
  }
}

/// All streams that are under way.
struct StreamTable {
  private var streams: [StreamID: OpenStream] = [:]
  private var lastNumber: UInt64 = 0
  /// Those that wait for the next commit.
  private var waiting: Set<StreamID> = []
  /// Bytes that are set aside for what the queues will deliver.
  var grantedBytes = 0

  subscript(id: StreamID) -> OpenStream? { streams[id] }

  var isEmpty: Bool { streams.isEmpty }
  var noneWaits: Bool { waiting.isEmpty }
  /// In no order.
  var all: Dictionary<StreamID, OpenStream>.Values { streams.values }

  func count(of kind: OpenStream.Kind) -> Int { streams.values.count { $0.kind == kind } }

  mutating func newID() -> StreamID {
    lastNumber += 1
    return StreamID(number: lastNumber)
  }

  mutating func insert(_ stream: OpenStream) { streams[stream.id] = stream }

  mutating func remove(_ stream: OpenStream) {
    grantedBytes -= stream.grantedBytes
    streams[stream.id] = nil
    waiting.remove(stream.id)
  }

  mutating func wait(_ stream: OpenStream) {
    stream.phase = .waiting
    waiting.insert(stream.id)
  }

  /// Those that waited, which do so no longer.
  mutating func wake(now: Int64) -> [OpenStream] {
    let woken = waiting.compactMap { streams[$0] }
    waiting.removeAll(keepingCapacity: true)
    for stream in woken { stream.phase = .blocked(since: now) }
    return woken
  }
}
