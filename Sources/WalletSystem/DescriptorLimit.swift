internal import CLinux

/// How many descriptors the process may have open.
package enum DescriptorLimit {
  /// What a server needs beside its connections: files of the store and their readers, listeners, timers, the reserve.
  package static let otherDescriptors: Int64 = 128

  /// Takes as many as the system allows.
  ///
  /// - Returns: How many that is.
  package static func raise() throws(SystemError) -> Int64 {
    let limit = walletd_raise_descriptor_limit()
    guard limit >= 0 else { throw .last("getrlimit") }
    return limit
  }
}
