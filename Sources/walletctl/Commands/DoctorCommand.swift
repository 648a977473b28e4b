import ArgumentParser
import Foundation
import WalletClient
import WalletWire

import struct WalletCore.Diagnosis

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Asks a server how it is, and says what should be done.",
    discussion: """
      What only the machine of the server can tell (disk, sync, file modes, clock, backups) is walletd doctor's. Exit codes: \
      0 all is ok, 1 something is to be looked at, 2 something is bad, 3 the server can't be reached.
      """)

  private static let pings = 50
  /// Of the 99th percentile, microseconds.
  private static let roundTripWarn: Int64 = 10_000
  private static let clockWarn: Int64 = 5_000_000
  private static let clockBad: Int64 = 60_000_000

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let session = try connection.makeSession()
    let info = try session.decoded(try await session.read(.getServerInfo, []), ReplyDecoding.serverInfo)
    let asked = Self.now
    let times = try await roundTrips(session)
    var diagnosis = Diagnosis()
    diagnosis.add(.init("server", .ok, "\(info.serverName) at \(session.server), \(info.storage)"))
    diagnosis.add(build(info))
    diagnosis.add(schema(info))
    diagnosis.add(.init("ledger", .ok, "\(info.ledgerID), epoch \(info.epoch), row \(info.head.seq)"))
    diagnosis.add(
      info.mutationsAvailable
        ? .init("mutations", .ok, "available")
        : .init(
          "mutations", .bad, "refused: \(info.mutationsUnavailableBecause)",
          advice: "walletd doctor on the server's machine tells more"))
    diagnosis.add(clock(info.serverTimeMicros - asked))
    diagnosis.add(roundTrip(times))
    if session.json {
      print(diagnosis.json.text)
    } else {
      for line in diagnosis.lines { print(line.text) }
    }
    if diagnosis.worst != .ok { throw ExitCode(diagnosis.worst.rawValue) }
  }

  private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

  /// The shortest first, microseconds.
  private func roundTrips(_ session: Session) async throws -> [Int64] {
    let clock = ContinuousClock()
    var times: [Int64] = []
    for _ in 0..<Self.pings {
      let start = clock.now
      _ = try await session.read(.ping, [])
      let elapsed = (clock.now - start).components
      times.append(elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000)
    }
    return times.sorted()
  }

  private func build(_ info: ServerInfo) -> Diagnosis.Line {
    info.build == "debug"
      ? .init("build", .warn, "debug", advice: "It is many times slower: build with -c release")
      : .init("build", .ok, info.build.isEmpty ? "not said" : info.build)
  }

  private func schema(_ info: ServerInfo) -> Diagnosis.Line {
    info.schemaDigest == SHA256.digest(WireSchema.fileDescriptorSet)
      ? .init("schema", .ok, "the one of this program")
      : .init(
        "schema", .warn, "not the one of this program",
        advice: "Server and walletctl are of different versions: fields may be missing")
  }

  private func clock(_ difference: Int64) -> Diagnosis.Line {
    let found = "\(Money.text(difference / 1000, exponent: 3)) s from this machine's"
    let advice = "Find out which of both is wrong"
    if abs(difference) >= Self.clockBad { return .init("clock", .bad, found, advice: advice) }
    return abs(difference) >= Self.clockWarn
      ? .init("clock", .warn, found, advice: advice) : .init("clock", .ok, found)
  }

  private func roundTrip(_ times: [Int64]) -> Diagnosis.Line {
    let (middle, high) = (times[times.count / 2], times[times.count * 99 / 100])
    let found = "\(Money.text(middle, exponent: 3)) ms (p50), \(Money.text(high, exponent: 3)) ms (p99)"
    return high >= Self.roundTripWarn
      ? .init("round trip", .warn, found, advice: "Look at the network, or at what else the server does")
      : .init("round trip", .ok, found)
  }
}
