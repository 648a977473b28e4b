import Foundation
import FuzzTargets

#if FUZZING
  import CLibFuzzer
#endif

/// Runs one target, which FUZZ_TARGET names. Built for fuzzing (scripts/fuzz.sh) it is libFuzzer, with its arguments; built as
/// any other program it runs the files that it is given.
@main
struct Fuzz {
  private static let variable = "FUZZ_TARGET"

  private static let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment[variable] ?? ""
    guard let target = FuzzTarget.named(name) else {
      let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
      complain("\(variable) must be one of \(names), not \"\(name)\"")
      exit(64)
    }
    return target
  }()

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "list"?:
      for target in FuzzTarget.all { print(target.name, target.bytesMax) }
    case "seeds"?:
      guard arguments.count == 3 else {
        complain("seeds takes the folder of the vectors and the folder of the corpora")
        exit(64)
      }
      try writeSeeds(from: arguments[2], to: arguments[3])
    default: try run(Array(arguments))
    }
  }

  private static func complain(_ text: String) { FileHandle.standardError.write(Data("fuzz: \(text)\n".utf8)) }

  private static func writeSeeds(from folder: String, to corpora: String) throws {
    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
    let vectors = try Vectors(frames: text("frames.json"), sessions: text("sessions.json"))
    for target in FuzzTarget.all {
      let corpus = "\(corpora)/\(target.name)"
      try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
      for (name, bytes) in try target.seeds(vectors) {
        let file = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        try Data(bytes).write(to: URL(filePath: "\(corpus)/\(file)"))
      }
    }
  }

  #if FUZZING
    private static func run(_ arguments: [String]) throws {
      // What is made once, a ledger say, isn't part of the time that an input takes.
      try target.check([])
      var count = CommandLine.argc
      var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
      let code = unsafe LLVMFuzzerRunDriver(&count, &values) { bytes, count in
        let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        do { try Fuzz.target.check(input) } catch {
          Fuzz.complain("\(Fuzz.target.name): \(error)")
          // libFuzzer keeps the input.
          abort()
        }
        return 0
      }
      exit(code)
    }
  #else
    private static func run(_ files: [String]) throws {
      var failures = 0
      for file in files {
        do { try target.check(Array(try Data(contentsOf: URL(filePath: file)))) } catch {
          complain("\(target.name): \(file): \(error)")
          failures += 1
        }
      }
      print("\(files.count) inputs, \(failures) violations")
      if failures > 0 { exit(1) }
    }
  #endif
}
