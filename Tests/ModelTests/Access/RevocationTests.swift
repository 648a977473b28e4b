import TestSupport
import Testing
import WalletCore

@testable import Simulation

@Suite("Tokens that end, on open connections")
struct RevocationTests {
  private let world: AccessWorld
  private let wallet: Int64

  init() throws {
    world = try AccessWorld()
    wallet = try world.wallet("u1")
  }

  private func debit(_ key: String) -> [UInt8] {
    AccessSample.mutation(.debit, AccessSample.Scene(address: Address(id: wallet), amount: 1), key: key).encoded()
  }

  @Test("a third live token is refused and says which two there are; after a revocation there is room")
  func rotationBound() throws {
    let (_, first) = try world.token("shop", AccessWorld.Terms(scopes: ["debit"]))
    let (_, second) = try world.token("shop", AccessWorld.Terms(scopes: ["debit"]))
    let client = try world.operatorClient()
    let third = AccessWorld.createToken(
      "shop", AccessWorld.Terms(scopes: ["debit"]), secret: [3], key: "third-token-1")
    let refused = try client.call(514, third)
    #expect(refused.status == 3 && refused.errorMessage.contains("revoke one of them first, \(first) or \(second)"))
    try world.revoke(first)
    #expect(try client.call(514, third).status == 0)
  }

  @Test("rotation under load: the old token's connections end, and no call on the new one fails")
  func rotation() throws {
    let (old, oldID) = try world.token("shop", AccessWorld.Terms(scopes: ["debit"]))
    let oldClients = try (0..<4).map { _ in try world.connect(token: old) }
    let (new, _) = try world.token("shop", AccessWorld.Terms(scopes: ["debit"]))
    let newClients = try (0..<4).map { _ in try world.connect(token: new) }
    let operators = try world.operatorClient()
    var revocation: UInt32 = 0
    var (sentOld, sentNew) = (0, 0)
    for round in 0..<20 {
      for client in newClients {
        for _ in 0..<4 { try client.send(260, debit(world.newKey())) }
        sentNew += 4
      }
      for client in oldClients where !client.isClosed {
        for _ in 0..<4 { try client.send(260, debit(world.newKey())) }
        sentOld += 4
      }
      if round == 10 {
        // In the midst of a gather: what stands behind it of the old token is not done.
        revocation = try operators.send(515, AccessWorld.revokeToken(oldID, key: "revoke-old-1"))
        for client in oldClients { for _ in 0..<4 { try client.send(260, debit(world.newKey())) } }
        for client in newClients {
          for _ in 0..<4 { try client.send(260, debit(world.newKey())) }
          sentNew += 4
        }
      }
      world.settle()
    }
    for client in oldClients + newClients + [operators] { try client.receive() }
    #expect(operators.replies[revocation]?.status == 0)
    for client in newClients {
      #expect(!client.isClosed && client.replies.values.allSatisfy { $0.status == 0 })
    }
    #expect(newClients.reduce(0) { $0 + $1.replies.count } == sentNew)
    for client in oldClients { #expect(client.isClosed && client.refusal?.rule == "revoked") }
    // Every debit of the old token that is in the journal stands before the revocation, and was answered.
    let reply = try ProtobufMessage(operators.replies[revocation]?.payload ?? [])
    let revokedAt = reply.integer(4)
    let list = ProtobufWriter.message {
      $0.message(1) { $0.integer(1, wallet) }
      $0.integer(2, 1000)
      $0.integer(4, 1)
    }
    let rows = try ProtobufMessage(operators.call(262, list).payload).all(1).map { try ProtobufMessage($0) }
    let debits = rows.filter { $0.integer(2) == 2 }
    #expect(debits.count == sentOld + sentNew, "\(debits.count) debits, \(sentOld) and \(sentNew) sent")
    #expect(oldClients.reduce(0) { $0 + $1.replies.values.count { $0.status == 0 } } == sentOld)
    #expect(revokedAt > 0)
  }

  @Test("a revocation ends a connection that is idle, streams included, and whoever revokes himself is answered first")
  func idle() throws {
    let (text, id) = try world.token("reader", AccessWorld.Terms(scopes: ["read", "admin"]))
    let watcher = try world.connect(token: text)
    try watcher.send(278, ProtobufWriter.message { $0.integer(3, 1) })
    world.settle()
    let own = try world.connect(token: text)
    let reply = try own.call(515, AccessWorld.revokeToken(id, key: "revoke-own-1"))
    #expect(reply.status == 0)
    try watcher.receive()
    #expect(watcher.isClosed && own.isClosed && watcher.refusal?.rule == "revoked" && own.refusal?.rule == "revoked")
  }

  @Test("a dry run revokes nothing")
  func dryRun() throws {
    let (text, id) = try world.token("shop", AccessWorld.Terms(scopes: ["debit"]))
    let client = try world.connect(token: text)
    let payload = AccessWorld.revokeToken(id, key: "revoke-dry-1") + ProtobufWriter.message { $0.integer(13, 1) }
    #expect(try world.operatorClient().call(515, payload).status == 0)
    #expect(try client.call(260, debit(world.newKey())).status == 0 && !client.isClosed)
  }

  @Test("an expiry ends open connections at the next tick")
  func expiry() throws {
    let end = world.time.wallMicroseconds + 5_000_000
    let (text, _) = try world.token("shop", AccessWorld.Terms(scopes: ["debit"], expiresAt: end))
    let client = try world.connect(token: text)
    world.tick(milliseconds: 4_900)
    #expect(try client.call(260, debit(world.newKey())).status == 0)
    world.tick(milliseconds: 100)
    try client.receive()
    #expect(client.isClosed && client.refusal?.reason == 2 && client.refusal?.rule == "expired")
    let past = AccessWorld.createToken(
      "late", AccessWorld.Terms(scopes: ["debit"], expiresAt: world.time.wallMicroseconds), secret: [9], key: "late-1-1"
    )
    #expect(try world.operatorClient().call(514, past).errorMessage.hasPrefix("expires_at_micros: lies in the past"))
  }
}
