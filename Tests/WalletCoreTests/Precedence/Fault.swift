import WalletCore

/// A reason why a verb can be refused, and how to make it apply.
struct Fault: Sendable {
  /// What a fault takes away or sets, so that another one that needs it, or sets it too, can't apply beside it.
  enum Part: Sendable {
    case wallet, counterparty, hold, holdState, original, originalState, counterAccount, balance, address, destination
  }

  var verb: Verb
  var reason: ErrorReason
  /// Gone with it.
  var takes: Set<Part> = []
  var needs: Set<Part> = []
  /// Changed by it.
  var sets: Set<Part> = []
  var bend: @Sendable (inout Scene) -> Void

  func canStandBeside(_ other: Fault) -> Bool {
    takes.isDisjoint(with: other.needs) && needs.isDisjoint(with: other.takes) && sets.isDisjoint(with: other.sets)
      && takes.isDisjoint(with: other.takes) && takes.isDisjoint(with: other.sets)
      && sets.isDisjoint(with: other.takes)
  }

  /// The lower one is answered. A known key comes before rules of form, and those before all others.
  var rank: UInt8 {
    switch reason {
    case .idempotencyMismatch: 0
    case .invalidArgument: 1
    default: reason.rawValue
    }
  }

  static let all: [Fault] = Scene.verbs.flatMap { all(of: $0) }

  static func all(of verb: Verb) -> [Fault] {
    let parts: [[Fault]] = [
      ofRequest(verb), ofCurrency(verb), ofWallet(verb), ofHold(verb), ofRefund(verb), ofFigures(verb),
    ]
    return Array(parts.joined())
  }

  private static func ofRequest(_ verb: Verb) -> [Fault] {
    var faults = [
      Fault(verb: verb, reason: .idempotencyMismatch) { scene in
        // The same request but for its reason.
        var other = scene.command
        other.audit.reason = "another"
        other.wallet = Scene(verb).command.wallet
        scene.prior = .refusal(
          RefusalRow(
            refusing: other, walletID: verb.namesWallet && verb != .openWallet ? 5 : nil,
            failure: Failure(.walletClosed, .wallet(id: 5, nil)), seq: 41, createdAt: Sample.now))
      },
      Fault(verb: verb, reason: .invalidArgument) { $0.command.violation = .invalidArgument("note", "is too long") },
    ]
    if verb != .openWallet, !verb.isAdministration {
      faults.append(
        Fault(verb: verb, reason: .versionConflict, needs: [.wallet]) { $0.command.expectedVersion = 3 })
    }
    return faults
  }

  private static func ofCurrency(_ verb: Verb) -> [Fault] {
    var faults: [Fault] = []
    switch verb {
    case .release: return []
    case .registerCurrency: return [Fault(verb: verb, reason: .currencyExists) { $0.isThere = true }]
    case .addCounterAccount: return [Fault(verb: verb, reason: .counterAccountExists) { $0.isThere = true }]
    case .capture, .refund:
      faults.append(
        Fault(verb: verb, reason: .currencyUnknown, sets: [.address]) { scene in
          scene.exponent = nil
          scene.command.wallet = .name(WalletName(owner: "", currency: "XXQ", name: ""))
        })
      faults.append(
        Fault(verb: verb, reason: .currencyMismatch, needs: [.wallet], sets: [.address]) {
          $0.command.wallet = .name(WalletName(owner: "", currency: "EUR", name: ""))
        })
    default:
      faults.append(Fault(verb: verb, reason: .currencyUnknown) { $0.exponent = nil })
      if verb != .openWallet {
        faults.append(
          Fault(verb: verb, reason: .currencyMismatch, needs: [.wallet], sets: [.address]) {
            $0.command.wallet = .id(5, currency: "EUR")
          })
      }
    }
    if verb == .transfer {
      faults.append(
        Fault(verb: verb, reason: .currencyUnknown, sets: [.destination]) { scene in
          scene.command.parameters = .transfer(to: .id(6, currency: "XXQ"))
          scene.destinationCurrencyIsUnknown = true
        })
      faults.append(
        Fault(verb: verb, reason: .currencyMismatch, needs: [.counterparty], sets: [.destination]) {
          $0.command.parameters = .transfer(to: .id(6, currency: "EUR"))
        })
      faults.append(
        Fault(verb: verb, reason: .currencyMismatch, needs: [.wallet, .counterparty]) {
          $0.counterparty?.wallet.currency = "EUR"
        })
    }
    if CounterAccount.standard(for: verb) != nil {
      faults.append(
        Fault(verb: verb, reason: .counterAccountUnknown, takes: [.counterAccount]) { scene in
          scene.command.counterAccount = "nowhere"
          scene.counterAccountTotal = nil
        })
    }
    return faults
  }

  private static func ofWallet(_ verb: Verb) -> [Fault] {
    if verb.isAdministration { return [] }
    if verb == .openWallet {
      return [Fault(verb: verb, reason: .walletExists) { $0.wallet = Sample.wallet() }]
    }
    var faults = [
      Fault(verb: verb, reason: .walletClosed, needs: [.wallet]) { $0.wallet?.status = .closed }
    ]
    if verb.namesWallet {
      faults.append(Fault(verb: verb, reason: .walletNotFound, takes: [.wallet]) { $0.wallet = nil })
    }
    let freeze = Freeze(scope: .all, reason: "risk", since: 1, until: 0)
    switch verb {
    case .debit, .hold, .capture:
      faults.append(
        Fault(verb: verb, reason: .walletFrozen, needs: [.wallet]) { $0.controls.debitFreeze = freeze })
    case .credit, .refund:
      faults.append(
        Fault(verb: verb, reason: .walletFrozen, needs: [.wallet]) { $0.controls.creditFreeze = freeze })
    case .transfer:
      faults += [
        Fault(verb: verb, reason: .walletNotFound, takes: [.counterparty]) { $0.counterparty = nil },
        Fault(verb: verb, reason: .sameWallet, needs: [.wallet, .counterparty]) { $0.counterparty?.wallet.id = 5 },
        Fault(verb: verb, reason: .walletClosed, needs: [.counterparty, .wallet]) {
          $0.counterparty?.wallet.status = .closed
        },
        Fault(verb: verb, reason: .walletFrozen, needs: [.wallet]) { $0.controls.debitFreeze = freeze },
        Fault(verb: verb, reason: .walletFrozen, needs: [.wallet, .counterparty]) {
          $0.counterparty?.controls.creditFreeze = freeze
        },
      ]
    case .closeWallet:
      faults.append(
        Fault(verb: verb, reason: .walletNotEmpty, needs: [.wallet], sets: [.balance]) { $0.wallet?.balance = 1 })
    default: break
    }
    return faults
  }

  private static func ofHold(_ verb: Verb) -> [Fault] {
    guard verb == .capture || verb == .release else { return [] }
    var faults = [
      // Without a hold nobody knows of a wallet.
      Fault(verb: verb, reason: .holdNotFound, takes: [.hold, .wallet]) { scene in
        scene.hold = nil
        scene.wallet = nil
      }
    ]
    for (reason, state) in [
      (ErrorReason.holdCaptured, Hold.State.captured), (.holdReleased, .released), (.holdExpired, .expired),
    ] {
      faults.append(
        Fault(verb: verb, reason: reason, needs: [.hold], sets: [.holdState]) { scene in
          scene.hold?.state = state
          scene.hold?.remaining = 0
        })
    }
    if verb == .capture {
      faults.append(
        Fault(verb: verb, reason: .holdAmountExceeded, needs: [.hold], sets: [.holdState]) {
          $0.command.amount = 101
        })
    }
    return faults
  }

  private static func ofRefund(_ verb: Verb) -> [Fault] {
    guard verb == .refund else { return [] }
    return [
      Fault(verb: verb, reason: .transactionNotFound, takes: [.original, .wallet]) { scene in
        scene.original = nil
        scene.wallet = nil
      },
      Fault(verb: verb, reason: .notRefundable, needs: [.original]) { $0.original?.kind = .credit },
      Fault(verb: verb, reason: .refundExceedsOriginal, needs: [.original]) { $0.original?.refunded = 1 },
    ]
  }

  private static func ofFigures(_ verb: Verb) -> [Fault] {
    var faults: [Fault] = []
    if [.debit, .transfer, .hold].contains(verb) {
      faults.append(
        Fault(verb: verb, reason: .limitExceeded, needs: [.wallet]) { $0.controls.limits.amountMax = 99 })
      faults.append(
        Fault(verb: verb, reason: .insufficientFunds, needs: [.wallet], sets: [.balance]) { $0.wallet?.balance = 99 })
    }
    switch verb {
    case .credit:
      faults += [
        Fault(verb: verb, reason: .maxBalanceExceeded, needs: [.wallet]) { $0.controls.limits.balanceMax = 1 },
        Fault(verb: verb, reason: .amountOverflow, needs: [.wallet], sets: [.balance]) { $0.wallet?.balance = .max },
        Fault(verb: verb, reason: .amountOverflow, needs: [.wallet]) { $0.walletsTotal = .max },
      ]
    case .debit, .capture:
      faults.append(
        Fault(verb: verb, reason: .amountOverflow, needs: [.wallet], sets: [.counterAccount]) {
          $0.counterAccountTotal = .max
        })
    case .refund:
      faults.append(
        Fault(verb: verb, reason: .amountOverflow, needs: [.wallet, .original], sets: [.counterAccount]) {
          $0.counterAccountTotal = .min
        })
    case .transfer:
      faults += [
        Fault(verb: verb, reason: .maxBalanceExceeded, needs: [.wallet, .counterparty]) {
          $0.counterparty?.controls.limits.balanceMax = 1
        },
        Fault(verb: verb, reason: .amountOverflow, needs: [.wallet, .counterparty]) {
          $0.counterparty?.wallet.balance = .max
        },
      ]
    case .setLimits:
      faults += [
        Fault(verb: verb, reason: .insufficientFunds, needs: [.wallet], sets: [.balance]) { scene in
          scene.wallet?.balance = -50
          scene.wallet?.overdraftLimit = 100
        },
        Fault(verb: verb, reason: .amountOverflow, needs: [.wallet], sets: [.balance]) { scene in
          var limits = WalletLimits()
          limits.overdraft = .max
          scene.command.parameters = .limits(limits)
        },
      ]
    default: break
    }
    return faults
  }
}
