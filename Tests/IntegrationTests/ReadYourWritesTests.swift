import TestSupport
import Testing

@Suite("Reads beside mutations")
struct ReadYourWritesTests {
  private static let threads = 8
  private static let walletsOfThread = 16
  private static let rounds = 300

  @Test("each read shows what its caller was told before, whether memory has the wallet or not")
  func readYourWrites() throws {
    let folder = try ScratchFolder("reads")
    let data = folder.path + "/data"
    let wallets = Self.threads * Self.walletsOfThread
    do {
      let server = try ServerProcess.serve(data)
      let client = try TestClient(port: server.port)
      for index in 1...wallets {
        #expect(try client.call(.open(owner: "u\(index)", currency: "USD", key: "open-\(index)-key")).isOK)
        #expect(try client.call(.credit(Int64(index), 1_000_000, key: "credit-\(index)-key")).isOK)
      }
      #expect(try server.terminate() == .exited(0))
    }
    // After a start no wallet is in memory, and few stay there.
    let server = try ServerProcess.serve(data, arguments: ["--cache-wallets", "8"])
    let port = server.port
    let reads = try Threads.run(Self.threads) { try Self.work(port, thread: $0) }
    #expect(reads.reduce(0, +) > Self.threads * Self.rounds)
    #expect(try server.terminate() == .exited(0))
  }

  /// - Returns: How many reads were compared.
  private static func work(_ port: UInt16, thread: Int) throws -> Int {
    var random = SeededGenerator(seed: UInt64(thread))
    let client = try TestClient(port: port)
    // Nobody else posts to these.
    var known: [Int64: (balance: Int64, version: Int64)] = [:]
    let own = (1...walletsOfThread).map { Int64(thread * walletsOfThread + $0) }
    // Others' may only grow newer.
    var seen: [Int64: Int64] = [:]
    var reads = 0
    var lastSeq: Int64 = 0
    for round in 0..<rounds {
      if Int.random(in: 0..<3, using: &random) > 0 {
        let wallet = own.randomElement(using: &random) ?? 1
        let debit = try client.call(.debit(wallet, 1, key: "debit-\(thread)-\(round)-key")).mutation()
        known[wallet] = (debit.balance, debit.version)
        lastSeq = max(lastSeq, debit.commitSeq)
      }
      let others = (0..<3).map { _ in Int64.random(in: 1...Int64(threads * walletsOfThread), using: &random) }
      let asked = others + (own.randomElement(using: &random).map { [$0] } ?? []) + known.keys.prefix(2)
      for (wallet, reply) in zip(asked, try client.calls(asked.map { .balance($0) })) {
        let message = try reply.message()
        let (balance, version, commitSeq) = (message.integer(2), message.integer(5), message.integer(9))
        #expect(reply.isOK && message.integer(1) == wallet && balance == 1_000_000 - (version - 2))
        #expect(commitSeq >= lastSeq && version >= seen[wallet, default: 2])
        if let known = known[wallet] { #expect(known == (balance, version)) }
        seen[wallet] = version
        reads += 1
      }
    }
    return reads
  }
}
