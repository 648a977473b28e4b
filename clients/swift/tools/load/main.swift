import Foundation
import WalletClient

// Calls per second on one connection, and their latencies: ADDRESS VERB IN_FLIGHT SECONDS WARM_UP, as a JSON object
// (clients/conformance/DRIVER.md).

let wallets = (0..<1_000).map { WalletReference.owner("bench-\($0)", currency: "EUR") }

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
  exit(2)
}

/// Wallets with money; they may be there already.
func prepare(_ client: WalletClient) async throws {
  let options = MutationOptions(reason: "bench")
  _ = try await client.batch((0..<1_000).map { .openWallet(owner: "bench-\($0)", currency: "EUR", options) })
  _ = try await client.batch(wallets.map { .credit($0, amount: 1_000_000_000, options) })
}

/// Calls of so many tasks, each with one after the other: how many a second, and their nanoseconds by size.
func measure(
  _ client: WalletClient, _ verb: String, inFlight: Int, seconds: Double
) async throws -> (perSecond: Double, nanoseconds: [Int64]) {
  let clock = ContinuousClock()
  let began = clock.now
  let until = began + .seconds(seconds)
  var all: [Int64] = []
  try await withThrowingTaskGroup(of: [Int64].self) { group in
    for line in 0..<inFlight {
      group.addTask {
        var times: [Int64] = []
        var turn = line * wallets.count / inFlight
        var now = clock.now
        while now < until {
          let wallet = wallets[turn % wallets.count]
          turn += 1
          if verb == "Debit" {
            _ = try await client.debit(wallet, amount: 1, MutationOptions(reason: "bench"))
          } else {
            _ = try await client.balance(wallet)
          }
          let then = clock.now
          let (whole, part) = (then - now).components
          times.append(whole * 1_000_000_000 + part / 1_000_000_000)
          now = then
        }
        return times
      }
    }
    for try await times in group { all += times }
  }
  let (whole, part) = (clock.now - began).components
  return (Double(all.count) / (Double(whole) + Double(part) / 1e18), all.sorted())
}

let arguments = CommandLine.arguments
guard arguments.count == 6, let endpoint = WalletEndpoint(arguments[1]), let inFlight = Int(arguments[3]),
  let seconds = Double(arguments[4]), let warmUp = Double(arguments[5])
else { fail("ADDRESS VERB IN_FLIGHT SECONDS WARM_UP, please") }
let verb = arguments[2]
guard ["Debit", "GetBalance"].contains(verb) else { fail("there is no load of \(verb)") }

let client = WalletClient(endpoint)
try await prepare(client)
if warmUp > 0 { _ = try await measure(client, verb, inFlight: inFlight, seconds: warmUp) }
let (rate, times) = try await measure(client, verb, inFlight: inFlight, seconds: seconds)
let median = Double(times[times.count / 2]) / 1_000
let p99 = Double(times[times.count * 99 / 100]) / 1_000
print(
  "{\"client\": \"swift\", \"verb\": \"\(verb)\", \"connections\": 1, \"in_flight\": \(inFlight),",
  "\"calls_per_second\": \(rate), \"p50_micros\": \(median), \"p99_micros\": \(p99)}")
