import ArgumentParser
import Glibc
import WalletCore
import WalletStore
import WalletSystem

/// The first token of a ledger, for which no caller could ask a server that lets nobody in.
struct Token: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes tokens while no server has the ledger; walletctl token does it while one has.",
    subcommands: [Create.self])

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a principal in by a token.",
      discussion: """
        The token is the only line on standard output, and is shown this once: the ledger keeps a SHA-256 of its secret. \
        Whoever has the scope admin can make more tokens with walletctl.
        """)

    @Option(help: "The data folder.")
    var data = "./data"
    @Option(help: "Who it is: the actor of each row that is written with it. At most 64 of A-Z a-z 0-9 . _ : @ -.")
    var principal: String
    @Option(help: ArgumentHelp("With commas: \(Scope.list).", valueName: "scopes"))
    var scopes: String
    @Option(name: .customLong("currency"), help: "Only wallets in this currency; may be given several times.")
    var currencies: [String] = []
    @Option(help: "Only wallets of owners whose ids begin so.")
    var ownerPrefix = ""
    @Option(help: "The most that one mutation may move, in minor units.")
    var maxAmount: Int64 = 0
    @Option(help: ArgumentHelp("Seconds until it expires; without it never.", valueName: "seconds"))
    var expiresIn: Int64?

    func validate() throws {
      if let expiresIn, !(1...(100 * 366 * 86_400)).contains(expiresIn) {
        throw ValidationError("--expires-in must be from 1 to \(100 * 366 * 86_400) seconds")
      }
      for scope in scopeNames where Scope(name: scope) == nil {
        throw ValidationError("--scopes: '\(scope)' is no scope; there are \(Scope.list)")
      }
      for (option, text, alphabet) in [
        ("--principal", principal, Self.identifier), ("--owner-prefix", ownerPrefix, Self.identifier),
      ] where text.utf8.count > LedgerLimits.identifierBytesMax || !text.unicodeScalars.allSatisfy(alphabet) {
        throw ValidationError(
          "\(option) must be at most \(LedgerLimits.identifierBytesMax) of A-Z a-z 0-9 . _ : @ -, not '\(text)'")
      }
      for currency in currencies
      where !(1...LedgerLimits.currencyBytesMax).contains(currency.utf8.count)
        || !currency.utf8.allSatisfy({ byte in
          (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        })
      {
        throw ValidationError(
          "--currency must be at most \(LedgerLimits.currencyBytesMax) of A-Z 0-9 -, not '\(currency)'")
      }
      if let violation = terms(digest: ShortBytes([UInt8](repeating: 0, count: 32)), now: 0).violation {
        throw ValidationError(violation.message)
      }
    }

    private static func identifier(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "0"..."9", "A"..."Z", "a"..."z", ".", "_", ":", "@", "-": true
      default: false
      }
    }

    private var scopeNames: [String] { scopes.split(separator: ",").map(String.init) }

    private func terms(digest: ShortBytes, now: Int64) -> GrantTerms {
      GrantTerms(
        principal: Text(principal), credential: .secret(digest: digest),
        scopes: ScopeSet(scopeNames.compactMap { Scope(name: $0) }),
        constraints: Constraints(
          currencies: currencies.map { Text($0) }, ownerPrefix: Text(ownerPrefix), amountMax: maxAmount),
        expiresAt: expiresIn.map { now + $0 * 1_000_000 } ?? 0)
    }

    func run() {
      guard DataFolder.hasLedger(data, files: SystemFiles()) else {
        Console.end(.notALedger, "\(data) has no ledger.db: walletd init makes one")
      }
      let (time, random) = (SystemTime(), SystemRandom())
      let store = Opening.open(data, StoreSettings())
      let secret = SecretBytes.make(random)
      let digest = ShortBytes(Digests.sha256(secret))
      let command = Command(
        verb: .createToken,
        key: .uuid(high: random.next(), low: random.next()), wallet: .none,
        audit: Command.Audit(reason: "token.create"),
        origin: Origin(.local, source: "", clientName: Text("walletd/\(Walletd.version)")),
        parameters: .grant(terms(digest: digest, now: time.wallMicroseconds)))
      let outcome = perform(command, store, time)
      Opening.close(store)
      switch outcome {
      case .administered(let row, _): print(TokenText(id: row.seq, secret: secret).text)
      case .failed(let failure, _, _): Console.end(.usage, failure.message)
      default: preconditionFailure("a token was answered with something else")
      }
    }

    private func perform(_ command: Command, _ store: LedgerStore, _ time: SystemTime) -> LedgerOutcome {
      let reading = LedgerClock.Reading(wall: time.wallMicroseconds, monotonic: time.monotonicMicroseconds)
      do throws(LedgerFault) {
        return try store.perform([.mutation(command)], reading: reading, isDue: { _ in true })[0]
      } catch {
        Console.end(error, during: "creating the token")
      }
    }
  }
}

/// The secrets of tokens.
enum SecretBytes {
  static func make(_ random: some RandomSource) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < TokenText.secretByteCount {
      let word = random.next()
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    return bytes
  }
}
