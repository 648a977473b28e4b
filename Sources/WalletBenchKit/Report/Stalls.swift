/// Times in which a server answered nothing although requests were outstanding.
package struct Stalls: Codable, Equatable, Sendable {
  /// More are only counted.
  package static let listedMax = 100

  package struct Stall: Codable, Equatable, Sendable {
    /// From the beginning of the measured time.
    package var atMicros: Int64
    package var lengthMicros: Int64
  }

  /// The server's own.
  package var server: [Stall] = []
  /// Those in which the hiccup meter slept late too, for at least half of the time: the machine's, most likely.
  package var machine: [Stall] = []
  /// When the measured time began, on the machine's monotonic clock: for comparison with what others have noted meanwhile.
  package var measuredFromMicros: Int64 = 0
  package var serverTotal = 0
  package var machineTotal = 0

  package init() {}

  /// - Parameters:
  ///   - silences: Of the server, on the monotonic clock.
  ///   - hiccups: Of the meter, on the same clock, one after the other.
  init(silences: [Range<Int64>], hiccups: [Range<Int64>], measuredFrom: Int64) {
    measuredFromMicros = measuredFrom
    for silence in silences {
      let stall = Stall(
        atMicros: silence.lowerBound - measuredFrom, lengthMicros: silence.upperBound - silence.lowerBound)
      let shared = hiccups.reduce(Int64(0)) { $0 + Int64($1.clamped(to: silence).count) }
      if shared * 2 >= stall.lengthMicros {
        machineTotal += 1
        if machine.count < Self.listedMax { machine.append(stall) }
      } else {
        serverTotal += 1
        if server.count < Self.listedMax { server.append(stall) }
      }
    }
  }
}
