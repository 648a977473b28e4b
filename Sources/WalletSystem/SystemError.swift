internal import Glibc

/// A system call that failed, with its number.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  package var call: String
  package var number: Int32

  package init(call: String, number: Int32) {
    self.call = call
    self.number = number
  }

  /// The last error of this thread.
  package static func last(_ call: String) -> SystemError { SystemError(call: call, number: errno) }

  package var description: String {
    let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return "\(call): \(text)"
  }

  package static let addressInUse = EADDRINUSE
  package static let permissionDenied = EACCES
  package static let notPermitted = EPERM
  package static let readOnlyFileSystem = EROFS
  package static let noSuchFile = ENOENT
  package static let wouldBlock = EAGAIN
  package static let noSpace = ENOSPC
}

/// Calls until the call isn't interrupted by a signal. A bad descriptor is our bug and traps.
@inline(__always)
package func retryingInterrupts<Result: BinaryInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    precondition(errno != EBADF, "system call on a descriptor that isn't open")
    if errno != EINTR { return result }
  }
}
