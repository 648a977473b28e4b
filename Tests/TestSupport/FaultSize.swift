internal import Foundation

/// How much the tests of faults do: `FAULT_SIZE=long` asks for the long run, `make fault LONG=1`.
package enum FaultSize {
  package static let isLong = ProcessInfo.processInfo.environment["FAULT_SIZE"] == "long"

  /// A number of rounds, seeds or seconds: as the variable says, else by the size of the run.
  package static func count(_ variable: String, usual: Int, long: Int) -> Int {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } ?? (isLong ? long : usual)
  }

  /// The seed that a failed run has printed, to be run again alone.
  package static func seed(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  /// One line of figures, which `make fault` shows.
  package static func report(_ line: String) { print("fault: \(line)") }
}
