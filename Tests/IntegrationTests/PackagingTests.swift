import Foundation
import TestSupport
import Testing

/// What is installed beside the programs: units of systemd, the settings that a new server begins with.
@Suite struct PackagingTests {
  /// The exposure that systemd-analyze may give a unit, in tenths.
  private static let exposureMax = 20
  private static let packaging = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "packaging")

  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder("packaging") }

  private static var units: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: packaging.appending(path: "systemd").path)
        .map { packaging.appending(path: "systemd/\($0)").path }.sorted()
    }
  }

  private func run(_ program: String, _ arguments: [String]) throws -> Programs.Ending {
    let output = "\(folder.path)/\(UUID().uuidString)"
    let run = try Programs.run(program, arguments, output: output)
    return Programs.Ending(
      status: run.status, output: try String(contentsOfFile: output, encoding: .utf8), errors: run.errors)
  }

  @Test func systemdKnowsEveryLineOfTheUnits() throws {
    let ending = try run("/usr/bin/systemd-analyze", ["verify", "--man=no"] + Self.units)
    // The programs needn't be installed where the test runs.
    let complaints = ending.errors.split(separator: "\n").filter {
      !$0.hasSuffix("is not executable: No such file or directory")
    }
    #expect(complaints.isEmpty, "\(complaints)")
    #expect(try Self.units.count >= 6)
  }

  @Test func noServiceIsExposedMoreThanItsBound() throws {
    for unit in try Self.units where unit.hasSuffix(".service") {
      let arguments = ["security", "--offline=true", "--no-pager"]
      let ending = try run("/usr/bin/systemd-analyze", arguments + ["--threshold=\(Self.exposureMax)", unit])
      #expect(ending.status == 0, "\(unit): \(ending.output.suffix(80))")
      // The bound is one that a plain unit breaks.
      let plain = "\(folder.path)/\(URL(filePath: unit).lastPathComponent)"
      try "[Service]\nExecStart=/bin/true\n".write(toFile: plain, atomically: true, encoding: .utf8)
      #expect(try run("/usr/bin/systemd-analyze", arguments + ["--threshold=\(Self.exposureMax)", plain]).status != 0)
    }
  }

  @Test func theSettingsOfANewServerAreSoundWithAndWithoutTheirExamples() throws {
    let text = try String(contentsOf: Self.packaging.appending(path: "walletd.toml"), encoding: .utf8)
    // An example is a line "#name = value".
    let examples = text.split(separator: "\n").filter { $0.contains(#/^#[a-z-]+ = /#) }.map { $0.dropFirst() }
    #expect(!examples.isEmpty)
    var program = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    program.deleteLastPathComponent()
    let path = "\(folder.path)/walletd.toml"
    func check(_ text: String) throws -> Programs.Ending {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try run(program.appending(path: "walletd").path, ["check-config", "--config", path])
    }
    let ending = try check(text)
    #expect(ending.status == 0, "\(ending.errors)")
    // Files that an example names needn't be there; but its name and its kind of value must be known.
    for example in examples {
      let name = example.prefix { $0 != " " }
      let ending = try check(String(example))
      let lines = ending.output.split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("\(name) ") && $0.hasSuffix(" \(path):1") }, "\(example): \(ending.errors)")
    }
  }

  /// No image is built here, so what can be wrong without building is looked at.
  @Test func theDockerfileSaysWhatThePackageHas() throws {
    let text = try String(contentsOf: Self.packaging.appending(path: "Dockerfile"), encoding: .utf8)
    let lines = text.replacing("\\\n", with: "").split(separator: "\n").filter { !$0.hasPrefix("#") }
    let instructions = lines.map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
    let images = instructions.filter { $0[0] == "FROM" }.compactMap { $0[1].split(separator: " ").first }
    #expect(images.count == 2)
    // A tag names the release, so that an image is the same tomorrow.
    #expect(images.allSatisfy { $0.contains(#/^[a-z]+:[a-z0-9.-]*bookworm/#) })
    let last = instructions.drop { $0[0] != "FROM" }.dropFirst().drop { $0[0] != "FROM" }
    #expect(last.filter { $0[0] == "USER" }.map { $0[1] } == ["walletd"])
    #expect(last.contains(["ENTRYPOINT", "[\"/usr/bin/walletd\"]"]))
    let unit = try String(contentsOf: Self.packaging.appending(path: "systemd/walletd.service"), encoding: .utf8)
    #expect(unit.contains("ExecStart=/usr/bin/walletd serve --config /etc/walletd/walletd.toml\n"))
    #expect(last.contains(["CMD", "[\"serve\", \"--config\", \"/etc/walletd/walletd.toml\"]"]))
  }
}
