import ArgumentParser
import Foundation
import WalletClient
import WalletWire

struct InfoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Shows what the server says of itself.")

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let session = try connection.makeSession()
    let reply = try await session.read(.getServerInfo, [])
    if session.json { return print(try session.jsonValue(reply, method: "GetServerInfo").text) }
    let info = try session.decoded(reply, ReplyDecoding.serverInfo)
    let mutations = info.mutationsAvailable ? "available" : "not available: \(info.mutationsUnavailableBecause)"
    print(
      Table(pairs: [
        ("server", info.serverName), ("storage", info.storage), ("ledger", info.ledgerID), ("epoch", "\(info.epoch)"),
        ("started", Timestamp.text(info.startedAtMicros)), ("clock", Timestamp.text(info.serverTimeMicros)),
        ("mutations", mutations), ("journal head", "\(info.head.seq) \(hexadecimal(info.head.digest))"),
        ("schema", hexadecimal(info.schemaDigest)),
        ("request bytes at most", "\(info.limits.requestBytesMax)"),
        ("requests in flight at most", "\(info.limits.requestsInFlightMax)"),
      ]).text)
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

struct PingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ping", abstract: "Asks the server for a sign of life.")

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let session = try connection.makeSession()
    let clock = ContinuousClock()
    let start = clock.now
    let reply = try await session.read(.ping, [])
    let elapsed = clock.now - start
    if session.json { return print(try session.jsonValue(reply, method: "Ping").text) }
    let pong = try session.decoded(reply, ReplyDecoding.ping)
    let micros = elapsed.components.seconds * 1_000_000 + elapsed.components.attoseconds / 1_000_000_000_000
    print(
      "\(session.server) answers in \(Money.text(micros, exponent: 3)) ms, connecting included; "
        + "its clock \(Timestamp.text(pong.serverTimeMicros)), journal at \(pong.commitSeq)")
  }
}

struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Calls a method with a request in JSON and prints the reply in JSON.",
    discussion: """
      The request is in protobuf's JSON mapping of proto/wallet/v1/wallet.proto: amounts are minor units. A mutation \
      without an idempotencyKey gets a new one. A method that streams prints each event as a line. Methods: \
      \(SchemaRegistry.wallet.methods.map(\.name).joined(separator: ", ")).
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The method, such as GetBalance.") var method: String
  @Argument(help: "The request.") var request = "{}"

  func run() async throws {
    let session = try connection.makeSession()
    guard let method = SchemaRegistry.wallet.method(method) else {
      let names = SchemaRegistry.wallet.methods.map(\.name).joined(separator: ", ")
      throw CommandFailure.usage("no method '\(method)'; there are \(names)", json: session.json)
    }
    let (payload, key, isDryRun) = try encoded(method, session)
    if method.isStream { return try await printEvents(method, payload, session) }
    let reply = try await session.call(
      method.number, payload, key: key, isMutation: method.isMutation, isDryRun: isDryRun, unit: nil)
    print(try session.jsonValue(reply, method: method.name).text)
  }

  private func printEvents(_ method: MethodSchema, _ payload: [UInt8], _ session: Session) async throws {
    do {
      for try await event in session.client.events(method: method.number, payload: payload) {
        let line = try session.jsonValue(event, method: method.name).text
        // Each line leaves at once: standard output may be a pipe.
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
      }
    } catch let error as WalletError {
      throw ErrorReport(error: error, server: session.server, unit: nil).failure(json: session.json)
    }
  }

  private func encoded(
    _ method: MethodSchema, _ session: Session
  ) throws -> (payload: [UInt8], key: String?, isDryRun: Bool) {
    do {
      var value = try JSONParser.parse(request)
      var key: String?
      if method.name == "Batch" {
        let batch = BatchRequest(value, makeKey: { session.client.makeIdempotencyKey() })
        (value, key) = (batch.value, batch.keys.key)
      } else if method.isMutation, case .object(var members) = value {
        if case .string(let given)? = value["idempotencyKey"] ?? value["idempotency_key"] {
          key = given
        } else {
          let made = session.client.makeIdempotencyKey()
          key = made
          members.append(.init("idempotencyKey", .string(made)))
          value = .object(members)
        }
      }
      let isDryRun = (value["dryRun"] ?? value["dry_run"]) == .bool(true)
      return (try ProtobufJSON.bytes(value, as: method.request), key, isDryRun)
    } catch let error as JSONParser.Failure {
      throw CommandFailure.usage("the request isn't JSON: \(error.rule), at byte \(error.position)", json: session.json)
    } catch {
      throw CommandFailure.usage("the request isn't a \(method.request.name): \(error)", json: session.json)
    }
  }
}
