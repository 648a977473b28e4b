import CProtobufC
import CWalletProto
package import WalletCore

/// A request as the server understands it.
package enum ServerRequest: Sendable {
  case ping
  case getSchema
  case getServerInfo
  case getWallet(WalletReference)
  case getBalance(WalletReference)
  case mutation(Command)
  case batch(BatchCommand)
  case dryRun(DryRun)
  /// A list or another read of what was, and the verb that asks for it.
  case list(LedgerRequest, Verb)
  indirect case stream(StreamRequest)
}

/// Makes requests of frames' payloads. Nothing in it goes on beyond one request.
package final class RequestDecoder {
  private let arena: MessageArena
  private let batchArena: MessageArena

  /// - Parameters:
  ///   - budget: Bytes that the unpacked form of one request may take.
  ///   - batchBudget: The same of a batch.
  package init(budget: Int, batchBudget: Int) {
    arena = MessageArena(budget: budget)
    batchArena = MessageArena(budget: batchBudget)
  }

  package func decode(
    method: UInt16, payload: Span<UInt8>, origin: Origin
  ) throws(Failure) -> ServerRequest {
    defer { arena.reset() }
    guard let verb = Verb(rawValue: method) else { throw .unimplemented(method) }
    switch verb {
    case .ping:
      _ = unsafe try unpack(Wallet__V1__PingRequest.self, wallet__v1__ping_request__descriptor, payload)
      return .ping
    case .getSchema:
      _ = unsafe try unpack(Wallet__V1__GetSchemaRequest.self, wallet__v1__get_schema_request__descriptor, payload)
      return .getSchema
    case .getServerInfo:
      _ = unsafe try unpack(
        Wallet__V1__GetServerInfoRequest.self, wallet__v1__get_server_info_request__descriptor, payload)
      return .getServerInfo
    case .getWallet: return .getWallet(try walletOfGetWallet(payload))
    case .getBalance: return .getBalance(try walletOfGetBalance(payload))
    case .listWallets: return .list(try listWallets(payload), verb)
    case .listTransactions: return .list(try listTransactions(payload), verb)
    case .getBalanceAt: return .list(try balanceAt(payload), verb)
    case .listRefusals: return .list(try listRefusals(payload), verb)
    case .openWallet:
      let message = unsafe try unpack(
        Wallet__V1__OpenWalletRequest.self, wallet__v1__open_wallet_request__descriptor, payload)
      let command = try unsafe OpenWalletReader(message).command(verb, origin)
      return unsafe message.pointee.dry_run == 0 ? .mutation(command) : .dryRun(.mutation(command))
    case .debit, .credit:
      let (command, isDryRun) = try verb == .debit ? debit(payload, origin) : credit(payload, origin)
      return isDryRun ? .dryRun(.mutation(command)) : .mutation(command)
    case .transfer:
      return try unsafe special(
        Wallet__V1__TransferRequest.self, wallet__v1__transfer_request__descriptor, payload, origin)
    case .hold:
      return try unsafe special(Wallet__V1__HoldRequest.self, wallet__v1__hold_request__descriptor, payload, origin)
    case .capture:
      return try unsafe special(
        Wallet__V1__CaptureRequest.self, wallet__v1__capture_request__descriptor, payload, origin)
    case .release:
      return try unsafe special(
        Wallet__V1__ReleaseRequest.self, wallet__v1__release_request__descriptor, payload, origin)
    case .refund:
      return try unsafe special(
        Wallet__V1__RefundRequest.self, wallet__v1__refund_request__descriptor, payload, origin)
    case .freeze:
      return try unsafe special(
        Wallet__V1__FreezeRequest.self, wallet__v1__freeze_request__descriptor, payload, origin)
    case .unfreeze:
      return try unsafe special(
        Wallet__V1__UnfreezeRequest.self, wallet__v1__unfreeze_request__descriptor, payload, origin)
    case .setLimits:
      return try unsafe special(
        Wallet__V1__SetLimitsRequest.self, wallet__v1__set_limits_request__descriptor, payload, origin)
    case .closeWallet:
      return try unsafe special(
        Wallet__V1__CloseWalletRequest.self, wallet__v1__close_wallet_request__descriptor, payload, origin)
    case .registerCurrency:
      return try unsafe special(
        Wallet__V1__RegisterCurrencyRequest.self, wallet__v1__register_currency_request__descriptor, payload, origin)
    case .addCounterAccount:
      return try unsafe special(
        Wallet__V1__AddCounterAccountRequest.self, wallet__v1__add_counter_account_request__descriptor, payload, origin)
    case .createToken:
      return try unsafe special(
        Wallet__V1__CreateTokenRequest.self, wallet__v1__create_token_request__descriptor, payload, origin)
    case .revokeToken:
      return try unsafe special(
        Wallet__V1__RevokeTokenRequest.self, wallet__v1__revoke_token_request__descriptor, payload, origin)
    case .listTokens: return .list(try listTokens(payload), verb)
    case .explainBalance: return .list(try explainBalance(payload), verb)
    case .trialBalance: return .list(try trialBalance(payload), verb)
    case .batch:
      let (batch, isDryRun) = try batch(payload, origin)
      return isDryRun ? .dryRun(.batch(batch)) : .batch(batch)
    case .watchTransactions: return .stream(try watch(payload))
    case .verify: return .stream(try verify(payload))
    case .backup: return .stream(try backup(payload))
    default: throw .unimplemented(method)
    }
  }

  // MARK: Postings

  /// Appends the command of a Debit or Credit, which is what most requests are. A command is large: this way it isn't
  /// handed from one value to the next.
  ///
  /// - Returns: `false` for any other verb; then nothing is appended.
  package func appendPosting(
    _ verb: Verb, _ payload: Span<UInt8>, _ origin: Origin, to requests: inout [LedgerRequest]
  ) throws(Failure) -> Bool {
    defer { arena.reset() }
    switch verb {
    case .debit: append(try debit(payload, origin), to: &requests)
    case .credit: append(try credit(payload, origin), to: &requests)
    default: return false
    }
    return true
  }

  @inline(__always)
  private func append(_ posting: (command: Command, isDryRun: Bool), to requests: inout [LedgerRequest]) {
    requests.append(posting.isDryRun ? .dryRun(.mutation(posting.command)) : .mutation(posting.command))
  }

  private func debit(_ payload: Span<UInt8>, _ origin: Origin) throws(Failure) -> (Command, isDryRun: Bool) {
    let message = unsafe try unpackPosting(
      Wallet__V1__DebitRequest(), wallet__v1__debit_request__descriptor, payload)
    return try unsafe (PostingReader(message).command(.debit, origin), message.pointee.dry_run != 0)
  }

  private func credit(_ payload: Span<UInt8>, _ origin: Origin) throws(Failure) -> (Command, isDryRun: Bool) {
    let message = unsafe try unpackPosting(
      Wallet__V1__CreditRequest(), wallet__v1__credit_request__descriptor, payload)
    return try unsafe (PostingReader(message).command(.credit, origin), message.pointee.dry_run != 0)
  }

  /// Of the other mutations.
  @unsafe
  private func special<Message: SpecialMessage>(
    _ type: Message.Type, _ descriptor: ProtobufCMessageDescriptor, _ payload: Span<UInt8>, _ origin: Origin
  ) throws(Failure) -> ServerRequest {
    let message = unsafe try unpack(type, descriptor, payload)
    let command = try unsafe SpecialReader(message).command(origin)
    return unsafe message.pointee.dry_run == 0 ? .mutation(command) : .dryRun(.mutation(command))
  }

  private func batch(_ payload: Span<UInt8>, _ origin: Origin) throws(Failure) -> (BatchCommand, isDryRun: Bool) {
    // The payload's bytes stay where they are while it is borrowed.
    let ordinary = unsafe payload.withUnsafeBufferPointer { unsafe OrdinaryBatch($0)?.command(origin, arena) }
    if let ordinary { return (ordinary, false) }
    defer { batchArena.reset() }
    let message = unsafe try batchArena.unpackRequest(
      Wallet__V1__BatchRequest.self, wallet__v1__batch_request__descriptor, payload)
    return try unsafe (BatchReader(message.pointee).command(origin), message.pointee.dry_run != 0)
  }

  // MARK: Reads

  private func walletOfGetWallet(_ payload: Span<UInt8>) throws(Failure) -> WalletReference {
    let message = unsafe try unpack(
      Wallet__V1__GetWalletRequest.self, wallet__v1__get_wallet_request__descriptor, payload)
    return try unsafe readWallet(message.pointee.wallet)
  }

  private func walletOfGetBalance(_ payload: Span<UInt8>) throws(Failure) -> WalletReference {
    let ordinary = unsafe arena.new(Wallet__V1__GetBalanceRequest())
    let wallet = unsafe arena.new(Wallet__V1__WalletRef())
    // The payload's bytes stay where they are while it is borrowed.
    if unsafe payload.withUnsafeBufferPointer({ unsafe OrdinaryRequest.unpack($0, into: ordinary, wallet) }) {
      return try unsafe readWallet(ordinary.pointee.wallet)
    }
    arena.reset()
    let message = unsafe try unpack(
      Wallet__V1__GetBalanceRequest.self, wallet__v1__get_balance_request__descriptor, payload)
    return try unsafe readWallet(message.pointee.wallet)
  }

  private func listWallets(_ payload: Span<UInt8>) throws(Failure) -> LedgerRequest {
    let message = unsafe try unpack(
      Wallet__V1__ListWalletsRequest.self, wallet__v1__list_wallets_request__descriptor, payload)
    var fields = FieldReader()
    let owner = unsafe fields.text(
      message.pointee.owner_id, "owner_id", bytesMax: LedgerLimits.identifierBytesMax, .identifier, required: true)
    try fields.requireNothingRefused()
    return .wallets(
      owner: owner, page: try unsafe readPage(size: message.pointee.page_size, cursor: message.pointee.cursor))
  }

  private func explainBalance(_ payload: Span<UInt8>) throws(Failure) -> LedgerRequest {
    let message = unsafe try unpack(
      Wallet__V1__ExplainBalanceRequest.self, wallet__v1__explain_balance_request__descriptor, payload)
    let wallet = try unsafe readWallet(message.pointee.wallet)
    let (from, lastChanges) = unsafe (message.pointee.from_micros, message.pointee.last_changes)
    var fields = FieldReader()
    if from < 0 { fields.refuse("from_micros", "must be microseconds since 1970, or 0 for the wallet's beginning") }
    if lastChanges > LedgerLimits.explainedChangesMax {
      fields.refuse("last_changes", "is above \(LedgerLimits.explainedChangesMax)")
    }
    try fields.requireNothingRefused()
    return .explanation(
      wallet, from: from, lastChanges: lastChanges == 0 ? LedgerLimits.explainedChangesDefault : Int(lastChanges))
  }

  private func trialBalance(_ payload: Span<UInt8>) throws(Failure) -> LedgerRequest {
    let message = unsafe try unpack(
      Wallet__V1__TrialBalanceRequest.self, wallet__v1__trial_balance_request__descriptor, payload)
    var fields = FieldReader()
    let currency = unsafe fields.text(
      message.pointee.currency, "currency", bytesMax: LedgerLimits.currencyBytesMax, .currency)
    try fields.requireNothingRefused()
    return .trialBalance(currency: currency)
  }

  @unsafe
  func readPage(size: UInt32, cursor: ProtobufCBinaryData) throws(Failure) -> PageRequest {
    var fields = FieldReader()
    let cursor = unsafe fields.text(cursor, "cursor", bytesMax: LedgerLimits.cursorBytesMax, .identifier)
    if size > LedgerLimits.pageRowsMax { fields.refuse("page_size", "is above \(LedgerLimits.pageRowsMax)") }
    try fields.requireNothingRefused()
    return PageRequest(rowsMax: size == 0 ? LedgerLimits.pageRowsDefault : Int(size), cursor: cursor.string)
  }

  @unsafe
  func readWallet(_ reference: UnsafeMutablePointer<Wallet__V1__WalletRef>?) throws(Failure) -> WalletReference {
    var fields = FieldReader()
    let wallet = unsafe fields.wallet(reference)
    try fields.requireNothingRefused()
    guard let wallet else { preconditionFailure("a wallet was neither read nor refused") }
    return wallet
  }

  @unsafe
  private func unpackPosting<Message: PostingMessage>(
    _ empty: Message, _ descriptor: @autoclosure () -> ProtobufCMessageDescriptor, _ payload: Span<UInt8>
  ) throws(Failure) -> UnsafeMutablePointer<Message> {
    let ordinary = unsafe arena.new(empty)
    let wallet = unsafe arena.new(Wallet__V1__WalletRef())
    // The payload's bytes stay where they are while it is borrowed.
    if unsafe payload.withUnsafeBufferPointer({ unsafe OrdinaryRequest.unpack($0, into: ordinary, wallet) }) {
      return unsafe ordinary
    }
    arena.reset()
    return unsafe try unpack(Message.self, descriptor(), payload)
  }

  @unsafe
  func unpack<Message>(
    _ type: Message.Type, _ descriptor: ProtobufCMessageDescriptor, _ payload: Span<UInt8>
  ) throws(Failure) -> UnsafeMutablePointer<Message> {
    try unsafe arena.unpackRequest(type, descriptor, payload)
  }
}

extension MessageArena {
  @unsafe
  func unpackRequest<Message>(
    _ type: Message.Type, _ descriptor: ProtobufCMessageDescriptor, _ payload: Span<UInt8>
  ) throws(Failure) -> UnsafeMutablePointer<Message> {
    var descriptor = unsafe descriptor
    guard let message = unsafe unpack(type, &descriptor, payload) else {
      throw .invalidArgument("", "the body is not a message of this method, or too large when unpacked")
    }
    // The payload's bytes stay where they are while it is borrowed.
    if let path = unsafe payload.withUnsafeBufferPointer({ unsafe RepeatedMessage.path(in: $0, of: &descriptor) }) {
      throw .invalidArgument(path, "is there twice")
    }
    return unsafe message
  }
}

extension FieldReader {
  /// For requests without a key: every rule counts at once.
  func requireNothingRefused() throws(Failure) {
    if let failure = malformed ?? violation { throw failure }
  }

  /// `nil` when it was refused as malformed.
  ///
  /// - Parameter path: Where it stands in the request.
  @unsafe
  mutating func wallet(
    _ reference: UnsafeMutablePointer<Wallet__V1__WalletRef>?, at path: String = "wallet"
  ) -> WalletReference? {
    guard let reference = unsafe reference?.pointee else {
      refuseAsMalformed(path, "is required")
      return nil
    }
    let currency = unsafe text(
      reference.currency, "\(path).currency", bytesMax: LedgerLimits.currencyBytesMax, .currency)
    let owner = unsafe text(
      reference.owner_id, "\(path).owner_id", bytesMax: LedgerLimits.identifierBytesMax, .identifier)
    let name = unsafe text(reference.name, "\(path).name", bytesMax: LedgerLimits.walletNameBytesMax, .text)
    if unsafe reference.id != 0 {
      if unsafe reference.id < 0 { refuseAsMalformed("\(path).id", "must be positive") }
      if !owner.isEmpty { refuseAsMalformed("\(path).owner_id", "may not be given beside \(path).id") }
      if !name.isEmpty { refuseAsMalformed("\(path).name", "may not be given beside \(path).id") }
      return unsafe .id(reference.id, currency: currency)
    }
    if owner.isEmpty { refuseAsMalformed("\(path).owner_id", "is required where \(path).id is not given") }
    if currency.isEmpty { refuseAsMalformed("\(path).currency", "is required where \(path).id is not given") }
    return .name(WalletName(owner: owner, currency: currency, name: name.or(WalletReference.defaultName)))
  }
}
