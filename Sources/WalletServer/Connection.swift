import WalletCore
import WalletSystem

/// One client, as the loop's queue sees it. Its buffers and its clockwork; what bytes mean is `ConnectionState`'s.
final class Connection {
  let socket: SocketID
  let peer: String
  var state = ConnectionState()
  private(set) var origin: Origin
  /// Whose shares it uses.
  private(set) var principal: Principal

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

  /// The log says why it ends.
  var isEndLogged = false

  /// It has answers of the delivery that is being made.
  var isTouched = false

  /// What of it is queued and counted.
  private(set) var queuedRequests = 0
  private(set) var queuedBytes = 0
  private(set) var explanations = 0
  /// What of its input is counted.
  var inputBytes = 0

  /// Frames that cost no place in flight: PING, PONG, CANCEL, and requests that are turned away.
  var spareFrames = RateBucket()
  /// How many of them were taken in this turn.
  var spareFramesInTurn = 0
  /// It isn't read until then, since it sent too many of them; 0 when it is.
  var heldBackUntil: Int64 = 0
  /// How often in a row it was held back for PING, PONG and CANCEL.
  var floods = 0
  /// What has arrived goes on when there is room for replies, be it that nothing more arrives.
  var hasMore = false

  let openedAt: Int64
  var lastHeardAt: Int64
  /// When the frame began that isn't whole yet; `nil` between frames.
  var frameBeganAt: Int64?
  /// When output last moved while some was waiting.
  var outputMovedAt: Int64

  init(socket: SocketID, peer: String, principal: Principal, now: Int64) {
    self.socket = socket
    self.peer = peer
    self.principal = principal
    principal.connections += 1
    origin = Origin(Access.none, source: Text(peer), clientName: "")
    openedAt = now
    lastHeardAt = now
    outputMovedAt = now
  }

  func admit(_ access: Access, clientName: Text) {
    origin = Origin(access, source: Text(peer), clientName: clientName)
  }

  var outputWaiting: Int { output.count - outputStart }
  var isGreeting: Bool { state.phase != .open }

  // MARK: Its principal's share

  func move(to other: Principal) {
    count(-1)
    principal = other
    count(1)
  }

  /// It is gone, and what it had is free for others. What is at work for it meanwhile is bounded by a gather.
  func leavePrincipal() { count(-1) }

  private func count(_ sign: Int) {
    principal.connections += sign
    principal.queuedRequests += sign * queuedRequests
    principal.queuedBytes += sign * queuedBytes
    principal.explanations += sign * explanations
    principal.outputBytes += sign * outputWaiting
    principal.inputBytes += sign * inputBytes
  }

  func queued(_ byteCount: Int, isExplanation: Bool) {
    queuedRequests += 1
    queuedBytes += byteCount
    principal.queuedRequests += 1
    principal.queuedBytes += byteCount
    guard isExplanation else { return }
    explanations += 1
    principal.explanations += 1
  }

  func leftQueue(_ byteCount: Int, isExplanation: Bool) {
    queuedRequests -= 1
    queuedBytes -= byteCount
    principal.queuedRequests -= 1
    principal.queuedBytes -= byteCount
    guard isExplanation else { return }
    explanations -= 1
    principal.explanations -= 1
  }

  // MARK: What it waits for

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

  // MARK: Buffers

  var inputIsEmpty: Bool { inputStart == input.count }

  /// What a buffer that is empty keeps for the next time.
  private static let capacityKeptMax = 256 * 1024
  /// The same while nothing comes.
  private static let idleCapacityKeptMax = 4 * 1024

  func consumeInput(to end: Int) {
    inputStart = end
    if inputStart == input.count {
      input.removeAll(keepingCapacity: input.capacity <= Self.capacityKeptMax)
      inputStart = 0
    }
  }

  /// Nothing came or went for a while: ten thousand silent connections shouldn't hold what each of them needed once.
  func releaseIdleBuffers() {
    if inputIsEmpty, input.capacity > Self.idleCapacityKeptMax { releaseInput() }
    if outputWaiting == 0, output.capacity > Self.idleCapacityKeptMax {
      output = []
      outputStart = 0
    }
  }

  func releaseInput() {
    input = []
    inputStart = 0
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
      output.removeAll(keepingCapacity: output.capacity <= Self.capacityKeptMax)
      outputStart = 0
      batchReplyBytesWaiting = 0
    } else if outputStart > 1 << 18 {
      output.removeFirst(outputStart)
      outputStart = 0
    }
  }
}
