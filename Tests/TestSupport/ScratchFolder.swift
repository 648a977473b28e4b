internal import Foundation

/// A new folder of its own, removed with all that is in it when the last reference goes.
package final class ScratchFolder: Sendable {
  package let path: String

  package init(_ name: String = "scratch") throws {
    path = FileManager.default.temporaryDirectory.appending(path: "walletd-\(name)-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names in it, and below it, with the size of each file.
  package func contents(of folder: String = "") throws -> [String: Int] {
    let root = folder.isEmpty ? path : "\(path)/\(folder)"
    var contents: [String: Int] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")
      contents[name] = attributes[.size] as? Int
    }
    return contents
  }
}
