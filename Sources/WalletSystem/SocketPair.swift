// For SOCK_STREAM: clang takes it for that of whichever module it has read first.
internal import CLinux
internal import Glibc

/// Two connected stream sockets of this process.
package enum SocketPair {
  /// Neither blocks, and both close on exec.
  package static func make() throws(SystemError) -> (Int32, Int32) {
    var descriptors: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &descriptors) == 0 else { throw .last("socketpair") }
    return (descriptors[0], descriptors[1])
  }

  /// For an end that nobody takes.
  package static func close(_ descriptor: Int32) { Glibc.close(descriptor) }
}
