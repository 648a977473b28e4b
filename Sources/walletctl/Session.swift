import WalletClient
import WalletWire

import enum WalletCore.Verb

/// A client and how its answers are to be shown.
struct Session: Sendable {
  var client: WalletClient
  var server: String
  var json: Bool

  /// A read: the reply's bytes.
  func read(_ method: Verb, _ payload: [UInt8], unit: Unit? = nil) async throws -> [UInt8] {
    try await call(method.rawValue, payload, key: nil, isMutation: false, unit: unit)
  }

  /// A mutation, or a dry run of it. Its options have a key.
  func mutate(_ mutation: BatchItem.Mutation, _ options: MutationOptions, unit: Unit?) async throws -> MutationOutput {
    let key = options.idempotencyKey ?? ""
    let request = RequestEncoding.mutation(mutation, options, key: key)
    let reply = try await call(
      mutation.verb.rawValue, request, key: key, isMutation: true, isDryRun: options.dryRun, unit: unit)
    return MutationOutput(session: self, reply: reply, key: key, isDryRun: options.dryRun)
  }

  func call(
    _ method: UInt16, _ payload: [UInt8], key: String?, isMutation: Bool, isDryRun: Bool = false, unit: Unit?
  ) async throws -> [UInt8] {
    do {
      return try await client.call(method: method, payload: payload, isMutation: isMutation && !isDryRun, key: key)
    } catch {
      throw ErrorReport(error: error, server: server, unit: unit, isDryRun: isDryRun).failure(json: json)
    }
  }

  /// The unit of an amount: of ISO 4217, or as the server says for this wallet.
  func unit(of wallet: WalletReference) async throws -> Unit {
    if case .owner(_, let currency, _) = wallet, let unit = Unit.iso(currency) { return unit }
    let payload = try await read(.getBalance, RequestEncoding.getBalance(wallet))
    let balance = try decoded(payload, ReplyDecoding.balance)
    return Unit(currency: balance.currency, exponent: balance.exponent)
  }

  /// The unit of a currency: of ISO 4217, or as the server says.
  func unit(ofCurrency currency: String) async throws -> Unit {
    if let unit = Unit.iso(currency) { return unit }
    let known = try await trialBalance(currency: currency).balance.currencies.first
    return Unit(currency: currency, exponent: known?.exponent ?? 0)
  }

  /// An amount of the command line in minor units.
  ///
  /// - Parameter unit: Asked for when the text may be an amount in some currency; what it says is the amount's unit.
  func amount(
    _ text: String, option: String = "--amount", unit: () async throws -> Unit
  ) async throws -> (minorUnits: Int64, unit: Unit) {
    // An amount that no currency can have needs no look at the server.
    if let why = AmountText.rule(text, unit: Unit(currency: "any currency", exponent: Money.exponentMax)) {
      throw CommandFailure.usage("\(option) \(why)", json: json)
    }
    let unit = try await unit()
    guard let minorUnits = AmountText.minorUnits(text, unit: unit) else {
      let why = AmountText.rule(text, unit: unit) ?? "isn't an amount"
      throw CommandFailure.usage("\(option) \(why)", json: json)
    }
    return (minorUnits, unit)
  }

  func decoded<Reply>(_ payload: [UInt8], _ decode: ([UInt8]) throws(DecodeError) -> Reply) throws -> Reply {
    do throws(DecodeError) {
      return try decode(payload)
    } catch {
      throw ErrorReport(error: .notExecuted(key: nil, cause: .invalidReply(error.text)), server: server, unit: nil)
        .failure(json: json)
    }
  }

  /// A reply in protobuf's JSON mapping, with defaults written out so that scripts always find a field.
  func jsonValue(_ payload: [UInt8], method name: String) throws -> JSONValue {
    guard let method = SchemaRegistry.wallet.method(name) else {
      throw CommandFailure.usage("no method \(name)", json: json)
    }
    do throws(ProtobufJSON.Failure) {
      return try ProtobufJSON.value(payload[...], as: method.response, includeDefaults: true)
    } catch {
      throw ErrorReport(error: .notExecuted(key: nil, cause: .invalidReply("\(error)")), server: server, unit: nil)
        .failure(json: json)
    }
  }
}
