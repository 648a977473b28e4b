import Synchronization
import Testing
import WalletWire

@testable import WalletClient

private func event(_ row: Int, note: String = "") -> [UInt8] {
  Bytes.message(
    #"{"transaction":{"id":"\#(row)","note":"\#(note)"},"currency":"USD","exponent":2,"resumeToken":"t\#(row)","commitSeq":"\#(row)"}"#,
    "WatchEvent")
}

private func token(_ row: Int) -> [UInt8] {
  Bytes.message(#"{"resumeToken":"t\#(row)","commitSeq":"\#(row)"}"#, "WatchEvent")
}

private func streamEnd(_ reason: ErrorReason, _ row: Int) -> [UInt8] {
  Bytes.message(
    #"{"reason":"ERROR_REASON_\#(reason.name)","streamEnd":{"resumeToken":"t\#(row)"}}"#, "Error")
}

@Suite("Streams in the client's engine")
struct EngineStreamTests {
  /// `@unchecked Sendable`: one thread plays the world.
  private final class Reader: @unchecked Sendable {
    var events: [[UInt8]] = []
    var takes = Int.max
    var result: CallResult?
  }

  private func stream(_ world: EngineWorld, timeoutMillis: UInt64 = 10_000) -> (Call, Reader) {
    let reader = Reader()
    let call = Call(
      method: 278, payload: [1], state: CallState(isMutation: false, attemptsMax: 3),
      deadline: world.loop.now + timeoutMillis * 1_000_000,
      onEvent: { event in
        reader.events.append(event)
        return reader.events.count < reader.takes
      }, complete: { reader.result = $0 })
    world.loop.execute { [engine = world.engine] in engine.submit(call) }
    world.loop.settle()
    return (call, reader)
  }

  private func tell(_ transport: FakeTransport, _ request: UInt32, _ payload: [UInt8]) {
    transport.deliver(FrameHeader(type: .event, requestID: request), payload)
  }

  @Test("from its first event on a stream outlasts its deadline, and ends with the response")
  func deadline() {
    let world = EngineWorld()
    let (_, reader) = stream(world)
    let transport = world.network.transports[0]
    tell(transport, 1, [7])
    for _ in 0..<10 {
      world.loop.advance(millis: 4_000)
      transport.deliver(FrameHeader(type: .pong), Array(repeating: 0, count: 8))
    }
    tell(transport, 1, [8])
    #expect(reader.events == [[7], [8]] && reader.result == nil)
    transport.reply(1)
    #expect(reader.result == .reply([], replayed: false))
    let (_, late) = stream(world, timeoutMillis: 1_000)
    world.loop.advance(millis: 1_100)
    #expect(late.result == .notExecuted(.timedOut("")))
  }

  @Test("events of a stream that was given up are dropped, and the connection goes on")
  func lateEvents() {
    let world = EngineWorld()
    let (call, reader) = stream(world)
    let transport = world.network.transports[0]
    tell(transport, 1, [7])
    world.engine.cancel(call)
    world.loop.settle()
    #expect(transport.frames.last?.header.type == .cancel && transport.frames.last?.header.requestID == 1)
    #expect(reader.result == .notExecuted(.cancelled))
    tell(transport, 1, [8])
    tell(transport, 99, [9])
    transport.refuse(1, .cancelled)
    #expect(reader.events == [[7]] && !transport.isClosed)
    let (_, box) = world.call(isMutation: false)
    transport.reply(2, [5])
    #expect(box.result == .reply([5], replayed: false))
  }

  @Test("a reader that takes no more cancels its stream")
  func fullReader() {
    let world = EngineWorld()
    let (_, reader) = stream(world)
    reader.takes = 2
    let transport = world.network.transports[0]
    var bytes: [UInt8] = []
    for number in 1...5 as ClosedRange<UInt8> {
      bytes.appendFrame(FrameHeader(type: .event, requestID: 1), payload: [number])
    }
    transport.event(.received(bytes))
    world.loop.settle()
    #expect(reader.events == [[1], [2]] && reader.result == .notExecuted(.cancelled))
    #expect(transport.frames.last?.header.type == .cancel)
  }

  @Test("before its first event a stream is tried again; after it, never from its beginning")
  func retries() {
    let world = EngineWorld()
    let (_, reader) = stream(world)
    world.network.transports[0].event(.closed("gone"))
    world.loop.advance(millis: 200)
    world.network.transports[1].refuse(1, .unavailable)
    world.loop.advance(millis: 200)
    #expect(world.network.transports[1].requests().count == 2 && reader.result == nil)
    tell(world.network.transports[1], 2, [7])
    world.network.transports[1].event(.closed("gone"))
    world.loop.advance(millis: 2_000)
    #expect(reader.result == .notExecuted(.connectionLost("gone")) && world.network.transports.count == 2)
  }
}

@Suite("Resuming watches")
struct WatchResumptionTests {
  private func event(_ row: Int?, _ token: String) -> WatchEvent {
    var event = WatchEvent(
      transaction: nil, balanceBefore: 0, heldBefore: 0, currency: "", exponent: 0, resumeToken: token, commitSeq: 0,
      encoded: [])
    if let row, let bytes = try? ReplyDecoding.watchEvent(WalletClientTests.event(row)) {
      event.transaction = bytes.transaction
    }
    return event
  }

  private func failed(_ cause: FailureCause) -> EventBuffer.Item { .failed(.notExecuted(key: nil, cause: cause)) }

  private func answered(_ reason: ErrorReason, retryAfter: UInt32 = 0) -> EventBuffer.Item {
    failed(.answered(Rejection(payload: Bytes.error(reason), status: reason.status, retryAfterMillis: retryAfter)))
  }

  @Test("a watch goes on behind the last event, and a token is told once")
  func tokens() throws {
    var watch = WatchResumption(start: .now, patience: nil)
    #expect(watch.told(event(nil, "a")) != nil && watch.start == .token("a"))
    #expect(watch.told(event(nil, "a")) == nil)
    #expect(watch.told(event(7, "b")) != nil && watch.start == .token("b"))
    #expect(try watch.ended(.overrun, now: 0) == .atOnce && !watch.isOver)
    #expect(watch.told(event(nil, "b")) == nil && watch.told(event(nil, "c")) != nil)
  }

  @Test("pauses grow until a transaction comes, and are as long as the server asks")
  func pauses() throws {
    var watch = WatchResumption(start: .now, patience: nil)
    _ = watch.told(event(nil, "a"))
    for failures in 1...3 {
      #expect(try watch.ended(failed(.connectionLost("")), now: 0) == .pause(failures: failures, atLeastMillis: 0))
      _ = watch.told(event(nil, "a"))
    }
    #expect(
      try watch.ended(answered(.unavailable, retryAfter: 900), now: 0) == .pause(failures: 4, atLeastMillis: 900))
    _ = watch.told(event(1, "b"))
    #expect(try watch.ended(answered(.resourceExhausted), now: 0) == .pause(failures: 1, atLeastMillis: 0))
  }

  @Test("what never stood, what is refused, and a server that is away too long end it")
  func ends() throws {
    var watch = WatchResumption(start: .now, patience: nil)
    #expect(throws: WalletError.self) { try watch.ended(failed(.unreachable("")), now: 0) }
    #expect(watch.isOver)

    watch = WatchResumption(start: .now, patience: 10)
    _ = watch.told(event(nil, "a"))
    let refusal = WalletError.rejected(Rejection(payload: Bytes.error(.resumeInvalid), status: 9))
    #expect(throws: refusal) { try watch.ended(.failed(refusal), now: 0) }

    watch = WatchResumption(start: .now, patience: 10)
    _ = watch.told(event(nil, "a"))
    _ = try watch.ended(failed(.unreachable("")), now: 100)
    _ = try watch.ended(failed(.unreachable("")), now: 110)
    #expect(throws: WalletError.self) { try watch.ended(failed(.unreachable("")), now: 111) }

    for item in [EventBuffer.Item.finished, failed(.cancelled)] {
      watch = WatchResumption(start: .now, patience: nil)
      #expect(try watch.ended(item, now: 0) == .atOnce && watch.isOver)
    }
  }
}

@Suite("Watches of the client")
struct WatchTests {
  /// How the requests began, as JSON.
  private final class Log: Sendable {
    private let state = Mutex<[String]>([])
    func add(_ payload: [UInt8]) {
      guard let schema = SchemaRegistry.wallet.message("wallet.v1.WatchTransactionsRequest"),
        let value = try? ProtobufJSON.value(payload[...], as: schema, includeDefaults: false)
      else { return }
      state.withLock { $0.append(value.text) }
    }
    var all: [String] { state.withLock { $0 } }
  }

  /// A client that doesn't mind silence: these servers answer no PING, and a test may wait for its turn for long.
  private func client(_ server: ScriptedServer, _ change: (inout WalletClientOptions) -> Void = { _ in })
    -> WalletClient
  {
    server.client {
      $0.silenceMax = .seconds(600)
      change(&$0)
    }
  }

  @Test("it goes on over a lost connection, a server that leaves, and being told to resume")
  func resumes() async throws {
    let log = Log()
    let server = try ScriptedServer { connection, number in
      connection.greet()
      while let request = connection.request() {
        log.add(request.payload)
        let id = request.header.requestID
        let tell = { (payload: [UInt8]) in connection.write(FrameHeader(type: .event, requestID: id), payload) }
        switch log.all.count {
        case 1:
          tell(token(0))
          tell(event(1))
          return  // The connection is gone.
        case 2:
          tell(token(1))
          tell(event(2))
          connection.write(
            FrameHeader(type: .response, code: ErrorReason.resourceExhausted.status, requestID: id),
            streamEnd(.resourceExhausted, 2))
        case 3:
          tell(token(2))
          tell(event(3))
          connection.write(FrameHeader(type: .goAway))
          connection.write(
            FrameHeader(type: .response, code: ErrorReason.unavailable.status, requestID: id),
            streamEnd(.unavailable, 3))
          return
        case 4:
          tell(event(4))
          connection.write(
            FrameHeader(type: .response, code: ErrorReason.resumeInvalid.status, requestID: id),
            Bytes.error(.resumeInvalid))
        default: return
        }
      }
    }
    let client = client(server) { $0.backoff = .milliseconds(1) }
    var rows: [Int64] = []
    var tokens: [String] = []
    do throws(WalletError) {
      for try await event in client.watch(from: .after(0), walletIDs: [5], kinds: [.debit]) {
        if let row = event.transaction { rows.append(row.id) }
        tokens.append(event.resumeToken)
      }
      Issue.record("a watch has no end")
    } catch {
      guard case .rejected(let rejection) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(rejection.reason == .resumeInvalid)
    }
    #expect(rows == [1, 2, 3, 4] && tokens == ["t0", "t1", "t2", "t3", "t4"])
    let filter = #""walletIds":["5"],"kinds":["TRANSACTION_KIND_DEBIT"]"#
    #expect(
      log.all == [
        #"{"afterSeq":"0",\#(filter)}"#, #"{"resumeToken":"t1",\#(filter)}"#, #"{"resumeToken":"t2",\#(filter)}"#,
        #"{"resumeToken":"t3",\#(filter)}"#,
      ])
  }

  @Test("a reader that falls behind loses nothing: the watch is cancelled, and taken up where its buffer ends")
  func slowReader() async throws {
    let log = Log()
    let cancels = Mutex(0)
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      var next = 1
      while let frame = connection.frame() {
        if frame.header.type == .cancel {
          cancels.withLock { $0 += 1 }
          // Late events of the one that was cancelled.
          connection.write(FrameHeader(type: .event, requestID: frame.header.requestID), event(9_999))
          connection.refuse(frame.header.requestID, .cancelled)
        }
        guard frame.header.type == .request else { continue }
        log.add(frame.payload)
        if let last = log.all.last?.split(separator: #""t"#).last.flatMap({ Int($0.prefix { $0.isNumber }) }) {
          next = last + 1
        }
        let id = frame.header.requestID
        for row in next..<next + 300 {
          connection.write(
            FrameHeader(type: .event, requestID: id), event(row, note: String(repeating: "n", count: 200)))
        }
      }
    }
    let client = client(server) { $0.streamBufferBytesMax = 10_000 }
    var rows: [Int64] = []
    for try await event in client.watch(from: .beginning) {
      if let row = event.transaction { rows.append(row.id) }
      // It reads no further before it is too late; what is sent after that reaches beyond the last row looked for.
      while cancels.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
      if rows.count == 300 { break }
    }
    #expect(rows == Array(1...300))
    #expect(log.all.count >= 2 && cancels.withLock { $0 } >= 1)
  }

  @Test("a cancelled task ends its watch, and the server hears of it; so it does when the iterator goes")
  func cancellation() async throws {
    let cancelled = Mutex<[UInt32]>([])
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let frame = connection.frame() {
        if frame.header.type == .request {
          connection.write(FrameHeader(type: .event, requestID: frame.header.requestID), event(1))
        }
        if frame.header.type == .cancel { cancelled.withLock { $0.append(frame.header.requestID) } }
      }
    }
    let client = client(server)
    let task = Task {
      var rows = 0
      for try await event in client.watch(from: .now) where event.transaction != nil { rows += 1 }
      return rows
    }
    while try await client.watch(from: .now).first(where: { _ in true }) == nil {}
    task.cancel()
    #expect(try await task.value <= 1)
    let deadline = ContinuousClock.now + .seconds(60)
    while cancelled.withLock({ $0.isEmpty }), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(!cancelled.withLock { $0.isEmpty })
    // Let go of earlier it would close its connection, and what it has to say would be lost.
    withExtendedLifetime(client) {}
  }

  @Test("events on the wire end with the response; a reader that is too slow is told so")
  func rawEvents() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() {
        let id = request.header.requestID
        for number in 0..<UInt8(50) {
          connection.write(
            FrameHeader(type: .event, flags: number == 49 ? .last : [], requestID: id),
            [number] + [UInt8](repeating: 0, count: 900))
        }
        connection.reply(id, [])
      }
    }
    var numbers: [UInt8] = []
    for try await event in client(server).events(method: 277, payload: []) { numbers.append(event[0]) }
    #expect(numbers == Array(0..<50))

    let client = client(server) { $0.streamBufferBytesMax = 5_000 }
    numbers = []
    do throws(WalletError) {
      for try await event in client.events(method: 277, payload: []) {
        numbers.append(event[0])
        _ = try? await Task.sleep(for: .milliseconds(20))
      }
      Issue.record("all of it fitted")
    } catch {
      #expect(error == .notExecuted(key: nil, cause: .readerTooSlow(limit: 5_000)))
    }
    #expect(numbers == Array(0..<UInt8(numbers.count)) && numbers.count < 50)
  }
}
