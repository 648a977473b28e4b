import TestSupport
import Testing
import WalletCore

@testable import Simulation

@Suite("Audit rows of what was denied")
struct AuditTests {
  private let world: AccessWorld
  private let wallet: Int64

  init() throws {
    world = try AccessWorld()
    wallet = try world.wallet("u1")
  }

  @Test("a denied call has a row with who, what and why, and its key may be used again")
  func denied() throws {
    let (reader, _) = try world.token("reader", AccessWorld.Terms(scopes: ["read"]))
    let debit = AccessSample.mutation(.debit, AccessSample.Scene(address: Address(id: wallet)), key: "denied-key-1")
    let reply = try world.connect(token: reader).call(260, debit.encoded())
    #expect(reply.reason == 3 && reply.flags & 2 != 0)
    let rows = try world.denials()
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(row.verb == 260 && row.reason == 3 && row.rule == "scope" && row.scope == "debit")
    #expect(row.actor == "reader" && row.key.isEmpty && row.clientName == "shop/1.2" && row.source == "10.0.0.1")
    #expect(try world.operatorClient().call(260, debit.encoded()).status == 0)
    try world.restart()
    #expect(try world.denials().count == 1)
  }

  @Test("one for a wallet outside, found by the wallet; reads and dry runs have theirs too")
  func outside() throws {
    let (text, _) = try world.token("app", AccessWorld.Terms(scopes: ["read", "debit"], ownerPrefix: "app:"))
    let client = try world.connect(token: text)
    let debit = AccessSample.mutation(.debit, AccessSample.Scene(address: Address(id: wallet)), key: world.newKey())
    _ = try client.call(260, debit.encoded())
    _ = try client.call(260, debit.encoded() + ProtobufWriter.message { $0.integer(13, 1) })
    _ = try client.call(259, ProtobufWriter.message { $0.message(1) { $0.integer(1, wallet) } })
    let rows = try world.denials()
    #expect(rows.map(\.verb) == [260, 260, 259] && rows.allSatisfy { $0.walletID == wallet && $0.rule == "wallet" })
  }

  @Test("a HELLO that is turned away has one as well")
  func hello() throws {
    _ = try world.connect(token: nil, peer: "10.9.8.7")
    _ = try world.connect(token: "wlt_1_00", peer: "10.9.8.7")
    let rows = try world.denials()
    #expect(rows.map(\.rule) == ["missing", "wrong"] && rows.allSatisfy { $0.reason == 2 && $0.verb == 4 })
    #expect(rows.allSatisfy { $0.actor == "unauthenticated" && $0.source == "10.9.8.7" })
  }

  @Test("whoever is denied without end writes no more rows than he is allowed; what is left out is counted")
  func bounded() throws {
    let (text, _) = try world.token("noisy", AccessWorld.Terms(scopes: ["read"]))
    let client = try world.connect(token: text)
    for _ in 0..<300 {
      let debit = AccessSample.mutation(.debit, AccessSample.Scene(address: Address(id: wallet)), key: world.newKey())
      #expect(try client.call(260, debit.encoded()).reason == 3)
    }
    for _ in 0..<300 { _ = try world.connect(token: nil) }
    var rows = try world.denials()
    #expect(rows.count { $0.actor == "noisy" } == 20 && rows.count { $0.actor == "unauthenticated" } == 20)
    world.time.pass(milliseconds: 1000)
    let debit = AccessSample.mutation(.debit, AccessSample.Scene(address: Address(id: wallet)), key: world.newKey())
    _ = try client.call(260, debit.encoded())
    rows = try world.denials()
    #expect(rows.last?.actor == "noisy" && rows.last?.omitted == 280)
  }

  @Test("a verification finds the ledger sound, rows of denied calls included")
  func sound() throws {
    let (text, id) = try world.token("reader", AccessWorld.Terms(scopes: ["read"]))
    let client = try world.connect(token: text)
    _ = try client.call(260, AccessSample.mutation(.debit, AccessSample.Scene(), key: world.newKey()).encoded())
    _ = try world.connect(token: nil)
    try world.revoke(id)
    let verifier = try world.operatorClient()
    let request = try verifier.send(277, ProtobufWriter.message { $0.integer(2, 1) })
    world.settle()
    try verifier.receive()
    let report = try verifier.events.compactMap { try ProtobufMessage($0).bytes(3) }.last { !$0.isEmpty }
    #expect(verifier.replies[request]?.status == 0)
    #expect(try ProtobufMessage(report ?? []).integer(5) == 0 && report != nil)
  }
}
