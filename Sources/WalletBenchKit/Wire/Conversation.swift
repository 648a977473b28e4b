import WalletSystem

/// The first words on a connection, which are waited for.
struct Conversation {
  let channel: Channel
  /// Of the monotonic clock, microseconds.
  let deadline: Int64
  let time: any TimeSource
  private(set) var input: [UInt8] = []
  /// Whether the last `receive` failed because nothing came in time; else the connection was closed.
  private(set) var isSilent = false
  private var buffer = [UInt8](repeating: 0, count: 96 * 1024)

  init(channel: Channel, deadline: Int64, time: any TimeSource) {
    self.channel = channel
    self.deadline = deadline
    self.time = time
  }

  /// Waits for more input; `false` when none comes.
  mutating func receive() throws(BenchFailure) -> Bool {
    while true {
      let left = Int32(clamping: (deadline - time.monotonicMicroseconds) / 1000)
      isSilent = left <= 0 || !ClientSocket.waitToRead(channel.descriptor, timeoutMilliseconds: left)
      if isSilent { return false }
      guard let count = channel.receive(into: &buffer) else { continue }
      guard count > 0 else { return false }
      input.append(contentsOf: buffer[..<count])
      return true
    }
  }
}
