import WalletWire

@testable import WalletClient

/// Time that stands still until a test moves it. `@unchecked Sendable`: a test uses it from one thread.
final class ManualLoop: ClientLoop, @unchecked Sendable {
  private(set) var now: UInt64 = 1_000_000_000
  private var ready: [@Sendable () -> Void] = []
  private var timed: [(time: UInt64, work: @Sendable () -> Void)] = []

  func nowNanoseconds() -> UInt64 { now }
  func wallMilliseconds() -> UInt64 { 1_700_000_000_000 + now / 1_000_000 }
  func execute(_ work: @escaping @Sendable () -> Void) { ready.append(work) }
  func execute(atNanoseconds time: UInt64, _ work: @escaping @Sendable () -> Void) { timed.append((time, work)) }
  func assertOnLoop() {}

  /// Does everything that is due now.
  func settle() {
    while true {
      if !ready.isEmpty {
        ready.removeFirst()()
      } else if let index = timed.firstIndex(where: { $0.time <= now }) {
        timed.remove(at: index).work()
      } else {
        return
      }
    }
  }

  /// Moves time on, stopping at each timer.
  func advance(millis: UInt64) {
    settle()
    let end = now + millis * 1_000_000
    while let next = timed.map(\.time).min(), next <= end {
      now = max(now, next)
      settle()
    }
    now = end
    settle()
  }
}

/// The other end of one connection, as a test plays it.
final class FakeTransport: Transport {
  private let events: @Sendable (TransportEvent) -> Void
  private var buffer = FrameBuffer(frameBytesMax: 1 << 20)
  private(set) var isClosed = false
  private(set) var frames: [(header: FrameHeader, payload: [UInt8])] = []
  private var prefaceLeft = FrameHeader.preface.count

  init(_ events: @escaping @Sendable (TransportEvent) -> Void) { self.events = events }

  func send(_ bytes: [UInt8]) {
    let skipped = min(prefaceLeft, bytes.count)
    prefaceLeft -= skipped
    buffer.append(Array(bytes[skipped...]))
    while let frame = try? buffer.next() { frames.append(frame) }
  }

  func close() { isClosed = true }

  func event(_ event: TransportEvent) { events(event) }

  func requests() -> [FrameHeader] { frames.map(\.header).filter { $0.type == .request } }

  func deliver(_ header: FrameHeader, _ payload: [UInt8] = []) {
    var bytes: [UInt8] = []
    bytes.appendFrame(header, payload: payload)
    events(.received(bytes))
  }

  func greet() { deliver(FrameHeader(type: .helloAck), Bytes.helloAck) }

  func reply(_ request: UInt32, _ payload: [UInt8] = []) {
    deliver(FrameHeader(type: .response, requestID: request), payload)
  }

  func refuse(
    _ request: UInt32, _ reason: ErrorReason, notExecuted: Bool = true, retryAfterMillis: UInt32 = 0
  ) {
    deliver(
      FrameHeader(
        type: .response, flags: notExecuted ? .notExecuted : [], code: reason.status, requestID: request,
        millis: retryAfterMillis), Bytes.error(reason))
  }
}

/// Messages of a server, by way of JSON.
enum Bytes {
  static func message(_ json: String, _ name: String) -> [UInt8] {
    guard let schema = SchemaRegistry.wallet.message("wallet.v1.\(name)"),
      let bytes = try? ProtobufJSON.bytes(json, as: schema)
    else { preconditionFailure("not a \(name): \(json)") }
    return bytes
  }

  static let helloAck = message(
    #"{"version":1,"limits":{"requestBytesMax":1048576,"responseBytesMax":1048576,"requestsInFlightMax":1024}}"#,
    "HelloAck")

  static func error(_ reason: ErrorReason) -> [UInt8] {
    message(#"{"reason":"ERROR_REASON_\#(reason.name)","message":"no"}"#, "Error")
  }

  static func mutation(balance: Int64, replayed: Bool = false) -> [UInt8] {
    message(
      #"{"balance":"\#(balance)","currency":"USD","exponent":2,"replayed":\#(replayed),"transaction":{"id":"7"}}"#,
      "MutationResponse")
  }
}

/// An engine in a world that a test plays.
final class EngineWorld {
  /// `@unchecked Sendable`: used from the test's thread only.
  final class Network: @unchecked Sendable {
    var transports: [FakeTransport] = []
    /// What becomes of the next connections: a reason for failing, or `nil` for being accepted.
    var refusals: [String?] = []
    var greetsAtOnce = true
  }
  final class Box: @unchecked Sendable {
    var result: CallResult?
    var count = 0
  }

  let loop = ManualLoop()
  let network = Network()
  let engine: ClientEngine

  init(_ change: (inout WalletClientOptions) -> Void = { _ in }) {
    var options = WalletClientOptions()
    change(&options)
    engine = ClientEngine(
      endpoint: .tcp(host: "test", port: 1), options: options,
      environment: ClientEnvironment(
        loop: loop, random: { 0 },
        openTransport: { [loop, network] _, _, events in
          let transport = FakeTransport(events)
          network.transports.append(transport)
          let refusal = network.refusals.isEmpty ? nil : network.refusals.removeFirst()
          loop.execute { [network] in
            if let refusal { return events(.closed(refusal)) }
            events(.connected)
            if network.greetsAtOnce { loop.execute { network.greet(events) } }
          }
          return transport
        }))
  }

  /// Makes a call; the box gets its end.
  func call(isMutation: Bool = true, timeoutMillis: UInt64 = 10_000, unknownBefore: Bool = false) -> (Call, Box) {
    let box = Box()
    let call = Call(
      method: 260, payload: [1, 2, 3],
      state: CallState(
        isMutation: isMutation, attemptsMax: engine.options.attemptsMax, earlierOutcomeUnknown: unknownBefore),
      deadline: loop.now + timeoutMillis * 1_000_000
    ) { result in
      box.result = result
      box.count += 1
    }
    loop.execute { [engine] in engine.submit(call) }
    loop.settle()
    return (call, box)
  }
}

extension EngineWorld.Network {
  fileprivate func greet(_ events: @Sendable (TransportEvent) -> Void) {
    var bytes: [UInt8] = []
    bytes.appendFrame(FrameHeader(type: .helloAck), payload: Bytes.helloAck)
    events(.received(bytes))
  }
}
