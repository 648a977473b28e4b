import ArgumentParser

/// Tells what `serve` would run with, and what is wrong with it.
struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what serve would run with and where each value was said, and whether it is sound.",
    discussion: """
      Takes the options of serve. A value comes from the command line, else from the environment (max-connections is \
      WALLETD_MAX_CONNECTIONS; commas part the values of an option that may be repeated), else from the file of --config, \
      else it is the default. Exit codes: 0 sound, 64 an option is wrong, 78 a setting of the environment or the file is.
      """)

  @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The options of serve.", valueName: "options"))
  var options: [String] = []

  func run() { Configuring.check(options) }
}
