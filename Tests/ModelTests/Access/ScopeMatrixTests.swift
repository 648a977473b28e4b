import TestSupport
import Testing
import WalletCore

@testable import Simulation

@Suite("Principals, verbs and scopes")
struct ScopeMatrixTests {
  /// Written down a second time, by hand: a change of the table must be meant.
  private static let scopes: [Verb: Scope?] = [
    .ping: nil, .getSchema: nil, .getServerInfo: nil, .getWallet: .read, .listWallets: .read, .getBalance: .read,
    .listTransactions: .read, .getBalanceAt: .read, .explainBalance: .read, .listRefusals: .read,
    .watchTransactions: .read, .trialBalance: .read, .openWallet: .credit, .debit: .debit, .credit: .credit,
    .hold: .hold, .capture: .hold, .release: .hold, .refund: .refund, .transfer: .transfer, .freeze: .freeze,
    .unfreeze: .freeze, .closeWallet: .freeze, .setLimits: .limits, .verify: .admin, .registerCurrency: .admin,
    .addCounterAccount: .admin, .createToken: .admin, .revokeToken: .admin, .listTokens: .admin, .backup: .admin,
    .importLedger: .import,
  ]

  private static func scope(_ verb: Verb) -> Scope? {
    switch verb.permission {
    case .anyone, .ofItems: nil
    case .scope(let scope), .wholeLedger(let scope): scope
    }
  }

  @Test("each verb takes the scope that it must, and none is forgotten")
  func table() {
    for verb in Verb.allCases where verb != .batch && verb != .hello {
      #expect(Self.scopes[verb] == .some(Self.scope(verb)), "\(verb)")
    }
    #expect(Verb.batch.permission == .ofItems)
  }

  @Test(
    "a principal with one scope may call the verbs of that scope, and is denied all others", arguments: Scope.allCases)
  func matrix(scope: Scope) throws {
    let world = try AccessWorld()
    for owner in ["u1", "u2"] { try world.wallet(owner) }
    let token = try world.token("one-\(scope.name)", AccessWorld.Terms(scopes: [scope.name])).text
    var (allowed, denied) = (0, 0)
    for sample in AccessSample.all(AccessSample.Scene(), newKey: world.newKey) {
      let client = try world.connect(token: token)
      #expect(client.principal == "one-\(scope.name)" && client.scopes == [scope.name])
      let id = try client.send(sample.verb.rawValue, sample.payload)
      world.settle()
      try client.receive()
      let reply = client.replies[id]
      let needed = Self.scope(sample.verb)
      if needed == nil || needed == scope {
        allowed += 1
        #expect(reply?.reason != 3 && client.refusal == nil, "\(sample.verb): \(reply?.errorMessage ?? "")")
      } else {
        denied += 1
        let isDenied = reply?.status == 7 && reply?.reason == 3 && reply?.rule == "scope"
        #expect(isDenied && reply?.scope == needed?.name, "\(sample.verb): \(String(describing: reply))")
        #expect(reply.map { $0.flags & 2 != 0 } ?? false, "NOT_EXECUTED")
        if case .scope = sample.verb.permission { try expectDeniedInBatches(sample, token, world, needed) }
      }
    }
    #expect(allowed > 3 && denied > 10)
  }

  /// A batch can't do what its items' verbs may not.
  private func expectDeniedInBatches(
    _ sample: AccessSample, _ token: String, _ world: AccessWorld, _ needed: Scope?
  ) throws {
    guard sample.itemField != 0 else { return }
    let client = try world.connect(token: token)
    let itemised = ProtobufWriter.message { $0.message(15) { $0.message(sample.itemField, sample.payload) } }
    let reply = try client.call(Verb.batch.rawValue, itemised)
    let error = try ProtobufMessage(ProtobufMessage(ProtobufMessage(reply.payload).bytes(1)).bytes(5))
    #expect(reply.status == 0 && error.integer(1) == 3, "\(sample.verb): \(reply)")
    #expect(try ProtobufMessage(error.bytes(28)).text(1) == needed?.name)
  }

  @Test("whoever has all scopes and no bounds may call everything that is served")
  func all() throws {
    let world = try AccessWorld()
    for owner in ["u1", "u2"] { try world.wallet(owner) }
    let token = try world.token("root", AccessWorld.Terms(scopes: Scope.allCases.map(\.name))).text
    for sample in AccessSample.all(AccessSample.Scene(), newKey: world.newKey) {
      let client = try world.connect(token: token)
      let id = try client.send(sample.verb.rawValue, sample.payload)
      world.settle()
      try client.receive()
      #expect(client.replies[id]?.reason != 3 && client.refusal == nil, "\(sample.verb)")
    }
    #expect(try world.denials().isEmpty)
  }
}
