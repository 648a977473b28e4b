import ArgumentParser
import Glibc
import WalletBenchKit
import WalletSystem

@main
enum Main {
  static func main() {
    let command: Walletbench
    do {
      command = try Walletbench.parse()
    } catch {
      let text = Walletbench.fullMessage(for: error)
      if Walletbench.exitCode(for: error).isSuccess {
        print(text)
        exit(ExitStatus.done.rawValue)
      }
      Console.say(text)
      exit(ExitStatus.usage.rawValue)
    }
    exit(run(command).rawValue)
  }

  private static func run(_ command: Walletbench) -> ExitStatus {
    let settings = command.settings(randomSeed: SystemRandom().next() >> 32)
    let display = Console()
    display.line("seed \(settings.seed)")
    do throws(BenchFailure) {
      let access = try command.access.load(server: settings.server)
      let result = try Bench.run(settings, command.outputs, access: access, time: SystemTime(), display: display)
      display.end()
      print(command.json ? try json(result) : result.table)
      if let failure = result.failure { Console.say("walletbench: \(failure)") }
      if result.failure != nil { return .unreachable }
      return result.passed ? .done : .checkFailed
    } catch {
      display.end()
      Console.say("walletbench: \(error.message)")
      return error.kind == .unreachable ? .unreachable : .checkFailed
    }
  }

  private static func json(_ result: BenchResult) throws(BenchFailure) -> String {
    do { return try result.json() } catch { preconditionFailure("a result isn't JSON: \(error)") }
  }
}

enum ExitStatus: Int32 {
  case done = 0
  case checkFailed = 1
  case usage = 2
  case unreachable = 3
}
