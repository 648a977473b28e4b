import TestSupport
import WalletSystem
import WalletWire

/// A client's connection: bytes on their way in both directions, and what it waits for.
final class Link {
  let client: Int
  let socket: SocketID
  let caller: Caller
  /// Bytes that one step carries at most.
  let chunkMax: Int
  /// Bytes that may be on their way to it.
  let capacity: Int
  let openedAt: Int64
  /// Written by the client, not yet at the server.
  private(set) var outbox: [UInt8]
  /// Sent by the server, not yet read by the client.
  private(set) var inbox: [UInt8] = []
  /// Read by the client: the beginning of a frame.
  private var received: [UInt8] = []
  /// Requests without an answer. The server may take them up even when their client has gone.
  private(set) var pending: [UInt32: Sent] = [:]
  private var nextRequestID: UInt32 = 1
  /// The number of the last mutation that the ledger has taken up.
  var lastTaken = 0
  /// What it sent is no frame: the server must put it out.
  private(set) var isSpoiled = false
  /// The client has gone, or is told to.
  var isOver = false

  init(client: Int, socket: SocketID, caller: Caller, chunkMax: Int, capacity: Int, openedAt: Int64) {
    self.client = client
    self.socket = socket
    self.caller = caller
    self.chunkMax = chunkMax
    self.capacity = capacity
    self.openedAt = openedAt
    outbox = FrameHeader.preface
    let hello = ProtobufWriter.message {
      $0.message(1, [1])
      $0.text(2, caller.client)
    }
    outbox.appendFrame(FrameHeader(type: .hello), payload: hello)
  }

  // MARK: The client writes

  func write(
    _ content: Sent.Content, method: UInt16, _ payload: [UInt8], millis: UInt32, moment: Int64, at time: Int64
  ) -> Sent {
    let id = nextRequestID
    nextRequestID += 1
    outbox.appendFrame(FrameHeader(type: .request, code: method, requestID: id, millis: millis), payload: payload)
    let request = Sent(content, number: Int(id), millis: millis, moment: moment, writtenAt: time)
    pending[id] = request
    return request
  }

  /// Takes one back that may or may not be under way.
  func cancel(_ draw: (Int) -> Int) {
    let ids = pending.keys.sorted()
    if ids.isEmpty { return }
    let id = ids[draw(ids.count)]
    pending[id]?.isCancelled = true
    outbox.appendFrame(FrameHeader(type: .cancel, requestID: id), payload: [])
  }

  func ping() { outbox.appendFrame(FrameHeader(type: .ping, requestID: 0), payload: [UInt8](repeating: 7, count: 8)) }

  /// Sends what is no frame.
  func spoil() {
    outbox += [0, 0, 0, 16] + [UInt8](repeating: 9, count: 16)
    isSpoiled = true
  }

  // MARK: The network carries

  var hasOutput: Bool { !outbox.isEmpty }

  /// - Returns: What gets to the server now.
  func carry(_ count: Int) -> [UInt8] {
    let bytes = Array(outbox.prefix(count))
    outbox.removeFirst(bytes.count)
    return bytes
  }

  func take(_ bytes: [UInt8]) { inbox += bytes }

  /// What the server may still send.
  var room: Int { capacity == .max ? .max : max(0, capacity - inbox.count) }

  // MARK: The client reads

  func read(_ count: Int) throws(TestFailure) -> [Frames.Frame] {
    received += inbox.prefix(count)
    inbox.removeFirst(min(count, inbox.count))
    return try Frames.take(from: &received)
  }

  func answered(_ id: UInt32) -> Sent? { pending.removeValue(forKey: id) }

  /// Nobody waits for anything any more.
  ///
  /// - Returns: What will never be answered, in the order in which it was sent.
  func giveUp() -> [Sent] {
    isOver = true
    outbox = []
    inbox = []
    return pending.values.sorted { $0.number < $1.number }
  }
}
