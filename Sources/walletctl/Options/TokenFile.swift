import ArgumentParser
import Foundation

/// The secret with which a server is asked: from a file, or from the environment, and never from an argument, which every
/// user of the machine can read.
enum TokenFile {
  private static let bytesMax = 4096

  /// - Parameter path: Of `--token-file`.
  /// - Returns: `nil` when none is given.
  static func token(_ path: String?) throws -> String? {
    let environment = ProcessInfo.processInfo.environment
    guard let path = path ?? environment["WALLETD_TOKEN_FILE"] else {
      let token = environment["WALLETD_TOKEN"] ?? ""
      return token.isEmpty ? nil : token
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("--token-file: \(path) can't be read")
    }
    let text = String(decoding: data.prefix(bytesMax), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty, data.count <= bytesMax else {
      throw ValidationError("--token-file: \(path) must have one token on one line")
    }
    return text
  }
}
