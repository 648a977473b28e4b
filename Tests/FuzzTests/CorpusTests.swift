import Foundation
import FuzzTargets
import Testing

/// What fuzzing has found worth keeping, run by every build: the corpora, and each input that something was wrong with once.
@Suite("Corpora")
struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz")
    .standardized

  private static func inputs(_ kind: String, _ target: FuzzTarget) throws -> [URL] {
    let folder = folder.appending(path: "\(kind)/\(target.name)")
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
  }

  @Test("every committed input passes", arguments: FuzzTarget.all.map(\.name))
  func corpus(name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let corpus = try Self.inputs("corpora", target)
    #expect(corpus.count >= 5, "Tests/Fuzz/corpora/\(name) has hardly anything")
    for file in try corpus + Self.inputs("regressions", target) {
      let bytes = Array(try Data(contentsOf: file))
      #expect(bytes.count <= target.bytesMax, "\(file.lastPathComponent) is longer than any input")
      #expect(throws: Never.self, "\(file.path)") { try target.check(bytes) }
    }
  }

  @Test(
    "inputs that are cut, longer or have a byte of another value break nothing", arguments: FuzzTarget.all.map(\.name))
  func mutated(name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    var numbers = Numbers()
    for file in try Self.inputs("corpora", target) {
      let bytes = Array(try Data(contentsOf: file))
      for _ in 0..<3 where !bytes.isEmpty {
        var mutated = bytes
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<3, using: &numbers) {
        case 0: mutated[place] = .random(in: 0...255, using: &numbers)
        case 1: mutated.removeSubrange(place...)
        default: mutated.insert(.random(in: 0...255, using: &numbers), at: place)
        }
        #expect(throws: Never.self, "\(mutated)") { try target.check(mutated) }
      }
    }
  }

  /// The same in every run: what chance finds, a fuzzer finds sooner.
  private struct Numbers: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test("every folder of inputs belongs to a target")
  func folders() throws {
    for kind in ["corpora", "regressions"] {
      let folder = Self.folder.appending(path: kind)
      guard FileManager.default.fileExists(atPath: folder.path) else { continue }
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        #expect(FuzzTarget.named(name) != nil, "\(kind)/\(name)")
      }
    }
  }
}
