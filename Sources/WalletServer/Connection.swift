import WalletCore
import WalletSystem

/// One client, as the loop's queue sees it. Its buffers and its clockwork; what bytes mean is `ConnectionState`'s.
final class Connection {
  let socket: SocketID
  let peer: String
  var state = ConnectionState()
  var origin: Origin

  /// What has arrived and isn't consumed yet.
  var input: [UInt8] = []
  /// Where the unconsumed part begins.
  var inputStart = 0
  /// What waits to be sent, from `outputStart` on.
  var output: [UInt8] = []
  var outputStart = 0

  /// At most what the replies to batches in flight will take, by request id.
  private var batchReplies: [UInt32: Int] = [:]
  private(set) var batchReplyBytesExpected = 0
  /// At most what of the output that waits is replies to batches.
  private(set) var batchReplyBytesWaiting = 0

  /// Those that are under way; the first one's turn comes first.
  var streams: [OpenStream] = []
  /// Bytes of room that are set aside for them.
  var streamBytesGranted = 0

  /// The last frame is being sent; then the connection closes.
  var isClosing = false
  /// It waits for the event loop's word that it can be written.
  var isBlocked = false
  /// Whether the loop reports what arrives.
  var isReading = true

  /// Why it ends, once that is known to be more than the peer's wish.
  var end = ConnectionEnd.peer

  /// It has answers of the delivery that is being made.
  var isTouched = false

  let openedAt: Int64
  var lastHeardAt: Int64
  /// When the frame began that isn't whole yet; `nil` between frames.
  var frameBeganAt: Int64?
  /// When output last moved while some was waiting.
  var outputMovedAt: Int64

  init(socket: SocketID, peer: String, now: Int64) {
    self.socket = socket
    self.peer = peer
    origin = Origin(actor: "", source: Text(peer), clientName: "")
    openedAt = now
    lastHeardAt = now
    outputMovedAt = now
  }

  var outputWaiting: Int { output.count - outputStart }
  var isGreeting: Bool { state.phase != .open }

  func expectBatchReply(to requestID: UInt32, bytesMax: Int) {
    batchReplies[requestID] = bytesMax
    batchReplyBytesExpected += bytesMax
  }

  /// The request has its response in the output, or will have it at once.
  func answered(_ requestID: UInt32) {
    state.answered(requestID)
    if batchReplies.isEmpty { return }
    guard let bytesMax = batchReplies.removeValue(forKey: requestID) else { return }
    batchReplyBytesExpected -= bytesMax
    batchReplyBytesWaiting += bytesMax
  }

  func consumeInput(to end: Int) {
    inputStart = end
    if inputStart == input.count {
      input.removeAll(keepingCapacity: input.capacity <= 1 << 20)
      inputStart = 0
    }
  }

  /// Moves a rest to the front, so that the buffer holds no more than one read beyond the longest frame.
  func compactInput() {
    guard inputStart > 0 else { return }
    input.removeFirst(inputStart)
    inputStart = 0
  }

  func consumeOutput(_ count: Int) {
    outputStart += count
    if outputStart == output.count {
      output.removeAll(keepingCapacity: output.capacity <= 1 << 20)
      outputStart = 0
      batchReplyBytesWaiting = 0
    } else if outputStart > 1 << 18 {
      output.removeFirst(outputStart)
      outputStart = 0
    }
  }
}
