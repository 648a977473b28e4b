import WalletCore

/// A command and what is known when it is decided, in which nothing stands against it; faults bend it.
struct Scene {
  var command: Command
  var prior: Prior?
  var wallet: WalletAccount?
  var exponent: UInt8? = 2
  var counterAccountTotal: Int64?
  var walletsTotal: Int64 = 0
  var controls = WalletControls()
  var counterparty: SpecialFacts.Counterparty?
  var destinationCurrencyIsUnknown = false
  var hold: Hold?
  var original: SpecialFacts.Original?
  /// There is a currency or a counter-account of the name that an administrator gives.
  var isThere = false

  static let verbs: [Verb] = [
    .openWallet, .debit, .credit, .transfer, .hold, .capture, .release, .refund, .freeze, .unfreeze, .setLimits,
    .closeWallet, .registerCurrency, .addCounterAccount,
  ]

  init(_ verb: Verb) {
    command = Sample.command(verb, wallet: verb.namesWallet ? .name(Sample.name) : .none)
    if verb != .openWallet, !verb.isAdministration { wallet = Sample.wallet() }
    counterAccountTotal = CounterAccount.standard(for: verb) == nil ? nil : 0
    switch verb {
    case .transfer:
      command.parameters = .transfer(to: .id(6, currency: ""))
      counterparty = SpecialFacts.Counterparty(
        wallet: WalletAccount(id: 6, currency: "USD", exponent: 2, balance: 100, version: 2, lastSeq: 40),
        controls: WalletControls())
    case .hold: command.parameters = .hold(timeout: 1_000_000)
    case .capture, .release:
      command.parameters = verb == .capture ? .capture(holdID: 30, isFinal: false) : .release(holdID: 30)
      hold = Hold(
        id: 30, walletID: 5, amount: 100, captured: 0, remaining: 100, createdAt: Sample.now - 9,
        endsAt: Sample.now + 9, state: .open, endedAt: 0)
    case .refund:
      command.parameters = .refund(seq: 20)
      original = SpecialFacts.Original(seq: 20, kind: .debit, amount: 100, refunded: 0)
    case .freeze: command.parameters = .freeze(.all, until: 0)
    case .unfreeze: command.parameters = .unfreeze(.all)
    case .setLimits: command.parameters = .limits(WalletLimits())
    case .closeWallet: wallet?.balance = 0
    case .registerCurrency: command.parameters = .currency(code: "ESIM-MB", exponent: 0)
    case .addCounterAccount: command.parameters = .counterAccount(name: "partner")
    default: break
    }
    switch verb {
    case .debit, .credit, .transfer, .hold, .capture, .refund: break
    default: command.amount = 0
    }
  }

  /// What is answered, and whether it is remembered; `nil` for a command that is carried out.
  var answer: (reason: ErrorReason, isRemembered: Bool)? {
    if command.verb.isAdministration {
      let facts = AdministrationFacts(prior: prior, isThere: isThere, nextSeq: 42)
      return switch decideAdministration(command, facts, now: Sample.now) {
      case .fail(let failure): (failure.reason, false)
      case .refuse(let failure): (failure.reason, true)
      case .append, .replay: nil
      }
    }
    var facts = Facts(
      prior: prior, wallet: wallet, exponent: exponent, counterAccountTotal: counterAccountTotal,
      walletsTotal: walletsTotal, nextSeq: 42, nextWalletID: 7)
    facts.special = SpecialFacts(
      controls: controls, counterparty: counterparty, destinationCurrencyIsUnknown: destinationCurrencyIsUnknown,
      hold: hold, original: original)
    return switch decide(command, facts, now: Sample.now) {
    case .fail(let failure): (failure.reason, false)
    case .refuse(let failure): (failure.reason, true)
    case .post, .transfer, .replay: nil
    }
  }
}
