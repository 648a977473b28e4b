import Glibc

/// A file with one token in it, on one line, that others can't read.
package enum TokenFile {
  package struct Unusable: Error, Equatable, CustomStringConvertible {
    package var description: String
  }

  private static let bytesMax = 4096

  package static func read(_ path: String) throws(Unusable) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { Glibc.close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(path) }
    guard status.st_mode & 0o007 == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw Unusable(
        description: "the token file \(path) can be read or changed by everybody (mode 0\(mode)): chmod o= \(path)")
    }
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: bytesMax + 1) { buffer, filled in
      repeat {
        count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      } while count < 0 && errno == EINTR
      filled = max(0, count)
    }
    guard count >= 0 else { throw unreadable(path) }
    let words = bytes.split { $0 <= 0x20 }
    guard words.count == 1, count <= bytesMax, let word = words.first else {
      throw Unusable(description: "the token file \(path) must have one token on one line and nothing else")
    }
    return String(decoding: word, as: UTF8.self)
  }

  private static func unreadable(_ path: String) -> Unusable {
    Unusable(description: "the token file \(path) can't be read: \(unsafe String(cString: strerror(errno)))")
  }
}
