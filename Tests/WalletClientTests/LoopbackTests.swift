import Foundation
import Synchronization
import Testing
import WalletWire

@testable import WalletClient

/// The client on real sockets against servers that fail in every way known. How long things take is the machine's business; a
/// call that hangs meets the limit of the suite.
@Suite(.timeLimit(.minutes(3))) struct LoopbackTests {
  static let wallet = WalletReference.owner("u1", currency: "USD")

  func debitError(_ client: WalletClient, _ options: MutationOptions = MutationOptions(reason: "x")) async
    -> WalletError?
  {
    do throws(WalletError) {
      _ = try await client.debit(Self.wallet, amount: 1, options)
      return nil
    } catch {
      return error
    }
  }

  @Test func aCallAndItsTypedResult() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() {
        connection.reply(request.header.requestID, Bytes.mutation(balance: 1_230))
      }
    }
    let client = server.client()
    let result = try await client.debit(
      Self.wallet, amount: 70, MutationOptions(reason: "x", idempotencyKey: "key-0001"))
    #expect(result.balance == 1_230)
    #expect(result.exponent == 2)
    #expect(result.idempotencyKey == "key-0001")
    #expect(result.transaction.id == 7)
  }

  @Test func manyCallsShareOneConnection() async throws {
    let connections = Mutex(0)
    let server = try ScriptedServer { connection, _ in
      connections.withLock { $0 += 1 }
      connection.greet()
      while let request = connection.request() {
        connection.reply(request.header.requestID, Bytes.mutation(balance: Int64(request.header.requestID)))
      }
    }
    let client = server.client()
    let balances = try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<3_000 {
        group.addTask { try await client.debit(Self.wallet, amount: 1, MutationOptions(reason: "x")).balance }
      }
      return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
    }
    #expect(balances.count == 3_000)
    #expect(connections.withLock { $0 } == 1)
  }

  @Test("a server that can't be reached ends the call, and never hangs it (tigerbeetle 2976)")
  func anUnreachablePort() async throws {
    var port: UInt16 = 0
    do {
      let server = try ScriptedServer { _, _ in }
      port = server.port
    }
    var options = WalletClientOptions()
    options.timeout = .seconds(5)
    let client = WalletClient(host: "127.0.0.1", port: port, options: options)
    guard case .notExecuted(_, .unreachable)? = await debitError(client) else {
      Issue.record("not unreachable")
      return
    }
  }

  @Test func aNameThatDoesNotResolve() async throws {
    var options = WalletClientOptions()
    options.timeout = .seconds(2)
    let client = WalletClient(host: "no-such-host.invalid", port: 1, options: options)
    guard case .notExecuted(_, .unreachable)? = await debitError(client) else {
      Issue.record("not unreachable")
      return
    }
  }

  @Test("a server that says nothing ends the call at its deadline (tigerbeetle 3178)")
  func aSilentServer() async throws {
    let server = try ScriptedServer { connection, _ in connection.drain() }
    let client = server.client { $0.timeout = .milliseconds(300) }
    guard case .notExecuted(_, .unreachable)? = await debitError(client) else {
      Issue.record("not unreachable")
      return
    }
  }

  @Test func aServerThatGreetsAndNeverAnswers() async throws {
    let wasAsked = Mutex(false)
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      if connection.request() != nil { wasAsked.withLock { $0 = true } }
      connection.drain()
    }
    // On a busy machine the shorter ones may end before the request has left.
    for milliseconds in [500, 2_000, 8_000, 30_000] {
      let client = server.client { $0.timeout = .milliseconds(milliseconds) }
      let error = await debitError(client)
      guard wasAsked.withLock({ $0 }) else { continue }
      guard case .outcomeUnknown(let key, .timedOut)? = error else {
        Issue.record("not unknown: \(String(describing: error))")
        return
      }
      #expect(key.count == 36)
      await #expect(throws: WalletError.notExecuted(key: nil, cause: .timedOut(""))) { try await client.ping() }
      return
    }
    Issue.record("the request never left")
  }

  @Test func anHTTPServer() async throws {
    let server = try ScriptedServer { connection, _ in
      _ = connection.read()
      connection.write(Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8))
    }
    guard case .notExecuted(_, .notAWalletServer(let text))? = await debitError(server.client()) else {
      Issue.record("not recognised")
      return
    }
    #expect(text.contains("HTTP"))
  }

  @Test func garbage() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.write((0..<64).map { UInt8($0) })
      connection.drain()
    }
    let error = await debitError(server.client())
    guard case .notExecuted(_, .notAWalletServer)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func garbageInAReply() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() { connection.reply(request.header.requestID, [0xFF, 0xFF, 0xFF]) }
    }
    let client = server.client()
    guard case .outcomeUnknown(_, .invalidReply)? = await debitError(client) else {
      Issue.record("not unknown")
      return
    }
    await #expect(throws: WalletError.self) { try await client.ping() }
  }

  /// A first attempt applied and its reply lost, the second answered "not executed" by an overloaded server: the client
  /// must not call the money unmoved.
  @Test("first attempt applied and its reply lost, second \"not executed\": the outcome stays unknown")
  func aLostReplyAndThenUnavailableIsUnknown() async throws {
    let server = try ScriptedServer { connection, number in
      connection.greet()
      guard let request = connection.request() else { return }
      if number == 0 { return }
      connection.refuse(request.header.requestID, .unavailable)
      connection.drain()
    }
    let client = server.client { $0.attemptsMax = 2 }
    guard
      case .outcomeUnknown("key-0002", .answered(let rejection))? =
        await debitError(client, MutationOptions(reason: "x", idempotencyKey: "key-0002"))
    else {
      Issue.record("not unknown")
      return
    }
    #expect(rejection.reason == .unavailable)
  }

  @Test func aLostReplyAndThenAReplayIsOK() async throws {
    let payloads = Mutex<[[UInt8]]>([])
    let server = try ScriptedServer { connection, number in
      connection.greet()
      guard let request = connection.request() else { return }
      payloads.withLock { $0.append(request.payload) }
      if number == 0 { return }
      connection.reply(request.header.requestID, Bytes.mutation(balance: 5, replayed: true), flags: .replayed)
      connection.drain()
    }
    let result = try await server.client().debit(Self.wallet, amount: 1, MutationOptions(reason: "x"))
    #expect(result.replayed)
    payloads.withLock { sent in
      #expect(sent.count == 2)
      #expect(sent.first == sent.last)
    }
  }

  @Test func anUnknownEarlierCallIsSettledByARememberedRefusalOnly() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      if let request = connection.request() { connection.refuse(request.header.requestID, .versionConflict) }
      if let request = connection.request() { connection.refuse(request.header.requestID, .insufficientFunds) }
      connection.drain()
    }
    var options = MutationOptions(reason: "x", idempotencyKey: "key-0003")
    options.earlierOutcomeUnknown = true
    let client = server.client()
    guard case .outcomeUnknown? = await debitError(client, options) else {
      Issue.record("a version conflict settled it")
      return
    }
    guard case .rejected(let rejection)? = await debitError(client, options) else {
      Issue.record("a remembered refusal didn't settle it")
      return
    }
    #expect(rejection.reason == .insufficientFunds)
    #expect(rejection.key == "key-0003")
  }

  @Test func unavailableThenOKWithTheSameKey() async throws {
    let payloads = Mutex<[[UInt8]]>([])
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() {
        let count = payloads.withLock {
          $0.append(request.payload)
          return $0.count
        }
        if count < 3 {
          connection.refuse(request.header.requestID, .unavailable, retryAfterMillis: 20)
        } else {
          connection.reply(request.header.requestID, Bytes.mutation(balance: 1))
        }
      }
    }
    _ = try await server.client().debit(Self.wallet, amount: 1, MutationOptions(reason: "x"))
    payloads.withLock { sent in
      #expect(sent.count == 3)
      #expect(Set(sent).count == 1)
    }
  }

  @Test func cancellationReachesTheServerAndTheCaller() async throws {
    let sawCancel = Mutex(false)
    let (requests, requested) = AsyncStream.makeStream(of: Void.self)
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      guard let request = connection.request() else { return }
      requested.yield()
      while let frame = connection.frame() {
        guard frame.header.type == .cancel else { continue }
        sawCancel.withLock { $0 = true }
        connection.refuse(request.header.requestID, .cancelled)
      }
    }
    let client = server.client()
    let task = Task { await debitError(client) }
    for await _ in requests { break }
    task.cancel()
    guard case .notExecuted(_, .cancelled)? = await task.value else {
      Issue.record("not cancelled")
      return
    }
    #expect(sawCancel.withLock { $0 })
  }

  @Test func aTaskThatIsCancelledAlready() async throws {
    let server = try ScriptedServer { connection, _ in connection.greet() }
    let client = server.client()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await debitError(client)
    }
    task.cancel()
    guard case .notExecuted(_, .cancelled)? = await task.value else {
      Issue.record("not cancelled")
      return
    }
  }

  @Test func pagesAreReadToTheEnd() async throws {
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      var page = 0
      while let request = connection.request() {
        page += 1
        let json =
          switch page {
          case 1: #"{"wallets":[{"id":"1"},{"id":"2"}],"nextCursor":"a"}"#
          case 2: #"{"nextCursor":"b"}"#
          default: #"{"wallets":[{"id":"3"}]}"#
          }
        connection.reply(request.header.requestID, Bytes.message(json, "ListWalletsResponse"))
      }
    }
    var ids: [Int64] = []
    for try await wallet in server.client().wallets(owner: "u1") { ids.append(wallet.id) }
    #expect(ids == [1, 2, 3])
  }

  @Test func aLargeReplyComesInManyPieces() async throws {
    let note = String(repeating: "n", count: 700_000)
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() {
        let json = #"{"transactions":[{"id":"1","note":"\#(note)"}]}"#
        connection.reply(request.header.requestID, Bytes.message(json, "ListTransactionsResponse"))
      }
    }
    let page = try await server.client().transactionsPage(.id(1))
    #expect(page.transactions.first?.note.count == 700_000)
  }

  @Test func requestsSayWhatTheyShould() async throws {
    let seen = Mutex<[String]>([])
    let server = try ScriptedServer { connection, _ in
      connection.greet()
      while let request = connection.request() {
        let method = SchemaRegistry.wallet.methods.first { $0.number == request.header.code }
        let json = method.flatMap { try? ProtobufJSON.text(request.payload, as: $0.request) }
        seen.withLock { $0.append("\(method?.name ?? "?") \(json ?? "?")") }
        connection.reply(request.header.requestID, [])
      }
    }
    let client = server.client()
    var options = MutationOptions(reason: "r", idempotencyKey: "key-0004")
    options.expectedVersion = 3
    options.note = "n"
    options.reference = "ref"
    options.onBehalfOf = "o"
    options.correlationID = "c"
    options.metadata = [MetadataEntry(key: "k", value: "v")]
    options.occurredAtMicros = 5
    options.counterAccount = "opening"
    _ = try await client.credit(Self.wallet, amount: 1_230, options)
    _ = try await client.openWallet(
      owner: "u1", currency: "USD", MutationOptions(reason: "o", idempotencyKey: "key-0005"))
    _ = try await client.balance(.id(9))
    #expect(
      seen.withLock { $0 } == [
        #"Credit {"wallet":{"ownerId":"u1","currency":"USD","name":"main"},"amount":"1230","idempotencyKey":"key-0004","#
          + #""reason":"r","reference":"ref","correlationId":"c","note":"n","onBehalfOf":"o","expectedVersion":"3","#
          + #""occurredAtMicros":"5","counterAccount":"opening","metadata":[{"key":"k","value":"v"}]}"#,
        #"OpenWallet {"wallet":{"ownerId":"u1","currency":"USD","name":"main"},"idempotencyKey":"key-0005","reason":"o"}"#,
        #"GetBalance {"wallet":{"id":"9"}}"#,
      ])
  }
}
