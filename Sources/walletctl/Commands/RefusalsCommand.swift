import ArgumentParser
import WalletClient
import WalletWire

struct RefusalsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refusals", abstract: "Lists what was refused and why, the newest first.",
    discussion: "--owner alone takes all of the owner's; with --currency, one wallet's.")

  @OptionGroup var connection: ConnectionOptions
  @Option(help: "Only of this wallet, by its id.") var wallet: Int64?
  @Option(help: "Only of this owner, as the requests named it.") var owner: String?
  @Option(help: "With --owner: only of the owner's wallet in this currency.") var currency: String?
  @Option(help: "The name of that wallet. (default: main)") var name: String?
  @OptionGroup var period: PeriodOptions
  @Option(
    help: ArgumentHelp(
      "Only with this code, such as INSUFFICIENT_FUNDS. May be given several times.", valueName: "code"))
  var code: [String] = []
  @Option(help: "Only by whom.") var actor = ""
  @OptionGroup var paging: PagingOptions
  @Flag(help: "Begin with the oldest.") var oldestFirst = false

  func validate() throws {
    if let wallet {
      guard wallet > 0 else { throw ValidationError("--wallet must be a positive id") }
      guard owner == nil, currency == nil, name == nil else {
        throw ValidationError("--wallet names the wallet already: leave out --owner, --currency and --name")
      }
    }
    if currency != nil, owner == nil { throw ValidationError("--currency needs --owner") }
    if name != nil, currency == nil { throw ValidationError("--name needs --owner and --currency") }
    for text in code where ErrorReason.named(text) == nil {
      throw ValidationError("no code '\(text)'; there are \(ErrorReason.allCases.map(\.name).joined(separator: ", "))")
    }
  }

  func run() async throws {
    let session = try connection.makeSession()
    let list = PagedList(session: session, method: .listRefusals, name: "ListRefusals", member: "refusals")
    let pages = try await list.pages(paging) { cursor, size in
      RequestEncoding.listRefusals(filter, cursor: cursor, pageSize: size, oldestFirst: oldestFirst)
    } next: { bytes throws(DecodeError) in
      let page = try ReplyDecoding.refusals(bytes)
      return (page.refusals.count, page.nextCursor)
    }
    if session.json { return print(try list.json(pages).text) }

    var table = Table([
      ("TIME", .left), ("VERB", .left), ("WALLET", .left), ("AMOUNT", .right), ("REASON", .left), ("REFERENCE", .left),
      ("BY", .left), ("WHY", .left), ("ID", .right),
    ])
    for bytes in pages {
      for refusal in try session.decoded(bytes, ReplyDecoding.refusals).refusals { table.add(row(refusal)) }
    }
    print(table.text)
    try list.sayWhetherMore(pages.last) { bytes throws(DecodeError) in try ReplyDecoding.refusals(bytes).nextCursor }
  }

  var filter: RefusalFilter {
    var filter = RefusalFilter()
    if let wallet {
      filter.wallet = .id(wallet)
    } else if let owner {
      if let currency {
        filter.wallet = .owner(owner, currency: currency, name: name ?? "main")
      } else {
        filter.ownerID = owner
      }
    }
    filter.fromMicros = period.fromMicros
    filter.beforeMicros = period.beforeMicros
    filter.reasons = Set(code.compactMap(ErrorReason.named))
    filter.actor = actor
    return filter
  }

  private func row(_ refusal: Refusal) -> [String] {
    let unit = refusal.currency.isEmpty ? nil : Unit(currency: refusal.currency, exponent: refusal.exponent)
    let amount = refusal.amount == 0 ? "" : unit?.text(refusal.amount) ?? "\(refusal.amount)"
    return [
      Timestamp.text(refusal.createdAtMicros), refusal.verb, wallet(refusal), amount, refusal.reason,
      refusal.reference, refusal.actor, RejectionHeadline(rejection: refusal.error, unit: unit).text, "\(refusal.id)",
    ]
  }

  /// Its id, or else as it was named.
  private func wallet(_ refusal: Refusal) -> String {
    if refusal.walletID != 0 { return "\(refusal.walletID)" }
    switch refusal.wallet {
    case .id(let id): return "\(id)"
    case .owner(let owner, let currency, let name): return "\(owner) \(currency) \(name)"
    case nil: return ""
    }
  }
}

extension ErrorReason {
  /// By its name on the wire, such as `INSUFFICIENT_FUNDS`.
  fileprivate static func named(_ name: String) -> ErrorReason? { allCases.first { $0.name == name } }
}
