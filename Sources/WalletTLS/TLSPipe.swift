internal import CTLS

/// What the connections of one thread pass their bytes through: nothing stays in it between two calls.
@safe
package final class TLSPipe {
  /// The longest piece of plaintext of one record.
  package static let recordBytesMax = 16 * 1024
  /// What one call may want to send. A piece of output takes a quarter of it; the rest is for peers who let us answer much.
  package static let outputBytesMax = 256 * 1024

  let state: UnsafeMutablePointer<walletd_tls_pipe>
  /// What records are unpacked into before they are appended to a connection's own buffer.
  let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: TLSPipe.recordBytesMax, alignment: 64)

  package init() {
    guard let state = unsafe walletd_tls_pipe_new(Self.outputBytesMax) else { fatalError("out of memory") }
    unsafe self.state = unsafe state
  }

  deinit {
    unsafe walletd_tls_pipe_free(state)
    unsafe plain.deallocate()
  }

  /// Moves what is to be sent behind `output`.
  func drain(into output: inout [UInt8]) {
    let count = unsafe state.pointee.out_count
    if count == 0 { return }
    unsafe output.append(contentsOf: UnsafeRawBufferPointer(start: state.pointee.out, count: count))
    unsafe state.pointee.out_count = 0
  }
}
