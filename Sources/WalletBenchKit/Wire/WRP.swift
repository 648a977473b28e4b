import WalletSystem
import WalletWire

/// walletd's own language (proto/WIRE.md).
struct WRP: WireProtocol {
  static let hasVersions = true
  /// The longest frame that a server may send.
  static let frameBytesMax = 8 << 20

  let server: String
  let encoder: RequestEncoder
  /// Says who asks.
  var token: String?

  /// The key keeps a mutation from being done twice.
  static func repeats(_ kind: Operation.Kind) -> Bool { true }

  func append(_ operation: Operation, requestID: UInt32, _ batches: BatchPool, to output: inout [UInt8]) {
    if operation.kind == .batch {
      encoder.append(operation, requestID: requestID, items: batches.items(operation), to: &output)
    } else {
      encoder.append(operation, requestID: requestID, to: &output)
    }
  }

  func message(in bytes: Span<UInt8>, from start: Int) throws(BenchFailure) -> Incoming? {
    let found: FrameSlice?
    do throws(FrameError) {
      found = try FrameParser.frame(in: bytes, from: start, frameBytesMax: Self.frameBytesMax)
    } catch {
      throw .unreachable("the server sent bytes that are not a frame: \(error)")
    }
    guard let slice = found else { return nil }
    let header = slice.header
    var message = Incoming(payload: slice.payload, end: slice.end)
    switch header.type {
    case .response:
      message.kind = header.code == 0 ? .answer : .refusal
      message.requestID = header.requestID
      message.isNotExecuted = header.flags.contains(.notExecuted)
      message.isReplay = header.flags.contains(.replayed)
      message.retryAfterMillis = header.millis
      guard header.requestID != 0 else { throw .unreachable("the server answered request 0") }
    case .goAway: message.kind = .leaving
    case .ping: message.kind = .ping
    case .connectionError:
      throw .unreachable("the server closed a connection: \(ReplyReader.text(2, bytes, slice.payload))")
    default: throw .unreachable("the server sent a frame of type \(header.type.rawValue)")
    }
    return message
  }

  func reply(to operation: Operation, _ message: Incoming, _ bytes: Span<UInt8>) -> Reply? {
    ReplyReader.reply(to: operation.kind, bytes, message.payload)
  }

  func refusal(_ message: Incoming, _ bytes: Span<UInt8>) -> Refusal? { ReplyReader.refusal(bytes, message.payload) }

  func batchResults(
    _ message: Incoming, _ bytes: Span<UInt8>, _ body: (Int, BatchItemResult) throws(BenchFailure) -> Void
  ) throws(BenchFailure) -> Bool {
    try ReplyReader.batchResults(bytes, message.payload, body)
  }
}
