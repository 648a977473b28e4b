internal import CTLS

/// One side of a TLS connection without its socket: bytes in, bytes out. Server and clients share it.
///
/// A call takes all it is given: nothing that has arrived is left behind inside, so whoever has read a socket empty has all
/// plaintext that there is. After a call has thrown, only what it appended to `output` (an alert) is of use.
@safe
package final class TLSEngine {
  private let ssl: OpaquePointer
  private let pipe: TLSPipe
  private var hasHeard = false
  private var hasFailed = false
  /// The handshake is done, as far as this side can tell: a client of TLS 1.3 learns only later that its certificate was
  /// refused.
  package private(set) var isEstablished = false
  /// The other side has said that it sends nothing more.
  package private(set) var hasEnded = false

  /// - Parameters:
  ///   - pipe: May be shared by all engines of a queue.
  ///   - name: Of a client: the host name or numeric address that the server's certificate must have.
  package init(_ context: TLSContext, pipe: TLSPipe, expecting name: String? = nil) throws(TLSFailure) {
    self.pipe = pipe
    guard let ssl = unsafe walletd_tls_new(context.pointer, pipe.state, context.isServer ? 1 : 0) else {
      throw TLSFailure(.other, "TLS failed: \(TLSFailure.lastText)")
    }
    unsafe self.ssl = unsafe ssl
    if let name, unsafe walletd_tls_expect(ssl, name) != 1 {
      throw TLSFailure(.configuration, "\"\(name)\" can't be the name of a certificate")
    }
  }

  deinit { unsafe walletd_tls_free(ssl) }

  /// The first words, which are the client's.
  package func start(output: inout [UInt8]) throws(TLSFailure) {
    let result = unsafe walletd_tls_handshake(ssl)
    defer { pipe.drain(into: &output) }
    try check(result)
  }

  /// Takes bytes that have arrived.
  ///
  /// - Parameters:
  ///   - plain: Gets what they mean: at most as much as they are, and the rest of a record of before.
  ///   - output: Gets what must be sent because of them.
  package func receive(_ bytes: [UInt8], into plain: inout [UInt8], output: inout [UInt8]) throws(TLSFailure) {
    precondition(!hasFailed, "a TLS connection that has failed goes on")
    if !hasHeard, let first = bytes.first {
      hasHeard = true
      // A handshake, or from a server an alert.
      guard first == 0x16 || first == 0x15 else {
        hasFailed = true
        throw .noTLS
      }
    }
    let result = unsafe bytes.withUnsafeBytes { unsafe readAll($0, into: &plain) }
    if !isEstablished { isEstablished = unsafe walletd_tls_is_established(ssl) == 1 }
    defer { pipe.drain(into: &output) }
    try check(result)
  }

  /// Reads until there is nothing more to be read.
  @unsafe
  private func readAll(_ bytes: UnsafeRawBufferPointer, into plain: inout [UInt8]) -> walletd_tls_result {
    unsafe pipe.state.pointee.in = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe pipe.state.pointee.in_count = bytes.count
    defer {
      unsafe pipe.state.pointee.in = nil
      unsafe pipe.state.pointee.in_count = 0
    }
    while true {
      var count = 0
      let result = unsafe walletd_tls_read(ssl, pipe.plain.baseAddress, pipe.plain.count, &count)
      guard result == WALLETD_TLS_DONE else { return result }
      unsafe plain.append(contentsOf: UnsafeRawBufferPointer(rebasing: pipe.plain[..<count]))
    }
  }

  /// Encrypts a piece of `bytes`, in as few records as possible.
  package func send(_ bytes: [UInt8], from start: Int, count: Int, output: inout [UInt8]) throws(TLSFailure) {
    precondition(isEstablished && !hasFailed && count > 0 && start >= 0 && count <= bytes.count - start)
    let result = unsafe bytes.withUnsafeBytes { bytes in
      unsafe walletd_tls_write(ssl, bytes.baseAddress.map { unsafe $0 + start }, count)
    }
    defer { pipe.drain(into: &output) }
    try check(result)
  }

  /// Says that nothing more comes.
  package func close(output: inout [UInt8]) {
    guard isEstablished, !hasFailed else { return }
    hasFailed = true
    unsafe walletd_tls_close(ssl)
    pipe.drain(into: &output)
  }

  private func check(_ result: walletd_tls_result) throws(TLSFailure) {
    switch result {
    case WALLETD_TLS_DONE, WALLETD_TLS_WANTS_MORE: return
    case WALLETD_TLS_ENDED: hasEnded = true
    case WALLETD_TLS_FULL:
      hasFailed = true
      throw TLSFailure(.other, "the other side asks for more answers than it may")
    default:
      hasFailed = true
      throw unsafe .last(ssl)
    }
  }

  // MARK: Who is there

  /// The common name and the DNS and URI names of the other side's certificate, which was verified; `nil` when it has none.
  package var peerNames: [String]? {
    guard unsafe walletd_tls_has_peer_certificate(ssl) == 1 else { return nil }
    return unsafe TLSContext.names { unsafe walletd_tls_peer_names(ssl, $0.baseAddress, $0.count) }
  }

  /// Such as "TLSv1.3".
  package var version: String { unsafe String(cString: walletd_tls_version(ssl)) }
}
