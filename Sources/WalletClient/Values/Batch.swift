/// One mutation of a batch. Those that are made here are what the client's calls of the same names do.
public struct BatchItem: Sendable {
  public var mutation: Mutation
  /// `timeout` doesn't count here, and `idempotencyKey` may not be given for a batch of all or nothing.
  public var options: MutationOptions

  public init(_ mutation: Mutation, _ options: MutationOptions) {
    self.mutation = mutation
    self.options = options
  }

  /// Opens a wallet.
  public static func openWallet(
    owner: String, currency: String, name: String = "main",
    _ options: MutationOptions = MutationOptions(reason: "wallet.open")
  ) -> BatchItem {
    BatchItem(.openWallet(owner: owner, currency: currency, name: name), options)
  }

  /// Takes `amount` minor units (from 1) out of a wallet.
  public static func debit(_ wallet: WalletReference, amount: Int64, _ options: MutationOptions) -> BatchItem {
    BatchItem(.debit(wallet, amount: amount), options)
  }

  /// Puts `amount` minor units (from 1) into a wallet.
  public static func credit(_ wallet: WalletReference, amount: Int64, _ options: MutationOptions) -> BatchItem {
    BatchItem(.credit(wallet, amount: amount), options)
  }

  /// Moves `amount` minor units (from 1) from one wallet to another of the same currency.
  public static func transfer(
    from source: WalletReference, to destination: WalletReference, amount: Int64, _ options: MutationOptions
  ) -> BatchItem {
    BatchItem(.transfer(from: source, to: destination, amount: amount), options)
  }

  /// Reserves `amount` minor units (from 1) for `timeout`, from 1 ms to 366 days.
  public static func hold(
    _ wallet: WalletReference, amount: Int64, timeout: Duration, _ options: MutationOptions
  ) -> BatchItem {
    BatchItem(.hold(wallet, amount: amount, timeout: timeout), options)
  }

  /// Takes `amount` minor units (from 1) of a hold; `nil`: all that is left. A currency that is given must be the wallet's.
  public static func capture(
    holdID: Int64, amount: Int64? = nil, currency: String = "", isFinal: Bool = false, _ options: MutationOptions
  ) -> BatchItem {
    BatchItem(.capture(holdID: holdID, amount: amount, currency: currency, isFinal: isFinal), options)
  }

  /// Gives back what is left of a hold.
  public static func release(holdID: Int64, _ options: MutationOptions) -> BatchItem {
    BatchItem(.release(holdID: holdID), options)
  }

  /// Gives back `amount` minor units (from 1) of a debit or capture; `nil`: all that wasn't refunded yet. A currency that is
  /// given must be the wallet's.
  public static func refund(
    transactionID: Int64, amount: Int64? = nil, currency: String = "", _ options: MutationOptions
  ) -> BatchItem {
    BatchItem(.refund(transactionID: transactionID, amount: amount, currency: currency), options)
  }

  /// Stops a wallet until a time in microseconds since 1970 UTC; 0: until it is lifted.
  public static func freeze(
    _ wallet: WalletReference, scope: FreezeScope, untilMicros: Int64 = 0, _ options: MutationOptions
  ) -> BatchItem {
    BatchItem(.freeze(wallet, scope: scope, untilMicros: untilMicros), options)
  }

  /// Lifts a freeze.
  public static func unfreeze(
    _ wallet: WalletReference, scope: FreezeScope, _ options: MutationOptions
  ) -> BatchItem {
    BatchItem(.unfreeze(wallet, scope: scope), options)
  }

  /// Sets the limits of a wallet, all of them.
  public static func setLimits(
    _ wallet: WalletReference, to limits: WalletLimits, _ options: MutationOptions
  ) -> BatchItem {
    BatchItem(.setLimits(wallet, limits), options)
  }

  /// Ends a wallet that is empty.
  public static func closeWallet(_ wallet: WalletReference, _ options: MutationOptions) -> BatchItem {
    BatchItem(.closeWallet(wallet), options)
  }
}

/// How the items of a batch hang together.
public enum BatchMode: Sendable, Equatable {
  /// Each item has a key and a result of its own; one that is refused doesn't hinder the others. An item without a key
  /// gets one that is counted up from `key`, a UUID.
  case itemByItem(key: String? = nil)
  /// All or none, under one key.
  ///
  /// `nil`, in both modes: the client makes a UUID (version 7), which errors and the result give back. The same items with
  /// the same key are the same batch.
  case allOrNothing(key: String? = nil)
}

/// What a batch says besides its items.
public struct BatchOptions: Sendable {
  /// Whole transactions in the results; at most 1,023 items then.
  public var fullResults = false
  /// Only try all of it, as with ``MutationOptions/dryRun``: items see earlier ones, and nothing is written.
  public var dryRun = false
  /// The time for the call; `nil`: that of ``WalletClientOptions/timeout``.
  public var timeout: Duration?
  /// An earlier call with these keys ended with ``WalletError/outcomeUnknown(key:cause:)``.
  public var earlierOutcomeUnknown = false

  public init() {}
}

/// What became of a batch.
public struct BatchResult: Sendable, Equatable {
  /// One for each item, in their order. Those of all or nothing are all `done`.
  public var items: [BatchItemResult]
  /// The place in the journal at which all of it is durable.
  public var commitSeq: Int64
  /// A batch of all or nothing, answered again: nothing moved this time. Item by item, each result says it.
  public var replayed: Bool
  /// The key under which it was done, or from which its items got theirs.
  public var idempotencyKey: String
  /// Only tried (``BatchOptions/dryRun``): nothing was written, and items that would be done have the transaction id 0.
  public var isDryRun: Bool
}

/// What became of one item.
public enum BatchItemResult: Sendable, Equatable {
  case done(BatchItemDone)
  /// The server decided against it, and nothing moved.
  case rejected(Rejection)
  /// An earlier attempt of the item may have taken effect, and this answer speaks of the last one alone: send the same item
  /// again.
  case outcomeUnknown(Rejection)
}

/// What an item did, and its wallet's figures after it, in minor units; those of a transfer are its source's.
public struct BatchItemDone: Sendable, Equatable {
  public var transactionID: Int64
  public var walletID: Int64
  public var version: Int64
  public var balance: Int64
  public var held: Int64
  public var available: Int64
  public var currency: String
  public var exponent: Int
  /// The first result of the item's key, answered again.
  public var replayed: Bool
  /// With ``BatchOptions/fullResults`` only.
  public var transaction: Transaction?
  /// The key under which it was done; that of the batch if it was all or nothing.
  public var idempotencyKey: String
}
