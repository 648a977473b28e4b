import ArgumentParser
import Foundation
import WalletClient
import WalletWire

import struct WalletCore.TokenText
import enum WalletCore.Verb

struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Lets principals in and puts them out. Needs the scope admin.",
    subcommands: [Create.self, Revoke.self, List.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Lets a principal in: by a token, a certificate or a Unix user.",
      discussion: """
        The secret is made here and shown this once; the server gets its SHA-256 alone. A principal has two live tokens at \
        most: create the new one, change the callers over, revoke the old one.

        Scopes: read, debit, credit, hold, refund, transfer, freeze, limits, import, admin. What isn't given is denied.
        """)

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Who it is: the actor of each row. At most 64 of A-Z a-z 0-9 . _ : @ -.") var principal: String
    @Option(help: ArgumentHelp("With commas, such as read,debit.", valueName: "scopes")) var scopes: String
    @Option(name: .customLong("currency"), help: "Only wallets in this currency; may be given several times.")
    var currencies: [String] = []
    @Option(help: "Only wallets of owners whose ids begin so.") var ownerPrefix = ""
    @Option(help: "The most that one mutation may move, in the units of the one --currency.") var maxAmount: String?
    @Option(help: ArgumentHelp("Until when: 2027-01-31T12:00:00Z, or from now on such as 90d.", valueName: "time"))
    var expires: String?
    @Option(help: "No token: whoever has a certificate with this name, signed by the server's authority.")
    var certificate: String?
    @Option(help: "No token: whoever is this user of the server's machine, on its Unix socket.") var unixUser: UInt32?
    @Option(help: "Why: a short code.") var reason = "token.create"
    @OptionGroup var arguments: MutationArguments

    func validate() throws {
      if certificate != nil, unixUser != nil {
        throw ValidationError("--certificate and --unix-user are two principals: give one of them")
      }
      if let expires, Timestamp.micros(expires) == nil, TimeSpan.seconds(expires) == nil {
        throw ValidationError("--expires must be like 2027-01-31T12:00:00Z, or a span such as 12h or 90d")
      }
      if maxAmount != nil, currencies.count != 1 {
        throw ValidationError("--max-amount needs one --currency: an amount of several is none")
      }
    }

    func run() async throws {
      let session = try connection.makeSession()
      var maxAmount: Int64 = 0
      if let text = self.maxAmount {
        maxAmount = try await session.amount(text, option: "--max-amount") {
          try await session.unit(ofCurrency: currencies[0])
        }.minorUnits
      }
      let secret = certificate == nil && unixUser == nil ? Self.newSecret() : nil
      let grant = TokenGrant(
        principal: principal, credential: credential(secret), scopes: scopes.split(separator: ",").map(String.init),
        currencies: currencies, ownerPrefix: ownerPrefix, maxAmount: maxAmount, expiresAtMicros: expiresAtMicros)
      let key = arguments.key ?? session.client.makeIdempotencyKey()
      let request = RequestEncoding.createToken(grant, arguments.options(reason: reason, key: key), key: key)
      let reply = try await session.call(
        Verb.createToken.rawValue, request, key: key, isMutation: true, isDryRun: arguments.dryRun, unit: nil)
      let result = try session.decoded(reply) { bytes throws(DecodeError) in
        try ReplyDecoding.administration(bytes, key: key)
      }
      let token = arguments.dryRun ? nil : secret.map { TokenText(id: result.row.id, secret: $0).text }
      if session.json { return try printJSON(session, reply, token) }
      if arguments.dryRun { return print(MutationOutput.nothingChanged) }
      print("granted \(grant.scopes.joined(separator: ", ")) to \(principal), token \(result.row.id)")
      if let token { print("\n\(token)\n\nKeep it now: it isn't shown again.") }
    }

    private func printJSON(_ session: Session, _ reply: [UInt8], _ token: String?) throws {
      var value = try session.jsonValue(reply, method: "CreateToken")
      if let token, case .object(var members) = value {
        members.append(.init("token", .string(token)))
        value = .object(members)
      }
      print(value.text)
    }

    private func credential(_ secret: [UInt8]?) -> TokenCredential {
      if let certificate { return .certificate(certificate) }
      if let unixUser { return .unixUser(unixUser) }
      return .secretDigest(SHA256.digest(secret ?? []))
    }

    private static func newSecret() -> [UInt8] {
      var generator = SystemRandomNumberGenerator()
      return (0..<TokenText.secretByteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    private var expiresAtMicros: Int64 {
      guard let expires else { return 0 }
      if let seconds = TimeSpan.seconds(expires) {
        let (micros, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let now = Int64(Date.now.timeIntervalSince1970) * 1_000_000
        return overflow ? .max : now.addingReportingOverflow(micros).overflow ? .max : now + micros
      }
      return Timestamp.micros(expires) ?? 0
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke", abstract: "Puts a token's callers out, at once and for good.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The token's id: the number behind wlt_.") var id: Int64
    @Option(help: "Why: a short code.") var reason = "token.revoke"
    @OptionGroup var arguments: MutationArguments

    func run() async throws {
      let session = try connection.makeSession()
      let key = arguments.key ?? session.client.makeIdempotencyKey()
      let request = RequestEncoding.revokeToken(id, arguments.options(reason: reason, key: key), key: key)
      let reply = try await session.call(
        Verb.revokeToken.rawValue, request, key: key, isMutation: true, isDryRun: arguments.dryRun, unit: nil)
      if session.json { return print(try session.jsonValue(reply, method: "RevokeToken").text) }
      if arguments.dryRun { print(MutationOutput.nothingChanged) }
      print((arguments.dryRun ? "would follow: " : "") + "revoked token \(id)")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists tokens and other grants.")

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Only of this principal.") var principal = ""
    @Flag(help: "Those that were revoked too.") var withRevoked = false
    @OptionGroup var paging: PagingOptions

    func run() async throws {
      let session = try connection.makeSession()
      let list = PagedList(session: session, method: .listTokens, name: "ListTokens", member: "tokens")
      let pages = try await list.pages(paging) { cursor, size in
        RequestEncoding.listTokens(principal: principal, withRevoked: withRevoked, cursor: cursor, pageSize: size)
      } next: { bytes throws(DecodeError) in
        let page = try ReplyDecoding.tokens(bytes)
        return (page.tokens.count, page.nextCursor)
      }
      if session.json { return print(try list.json(pages).text) }
      var table = Table([
        ("ID", .right), ("PRINCIPAL", .left), ("BY", .left), ("SCOPES", .left), ("KEPT TO", .left), ("EXPIRES", .left),
        ("REVOKED", .left),
      ])
      for bytes in pages {
        for token in try session.decoded(bytes, ReplyDecoding.tokens).tokens { table.add(Self.row(token)) }
      }
      print(table.text)
      try list.sayWhetherMore(pages.last) { bytes throws(DecodeError) in try ReplyDecoding.tokens(bytes).nextCursor }
    }

    private static func row(_ token: Token) -> [String] {
      let by =
        switch token.kind {
        case .secret: "token"
        case .certificate(let name): "certificate \(name)"
        case .unixUser(let id): "Unix user \(id)"
        case .unknown: "?"
        }
      var kept: [String] = []
      if !token.currencies.isEmpty { kept.append(token.currencies.joined(separator: ",")) }
      if !token.ownerPrefix.isEmpty { kept.append("\(token.ownerPrefix)*") }
      if token.maxAmount != 0 { kept.append("at most \(token.maxAmount)") }
      return [
        "\(token.id)", token.principal, by, token.scopes.joined(separator: ","), kept.joined(separator: " "),
        Timestamp.text(token.expiresAtMicros), Timestamp.text(token.revokedAtMicros),
      ]
    }
  }
}
