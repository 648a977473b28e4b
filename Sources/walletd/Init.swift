import ArgumentParser
import WalletCore
import WalletStore
import WalletSystem

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Makes a data folder with an empty ledger.")

  @Option(help: "The data folder.")
  var data = "./data"

  func run() {
    let existed = SystemFiles().exists("\(data)/ledger.db")
    let store = Opening.open(data, StoreSettings())
    Opening.close(store)
    Console.say(
      existed
        ? "\(data) has ledger \(store.description.ledgerID) already"
        : "made ledger \(store.description.ledgerID) in \(data)")
  }
}
