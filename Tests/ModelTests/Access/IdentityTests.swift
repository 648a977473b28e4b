import TestSupport
import Testing
import WalletCore
import WalletSystem

@testable import Simulation

@Suite("Who is let in")
struct IdentityTests {
  private let world: AccessWorld

  init() throws { world = try AccessWorld() }

  private func refusal(_ token: String?, _ identity: PeerIdentity = .unknown) throws -> AccessReply? {
    let client = try world.connect(token: token, identity)
    #expect(client.isClosed && client.principal.isEmpty)
    return client.refusal
  }

  @Test("without a token nobody is let in, and a wrong one tells nothing of the right one")
  func wrong() throws {
    let (text, id) = try world.token("shop", AccessWorld.Terms(scopes: ["read"]))
    let secret = String(text.split(separator: "_")[2])
    let missing = try refusal(nil)
    #expect(missing?.reason == 2 && missing?.rule == "missing")
    let other = String(secret.dropLast()) + (secret.hasSuffix("0") ? "1" : "0")
    for wrong in [
      "wlt_\(id)_\(other)", "wlt_\(id + 1)_\(secret)", "wlt_0\(id)_\(secret)x", "wlt_\(id)_", secret, "wlt__\(secret)",
      "wlt_-1_\(secret)", "hello",
    ] {
      let refusal = try refusal(wrong)
      #expect(refusal?.reason == 2 && refusal?.rule == "wrong", "\(wrong)")
      #expect(refusal?.errorMessage == "the token is not valid", "\(wrong)")
    }
    #expect(try world.connect(token: text).principal == "shop")
  }

  @Test("what becomes of a token is told to its holder alone")
  func ended() throws {
    let (revoked, id) = try world.token("shop", AccessWorld.Terms(scopes: ["read"]))
    let soon = world.time.wallMicroseconds + 1_000_000
    let (expiring, _) = try world.token("shop", AccessWorld.Terms(scopes: ["read"], expiresAt: soon))
    try world.revoke(id)
    #expect(try refusal(revoked)?.rule == "revoked")
    #expect(try world.connect(token: expiring).principal == "shop")
    world.tick(milliseconds: 1000)
    #expect(try refusal(expiring)?.rule == "expired")
    let stranger = "wlt_\(id)_" + String(repeating: "0", count: 64)
    #expect(try refusal(stranger)?.rule == "wrong")
  }

  @Test("a Unix user is let in by a grant; root and the server's own user by themselves")
  func unixUsers() throws {
    let own = try world.operatorClient()
    #expect(own.principal == "uid:4242" && own.scopes.count == 10)
    #expect(try world.connect(token: nil, .unixUser(0)).principal == "uid:0")
    #expect(try refusal(nil, .unixUser(1000))?.rule == "unix_user")
    let (_, id) = try world.token("web", AccessWorld.Terms(scopes: ["read", "debit"], unixUser: 1000))
    let web = try world.connect(token: nil, .unixUser(1000))
    #expect(web.principal == "web" && web.scopes == ["read", "debit"])
    try world.revoke(id)
    try web.receive()
    #expect(web.isClosed && web.refusal?.rule == "revoked")
    #expect(try refusal(nil, .unixUser(1000))?.rule == "unix_user")
  }

  @Test("a certificate is let in by any of its names that was granted")
  func certificates() throws {
    #expect(try refusal(nil, .certificate(names: ["shop.example", "spiffe://x"]))?.rule == "certificate")
    _ = try world.token("shop", AccessWorld.Terms(scopes: ["debit"], certificate: "spiffe://x"))
    let client = try world.connect(token: nil, .certificate(names: ["shop.example", "spiffe://x"]))
    #expect(client.principal == "shop" && client.scopes == ["debit"])
    #expect(try refusal(nil, .certificate(names: ["spiffe://y"]))?.rule == "certificate")
  }

  @Test("a token goes before what the transport knows")
  func tokenFirst() throws {
    let (text, _) = try world.token("shop", AccessWorld.Terms(scopes: ["read"]))
    #expect(try world.connect(token: text, .unixUser(0)).principal == "shop")
    #expect(try refusal("wlt_1_00", .unixUser(0))?.rule == "wrong")
  }

  @Test("with authentication off everybody is local, with all scopes")
  func off() throws {
    let world = try AccessWorld(.off)
    let client = try world.connect(token: "whatever")
    #expect(client.principal == "local" && client.scopes.count == 10)
  }

  @Test("the principal is the actor of the rows; what the client calls itself stands beside it")
  func actor() throws {
    let wallet = try world.wallet("u1")
    let (text, _) = try world.token("shop", AccessWorld.Terms(scopes: ["debit"]))
    let debit = AccessSample.mutation(.debit, AccessSample.Scene(address: Address(id: wallet)), key: world.newKey())
    let reply = try world.connect(token: text).call(260, debit.encoded())
    let row = try ProtobufMessage(ProtobufMessage(reply.payload).bytes(1))
    #expect(reply.status == 0 && row.text(14) == "shop" && row.text(23) == "shop/1.2" && row.text(22) == "10.0.0.1")
  }

  @Test("tokens are there after a restart, and a replay of their making shows no secret")
  func restart() throws {
    let secret = [UInt8](repeating: 7, count: 32)
    let payload = AccessWorld.createToken(
      "shop", AccessWorld.Terms(scopes: ["read"]), secret: secret, key: "create-token-1")
    let first = try world.operatorClient().call(514, payload)
    let row = try ProtobufMessage(ProtobufMessage(first.payload).bytes(1))
    let id = row.integer(1)
    #expect(first.status == 0 && row.text(3) == "shop" && row.integer(5) == id && row.integer(2) == 514)
    let text = TokenText(id: id, secret: secret).text
    let (revoked, revokedID) = try world.token("old", AccessWorld.Terms(scopes: ["read"]))
    try world.revoke(revokedID)
    try world.restart()
    #expect(try world.connect(token: text).principal == "shop")
    #expect(try refusal(revoked)?.rule == "revoked")
    let again = try world.operatorClient().call(514, payload)
    #expect(again.status == 0 && again.flags & 4 != 0)
    for reply in [first, again] {
      #expect(!String(decoding: reply.payload, as: UTF8.self).contains(String(decoding: secret, as: UTF8.self)))
    }
    let other = AccessWorld.createToken(
      "shop", AccessWorld.Terms(scopes: ["read"]), secret: [UInt8](repeating: 8, count: 32), key: "create-token-1")
    let mismatch = try world.operatorClient().call(514, other)
    #expect(mismatch.reason == 11 && mismatch.errorMessage.contains("secret_digest"))
  }
}
