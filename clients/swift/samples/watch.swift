import WalletClient

/// Prints what is committed. Its arguments are the server's address and, to go on where an earlier watch ended, the token of
/// its last event.
@main
struct Watch {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let address = arguments.first, let endpoint = WalletEndpoint(address) else {
      fatalError("the server's address, please")
    }
    let start: WatchStart = arguments.count > 1 ? .token(arguments[2]) : .now
    let client = WalletClient(endpoint)

    for try await event in client.watch(from: start) {
      if let row = event.transaction {
        let kind = row.kind.map { "\($0)" } ?? "?"
        print("\(kind) \(event.balanceBefore) to \(row.balance)")
      }
      keep(event.resumeToken)  // with what was made of the event: none is missed, none is taken twice
    }
  }

  /// Stands for a place that outlives this process.
  static func keep(_ token: String) {}
}
