import Foundation
import Testing
import WalletCore

@testable import WalletStore

@Suite("Golden rows of docs/ROW.md")
struct GoldenRowTests {
  // The names are those of the JSON.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  private struct File: Decodable {
    var ledger_id: String
    var rows: [Row]
    var batch_request: BatchRequest
  }

  // swift-format-ignore: AlwaysUseLowerCamelCase
  private struct BatchRequest: Decodable {
    var items: [Item]
    var request_digest: String

    struct Item: Decodable {
      var verb: UInt16
      var wallet_id, amount, occurred_at: Int64
      var owner_id, currency, name, reason, note, reference, on_behalf_of, counter_account: String
      var metadata: [[String]]
    }
  }

  /// All tables in one: what a row of one lacks is missing.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  private struct Row: Decodable {
    var table: String
    var format, lane, seq, created_at, occurred_at: Int64
    var wallet_id, amount, kind, version, balance, held, overdraft_limit, held_change, counter_wallet_id,
      hold_id: Int64?
    var related_seq, previous_seq: Int64?
    var verb, reason_code, given_wallet_id: Int64?
    var batch_item: UInt32?
    var actor, on_behalf_of, reason, note, reference, correlation_id, source, client_name: String
    var idempotency_key, request_digest, encoding, digest: String
    var counter_account, owner_id, currency, name, detail, figures, parameters: String?
    var metadata: [[String]]

    var key: IdempotencyKey? {
      let key = IdempotencyKey(idempotency_key)
      return batch_item.map { item in key.map { .item($0, index: item) } } ?? key
    }

    var origin: Origin { Origin(actor: Text(actor), source: Text(source), clientName: Text(client_name)) }

    var audit: Command.Audit {
      Command.Audit(
        reason: Text(reason), note: Text(note), reference: Text(reference), onBehalfOf: Text(on_behalf_of),
        correlationID: Text(correlation_id), occurredAt: occurred_at,
        metadata: metadata.map { MetadataPair(key: Text($0[0]), value: Text($0[1])) })
    }
  }

  private static func golden() throws -> File {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../proto/vectors/rows.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
  }

  @Test("each row has the encoding and the digest that the page gives it")
  func rows() throws {
    let file = try Self.golden()
    #expect(file.rows.count >= 4)
    var head = SHA256.digest(Array("walletd ledger \(file.ledger_id)".utf8))
    for row in file.rows {
      var writer = CanonicalWriter()
      switch row.table {
      case "transactions": try transaction(row).encode(into: &writer)
      case "refusals": try refusal(row).encode(into: &writer)
      default: try administration(row).encode(into: &writer)
      }
      #expect(Hexadecimal.text(writer.bytes) == row.encoding, "row \(row.seq)")
      head = SHA256.digest(head, writer)
      #expect(Hexadecimal.text(head.bytes) == row.digest, "row \(row.seq)")
    }
  }

  @Test("the details of holds, captures, refunds and expiries, and the parameters of others, read back")
  func details() throws {
    let rows = try Self.golden().rows
    func detail(_ kind: Int64) throws -> [UInt8] {
      let text = try #require(rows.first { $0.kind == kind }?.detail)
      return try #require(Hexadecimal.bytes(text))
    }
    #expect(try HoldDetail(encoded: detail(6)) == HoldDetail(timeout: 60_000_000, endsAt: 1_700_000_060_000_005))
    #expect(try CaptureDetail(encoded: detail(7)) == CaptureDetail(requested: 100, isFinal: true))
    #expect(try ExpireDetail(encoded: detail(9))?.endsAt == 1_700_000_000_000_004)
    #expect(try RefundDetail(encoded: detail(10)) == RefundDetail(requested: 0))
    #expect(try Command.Parameters(encoded: detail(11)) == .freeze(.all, until: 0))
    var limits = WalletLimits()
    (limits.overdraft, limits.balanceMax, limits.amountMax) = (50, 1_000, 200)
    limits.day = WindowLimit(amount: 500, count: 9)
    limits.month = WindowLimit(amount: 0, count: 99)
    #expect(try Command.Parameters(encoded: detail(13)) == .limits(limits))
    #expect(Command.Parameters.limits(limits).encoded == (try detail(13)))
  }

  @Test("what an administrator did reads back from its detail")
  func administrationDetails() throws {
    let rows = try Self.golden().rows.filter { $0.table == "administration" }
    let done: [Command.Parameters] = [
      .currency(code: "ESIM-MB", exponent: 0), .counterAccount(name: "vouchers"),
    ]
    #expect(rows.count == done.count)
    for (row, parameters) in zip(rows, done) {
      #expect(try Command.Parameters(encoded: administration(row).detail) == parameters)
      #expect(Hexadecimal.text(parameters.encoded) == row.detail)
    }
  }

  @Test("the figures of a refusal read back from their encoding")
  func figures() throws {
    let row = try #require(try Self.golden().rows.first { $0.table == "refusals" })
    let expected = InsufficientFunds(
      requested: 700, available: 500, balance: 500, held: 0, overdraftLimit: 0, version: 2)
    #expect(try refusal(row).failure.detail == .insufficientFunds(expected))
    #expect(Hexadecimal.text(FailureDetail.insufficientFunds(expected).encoded) == row.figures)
  }

  @Test("the refusal of a batch: its figures read back, and its digest is over its items")
  func batch() throws {
    let file = try Self.golden()
    let row = try refusal(try #require(file.rows.first { $0.verb == 272 }))
    let cause = Failure(
      .insufficientFunds,
      .insufficientFunds(
        InsufficientFunds(requested: 700, available: 10, balance: 10, held: 0, overdraftLimit: 0, version: 2)))
    #expect(row.failure == Failure(.batchAborted, .batchAborted(index: 2, cause: cause)))
    #expect(row.failure.detail.encoded == row.figures)

    let key = try #require(row.key)
    let items = try file.batch_request.items.map { item in
      let name = WalletName(owner: Text(item.owner_id), currency: Text(item.currency), name: Text(item.name))
      return BatchCommand.Item.command(
        Command(
          verb: try #require(Verb(rawValue: item.verb)), key: .item(key, index: 0), wallet: .name(name),
          amount: item.amount, counterAccount: "",
          audit: Command.Audit(
            reason: Text(item.reason), note: Text(item.note), reference: Text(item.reference),
            onBehalfOf: Text(item.on_behalf_of), occurredAt: item.occurred_at,
            metadata: item.metadata.map { MetadataPair(key: Text($0[0]), value: Text($0[1])) }),
          origin: row.attribution.origin))
    }
    var writer = CanonicalWriter()
    BatchCommand(mode: .allOrNothing(key), items: items).encodeCompared(into: &writer)
    #expect(SHA256.digest([], writer, prefix: 16) == row.requestDigest)
  }

  private func transaction(_ row: Row) throws -> TransactionRow {
    let kind = try #require(row.kind.flatMap { TransactionKind(rawValue: UInt8($0)) })
    var made = TransactionRow(
      seq: row.seq, kind: kind, walletID: row.wallet_id ?? 0, version: row.version ?? 0, amount: row.amount ?? 0,
      balance: row.balance ?? 0, held: row.held ?? 0, overdraftLimit: row.overdraft_limit ?? 0,
      counterAccount: Text(row.counter_account ?? ""),
      attribution: Attribution(key: row.key, audit: row.audit, origin: row.origin), createdAt: row.created_at)
    made.previousSeq = row.previous_seq ?? 0
    made.heldChange = row.held_change ?? 0
    made.counterWalletID = row.counter_wallet_id ?? 0
    made.holdID = row.hold_id ?? 0
    made.relatedSeq = row.related_seq ?? 0
    made.requestDigest = ShortBytes(try #require(Hexadecimal.bytes(row.request_digest)))
    made.detail = try #require(Hexadecimal.bytes(row.detail ?? ""))
    return made
  }

  private func refusal(_ row: Row) throws -> RefusalRow {
    let parameters = try #require(Hexadecimal.bytes(row.parameters ?? ""))
    let name = WalletName(
      owner: Text(row.owner_id ?? ""), currency: Text(row.currency ?? ""), name: Text(row.name ?? ""))
    return RefusalRow(
      seq: row.seq, format: row.format, lane: row.lane,
      verb: try #require(row.verb.flatMap { Verb(rawValue: UInt16($0)) }),
      reason: try #require(row.reason_code.flatMap { ErrorReason(rawValue: UInt8($0)) }), walletID: row.wallet_id ?? 0,
      address: .name(name), amount: row.amount ?? 0, counterAccount: Text(row.counter_account ?? ""),
      parameters: try #require(Command.Parameters(encoded: parameters)),
      attribution: Attribution(key: row.key, audit: row.audit, origin: row.origin),
      requestDigest: ShortBytes(try #require(Hexadecimal.bytes(row.request_digest))), createdAt: row.created_at,
      figures: try #require(Hexadecimal.bytes(row.figures ?? "")), digest: [])
  }

  private func administration(_ row: Row) throws -> AdministrationRow {
    var made = AdministrationRow(
      seq: row.seq, verb: try #require(row.verb.flatMap { Verb(rawValue: UInt16($0)) }),
      attribution: Attribution(key: row.key, audit: row.audit, origin: row.origin), createdAt: row.created_at,
      detail: try #require(Hexadecimal.bytes(row.detail ?? "")))
    made.requestDigest = ShortBytes(try #require(Hexadecimal.bytes(row.request_digest)))
    return made
  }
}
