import TestSupport
import WalletSystem
import WalletWire

/// A caller on a connection in memory.
final class SimulatedClient {
  /// What a request that is under way must be answered with.
  enum Awaited {
    case reply(ExpectedReply)
    /// Answered as things stand once all mutations of its gather are done.
    case read(Read)
  }

  let socket: SocketID
  let caller: Caller
  private var nextRequestID: UInt32 = 1
  /// Bytes that are still to be sent.
  var output: [UInt8]
  var awaited: [UInt32: Awaited] = [:]
  /// It hangs up before its requests are taken up.
  var isLeaving = false

  init(socket: SocketID, caller: Caller) {
    self.socket = socket
    self.caller = caller
    output = FrameHeader.preface
    let hello = ProtobufWriter.message {
      $0.message(1, [1])
      $0.text(2, caller.client)
    }
    output.appendFrame(FrameHeader(type: .hello), payload: hello)
  }

  /// - Returns: The request's id.
  @discardableResult
  func write(_ method: UInt16, _ payload: [UInt8], millis: UInt32 = 0, _ awaited: Awaited) -> UInt32 {
    let id = nextRequestID
    nextRequestID += 1
    output.appendFrame(FrameHeader(type: .request, code: method, requestID: id, millis: millis), payload: payload)
    self.awaited[id] = awaited
    return id
  }

  func cancel(_ id: UInt32) { output.appendFrame(FrameHeader(type: .cancel, requestID: id), payload: []) }

  /// Frames of what has come.
  static func frames(_ bytes: [UInt8]) throws -> [(header: FrameHeader, payload: [UInt8])] {
    var frames: [(header: FrameHeader, payload: [UInt8])] = []
    var start = 0
    while let slice = try FrameParser.frame(in: bytes.span, from: start, frameBytesMax: 8 << 20) {
      frames.append((slice.header, Array(bytes[slice.payload])))
      start = slice.end
    }
    guard start == bytes.count else { throw TestFailure("\(bytes.count - start) bytes behind the last frame") }
    return frames
  }
}
