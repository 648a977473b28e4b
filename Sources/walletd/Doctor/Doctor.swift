import ArgumentParser
import Glibc
import WalletCore
import WalletStore
import WalletSystem
import WalletWire

/// Looks after a ledger where it lies: whether or not a server has it, and without changing anything.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks at a data folder and the machine below it, and says what should be done.",
    discussion: """
      It may run beside a server; walletctl doctor asks the server itself. Each line is ok, warn or bad. Exit codes: 0 all \
      is ok, 1 something is to be looked at, 2 something is bad.
      """)

  @Option(help: "The data folder.")
  var data = "./data"
  @Option(help: ArgumentHelp("The folder of backups, to see how old the newest one is.", valueName: "dir"))
  var backupDir: String?
  @Flag(help: "One JSON object.")
  var json = false

  func run() {
    let checks = DoctorChecks(data: data, backups: backupDir, time: SystemTime(), files: SystemFiles())
    let diagnosis = checks.run()
    if json {
      print(diagnosis.json.text)
    } else {
      for line in diagnosis.lines { print(line.text) }
    }
    Glibc.exit(diagnosis.worst.rawValue)
  }
}
