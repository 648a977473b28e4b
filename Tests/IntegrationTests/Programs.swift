import Foundation

/// Runs a program as a user does.
enum Programs {
  struct Ending {
    var status: Int32
    var output: String
    var errors: String
  }

  static func walletctl(_ arguments: [String], _ service: Service) throws -> Ending {
    var program = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    program.deleteLastPathComponent()
    let output = service.folder.path + "/" + UUID().uuidString
    let address = "127.0.0.1:\(service.server.port)"
    let run = try run(program.appending(path: "walletctl").path, arguments + ["--server", address], output: output)
    return Ending(
      status: run.status, output: try String(contentsOfFile: output, encoding: .utf8), errors: run.errors)
  }

  static func run(
    _ program: String, _ arguments: [String], output: String
  ) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    for path in [output, output + ".err"] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: output + ".err"))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: output + ".err", encoding: .utf8))
  }
}
