import Foundation
import TestSupport
import Testing
import WalletClient
import WalletTLS

/// The Swift client and walletctl over TLS, and what stands in their way.
@Suite("TLS of the clients")
struct ClientTLSTests {
  private let certificates: TestCertificates
  private let folder: ScratchFolder

  init() throws {
    certificates = try TestCertificates()
    folder = try ScratchFolder("client-tls")
  }

  private func serve(_ name: String = "server", _ options: [String] = []) throws -> ServerProcess {
    try ServerProcess.serve("\(folder.path)/\(name)", arguments: certificates.serverOptions(name) + options)
  }

  private func client(
    _ port: UInt16, host: String = "127.0.0.1", certificate: String? = nil, name: String? = nil
  ) -> WalletClient {
    var options = WalletClientOptions()
    options.tls = WalletTLSOptions(
      trust: .authorities(file: certificates.authority),
      certificate: certificate.map {
        .init(file: certificates.path("\($0).pem"), keyFile: certificates.path("\($0).key"))
      },
      serverName: name)
    return WalletClient(host: host, port: port, options: options)
  }

  /// What stops a call, which ends long before its time.
  private func problem(_ client: WalletClient) async -> TLSProblem? {
    do throws(WalletError) {
      _ = try await client.ping(timeout: .seconds(60))
      return nil
    } catch {
      guard case .notExecuted(_, .tls(let problem, let text)) = error, !text.isEmpty else {
        Issue.record("not a problem of TLS: \(error)")
        return nil
      }
      return problem
    }
  }

  @Test("calls, long batches and watches go through TLS, by name and by address", .timeLimit(.minutes(2)))
  func calls() async throws {
    let server = try serve()
    let client = client(server.port, host: "localhost")
    let wallet = dollars("u1")
    _ = try await client.openWallet(owner: "u1", currency: "USD", MutationOptions(reason: "open"))
    let items = (0..<1000).map { number in
      BatchItem.credit(wallet, amount: 1, MutationOptions(reason: "top-up", idempotencyKey: "credit-\(number)"))
    }
    var batch = BatchOptions()
    batch.fullResults = true
    #expect(try await client.batch(items, batch).items.count == 1000)
    let byAddress = self.client(server.port)
    #expect(try await byAddress.balance(wallet).balance == 1000)
    var seen = 0
    for try await event in byAddress.watch(from: .beginning) where event.transaction != nil {
      seen += 1
      if seen == 1001 { break }
    }
    #expect(seen == 1001)
    #expect(try server.terminate() == .exited(0))
  }

  @Test("a server's certificate of another name, authority or time is told by its fault", .timeLimit(.minutes(1)))
  func serverCertificates() async throws {
    try certificates.makeServer("elsewhere", hosts: ["ledger.example"])
    try certificates.makeServer("old", hours: -24 ... -1)
    try certificates.makeServer("foreign", by: .stranger)
    let elsewhere = try serve("elsewhere")
    #expect(await problem(client(elsewhere.port)) == .wrongName)
    #expect(try await client(elsewhere.port, name: "ledger.example").ping().commitSeq == 0)
    let (old, foreign) = try (serve("old"), serve("foreign"))
    #expect(await problem(client(old.port)) == .expired)
    #expect(await problem(client(foreign.port)) == .unknownAuthority)
    for server in [elsewhere, old, foreign] { #expect(try server.terminate() == .exited(0)) }
  }

  @Test(
    "a client's certificate is shown; without one, or with a foreign one, the alert is told", .timeLimit(.minutes(1)))
  func clientCertificates() async throws {
    let server = try serve("server", ["--tls-client-ca", certificates.authority, "--tls-require-client-cert"])
    try certificates.makeClient("shop")
    try certificates.makeClient("foreign", by: .stranger)
    #expect(try await client(server.port, certificate: "shop").ping().commitSeq == 0)
    #expect(await problem(client(server.port)) == .refused(alert: 116))
    #expect(await problem(client(server.port, certificate: "foreign")) == .refused(alert: 48))
  }

  @Test("TLS at a port without it, and the reverse, are told at once", .timeLimit(.minutes(1)))
  func oneSided() async throws {
    let plain = try ServerProcess.serve("\(folder.path)/plain")
    #expect(await problem(client(plain.port)) == .noTLS)
    let secure = try serve()
    let failure = await #expect(throws: WalletError.self) {
      try await WalletClient(host: "127.0.0.1", port: secure.port).ping()
    }
    #expect(failure.map { "\($0)" }?.contains("this port speaks TLS") == true)
  }

  @Test("files that can't be used are told with the first call", .timeLimit(.minutes(1)))
  func files() async throws {
    var options = WalletClientOptions()
    options.tls = WalletTLSOptions(trust: .authorities(file: "\(folder.path)/none.pem"))
    #expect(await problem(WalletClient(host: "127.0.0.1", port: 1, options: options)) == .configuration)
  }

  @Test("a server that says nothing is given up in time", .timeLimit(.minutes(1)))
  func silence() async throws {
    let silent = try SilentServer()
    var options = WalletClientOptions()
    options.connectTimeout = .milliseconds(200)
    options.attemptsMax = 2
    options.tls = WalletTLSOptions(trust: .authorities(file: certificates.authority))
    let failure = await #expect(throws: WalletError.self) {
      try await WalletClient(host: "127.0.0.1", port: silent.port, options: options).ping(timeout: .seconds(20))
    }
    guard case .notExecuted(_, .unreachable) = failure else { throw TestFailure("\(String(describing: failure))") }
  }

  @Test("a token file that can't be used is told, and what is in it isn't", .timeLimit(.minutes(1)))
  func tokenFileOfTheClient() async throws {
    let server = try ServerProcess.serve("\(folder.path)/plain")
    var options = WalletClientOptions()
    options.tokenFile = "\(folder.path)/token"
    let client = WalletClient(host: "127.0.0.1", port: server.port, options: options)
    let missing = await #expect(throws: WalletError.self) { try await client.ping() }
    #expect(missing.map { "\($0)" }?.contains("the token file \(folder.path)/token can't be read") == true)
    try Data("two secrets".utf8).write(to: URL(filePath: "\(folder.path)/token"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(folder.path)/token")
    let wrong = await #expect(throws: WalletError.self) { try await client.ping() }
    #expect(wrong.map { "\($0)" }?.contains("must have one token on one line") == true)
    #expect(wrong.map { "\($0)" }?.contains("secrets") == false)
  }

  // MARK: walletctl

  @Test("walletctl dev-certs makes what both sides need, once; walletctl goes by options and by the environment")
  func devCerts() throws {
    let out = "\(folder.path)/certs"
    let made = try walletctl(["dev-certs", "--out", out, "--name", "localhost", "--client", "shop"])
    #expect(made.status == 0 && made.output.contains("walletctl ping --tls-ca \(out)/ca.pem"))
    for name in ["ca", "server", "client"].flatMap({ ["\($0).pem", "\($0).key"] }) {
      let mode = try FileManager.default.attributesOfItem(atPath: "\(out)/\(name)")[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
    }
    let again = try walletctl(["dev-certs", "--out", out])
    #expect(again.status == 2 && again.errors.contains("\(out)/ca.pem is there already"))
    #expect(try walletctl(["dev-certs", "--out", out + "2", "--name", "a,b"]).status == 2)

    let server = try ServerProcess.serve(
      "\(folder.path)/data",
      arguments: [
        "--tls-cert", "\(out)/server.pem", "--tls-key", "\(out)/server.key", "--tls-client-ca", "\(out)/ca.pem",
        "--tls-require-client-cert",
      ])
    let address = ["--server", "localhost:\(server.port)"]
    let certificate = ["--tls-cert", "\(out)/client.pem", "--tls-key", "\(out)/client.key"]
    let done = try walletctl(["ping", "--tls-ca", "\(out)/ca.pem"] + address + certificate)
    #expect(done.status == 0, "\(done.errors)")
    let unknown = try walletctl(["ping", "--tls"] + address + certificate)
    #expect(unknown.status == 3 && unknown.errors.contains("isn't signed by an authority that is trusted"))
    let without = try walletctl(["ping", "--tls-ca", "\(out)/ca.pem"] + address)
    #expect(without.status == 3 && without.errors.contains("certificate required"))
    let half = try walletctl(["ping", "--tls-cert", "\(out)/client.pem"] + address)
    #expect(half.status == 2 && half.errors.contains("belong together"))
  }

  @Test("a token that everybody may read isn't sent, nor one that isn't a line")
  func tokenFiles() throws {
    let path = "\(folder.path)/token"
    let ask = { try walletctl(["ping", "--server", "127.0.0.1:1", "--token-file", path]) }
    #expect(try ask().errors.contains("the token file \(path) can't be read"))
    #expect(
      FileManager.default.createFile(
        atPath: path, contents: Data("secret\n".utf8), attributes: [.posixPermissions: 0o644]))
    let open = try ask()
    #expect(open.status == 2 && open.errors.contains("can be read or changed by everybody (mode 0644)"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(try ask().status == 3)
    try Data("one two".utf8).write(to: URL(filePath: path))
    #expect(try ask().errors.contains("must have one token on one line"))
  }
}

/// Takes connections and never says anything.
private final class SilentServer {
  private let descriptor: Int32
  let port: UInt16

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, size) = (descriptor, length)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(descriptor, pointer, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard result else { throw TestFailure("bind: errno \(errno)") }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}
