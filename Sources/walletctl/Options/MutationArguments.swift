import ArgumentParser
import WalletClient

/// What every mutation takes besides its wallet, reason and amount.
struct MutationArguments: ParsableArguments {
  @Option(help: "A note for people.")
  var note = ""

  @Option(help: "Your own name of the matter, such as an order number.")
  var reference = ""

  @Option(help: "The idempotency key: 8 to 64 printable ASCII characters. (default: a new UUID)")
  var key: String?

  @Option(help: "For whom you act.")
  var onBehalfOf = ""

  @Option(help: "Ties this to a trace.")
  var correlationID = ""

  @Option(help: ArgumentHelp("When it happened: 2026-01-31T12:00:00Z, or microseconds since 1970.", valueName: "time"))
  var occurredAt: String?

  @Option(help: ArgumentHelp("Data of your own; may be given up to 16 times.", valueName: "key=value"))
  var metadata: [String] = []

  @Flag(help: "Only try it: show what would follow, and change nothing.")
  var dryRun = false

  func validate() throws {
    if let occurredAt, Timestamp.micros(occurredAt) == nil {
      throw ValidationError("--occurred-at must be like 2026-01-31T12:00:00Z, or microseconds since 1970")
    }
    for pair in metadata where !pair.contains("=") || pair.hasPrefix("=") {
      throw ValidationError("--metadata must be KEY=VALUE, not '\(pair)'")
    }
    if let key {
      guard (8...64).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw ValidationError("--key must be 8 to 64 printable ASCII characters")
      }
    }
  }

  func options(reason: String, key: String) -> MutationOptions {
    var options = MutationOptions(reason: reason, idempotencyKey: key)
    options.dryRun = dryRun
    options.note = note
    options.reference = reference
    options.onBehalfOf = onBehalfOf
    options.correlationID = correlationID
    options.occurredAtMicros = occurredAt.flatMap(Timestamp.micros) ?? 0
    options.metadata = metadata.map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return MetadataEntry(key: String(parts[0]), value: String(parts[1]))
    }
    return options
  }
}
