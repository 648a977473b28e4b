import ArgumentParser
import Foundation
import WalletClient
import WalletWire

struct BatchFileCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Sends a file of mutations as one batch.",
    discussion: """
      Each line of the file is an item in protobuf's JSON mapping of proto/wallet/v1/wallet.proto; amounts are minor \
      units:

        {"debit":{"wallet":{"ownerId":"u1","currency":"USD"},"amount":"450","reason":"esim.purchase"}}

      The others are openWallet, credit, transfer, hold, capture, release, refund, freeze, unfreeze, setLimits and \
      closeWallet. Item by item, each has its own result; an item without an idempotencyKey \
      gets one that is counted up from --key. With --atomic all items are done or none, under --key, and items have no \
      keys. The same file with the same --key changes nothing more.

      Exits with 0 when every item is done, 1 when some were refused.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The file; at most 8,190 items.") var file: String
  @Flag(help: "All or nothing.") var atomic = false
  @Option(help: "The key of an atomic batch, or a UUID from which items get theirs. (default: a new UUID)")
  var key: String?

  @Flag(help: "Only try it: show what would follow, and change nothing.")
  var dryRun = false

  func validate() throws {
    if let key, !atomic, UUID(uuidString: key)?.uuidString.lowercased() != key {
      throw ValidationError("--key must be a UUID in lower case unless --atomic is given")
    }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let file = try read(json: session.json)
    let value = JSONValue.object([
      .init("atomic", .bool(atomic)), .init("dryRun", .bool(dryRun)), .init("items", .array(file.items)),
    ])
    let request = BatchRequest(value, key: key, makeKey: { session.client.makeIdempotencyKey() })
    let payload: [UInt8]
    do throws(ProtobufJSON.Failure) {
      guard let schema = SchemaRegistry.wallet.method("Batch")?.request else { preconditionFailure("no Batch") }
      payload = try ProtobufJSON.bytes(request.value, as: schema)
    } catch {
      throw CommandFailure.usage("\(self.file): \(error)", json: session.json)
    }
    var options = BatchOptions()
    options.dryRun = dryRun
    let result: BatchResult
    do throws(WalletError) {
      result = try await session.client.sendBatch(
        payload, keys: request.itemKeys, of: request.keys.key,
        unsettled: request.itemKeys.map { _ in false }, options)
    } catch {
      throw ErrorReport(error: error, server: session.server, unit: nil, isDryRun: dryRun).failure(json: session.json)
    }
    let report = BatchReport(file, result)
    print(session.json ? report.json.text : report.text)
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  private func read(json: Bool) throws -> BatchFile {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw CommandFailure.usage("can't read \(file): \(error.localizedDescription)", json: json)
    }
    do throws(BatchFile.Failure) {
      return try BatchFile(Array(data))
    } catch {
      throw CommandFailure.usage("\(file): \(error.text)", json: json)
    }
  }
}
