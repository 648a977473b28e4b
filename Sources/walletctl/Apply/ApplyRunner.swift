import Synchronization
import WalletClient

/// What a run needs of the world, so that tests can put something else in its place.
struct ApplyBackend: Sendable {
  /// Does one mutation; says whether it was done before.
  var execute: @Sendable (ApplyMutation) async throws(WalletError) -> Bool
  /// The exponent of a wallet's currency, asked of the server.
  var exponent: @Sendable (WalletReference) async throws(WalletError) -> Int
  var now: @Sendable () -> ContinuousClock.Instant
  var sleep: @Sendable (Duration) async -> Void
}

struct ApplyMutation: Sendable {
  var verb: ApplyRow.Verb
  var wallet: WalletReference
  /// Minor units; 0 for open.
  var amount: Int64
  var options: MutationOptions
}

/// Applies the rows of a file: many wallets at once, each wallet's rows one after the other.
///
/// A wallet's next row begins only when the one before it is decided, so the rows of one wallet take effect in the
/// file's order whatever is lost or tried again on the way. Nothing else is ordered.
final class ApplyRunner: Sendable {
  /// Wallets worked on at once, from 1.
  let parallelWallets: Int
  /// How long a row that the server doesn't decide is tried again.
  let giveUpAfter: Duration
  private let backend: ApplyBackend
  private let rows: [ApplyRow]
  private let chains: [[Int]]
  private let state: Mutex<State>

  private struct State {
    var nextChain = 0
    var outcomes: [RowOutcome?]
    var isStopped = false
    var exponents: [String: Int] = [:]
    var progress = ApplyProgress()
  }

  init(_ file: ApplyFile, parallelWallets: Int, giveUpAfter: Duration, backend: ApplyBackend) {
    self.parallelWallets = max(1, parallelWallets)
    self.giveUpAfter = giveUpAfter
    self.backend = backend
    rows = file.rows
    chains = file.chains
    state = Mutex(State(outcomes: Array(repeating: nil, count: file.rows.count)))
  }

  var progress: ApplyProgress { state.withLock { $0.progress } }

  /// One outcome for each row; `nil` for rows that a stopped run didn't come to.
  func run() async -> [RowOutcome?] {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<min(parallelWallets, chains.count) {
        group.addTask { await self.work() }
      }
    }
    return state.withLock { $0.outcomes }
  }

  private func work() async {
    while let chain = nextChain() {
      for index in chain {
        guard !isStopped, let outcome = await decide(rows[index]) else { return }
        note(outcome, index)
        if case .unresolved = outcome { return }
      }
    }
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func nextChain() -> [Int]? {
    state.withLock { state in
      guard !state.isStopped, state.nextChain < chains.count else { return nil }
      defer { state.nextChain += 1 }
      return chains[state.nextChain]
    }
  }

  private func note(_ outcome: RowOutcome, _ index: Int) {
    state.withLock { state in
      state.outcomes[index] = outcome
      switch outcome {
      case .applied, .replayed: state.progress.done += 1
      case .refused: state.progress.refused += 1
      case .unresolved: state.isStopped = true
      }
    }
  }

  /// Tries a row until it is decided or the time to give up comes; `nil` when the run stopped before it was sent.
  private func decide(_ row: ApplyRow) async -> RowOutcome? {
    if let (field, rule) = row.localRule { return .refused(.invalidArgument(field, rule)) }
    var firstFailure: ContinuousClock.Instant?
    var pause = Duration.milliseconds(50)
    var isUnknown = false
    while true {
      let error: WalletError
      do throws(WalletError) {
        return try await attempt(row, isUnknown: isUnknown)
      } catch let thrown {
        error = thrown
      }
      if case .outcomeUnknown = error { isUnknown = true }
      // What isn't executed now leaves an earlier unknown attempt unknown.
      let standing =
        if isUnknown, case .notExecuted(_, let cause) = error {
          WalletError.outcomeUnknown(key: row.key, cause: cause)
        } else { error }
      let now = backend.now()
      let since = firstFailure ?? now
      firstFailure = since
      if isStopped || error.isHopeless || now + pause - since >= giveUpAfter { return .unresolved(standing) }
      await backend.sleep(pause)
      pause = min(pause * 2, .seconds(1))
      if isStopped { return .unresolved(standing) }
    }
  }

  private func attempt(_ row: ApplyRow, isUnknown: Bool) async throws(WalletError) -> RowOutcome {
    guard let verb = row.verb else { return .refused(.invalidArgument("verb", "unknown")) }
    var unit: Unit?
    do throws(WalletError) {
      var mutation = ApplyMutation(verb: verb, wallet: row.wallet, amount: 0, options: row.options)
      mutation.options.earlierOutcomeUnknown = isUnknown
      if verb != .open {
        let known = try await self.unit(of: row)
        unit = known
        guard let amount = AmountText.minorUnits(row["amount"], unit: known) else {
          return .refused(.invalidArgument("amount", AmountText.rule(row["amount"], unit: known) ?? "isn't an amount"))
        }
        mutation.amount = amount
      } else {
        unit = Unit.iso(row["currency"])
      }
      return try await backend.execute(mutation) ? .replayed : .applied
    } catch .rejected(let rejection) {
      return .refused(RowRefusal(rejection, unit: unit))
    }
  }

  /// The unit of a row's currency: of ISO 4217, else as the server says, asked once for each currency.
  private func unit(of row: ApplyRow) async throws(WalletError) -> Unit {
    let currency = row["currency"]
    if let unit = Unit.iso(currency) { return unit }
    if let exponent = state.withLock({ $0.exponents[currency] }) { return Unit(currency: currency, exponent: exponent) }
    let exponent = try await backend.exponent(row.wallet)
    state.withLock { $0.exponents[currency] = exponent }
    return Unit(currency: currency, exponent: exponent)
  }
}

/// How far a run has come.
struct ApplyProgress: Sendable {
  var done = 0
  var refused = 0
}

extension WalletError {
  /// Whether trying again is pointless: the same would happen.
  fileprivate var isHopeless: Bool {
    switch self {
    case .notExecuted(_, .notAWalletServer), .notExecuted(_, .tls), .notExecuted(_, .invalidRequest),
      .notExecuted(_, .clientClosed),
      .notExecuted(_, .cancelled), .outcomeUnknown(_, .clientClosed), .outcomeUnknown(_, .cancelled):
      true
    default: false
    }
  }
}
