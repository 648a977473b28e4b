import CProtobufC
import CWalletProto
import WalletWire

/// Requests on the wire.
package enum RequestEncoding {
  /// A request is below 1 MiB; what it takes while it is built is not much more.
  static let budget = 4 << 20

  package static func hello(_ options: WalletClientOptions) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let hello = unsafe arena.new(Wallet__V1__Hello.self, wallet__v1__hello__init)
    unsafe hello.pointee.versions = arena.array(of: UInt32.self, count: 1)
    unsafe hello.pointee.versions.initialize(to: 1)
    unsafe hello.pointee.n_versions = 1
    unsafe hello.pointee.client_name = arena.text(options.clientName)
    unsafe hello.pointee.ledger_id = arena.text(options.ledgerID ?? "")
    if let token = options.token {
      let credentials = unsafe arena.new(Wallet__V1__Credentials.self, wallet__v1__credentials__init)
      unsafe credentials.pointee.kind_case = WALLET__V1__CREDENTIALS__KIND_TOKEN
      unsafe credentials.pointee.token = arena.text(token)
      unsafe hello.pointee.credentials = unsafe credentials
    }
    return unsafe packed(hello)
  }

  package static func getWallet(_ wallet: WalletReference) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__GetWalletRequest.self, wallet__v1__get_wallet_request__init)
    unsafe request.pointee.wallet = reference(wallet, arena)
    return unsafe packed(request)
  }

  package static func getBalance(_ wallet: WalletReference) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__GetBalanceRequest.self, wallet__v1__get_balance_request__init)
    unsafe request.pointee.wallet = reference(wallet, arena)
    return unsafe packed(request)
  }

  package static func listWallets(owner: String, cursor: String?, pageSize: UInt32) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__ListWalletsRequest.self, wallet__v1__list_wallets_request__init)
    unsafe request.pointee.owner_id = arena.text(owner)
    unsafe request.pointee.cursor = arena.text(cursor ?? "")
    unsafe request.pointee.page_size = pageSize
    return unsafe packed(request)
  }

  package static func explainBalance(
    _ wallet: WalletReference, fromMicros: Int64, lastChanges: UInt32
  ) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__ExplainBalanceRequest.self, wallet__v1__explain_balance_request__init)
    unsafe request.pointee.wallet = reference(wallet, arena)
    unsafe request.pointee.from_micros = fromMicros
    unsafe request.pointee.last_changes = lastChanges
    return unsafe packed(request)
  }

  /// A mutation alone: the request of its verb.
  package static func mutation(_ mutation: BatchItem.Mutation, _ options: MutationOptions, key: String) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let item = unsafe MutationBuilder(options: options, key: key, arena: arena).item(mutation)
    // The union's members are pointers to messages; each message says itself of which type it is.
    return unsafe packed(item.pointee.debit)
  }

  package static func registerCurrency(
    code: String, exponent: UInt32, _ options: MutationOptions, key: String
  ) -> [UInt8] {
    let builder = MutationBuilder(options: options, key: key, arena: MessageArena(budget: budget))
    return unsafe packed(builder.registerCurrency(code, exponent: exponent))
  }

  package static func addCounterAccount(name: String, _ options: MutationOptions, key: String) -> [UInt8] {
    let builder = MutationBuilder(options: options, key: key, arena: MessageArena(budget: budget))
    return unsafe packed(builder.addCounterAccount(name))
  }

  package static func trialBalance(currency: String) -> [UInt8] {
    let arena = MessageArena(budget: budget)
    let request = unsafe arena.new(Wallet__V1__TrialBalanceRequest.self, wallet__v1__trial_balance_request__init)
    unsafe request.pointee.currency = arena.text(currency)
    return unsafe packed(request)
  }

  @unsafe
  static func packed<Message>(_ message: UnsafeMutablePointer<Message>) -> [UInt8] {
    var bytes: [UInt8] = []
    unsafe bytes.appendPacked(message)
    return bytes
  }

  static func reference(
    _ wallet: WalletReference, _ arena: MessageArena
  ) -> UnsafeMutablePointer<Wallet__V1__WalletRef> {
    let message = unsafe arena.new(Wallet__V1__WalletRef.self, wallet__v1__wallet_ref__init)
    switch wallet {
    case .id(let id):
      unsafe message.pointee.id = id
    case .owner(let owner, let currency, let name):
      unsafe message.pointee.owner_id = arena.text(owner)
      unsafe message.pointee.currency = arena.text(currency)
      unsafe message.pointee.name = arena.text(name)
    }
    return unsafe message
  }

  static func metadata(
    _ entries: [MetadataEntry], _ arena: MessageArena
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Wallet__V1__MetadataEntry>?>? {
    if entries.isEmpty { return nil }
    let pointers = unsafe arena.array(of: UnsafeMutablePointer<Wallet__V1__MetadataEntry>?.self, count: entries.count)
    for (index, entry) in entries.enumerated() {
      let message = unsafe arena.new(Wallet__V1__MetadataEntry.self, wallet__v1__metadata_entry__init)
      unsafe message.pointee.key = arena.text(entry.key)
      unsafe message.pointee.value = arena.text(entry.value)
      unsafe (pointers + index).initialize(to: message)
    }
    return unsafe pointers
  }
}
