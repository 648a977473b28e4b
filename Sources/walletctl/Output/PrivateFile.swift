import Foundation

/// A file that only its owner may read, from its first moment on.
enum PrivateFile {
  static func create(_ path: String, _ bytes: [UInt8]) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CommandFailure.usage("\(path): \(reason)", json: false) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(bytes))
    } catch {
      throw CommandFailure.usage("\(path): \(error.localizedDescription)", json: false)
    }
  }

  private static var reason: String { unsafe String(cString: strerror(errno)) }
}
