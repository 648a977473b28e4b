import ArgumentParser
import Glibc
import WalletBenchKit
import WalletTLS

/// Who asks, and how the server is recognised.
struct AccessOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A file with the token that says who asks.", valueName: "file"))
  var tokenFile: String?

  @Option(help: ArgumentHelp("Speak TLS, and trust the authorities of this PEM file.", valueName: "file"))
  var tlsCa: String?

  @Option(help: ArgumentHelp("A certificate to show the server, PEM.", valueName: "file"))
  var tlsCert: String?

  @Option(help: ArgumentHelp("Its key.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp("The name that the server's certificate must have. (default: the host)", valueName: "name"))
  var tlsName: String?

  var isGiven: Bool { tokenFile != nil || tlsCa != nil }

  func validate() throws {
    if tlsCa == nil, tlsCert != nil || tlsKey != nil || tlsName != nil {
      throw ValidationError("--tls-cert, --tls-key and --tls-name need --tls-ca")
    }
    if (tlsCert == nil) != (tlsKey == nil) { throw ValidationError("--tls-cert and --tls-key belong together") }
  }

  /// Reads the files.
  func load(server: String) throws(BenchFailure) -> BenchAccess {
    var access = BenchAccess()
    if let tokenFile { access.token = try token(tokenFile) }
    guard let tlsCa else { return access }
    var credentials: TLSContext.Credentials?
    if let tlsCert, let tlsKey { credentials = TLSContext.Credentials(certificate: tlsCert, key: tlsKey) }
    do throws(TLSContext.Unusable) {
      access.tls = try .client(.file(tlsCa), credentials)
    } catch {
      throw .unreachable("TLS: \(error)")
    }
    access.serverName = tlsName ?? host(server)
    return access
  }

  private func host(_ server: String) -> String {
    let host = server.prefix(upTo: server.lastIndex(of: ":") ?? server.endIndex)
    return String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host)
  }

  /// The first line.
  private func token(_ path: String) throws(BenchFailure) -> String {
    guard let file = unsafe fopen(path, "r") else {
      throw .unreachable("--token-file \(path) can't be read: \(unsafe String(cString: strerror(errno)))")
    }
    defer { unsafe fclose(file) }
    let line = unsafe [CChar](unsafeUninitializedCapacity: 4096) { buffer, count in
      let line = unsafe buffer.baseAddress.flatMap { unsafe fgets($0, Int32(buffer.count), file) }
      count = unsafe line.map { unsafe strlen($0) } ?? 0
    }
    let text = String(decoding: line.lazy.map { UInt8(bitPattern: $0) }.filter { $0 > 0x20 }, as: UTF8.self)
    guard !text.isEmpty else { throw .unreachable("--token-file \(path) has no token in its first line") }
    return text
  }
}
