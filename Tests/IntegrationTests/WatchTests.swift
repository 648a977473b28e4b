import Foundation
import Synchronization
import TestSupport
import Testing
import WalletWire

@testable import WalletClient

@Suite("Watches of a running server")
struct WatchTests {
  /// The rows that a watch has told, as they come.
  private final class Rows: Sendable {
    private let ids = Mutex<[Int64]>([])
    var all: [Int64] { ids.withLock { $0 } }
    func add(_ event: WatchEvent) { if let row = event.transaction { ids.withLock { $0.append(row.id) } } }
  }

  private func follow(_ client: WalletClient) -> (rows: Rows, task: Task<Void, any Error>) {
    let rows = Rows()
    return (rows, Task { for try await event in client.watch(from: .beginning) { rows.add(event) } })
  }

  private func wait(for last: Int64, _ rows: Rows) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while rows.all.last != last {
      guard ContinuousClock.now < deadline else { throw TestFailure("row \(last) isn't told: \(rows.all.suffix(3))") }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  private func ids(_ data: String) throws -> [Int64] {
    let file = try SQLiteFile("\(data)/ledger.db", mayWrite: true)
    return try file.value("SELECT group_concat(seq) FROM (SELECT seq FROM transactions ORDER BY seq)")
      .split(separator: ",").compactMap { Int64($0) }
  }

  @Test("every row is told once and in order, over kills of the server in between")
  func kills() async throws {
    let folder = try ScratchFolder("watch-kills")
    let data = folder.path + "/data"
    var server = try ServerProcess.serve(data)
    let port = server.port
    let client = WalletClient(host: "127.0.0.1", port: port)
    _ = try await client.openWallet(owner: "u1", currency: "USD", MutationOptions(reason: "test"))
    let (rows, task) = follow(client)
    let over = Counter()
    try await withThrowingTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          while over.value == 0 {
            do {
              _ = try await client.credit(dollars("u1"), amount: 1, MutationOptions(reason: "test"))
            } catch is WalletError {
              // While the server is away.
            }
          }
        }
      }
      for round in 1...4 {
        let target = rows.all.count + 50
        while rows.all.count < target { try await Task.sleep(for: .milliseconds(2)) }
        if round < 4 {
          server.kill()
          server = try ServerProcess.serve(data, arguments: ["--listen", "127.0.0.1:\(port)"])
        }
      }
      over.increment()
      try await group.waitForAll()
    }
    let last = try await client.serverInfo().head.seq
    try await wait(for: last, rows)
    task.cancel()
    _ = await task.result
    #expect(try server.terminate() == .exited(0))
    #expect(try rows.all == ids(data))
  }

  @Test("watchers that never read cost little, are told to resume, and nobody waits for them")
  func neverReading() async throws {
    // What they are told stays in its way until they read it, however long the rest of this takes.
    let service = try Service(arguments: ["--stream-stall", "1000", "--output-stall", "3600000"])
    let client = service.client
    _ = try await client.openWallet(owner: "u1", currency: "USD", MutationOptions(reason: "test"))
    let before = service.server.residentBytes
    let (rows, task) = follow(client)
    let sleepers = try (0..<30).map { _ in
      let connection = try RawConnection(port: service.server.port, receiveBytes: 4096)
      var request = FrameHeader.preface
      request.appendFrame(FrameHeader(type: .hello), payload: [0x0A, 0x01, 0x01])
      // after_seq: 0
      request.appendFrame(FrameHeader(type: .request, code: 278, requestID: 1), payload: [0x08, 0])
      connection.send(request)
      return connection
    }
    let note = String(repeating: "n", count: 256)
    for _ in 0..<15 {
      var options = MutationOptions(reason: "test")
      options.note = note
      let items = (0..<1_000).map { _ in BatchItem(.credit(dollars("u1"), amount: 1), options) }
      let results = try await client.batch(items)
      #expect(results.items.count == 1_000)
    }
    let last = try await client.serverInfo().head.seq
    #expect(last == 15_001)
    try await wait(for: last, rows)
    // Without a bound these would be 30 × 15,000 events of 700 bytes.
    #expect(service.server.residentBytes - before < 150 << 20)
    try await Task.sleep(for: .milliseconds(1_500))
    for connection in sleepers {
      let frames = connection.receiveToResponse()
      let response = try #require(frames.last)
      #expect(response.header.type == .response && response.header.code == ErrorReason.resourceExhausted.status)
      let told = frames.filter { $0.header.type == .event }
      let token = try ProtobufMessage(try #require(told.last).payload).text(6)
      #expect(try ProtobufMessage(ProtobufMessage(response.payload).bytes(37)).text(1) == token)
      #expect(told.count < 15_000)
    }
    #expect(rows.all == Array(1...last))
    task.cancel()
    _ = await task.result
    #expect(try service.server.terminate() == .exited(0))
  }

  @Test("a watch of a server that leaves is told so, and doesn't hold it back")
  func leaving() async throws {
    let service = try Service()
    _ = try await service.client.openWallet(owner: "u1", currency: "USD", MutationOptions(reason: "test"))
    var ended: WalletError?
    var rows = 0
    do throws(WalletError) {
      for try await event in service.client.watch(from: .beginning, patience: .milliseconds(1)) {
        guard event.transaction != nil else { continue }
        rows += 1
        service.server.signal(SIGTERM)
      }
    } catch {
      ended = error
    }
    #expect(rows == 1 && ended != nil)
    #expect(try service.server.waitUntilEnded() == .exited(0))
  }
}
