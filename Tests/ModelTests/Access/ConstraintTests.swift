import TestSupport
import Testing
import WalletCore

@testable import Simulation

@Suite("Principals that are kept to some wallets and amounts")
struct ConstraintTests {
  private let world: AccessWorld
  private let inside: Int64
  private let other: Int64
  private let outside: Int64
  private let euros: Int64
  private let token: String

  private static let scopes = ["read", "debit", "credit", "hold", "refund", "transfer", "freeze", "limits"]

  init() throws {
    world = try AccessWorld()
    inside = try world.wallet("app1:u1")
    other = try world.wallet("app1:u2")
    outside = try world.wallet("app2:u1")
    euros = try world.wallet("app1:u1", "EUR")
    token = try world.token(
      "shop",
      AccessWorld.Terms(scopes: Self.scopes, currencies: ["USD"], ownerPrefix: "app1:", maxAmount: 100)
    ).text
  }

  /// A hold and a debit of a wallet, by somebody who may.
  private func scene(_ address: Address, _ id: Int64, to other: Address) throws -> AccessSample.Scene {
    var scene = AccessSample.Scene(address: address, other: other)
    let client = try world.operatorClient()
    var ids: [Int64] = []
    for verb in [Request.Verb.hold, .debit] {
      let request = AccessSample.mutation(
        verb, AccessSample.Scene(address: Address(id: id), amount: 500), key: world.newKey())
      let reply = try client.call(verb.rawValue, request.encoded())
      ids.append(try ProtobufMessage(ProtobufMessage(reply.payload).bytes(1)).integer(1))
    }
    (scene.holdID, scene.debitID) = (ids[0], ids[1])
    return scene
  }

  private static let verbs = Request.Verb.allCases.filter { !$0.isAdministration }

  @Test("each mutation of a wallet outside is denied, by name and by id, and so are all reads of it")
  func outsideWallets() throws {
    let mine = Address(id: inside)
    for (address, id) in [
      (Address(id: outside), outside), (Address(owner: "app2:u1", currency: "USD", name: "main"), outside),
      (Address(id: euros), euros), (Address(owner: "app1:u1", currency: "EUR", name: "main"), euros),
      // Whether it is there isn't told.
      (Address(id: 999), euros), (Address(owner: "app2:nobody", currency: "USD", name: "main"), outside),
    ] {
      let scene = try scene(address, id, to: mine)
      let client = try world.connect(token: token)
      for verb in Self.verbs {
        var request = AccessSample.mutation(verb, scene, key: world.newKey())
        if verb == .open { request.wallet = Address(owner: "app2:new", currency: "USD", name: "main") }
        let reply = try client.call(verb.rawValue, request.encoded())
        #expect(reply.reason == 3 && reply.rule == "wallet", "\(verb) of \(address): \(reply.errorMessage)")
        request.key = world.newKey()
        let dryRun = try client.call(
          verb.rawValue, request.encoded() + ProtobufWriter.message { $0.integer(13, 1) })
        #expect(dryRun.reason == 3 && dryRun.rule == "wallet", "a dry run of \(verb)")
      }
      for method: UInt16 in [257, 259, 262, 273, 274, 275] {
        let payload = ProtobufWriter.message {
          $0.message(1) { address.write(to: &$0) }
          if method == 273 { $0.integer(3, 1) }
        }
        let reply = try client.call(method, payload)
        #expect(reply.reason == 3 && reply.rule == "wallet", "method \(method) of \(address): \(reply.errorMessage)")
      }
    }
  }

  @Test("each verb works inside, by name and by id")
  func insideWallets() throws {
    for address in [Address(id: inside), Address(owner: "app1:u1", currency: "USD", name: "main")] {
      let scene = try scene(address, inside, to: Address(id: other))
      let client = try world.connect(token: token)
      for verb in Self.verbs where verb != .close {
        var request = AccessSample.mutation(verb, scene, key: world.newKey())
        if verb == .open { request.wallet = Address(owner: "app1:\(request.key)", currency: "USD", name: "main") }
        if verb == .release {
          let hold = AccessSample.mutation(.hold, AccessSample.Scene(address: address, amount: 5), key: world.newKey())
          let held = try client.call(264, hold.encoded())
          request.holdID = try ProtobufMessage(ProtobufMessage(held.payload).bytes(1)).integer(1)
        }
        if verb == .freeze { request.until = world.time.wallMicroseconds + 1 }
        let reply = try client.call(verb.rawValue, request.encoded())
        world.time.pass(milliseconds: 1)
        #expect(reply.status == 0, "\(verb): \(reply.errorMessage)")
      }
      for method: UInt16 in [257, 259, 262, 273, 274, 275] {
        let payload = ProtobufWriter.message {
          $0.message(1) { address.write(to: &$0) }
          if method == 273 { $0.integer(3, 1) }
        }
        #expect(try client.call(method, payload).status == 0, "method \(method)")
      }
    }
  }

  @Test("a transfer needs both wallets")
  func transfers() throws {
    let client = try world.connect(token: token)
    for (from, to) in [(inside, outside), (outside, inside)] {
      let scene = AccessSample.Scene(address: Address(id: from), other: Address(id: to))
      let reply = try client.call(263, AccessSample.mutation(.transfer, scene, key: world.newKey()).encoded())
      #expect(reply.reason == 3 && reply.rule == "wallet")
    }
  }

  @Test("an amount above the maximum is denied, and so is all that is left where that is above it")
  func amounts() throws {
    let scene = try scene(Address(id: inside), inside, to: Address(id: other))
    let client = try world.connect(token: token)
    for verb in [Request.Verb.debit, .credit, .transfer, .hold, .capture, .refund] {
      for (amount, isAllowed) in [(101, false), (100, true), (0, false)] as [(Int64, Bool)] {
        if amount == 0, verb != .capture, verb != .refund { continue }
        var request = AccessSample.mutation(verb, scene, key: world.newKey())
        request.amount = amount
        let reply = try client.call(verb.rawValue, request.encoded())
        if isAllowed {
          #expect(reply.status == 0, "\(verb) of \(amount): \(reply.errorMessage)")
        } else {
          #expect(reply.reason == 3 && reply.rule == "max_amount", "\(verb) of \(amount): \(reply.errorMessage)")
        }
      }
    }
  }

  @Test("what tells of all wallets is denied; lists show what is inside")
  func lists() throws {
    let client = try world.connect(token: token)
    let trial = try client.call(276, [])
    #expect(trial.reason == 3 && trial.rule == "whole_ledger")
    #expect(try client.call(275, []).rule == "whole_ledger")
    #expect(try client.call(258, ProtobufWriter.message { $0.text(1, "app2:u1") }).rule == "wallet")
    let wallets = try ProtobufMessage(client.call(258, ProtobufWriter.message { $0.text(1, "app1:u1") }).payload)
    #expect(try wallets.all(1).map { try ProtobufMessage($0).integer(1) } == [inside])
  }

  @Test("a watch tells of rows inside alone")
  func watch() throws {
    let client = try world.connect(token: token)
    try client.send(278, ProtobufWriter.message { $0.integer(2, 0) } + [8, 0])
    world.settle()
    try client.receive()
    let wallets = try client.events.compactMap { event -> Int64? in
      let row = try ProtobufMessage(ProtobufMessage(event).bytes(1))
      return row.integer(3) == 0 ? nil : row.integer(3)
    }
    #expect(Set(wallets) == [inside, other] && wallets.count == 4)
  }

  @Test("a batch of all or nothing with an item outside does nothing, keeps no key and says which item")
  func atomicBatches() throws {
    let client = try world.connect(token: token)
    let requests = [inside, outside, inside].map { id in
      AccessSample.mutation(.debit, AccessSample.Scene(address: Address(id: id)), key: "")
    }
    let reply = try client.call(272, Request.batch(requests, key: "batch-key-1", isFull: false))
    let aborted = try ProtobufMessage(ProtobufMessage(reply.payload).bytes(29))
    #expect(reply.reason == 35 && aborted.integer(1) == 1)
    #expect(try ProtobufMessage(aborted.bytes(2)).integer(1) == 3)
    let sound = Request.batch([requests[0], requests[2]], key: "batch-key-1", isFull: false)
    #expect(try client.call(272, sound).status == 0)
  }

  @Test("another's key gives a mismatch without a figure, and the same request for another's wallet is denied")
  func foreignKeys() throws {
    let theirs = AccessSample.mutation(
      .debit, AccessSample.Scene(address: Address(id: outside), amount: 77), key: "their-key-1")
    #expect(try world.operatorClient().call(260, theirs.encoded()).status == 0)
    let client = try world.connect(token: token)
    let same = try client.call(260, theirs.encoded())
    #expect(same.reason == 3 && !same.errorMessage.contains("77"))
    var mine = theirs
    mine.wallet = Address(id: inside)
    let mismatch = try client.call(260, mine.encoded())
    #expect(
      mismatch.reason == 11
        && mismatch.errorMessage == "this idempotency key belongs to another request: wallet differs")
  }

  @Test("scopes of the whole ledger can't be had with bounds, and terms that make no sense are told by field")
  func terms() throws {
    let client = try world.operatorClient()
    for (terms, principal, message) in [
      (AccessWorld.Terms(scopes: ["admin"], currencies: ["USD"]), "x", "scopes: admin can't be had"),
      (AccessWorld.Terms(scopes: []), "x", "scopes: are required"),
      (AccessWorld.Terms(scopes: ["write"]), "x", "scopes[0]: is no scope"),
      (AccessWorld.Terms(scopes: ["read"], maxAmount: -1), "x", "max_amount: must be positive"),
      (AccessWorld.Terms(scopes: ["read"], currencies: ["USD", "USD"]), "x", "currencies: have one of them twice"),
      (AccessWorld.Terms(scopes: ["read"]), "", "principal: is required"),
      (AccessWorld.Terms(scopes: ["read"]), "local", "principal: is a name that the server gives itself"),
      (AccessWorld.Terms(scopes: ["read"]), "uid:7", "principal: is a name that the server gives itself"),
      (AccessWorld.Terms(scopes: ["read"], ownerPrefix: "ä"), "x", "owner_prefix: may contain only"),
    ] {
      let payload = AccessWorld.createToken(principal, terms, secret: [1], key: world.newKey())
      let reply = try client.call(514, payload)
      #expect(reply.reason == 9 && reply.errorMessage.hasPrefix(message), "\(message): \(reply.errorMessage)")
    }
    let unknown = try client.call(515, AccessWorld.revokeToken(999, key: world.newKey()))
    #expect(unknown.errorMessage == "token_id: there is no token 999")
  }
}
