import TestSupport
import WalletCore

@testable import Simulation

/// A sound request of each verb.
struct AccessSample {
  var verb: Verb
  var payload: [UInt8]
  /// A BatchItem's field; 0: it can't be in a batch.
  var itemField: UInt32 = 0

  static func request(
    _ verb: Request.Verb, _ key: String, _ change: (inout Request) -> Void = { _ in }
  ) -> Request {
    var request = Request(verb: verb)
    request.key = key
    change(&request)
    return request
  }

  /// Wallets that requests are about, and what they have.
  struct Scene {
    var address = Address(id: 1)
    var other = Address(id: 2)
    var holdID: Int64 = 9999
    var debitID: Int64 = 9999
    var amount: Int64 = 5
  }

  static func mutation(_ verb: Request.Verb, _ scene: Scene, key: String) -> Request {
    request(verb, key) {
      if verb.namesWallet { $0.wallet = scene.address }
      switch verb {
      case .open: $0.wallet = Address(owner: "new-\(key)", currency: "USD", name: "main")
      case .debit, .credit: $0.amount = scene.amount
      case .transfer: ($0.amount, $0.to) = (scene.amount, scene.other)
      case .hold: ($0.amount, $0.timeoutMillis) = (scene.amount, 60_000)
      case .capture: ($0.holdID, $0.amount) = (scene.holdID, scene.amount)
      case .release: $0.holdID = scene.holdID
      case .refund: ($0.transactionID, $0.amount) = (scene.debitID, scene.amount)
      case .freeze, .unfreeze: $0.scope = 1
      case .setLimits: $0.limits = Simulation.Limits()
      case .close: break
      case .registerCurrency: $0.subject = "X-\(key.uppercased())".filter { $0 != "_" }
      case .addCounterAccount: $0.subject = "a-\(key)"
      }
    }
  }

  /// One of each verb that is served.
  static func all(_ scene: Scene, newKey: () -> String) -> [AccessSample] {
    var samples = Request.Verb.allCases.compactMap { request -> AccessSample? in
      guard let verb = Verb(rawValue: request.rawValue) else { return nil }
      return AccessSample(
        verb: verb, payload: mutation(request, scene, key: newKey()).encoded(),
        itemField: request.isAdministration ? 0 : request.itemField)
    }
    func add(_ verb: Verb, _ build: (inout ProtobufWriter) -> Void) {
      samples.append(AccessSample(verb: verb, payload: ProtobufWriter.message(build)))
    }
    add(.ping) { _ in }
    add(.getSchema) { _ in }
    add(.getServerInfo) { _ in }
    for verb in [Verb.getWallet, .getBalance, .listTransactions, .explainBalance] {
      add(verb) { $0.message(1) { scene.address.write(to: &$0) } }
    }
    add(.listWallets) { $0.text(1, scene.address.owner.isEmpty ? "u1" : scene.address.owner) }
    add(.getBalanceAt) {
      $0.message(1) { scene.address.write(to: &$0) }
      $0.integer(3, 1)
    }
    add(.listRefusals) { $0.message(1) { scene.address.write(to: &$0) } }
    add(.trialBalance) { _ in }
    add(.watchTransactions) { $0.integer(3, 1) }
    add(.verify) { $0.integer(2, 1) }
    add(.listTokens) { _ in }
    let (tokenKey, revokeKey) = (newKey(), newKey())
    samples.append(
      AccessSample(
        verb: .createToken,
        payload: AccessWorld.createToken(
          "made-\(tokenKey)", AccessWorld.Terms(scopes: ["read"]), secret: Array(tokenKey.utf8), key: tokenKey)))
    // There is none: whoever may ask is told so.
    samples.append(AccessSample(verb: .revokeToken, payload: AccessWorld.revokeToken(999_999, key: revokeKey)))
    add(.backup) { _ in }
    add(.importLedger) { _ in }
    return samples
  }
}
