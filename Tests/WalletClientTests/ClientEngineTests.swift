import Testing
import WalletWire

@testable import WalletClient

@Suite struct ClientEngineTests {
  @Test func aCallGoesOutAfterTheGreetingOnly() {
    let world = EngineWorld()
    world.network.greetsAtOnce = false
    let (_, box) = world.call()
    let transport = world.network.transports[0]
    #expect(transport.frames.map(\.header.type) == [.hello])
    transport.greet()
    world.loop.settle()
    #expect(transport.requests().count == 1)
    transport.reply(1, [9])
    #expect(box.result == .reply([9], replayed: false))
  }

  @Test func unavailableThenOKWithTheSameBytes() {
    let world = EngineWorld()
    let (_, box) = world.call()
    let transport = world.network.transports[0]
    transport.refuse(1, .unavailable)
    world.loop.advance(millis: 100)
    #expect(transport.requests().map(\.requestID) == [1, 2])
    let payloads = transport.frames.filter { $0.header.type == .request }.map(\.payload)
    #expect(payloads[0] == payloads[1])
    transport.reply(2)
    #expect(box.result == .reply([], replayed: false))
  }

  @Test func theServersPauseIsObeyed() {
    let world = EngineWorld()
    _ = world.call()
    let transport = world.network.transports[0]
    transport.refuse(1, .resourceExhausted, retryAfterMillis: 2_000)
    world.loop.advance(millis: 1_990)
    #expect(transport.requests().count == 1)
    world.loop.advance(millis: 300)
    #expect(transport.requests().count == 2)
  }

  @Test func aPauseThatOutlastsTheCallIsNotWaitedFor() {
    let world = EngineWorld()
    let (_, box) = world.call(timeoutMillis: 1_000)
    world.network.transports[0].refuse(1, .unavailable, retryAfterMillis: 5_000)
    guard case .notExecuted(.answered(let rejection))? = box.result else {
      Issue.record("\(String(describing: box.result))")
      return
    }
    #expect(rejection.retryAfterMillis == 5_000)
  }

  @Test func unknownThenUnavailableStaysUnknown() {
    let world = EngineWorld { $0.attemptsMax = 2 }
    let (_, box) = world.call()
    world.network.transports[0].event(.closed("gone"))
    world.loop.advance(millis: 100)
    world.network.transports[1].refuse(1, .unavailable)
    guard case .outcomeUnknown(.answered(let rejection))? = box.result else {
      Issue.record("\(String(describing: box.result))")
      return
    }
    #expect(rejection.reason == .unavailable)
  }

  @Test func unknownThenReplayIsOK() {
    let world = EngineWorld()
    let (_, box) = world.call()
    world.network.transports[0].event(.closed("gone"))
    world.loop.advance(millis: 100)
    let transport = world.network.transports[1]
    transport.deliver(FrameHeader(type: .response, flags: .replayed, requestID: 1), [5])
    #expect(box.result == .reply([5], replayed: true, afterUnknown: true))
  }

  @Test func goAwayLetsTheOldFinishAndTakesTheNewElsewhere() {
    let world = EngineWorld()
    let (_, first) = world.call()
    let old = world.network.transports[0]
    old.deliver(FrameHeader(type: .goAway))
    let (_, second) = world.call()
    #expect(world.network.transports.count == 2)
    #expect(old.requests().count == 1)
    world.network.transports[1].reply(1, [2])
    #expect(!old.isClosed)
    old.reply(1, [1])
    #expect(first.result == .reply([1], replayed: false))
    #expect(second.result == .reply([2], replayed: false))
    #expect(old.isClosed)
  }

  @Test func aServerThatOnlyGreetsAndLeavesIsNotCalledWithoutEnd() {
    let world = EngineWorld { $0.attemptsMax = 3 }
    world.network.greetsAtOnce = false
    let (_, box) = world.call()
    for _ in 0..<50 {
      guard let transport = world.network.transports.last, !transport.isClosed else { break }
      var bytes: [UInt8] = []
      bytes.appendFrame(FrameHeader(type: .helloAck), payload: Bytes.helloAck)
      bytes.appendFrame(FrameHeader(type: .goAway), payload: [])
      transport.event(.received(bytes))
      world.loop.advance(millis: 500)
    }
    #expect(world.network.transports.count == 3)
    #expect(box.result == .notExecuted(.unreachable("test:1 is leaving")))
  }

  @Test func refusedConnectionsEndBeforeTheDeadline() {
    let world = EngineWorld { $0.attemptsMax = 3 }
    world.network.refusals = ["refused", "refused", "refused", "refused"]
    let (_, box) = world.call()
    world.loop.advance(millis: 1_000)
    #expect(box.result == .notExecuted(.unreachable("test:1: refused")))
    #expect(world.network.transports.count == 3)
  }

  @Test func silenceEndsWithTheDeadlineAndTheLateReplyIsIgnored() {
    let world = EngineWorld()
    let (_, box) = world.call(timeoutMillis: 1_000)
    world.loop.advance(millis: 1_001)
    #expect(box.result == .outcomeUnknown(.timedOut("")))
    let transport = world.network.transports[0]
    #expect(transport.frames.last?.header.type == .cancel)
    transport.reply(1)
    #expect(box.count == 1)
    let (_, next) = world.call()
    transport.reply(2, [3])
    #expect(next.result == .reply([3], replayed: false))
  }

  @Test func aServerThatNeverGreetsIsGivenUp() {
    let world = EngineWorld { $0.attemptsMax = 1 }
    world.network.greetsAtOnce = false
    let (_, box) = world.call(timeoutMillis: 60_000)
    world.loop.advance(millis: 5_100)
    #expect(box.result == .notExecuted(.unreachable("no greeting from test:1 in time")))
  }

  @Test func aVanishedPeerIsAskedForASignOfLifeAndThenDropped() {
    let world = EngineWorld { $0.attemptsMax = 1 }
    let (_, box) = world.call(timeoutMillis: 60_000)
    world.loop.advance(millis: 6_000)
    #expect(world.network.transports[0].frames.last?.header.type == .ping)
    world.loop.advance(millis: 6_000)
    #expect(box.result == .outcomeUnknown(.connectionLost("test:1 gave no sign of life")))
  }

  @Test func aPongKeepsTheConnection() {
    let world = EngineWorld()
    let (_, box) = world.call(timeoutMillis: 60_000)
    for _ in 0..<5 {
      world.loop.advance(millis: 6_000)
      world.network.transports[0].deliver(FrameHeader(type: .pong), Array(repeating: 0, count: 8))
    }
    #expect(box.result == nil)
    world.network.transports[0].reply(1)
    #expect(box.result == .reply([], replayed: false))
  }

  @Test func cancellingAMutationAsksTheServerWhatBecameOfIt() {
    let world = EngineWorld()
    let (call, box) = world.call()
    world.engine.cancel(call)
    world.loop.settle()
    #expect(box.result == nil)
    #expect(world.network.transports[0].frames.last?.header.type == .cancel)
    world.network.transports[0].refuse(1, .cancelled)
    #expect(box.result == .notExecuted(.cancelled))

    let (other, silent) = world.call()
    world.engine.cancel(other)
    world.loop.advance(millis: 600)
    #expect(silent.result == .outcomeUnknown(.cancelled))
  }

  @Test func cancellingAReadEndsItAtOnce() {
    let world = EngineWorld()
    let (call, box) = world.call(isMutation: false)
    world.engine.cancel(call)
    #expect(box.result == .notExecuted(.cancelled))
  }

  @Test func pingsAreAnswered() {
    let world = EngineWorld()
    _ = world.call()
    let transport = world.network.transports[0]
    transport.deliver(FrameHeader(type: .ping, requestID: 9), [1, 2, 3, 4, 5, 6, 7, 8])
    world.loop.settle()
    #expect(transport.frames.last?.header.type == .pong)
    #expect(transport.frames.last?.header.requestID == 9)
    #expect(transport.frames.last?.payload == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test func strangersNeverSeeARequest() {
    for stranger in [Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]] {
      let world = EngineWorld()
      world.network.greetsAtOnce = false
      let (_, box) = world.call()
      world.network.transports[0].event(.received(stranger))
      guard case .notExecuted(.notAWalletServer)? = box.result else {
        Issue.record("\(String(describing: box.result))")
        continue
      }
      #expect(world.network.transports[0].requests().isEmpty)
      #expect(world.network.transports[0].isClosed)
    }
  }

  @Test func garbageLaterLosesTheConnection() {
    let world = EngineWorld { $0.attemptsMax = 1 }
    let (_, box) = world.call()
    world.network.transports[0].event(.received([0, 0, 0, 16] + Array(repeating: 7, count: 16)))
    guard case .outcomeUnknown(.connectionLost)? = box.result else {
      Issue.record("\(String(describing: box.result))")
      return
    }
  }

  @Test func aConnectionErrorBeforeTheGreetingIsTheAnswer() {
    let world = EngineWorld()
    world.network.greetsAtOnce = false
    let (_, box) = world.call()
    world.network.transports[0].deliver(FrameHeader(type: .connectionError), Bytes.error(.unauthenticated))
    guard case .rejected(let rejection)? = box.result else {
      Issue.record("\(String(describing: box.result))")
      return
    }
    #expect(rejection.reason == .unauthenticated)
  }

  @Test func noMoreInFlightThanTheServerTakes() {
    let world = EngineWorld()
    var boxes: [EngineWorld.Box] = []
    for _ in 0..<1_100 { boxes.append(world.call().1) }
    let transport = world.network.transports[0]
    #expect(transport.requests().count == 1_024)
    for id in 1...100 { transport.reply(UInt32(id)) }
    world.loop.settle()
    #expect(transport.requests().count == 1_100)
    #expect(transport.requests().map(\.requestID) == Array(1...1_100))
  }

  @Test func closingEndsEverything() {
    let world = EngineWorld()
    let (_, mutation) = world.call()
    let (_, read) = world.call(isMutation: false)
    world.engine.close()
    #expect(mutation.result == .outcomeUnknown(.clientClosed))
    #expect(read.result == .notExecuted(.clientClosed))
    #expect(world.call().1.result == .notExecuted(.clientClosed))
  }

  @Test func manyDeadlinesLeaveNoHeapBehind() {
    let world = EngineWorld()
    for id in 1...20_000 {
      let (_, box) = world.call()
      world.network.transports[0].reply(UInt32(id))
      #expect(box.count == 1)
    }
    #expect(world.engine.timers.count < 2_000)
  }
}
