import Foundation
import TestSupport

/// The library that is preloaded into walletd (Recorder/recorder.c), built for the test.
struct Recorder {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder("recorder")
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recorder/recorder.c").path
    let arguments = ["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source, "-ldl"]
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = arguments
    try compiler.run()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else { throw TestFailure("the recorder doesn't compile") }
  }

  private var library: String { "\(folder.path)/recorder.so" }
  private var switchPath: String { "\(folder.path)/on" }
  var recordPath: String { "\(folder.path)/record" }

  /// The variables for a walletd under the recorder. recorder.c says what they mean.
  func environment(_ variables: [String: String] = [:]) -> [String: String] {
    variables.merging(["LD_PRELOAD": library, "FAULT_ON": switchPath]) { $1 }
  }

  /// Turns the faults on that wait for it.
  func turnOn() throws {
    guard FileManager.default.createFile(atPath: switchPath, contents: nil) else {
      throw TestFailure("can't make \(switchPath)")
    }
  }

  func turnOff() throws { try FileManager.default.removeItem(atPath: switchPath) }
}
