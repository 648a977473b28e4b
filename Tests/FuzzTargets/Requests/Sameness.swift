import WalletCore
import WalletWire

extension ServerRequest {
  /// Whether both would be carried out alike.
  func isSame(as other: ServerRequest) -> Bool {
    switch (self, other) {
    case (.ping, .ping), (.getSchema, .getSchema), (.getServerInfo, .getServerInfo): true
    case (.getWallet(let one), .getWallet(let other)), (.getBalance(let one), .getBalance(let other)): one == other
    case (.mutation(let one), .mutation(let other)), (.dryRun(.mutation(let one)), .dryRun(.mutation(let other))):
      one.isSame(as: other)
    case (.batch(let one), .batch(let other)), (.dryRun(.batch(let one)), .dryRun(.batch(let other))):
      one.mode == other.mode && one.wantsFullResults == other.wantsFullResults && one.items.count == other.items.count
        && zip(one.items, other.items).allSatisfy { $0.isSame(as: $1) }
    case (.list(let one, let verb), .list(let other, let otherVerb)): verb == otherVerb && one.isSame(as: other)
    case (.stream(.watch(let one)), .stream(.watch(let other))): one == other
    case (.stream(.verify(let one)), .stream(.verify(let other))): one == other
    case (.stream(.backup(let one)), .stream(.backup(let other))): one == other
    default: false
    }
  }

  /// The mutations that it asks for.
  var commands: [Command] {
    switch self {
    case .mutation(let command), .dryRun(.mutation(let command)): [command]
    case .batch(let batch), .dryRun(.batch(let batch)):
      batch.items.compactMap { item in
        if case .command(let command) = item { command } else { nil }
      }
    default: []
    }
  }

  /// Some of it can't be read.
  var hasMalformedItem: Bool {
    switch self {
    case .batch(let batch), .dryRun(.batch(let batch)):
      batch.items.contains { item in
        if case .malformed = item { true } else { false }
      }
    default: false
    }
  }
}

extension Command {
  fileprivate func isSame(as other: Command) -> Bool {
    verb == other.verb && key == other.key && wallet == other.wallet && amount == other.amount
      && expectedVersion == other.expectedVersion && counterAccount == other.counterAccount && audit == other.audit
      && violation == other.violation && parameters == other.parameters
  }
}

extension BatchCommand.Item {
  fileprivate func isSame(as other: BatchCommand.Item) -> Bool {
    switch (self, other) {
    case (.command(let one), .command(let other)): one.isSame(as: other)
    case (.malformed(let one), .malformed(let other)): one == other
    default: false
    }
  }
}

extension LedgerRequest {
  fileprivate func isSame(as other: LedgerRequest) -> Bool {
    switch (self, other) {
    case (.history(let one, let page, let isOldest), .history(let other, let otherPage, let otherIsOldest)):
      one == other && page.isSame(as: otherPage) && isOldest == otherIsOldest
    case (
      .filteredHistory(let one, let filter, let page, let isOldest),
      .filteredHistory(let other, let otherFilter, let otherPage, let otherIsOldest)
    ):
      one == other && filter == otherFilter && page.isSame(as: otherPage) && isOldest == otherIsOldest
    case (.balanceAt(let one, let moment), .balanceAt(let other, let otherMoment)):
      one == other && moment == otherMoment
    case (.refusals(let one, let page, let isOldest), .refusals(let other, let otherPage, let otherIsOldest)):
      one == other && page.isSame(as: otherPage) && isOldest == otherIsOldest
    case (.wallets(let one, let page), .wallets(let other, let otherPage)): one == other && page.isSame(as: otherPage)
    case (.tokens(let one, let page), .tokens(let other, let otherPage)): one == other && page.isSame(as: otherPage)
    case (.explanation(let one, let from, let changes), .explanation(let other, let otherFrom, let otherChanges)):
      one == other && from == otherFrom && changes == otherChanges
    case (.trialBalance(let one), .trialBalance(let other)): one == other
    default: false
    }
  }
}

extension PageRequest {
  fileprivate func isSame(as other: PageRequest) -> Bool {
    rowsMax == other.rowsMax && Text(cursor) == Text(other.cursor)
  }
}
