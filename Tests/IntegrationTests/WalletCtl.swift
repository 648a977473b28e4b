import Foundation

/// Runs `walletctl` as built beside these tests.
func walletctl(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
  try run("walletctl", arguments)
}

/// Runs a program as built beside these tests, to its end.
func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  process.executableURL = try programPath(name)
  process.arguments = arguments
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  // What goes to standard error is short: it fits into its pipe.
  let text = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
  return (process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: complaints, as: UTF8.self))
}

/// A program as built beside these tests.
func programPath(_ name: String) throws -> URL {
  var program = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
  program.deleteLastPathComponent()
  return program.appending(path: name)
}
