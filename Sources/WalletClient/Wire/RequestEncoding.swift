import CProtobufC
import CWalletProto
import WalletWire

/// Requests on the wire.
package enum RequestEncoding {
  package static func hello(_ options: WalletClientOptions) -> [UInt8] {
    var arena = unsafe MessageArena()
    let hello = unsafe arena.message(wallet__v1__hello__init)
    unsafe hello.pointee.versions = arena.array([1])
    unsafe hello.pointee.n_versions = 1
    unsafe hello.pointee.client_name = arena.bytes(options.clientName)
    unsafe hello.pointee.ledger_id = arena.bytes(options.ledgerID ?? "")
    if let token = options.token {
      let credentials = unsafe arena.message(wallet__v1__credentials__init)
      unsafe credentials.pointee.kind_case = WALLET__V1__CREDENTIALS__KIND_TOKEN
      unsafe credentials.pointee.token = arena.bytes(token)
      unsafe hello.pointee.credentials = unsafe credentials
    }
    return unsafe MessageArena.packed(hello)
  }

  package static func getWallet(_ wallet: WalletReference) -> [UInt8] {
    var arena = unsafe MessageArena()
    let request = unsafe arena.message(wallet__v1__get_wallet_request__init)
    unsafe request.pointee.wallet = reference(wallet, &arena)
    return unsafe MessageArena.packed(request)
  }

  package static func getBalance(_ wallet: WalletReference) -> [UInt8] {
    var arena = unsafe MessageArena()
    let request = unsafe arena.message(wallet__v1__get_balance_request__init)
    unsafe request.pointee.wallet = reference(wallet, &arena)
    return unsafe MessageArena.packed(request)
  }

  package static func listWallets(owner: String, cursor: String?, pageSize: UInt32) -> [UInt8] {
    var arena = unsafe MessageArena()
    let request = unsafe arena.message(wallet__v1__list_wallets_request__init)
    unsafe request.pointee.owner_id = arena.bytes(owner)
    unsafe request.pointee.cursor = arena.bytes(cursor ?? "")
    unsafe request.pointee.page_size = pageSize
    return unsafe MessageArena.packed(request)
  }

  package static func listTransactions(
    _ wallet: WalletReference, cursor: String?, pageSize: UInt32, oldestFirst: Bool
  ) -> [UInt8] {
    var arena = unsafe MessageArena()
    let request = unsafe arena.message(wallet__v1__list_transactions_request__init)
    unsafe request.pointee.wallet = reference(wallet, &arena)
    unsafe request.pointee.cursor = arena.bytes(cursor ?? "")
    unsafe request.pointee.page_size = pageSize
    unsafe request.pointee.oldest_first = oldestFirst ? 1 : 0
    return unsafe MessageArena.packed(request)
  }

  package static func openWallet(_ wallet: WalletReference, _ options: MutationOptions, key: String) -> [UInt8] {
    var arena = unsafe MessageArena()
    let request = unsafe arena.message(wallet__v1__open_wallet_request__init)
    unsafe request.pointee.wallet = reference(wallet, &arena)
    unsafe request.pointee.idempotency_key = arena.bytes(key)
    unsafe request.pointee.reason = arena.bytes(options.reason)
    unsafe request.pointee.reference = arena.bytes(options.reference)
    unsafe request.pointee.correlation_id = arena.bytes(options.correlationID)
    unsafe request.pointee.note = arena.bytes(options.note)
    unsafe request.pointee.on_behalf_of = arena.bytes(options.onBehalfOf)
    unsafe request.pointee.occurred_at_micros = options.occurredAtMicros
    unsafe request.pointee.metadata = metadata(options.metadata, &arena)
    unsafe request.pointee.n_metadata = options.metadata.count
    unsafe request.pointee.dry_run = options.dryRun ? 1 : 0
    return unsafe MessageArena.packed(request)
  }

  package static func debit(_ wallet: WalletReference, amount: Int64, _ options: MutationOptions, key: String)
    -> [UInt8]
  {
    var arena = unsafe MessageArena()
    let request = unsafe arena.message(wallet__v1__debit_request__init)
    unsafe request.pointee.wallet = reference(wallet, &arena)
    unsafe request.pointee.amount = amount
    unsafe request.pointee.idempotency_key = arena.bytes(key)
    unsafe request.pointee.reason = arena.bytes(options.reason)
    unsafe request.pointee.reference = arena.bytes(options.reference)
    unsafe request.pointee.correlation_id = arena.bytes(options.correlationID)
    unsafe request.pointee.note = arena.bytes(options.note)
    unsafe request.pointee.on_behalf_of = arena.bytes(options.onBehalfOf)
    unsafe request.pointee.expected_version = options.expectedVersion ?? 0
    unsafe request.pointee.occurred_at_micros = options.occurredAtMicros
    unsafe request.pointee.counter_account = arena.bytes(options.counterAccount)
    unsafe request.pointee.metadata = metadata(options.metadata, &arena)
    unsafe request.pointee.n_metadata = options.metadata.count
    unsafe request.pointee.dry_run = options.dryRun ? 1 : 0
    return unsafe MessageArena.packed(request)
  }

  package static func credit(_ wallet: WalletReference, amount: Int64, _ options: MutationOptions, key: String)
    -> [UInt8]
  {
    var arena = unsafe MessageArena()
    let request = unsafe arena.message(wallet__v1__credit_request__init)
    unsafe request.pointee.wallet = reference(wallet, &arena)
    unsafe request.pointee.amount = amount
    unsafe request.pointee.idempotency_key = arena.bytes(key)
    unsafe request.pointee.reason = arena.bytes(options.reason)
    unsafe request.pointee.reference = arena.bytes(options.reference)
    unsafe request.pointee.correlation_id = arena.bytes(options.correlationID)
    unsafe request.pointee.note = arena.bytes(options.note)
    unsafe request.pointee.on_behalf_of = arena.bytes(options.onBehalfOf)
    unsafe request.pointee.expected_version = options.expectedVersion ?? 0
    unsafe request.pointee.occurred_at_micros = options.occurredAtMicros
    unsafe request.pointee.counter_account = arena.bytes(options.counterAccount)
    unsafe request.pointee.metadata = metadata(options.metadata, &arena)
    unsafe request.pointee.n_metadata = options.metadata.count
    unsafe request.pointee.dry_run = options.dryRun ? 1 : 0
    return unsafe MessageArena.packed(request)
  }

  private static func reference(
    _ wallet: WalletReference, _ arena: inout MessageArena
  ) -> UnsafeMutablePointer<Wallet__V1__WalletRef> {
    let message = unsafe arena.message(wallet__v1__wallet_ref__init)
    switch wallet {
    case .id(let id):
      unsafe message.pointee.id = id
    case .owner(let owner, let currency, let name):
      unsafe message.pointee.owner_id = arena.bytes(owner)
      unsafe message.pointee.currency = arena.bytes(currency)
      unsafe message.pointee.name = arena.bytes(name)
    }
    return unsafe message
  }

  private static func metadata(
    _ entries: [MetadataEntry], _ arena: inout MessageArena
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Wallet__V1__MetadataEntry>?>? {
    var pointers: [UnsafeMutablePointer<Wallet__V1__MetadataEntry>?] = unsafe []
    for entry in entries {
      let message = unsafe arena.message(wallet__v1__metadata_entry__init)
      unsafe message.pointee.key = arena.bytes(entry.key)
      unsafe message.pointee.value = arena.bytes(entry.value)
      unsafe pointers.append(message)
    }
    return unsafe arena.array(pointers)
  }
}
