import Foundation
import TestSupport

/// Calls the admin port by curl, as an operator does.
struct HTTP {
  struct Answer {
    var status: Int
    var headers: String
    var body: String

    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }
  }

  let port: UInt16
  private let folder: ScratchFolder

  init(port: UInt16) throws {
    self.port = port
    folder = try ScratchFolder("http")
  }

  /// - Parameter arguments: Further ones of curl.
  func get(_ path: String, _ arguments: [String] = []) throws -> Answer {
    let output = "\(folder.path)/\(UUID().uuidString)"
    let all = [
      "-s", "-S", "--max-time", "30", "-D", output + ".head", "-w", "\n%{http_code}", "http://127.0.0.1:\(port)\(path)",
    ]
    let (status, errors) = try Programs.run("/usr/bin/curl", all + arguments, output: output)
    guard status == 0 else { throw TestFailure("curl \(path): \(status), \(errors)") }
    // What comes of a stream isn't all text.
    let text = String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
    guard let end = text.lastIndex(of: "\n"), let code = Int(text[text.index(after: end)...]) else {
      throw TestFailure("curl \(path) said \(text)")
    }
    return Answer(
      status: code, headers: try String(contentsOfFile: output + ".head", encoding: .utf8).lowercased(),
      body: String(text[..<end]))
  }

  func call(_ verb: String, _ json: String, _ headers: [String] = []) throws -> Answer {
    try get(
      "/wallet.v1.WalletService/\(verb)",
      ["-H", "content-type: application/json", "-d", json] + headers.flatMap { ["-H", $0] })
  }

  /// The samples of `/metrics`, by name and labels as they stand there.
  func metrics() throws -> [String: Double] {
    let page = try get("/metrics")
    guard page.status == 200 else { throw TestFailure("/metrics: \(page.status) \(page.body)") }
    var samples: [String: Double] = [:]
    for line in page.body.split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
        throw TestFailure("/metrics has the line \(line)")
      }
      samples[String(line[..<space])] = value
    }
    return samples
  }
}
