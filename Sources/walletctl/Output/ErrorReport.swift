import WalletClient
import WalletWire

/// An error of a call for people and for programs: what happened, the figures, what to do.
struct ErrorReport {
  var error: WalletError
  var server: String
  /// Of the amounts in the error, when it is known.
  var unit: Unit?
  /// It was only to be tried.
  var isDryRun = false

  func failure(json: Bool) -> CommandFailure {
    CommandFailure(
      exitCode: exitCode, text: lines.joined(separator: "\n"), json: json ? .object([.init("error", self.json)]) : nil)
  }

  var exitCode: Int32 {
    switch error {
    case .rejected: CommandFailure.refused
    case .notExecuted: CommandFailure.cannotReach
    case .outcomeUnknown: CommandFailure.outcomeUnknown
    }
  }

  private var lines: [String] { (isDryRun ? [MutationOutput.nothingChanged] : []) + report }

  private var report: [String] {
    switch error {
    case .rejected(let rejection):
      let refused = isDryRun && !rejection.replayed ? "would be refused" : "refused"
      var lines = ["walletctl: \(refused): \(RejectionHeadline(rejection: rejection, unit: unit).text)"]
      if rejection.replayed { lines[0] += " (the first answer of this key, given again)" }
      let figures = RejectionFigures(rejection.detail, unit: unit).pairs
      if !figures.isEmpty {
        let table = Table(pairs: figures.map { ($0.name, $0.text) })
        lines += table.text.split(separator: "\n").map { "  \($0)" }
      }
      return lines + advice(rejection)
    case .notExecuted(let key, let cause):
      var lines = ["walletctl: \(sentence(cause))", "Nothing was done by this command."]
      if let key {
        lines.append("Run it again with --key \(key). If an earlier run with this key ended with an unknown outcome, ")
        lines[lines.count - 1] += "that is unknown still."
      } else {
        lines.append("Check that walletd serves at \(server), then run it again.")
      }
      return lines
    case .outcomeUnknown(let key, let cause):
      return [
        "walletctl: outcome unknown: \(sentence(cause))",
        "It may or may not have taken effect.",
        "The same command with --key \(key) is safe to repeat, and tells.",
      ]
    }
  }

  private func sentence(_ cause: FailureCause) -> String {
    switch cause {
    case .unreachable(let text), .tls(_, let text): "cannot reach the server: \(text)"
    case .notAWalletServer(let text): "no wallet server at \(server): \(text)"
    default: cause.description
    }
  }

  private func advice(_ rejection: Rejection) -> [String] {
    guard let reason = rejection.reason else { return [] }
    var advice = Self.advice(reason).map { [$0] } ?? []
    if rejection.isOfTimeBeforeOpening { advice = ["Ask for a later time."] }
    if isDryRun, !rejection.replayed {
      advice.append("This was a dry run: the refusal is not recorded, and its key is as new.")
    } else if rejection.isRemembered, let key = rejection.key {
      advice.append("This answer is kept for key \(key): a new attempt takes a new key.")
    }
    return advice
  }

  private static func advice(_ reason: ErrorReason) -> String? {
    switch reason {
    case .insufficientFunds: "Credit the wallet, or take less."
    case .walletNotFound: "Check owner, currency and name, or open the wallet first."
    case .versionConflict: "Read the wallet again, decide anew, and pass its version."
    case .idempotencyMismatch: "This key belongs to another request: use a new key for a new matter."
    case .invalidArgument: "Mend the request and run it again."
    case .currencyUnknown: "Use a code of ISO 4217, or register it first: `walletctl currency add`."
    case .currencyExists: "A currency's exponent never changes. `walletctl currency list` shows what was registered."
    case .counterAccountUnknown: "Use one that `walletctl counter-account list` shows, or add it first."
    case .counterAccountExists: "It can be used as it is."
    case .unauthenticated: "Name the file of a valid token by --token-file or WALLETD_TOKEN_FILE."
    case .holdNotFound: "A hold's id is that of the transaction that made it."
    case .holdAmountExceeded: "Capture at most what is left of the hold."
    case .notRefundable: "Only debits and captures can be refunded, by their transactions' ids."
    case .refundExceedsOriginal: "Refund at most what is left of it."
    case .walletFrozen: "Unfreeze the wallet first."
    case .walletNotEmpty: "Take out what is in it, and release or capture its holds."
    case .limitExceeded: "Take less, or set other limits."
    case .resumeInvalid: "That place is not in this ledger: begin anew, with --from-start where everything counts."
    case .maxBalanceExceeded: "Put in less, or set other limits."
    default: nil
    }
  }

  /// The error for programs.
  var json: JSONValue {
    var members: [JSONValue.Member] = []
    switch error {
    case .rejected(let rejection):
      members = [.init("code", .string(rejection.code)), .init("outcome", .string("refused"))]
      members += rejectionMembers(rejection)
    case .notExecuted(_, let cause):
      members = [.init("code", .string(code(cause))), .init("outcome", .string("not_executed"))]
      members += causeMembers(cause)
    case .outcomeUnknown(_, let cause):
      members = [.init("code", .string("OUTCOME_UNKNOWN")), .init("outcome", .string("unknown"))]
      members += causeMembers(cause)
    }
    if isDryRun { members.append(.init("dryRun", .bool(true))) }
    if let key = error.key { members.append(.init("key", .string(key))) }
    return .object(members)
  }

  private func rejectionMembers(_ rejection: Rejection) -> [JSONValue.Member] {
    let figures = RejectionFigures(rejection.detail, unit: unit).pairs
    return [
      .init("message", .string(rejection.message)), .init("status", .integer(rejection.status)),
      .init("replayed", .bool(rejection.replayed)), .init("commitSeq", .string(String(rejection.commitSeq))),
      .init("detail", .object(figures.map { .init($0.jsonName, $0.json) })),
    ]
  }

  private func causeMembers(_ cause: FailureCause) -> [JSONValue.Member] {
    [.init("message", .string(sentence(cause)))]
  }

  private func code(_ cause: FailureCause) -> String {
    switch cause {
    case .unreachable: "UNREACHABLE"
    case .tls: "TLS"
    case .notAWalletServer: "NOT_A_WALLET_SERVER"
    case .connectionLost: "CONNECTION_LOST"
    case .answered(let rejection): rejection.code
    case .timedOut: "DEADLINE_EXCEEDED"
    case .cancelled: "CANCELLED"
    case .invalidReply: "INVALID_REPLY"
    case .invalidRequest: "INVALID_REQUEST"
    case .tooManyCalls, .readerTooSlow: "RESOURCE_EXHAUSTED"
    case .clientClosed: "CLOSED"
    }
  }
}
