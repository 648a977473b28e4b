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
}
