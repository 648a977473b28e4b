import Foundation

/// Runs `walletctl` as built beside these tests.
func walletctl(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  var program = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
  program.deleteLastPathComponent()
  process.executableURL = program.appending(path: "walletctl")
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
