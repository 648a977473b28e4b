import Foundation
import TestSupport
import Testing
import WalletClient

@Suite("Tokens, from an operator's terminal")
struct TokenTests {
  private let folder: ScratchFolder
  private var data: String { folder.path + "/data" }

  init() throws { folder = try ScratchFolder("tokens") }

  private func kept(_ token: String, _ name: String) throws -> String {
    let path = "\(folder.path)/\(name).token"
    try #require(
      FileManager.default.createFile(
        atPath: path, contents: Data((token + "\n").utf8), attributes: [.posixPermissions: 0o600]))
    return path
  }

  /// The token among what `walletctl token create` prints.
  private func token(in output: String) throws -> String {
    try #require(output.split(separator: "\n").first { $0.hasPrefix("wlt_") }.map(String.init))
  }

  /// Whoever calls by HTTP needs a token as well, and may do no more with it.
  private func expectGateway(of server: ServerProcess, asks token: String) throws {
    let http = try HTTP(port: server.adminPort)
    let wallet = #""wallet":{"ownerId":"app:u1","currency":"USD"}"#
    let bearer = ["authorization: Bearer \(token)"]
    #expect(try http.call("GetBalance", "{\(wallet)}").status == 401)
    #expect(try http.call("GetBalance", "{\(wallet)}", ["authorization: Bearer \(token)x"]).status == 401)
    #expect(try http.call("GetBalance", "{\(wallet)}", bearer).json["balance"] as? String == "1500")
    let credit = #"{\#(wallet),"amount":"1","idempotencyKey":"gateway-1","reason":"r"}"#
    #expect(try http.call("Credit", credit, bearer).status == 403)
  }

  @Test("made offline, used, handed on with bounds, revoked while in use; refusals and lists tell it all")
  func life() async throws {
    let nothing = try run("walletd", ["token", "create", "--data", data, "--principal", "ops", "--scopes", "admin"])
    #expect(nothing.status == 65 && nothing.errors.contains("has no ledger.db: walletd init makes one"))
    #expect(try run("walletd", ["init", "--data", data]).status == 0)
    let made = try run(
      "walletd", ["token", "create", "--data", data, "--principal", "ops", "--scopes", "read,credit,admin"])
    #expect(made.status == 0, "\(made.errors)")
    let ops = try kept(token(in: made.output), "ops")

    let server = try ServerProcess.serve(data, arguments: ["--auth", "required", "--admin", "127.0.0.1:0"])
    let to = ["--server", "127.0.0.1:\(server.port)"]
    let busy = try run("walletd", ["token", "create", "--data", data, "--principal", "x", "--scopes", "read"])
    #expect(busy.status == 75 && busy.errors.contains("in use by another walletd"))
    let stranger = try walletctl(["balance", "--wallet", "1"] + to)
    #expect(stranger.status != 0 && stranger.errors.contains("this server asks who is calling: HELLO has no token"))
    let asOps = ["--token-file", ops] + to
    #expect(try walletctl(["open", "--owner", "app:u1", "--currency", "USD"] + asOps).status == 0)
    #expect(try walletctl(["open", "--owner", "other:u1", "--currency", "USD"] + asOps).status == 0)
    let credit = ["credit", "--owner", "app:u1", "--currency", "USD", "--amount", "20.00", "--reason", "top-up"]
    #expect(try walletctl(credit + asOps).status == 0)

    let created = try walletctl(
      [
        "token", "create", "--principal", "shop", "--scopes", "read,debit", "--currency", "USD", "--owner-prefix",
        "app:",
        "--max-amount", "5.00", "--expires", "90d",
      ] + asOps)
    #expect(created.status == 0 && created.output.contains("granted read, debit to shop"), "\(created.errors)")
    let text = try token(in: created.output)
    let shop = try kept(text, "shop")
    let asShop = ["--token-file", shop] + to
    let debit = ["debit", "--owner", "app:u1", "--currency", "USD", "--reason", "esim"]
    let done = try walletctl(debit + ["--amount", "5.00"] + asShop)
    #expect(done.status == 0, "\(done.errors)")
    let large = try walletctl(debit + ["--amount", "5.01"] + asShop)
    #expect(large.status == 1 && large.errors.contains("PERMISSION_DENIED"), "\(large.errors)")
    let other = try walletctl(["balance", "--wallet", "2"] + asShop)
    #expect(other.status == 1 && other.errors.contains("the wallet is none that the caller may use"))

    var options = WalletClientOptions()
    options.token = text
    let client = WalletClient(host: "127.0.0.1", port: server.port, options: options)
    let wallet = WalletReference.owner("app:u1", currency: "USD")
    #expect(try await client.balance(wallet).balance == 1500)
    try expectGateway(of: server, asks: text)
    let id = text.split(separator: "_")[1]
    let revoked = try walletctl(["token", "revoke", "\(id)"] + asOps)
    #expect(revoked.status == 0 && revoked.output == "revoked token \(id)\n", "\(revoked.errors)")
    await #expect(throws: WalletError.self) { try await client.balance(wallet, timeout: .seconds(2)) }
    client.close()
    let late = try walletctl(["balance", "--wallet", "1"] + asShop)
    #expect(late.status != 0 && late.errors.contains("the token was revoked"), "\(late.errors)")

    let list = try walletctl(["token", "list", "--with-revoked"] + asOps).output
    #expect(list.contains("ops") && list.contains("USD app:* at most 500"), "\(list)")
    #expect(!list.contains(text.split(separator: "_")[2]))
    let refusals = try walletctl(["refusals", "--code", "PERMISSION_DENIED", "--json"] + asOps).output
    #expect(refusals.contains(#""actor":"shop""#) && refusals.contains(#""rule":"max_amount""#))
    #expect(try server.terminate() == .exited(0))
    #expect(try run("walletd", ["verify", "--data", data]).status == 0)
  }

  @Test(
    "bad terms are told with the option that has them",
    arguments: [
      (["--principal", "a b", "--scopes", "read"], "--principal must be at most 64 of"),
      (["--principal", "local", "--scopes", "read"], "principal: is a name that the server gives itself"),
      (["--principal", "x", "--scopes", "write"], "--scopes: 'write' is no scope; there are read, debit"),
      (["--principal", "x", "--scopes", ""], "scopes: are required"),
      (["--principal", "x", "--scopes", "read", "--currency", "usd"], "--currency must be at most 16 of A-Z 0-9 -"),
      (["--principal", "x", "--scopes", "admin", "--owner-prefix", "a"], "scopes: admin can't be had together with"),
      (["--principal", "x", "--scopes", "read", "--expires-in", "0"], "--expires-in must be from 1 to"),
      (["--principal", "x", "--scopes", "read", "--max-amount=-1"], "max_amount: must be positive"),
    ])
  func badTerms(_ arguments: [String], _ message: String) throws {
    let ending = try run("walletd", ["token", "create", "--data", data] + arguments)
    #expect(ending.status == 64 && ending.errors.contains(message), "\(ending.errors)")
  }

  @Test("an address that others reach is served with TLS and authentication, or when told so")
  func addresses() throws {
    let off = try ServerProcess.runToEnd(data, arguments: ["--listen", "0.0.0.0:0", "--auth", "off"])
    #expect(off.ending == .exited(64) && off.lines.contains { $0.contains("nobody is asked who he is") })
    let plain = try ServerProcess.runToEnd(data, arguments: ["--listen", "0.0.0.0:0"])
    #expect(plain.ending == .exited(64) && plain.lines.contains { $0.contains("there is no TLS") })
  }
}
