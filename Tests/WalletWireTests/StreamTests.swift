import CProtobufC
import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

@Suite("Streams on the wire")
struct StreamTests {
  private let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "")

  private func decode(_ verb: Verb, _ payload: [UInt8]) throws -> StreamRequest? {
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20)
    let request = try decoder.decode(method: verb.rawValue, payload: payload.span, origin: origin)
    if case .stream(let stream) = request { return stream }
    return nil
  }

  private func watch(_ payload: [UInt8]) throws -> WatchRequest? {
    if case .watch(let watch) = try decode(.watchTransactions, payload) { watch } else { nil }
  }

  private func refused(_ verb: Verb, _ payload: [UInt8]) -> String? {
    do {
      _ = try decode(verb, payload)
      return nil
    } catch let failure as Failure {
      guard failure.reason == .invalidArgument, case .invalidArgument(let field, let rule) = failure.detail else {
        return "\(failure)"
      }
      return "\(field): \(rule)"
    } catch {
      return "\(error)"
    }
  }

  @Test("a watch begins at a place, a token or now, with the wallets and kinds that it names")
  func watches() throws {
    #expect(try watch(Wire.field(1, 0)) == WatchRequest(start: .after(seq: 0)))
    #expect(try watch(Wire.field(1, .max)) == WatchRequest(start: .after(seq: .max)))
    #expect(try watch(Wire.field(2, "00ff")) == WatchRequest(start: .token("00ff")))
    let named = Wire.field(3, 1) + Wire.field(4, 7) + Wire.field(4, 8) + Wire.field(4, 7) + Wire.field(5, [2, 3])
    #expect(
      try watch(named + Wire.field(99, "unknown fields of reads are ignored"))
        == WatchRequest(start: .now, walletIDs: [7, 8], kinds: [.debit, .credit]))
  }

  private static let wrongWatches: [([UInt8], String)] = [
    ([], "start: is required: after_seq, resume_token or from_now"),
    (Wire.field(1, -1), "after_seq: must not be negative"), (Wire.field(2, ""), "resume_token: is required"),
    (Wire.field(2, "a b"), "resume_token: may contain only A-Z a-z 0-9 . _ : @ -"),
    (Wire.field(2, [0xFF]), "resume_token: is not valid UTF-8"),
    (
      Wire.field(2, String(repeating: "0", count: 257)),
      "resume_token: has 257 bytes; at most 256 are allowed"
    ), (Wire.field(3, 0), "from_now: must be true where it is given"),
    (Wire.field(3, 1) + Wire.field(4, 7) + Wire.field(4, 0), "wallet_ids[1]: must be positive"),
    (
      Wire.field(3, 1) + (0..<1001).flatMap { _ in Wire.field(4, 1) },
      "wallet_ids: has 1001 ids; at most 1000 are allowed"
    ), (Wire.field(3, 1) + Wire.field(5, 0), "kinds[0]: must be a kind"),
    (Wire.field(3, 1) + Wire.field(5, 2) + Wire.field(5, 99), "kinds[1]: is no kind that this server knows"),
    (Wire.field(3, 1) + Wire.field(5, -1), "kinds[0]: is no kind that this server knows"),
  ]

  @Test("a watch that breaks a rule of form is told the field and the rule", arguments: wrongWatches)
  func wrongWatch(_ payload: [UInt8], _ expected: String) {
    #expect(refused(.watchTransactions, payload) == expected)
  }

  @Test("a verification may expect a head: a place and a whole digest")
  func verifications() throws {
    let digest = [UInt8](repeating: 9, count: 32)
    let head = Wire.field(1, Wire.field(1, 5) + Wire.field(2, digest))
    guard case .verify(let request) = try decode(.verify, head + Wire.field(2, 1)) else { throw Unexpected() }
    #expect(
      request
        == VerifyRequest(
          expectedHead: JournalHead(seq: 5, digest: ShortBytes(digest)), skipsIntegrityCheck: true))
    guard case .verify(let plain) = try decode(.verify, []) else { throw Unexpected() }
    #expect(plain == VerifyRequest())
    #expect(
      refused(.verify, Wire.field(1, Wire.field(1, 5) + Wire.field(2, [1, 2])))
        == "expected_head.digest: has 2 bytes; a digest has 32")
    #expect(
      refused(.verify, Wire.field(1, Wire.field(1, -5) + Wire.field(2, digest)))
        == "expected_head.seq: must not be negative")
  }

  private struct Unexpected: Error {}

  private func frame(_ event: StreamEvent) -> [UInt8] {
    var output: [UInt8] = []
    ReplyEncoder().append(event, isLast: true, requestID: 7, into: &output)
    return output
  }

  @Test("events have the bytes of protobuf-c", arguments: 0..<UInt64(200))
  func events(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    let packed = PackedEvents()
    let (row, currency, exponent, token) = (values.row(), values.text(), values.byte(), values.text())
    #expect(
      frame(.transaction(row, currency: currency, exponent: exponent, resumeToken: token))
        == packed.transaction(row, currency, exponent, token))
    let place = WatchPlace(resumeToken: token, commitSeq: values.integer())
    #expect(frame(.token(place)) == packed.token(place))
    let (stage, done, total) = (values.text().string, values.integer(), values.integer())
    #expect(frame(.progress(stage: stage, done: done, total: total)) == packed.progress(stage, done, total))
    let finding = VerifyFinding(
      what: values.text().string, walletID: values.integer(), seq: values.integer(), expected: values.text().string,
      found: values.text().string)
    #expect(frame(.finding(finding)) == packed.finding(finding))
    var report = VerifyReport(head: JournalHead(seq: values.integer(), digest: ShortBytes(values.text().utf8.bytes)))
    (report.rows, report.wallets, report.keys) = (values.integer(), values.integer(), values.integer())
    (report.findings, report.findingsTold, report.microseconds) = (values.integer(), values.integer(), values.integer())
    report.integritySkippedBecause = values.flag() ? values.text().string : nil
    #expect(frame(.report(report)) == packed.report(report))
  }

  @Test("a watch's event says what the figures were before")
  func before() throws {
    var values = RandomValues(seed: 3)
    var row = values.row()
    (row.amount, row.balance, row.heldChange, row.held) = (-30, 70, 5, 12)
    let payload = Array(frame(.transaction(row, currency: "USD", exponent: 2, resumeToken: "t"))[20...])
    let schema = try #require(SchemaRegistry.wallet.message("wallet.v1.WatchEvent"))
    let json = try ProtobufJSON.value(payload[...], as: schema, includeDefaults: true)
    #expect(json["balanceBefore"] == .string("100") && json["heldBefore"] == .string("7"))
  }
}

/// The events of streams, made by protobuf-c: what their bytes must be.
private final class PackedEvents {
  private let arena = MessageArena(budget: 1 << 20)
  private let replies = PackedReplies()

  private func frame<Message>(_ message: UnsafeMutablePointer<Message>) -> [UInt8] {
    var output: [UInt8] = []
    output.appendFrame(FrameHeader(type: .event, flags: .last, requestID: 7)) { unsafe $0.appendPacked(message) }
    return output
  }

  func transaction(_ row: TransactionRow, _ currency: Text, _ exponent: UInt8, _ token: Text) -> [UInt8] {
    let message = unsafe arena.new(Wallet__V1__WatchEvent.self, wallet__v1__watch_event__init)
    unsafe message.pointee.transaction = unsafe replies.transaction(row)
    unsafe message.pointee.balance_before = row.balance &- row.amount
    unsafe message.pointee.held_before = row.held &- row.heldChange
    unsafe message.pointee.currency = unsafe arena.text(currency)
    unsafe message.pointee.exponent = UInt32(exponent)
    unsafe message.pointee.resume_token = unsafe arena.text(token)
    unsafe message.pointee.commit_seq = row.seq
    return unsafe frame(message)
  }

  func token(_ place: WatchPlace) -> [UInt8] {
    let message = unsafe arena.new(Wallet__V1__WatchEvent.self, wallet__v1__watch_event__init)
    unsafe message.pointee.resume_token = unsafe arena.text(place.resumeToken)
    unsafe message.pointee.commit_seq = place.commitSeq
    return unsafe frame(message)
  }

  func progress(_ stage: String, _ done: Int64, _ total: Int64) -> [UInt8] {
    let part = unsafe arena.new(Wallet__V1__VerifyProgress.self, wallet__v1__verify_progress__init)
    unsafe part.pointee.stage = unsafe arena.text(stage)
    unsafe part.pointee.done = done
    unsafe part.pointee.total = total
    let message = unsafe arena.new(Wallet__V1__VerifyEvent.self, wallet__v1__verify_event__init)
    unsafe message.pointee.event_case = WALLET__V1__VERIFY_EVENT__EVENT_PROGRESS
    unsafe message.pointee.progress = unsafe part
    return unsafe frame(message)
  }

  func finding(_ finding: VerifyFinding) -> [UInt8] {
    let part = unsafe arena.new(Wallet__V1__VerifyFinding.self, wallet__v1__verify_finding__init)
    unsafe part.pointee.what = unsafe arena.text(finding.what)
    unsafe part.pointee.wallet_id = finding.walletID
    unsafe part.pointee.seq = finding.seq
    unsafe part.pointee.expected = unsafe arena.text(finding.expected)
    unsafe part.pointee.found = unsafe arena.text(finding.found)
    let message = unsafe arena.new(Wallet__V1__VerifyEvent.self, wallet__v1__verify_event__init)
    unsafe message.pointee.event_case = WALLET__V1__VERIFY_EVENT__EVENT_FINDING
    unsafe message.pointee.finding = unsafe part
    return unsafe frame(message)
  }

  func report(_ report: VerifyReport) -> [UInt8] {
    let head = unsafe arena.new(Wallet__V1__JournalHead.self, wallet__v1__journal_head__init)
    unsafe head.pointee.seq = report.head.seq
    unsafe head.pointee.digest = unsafe arena.bytes(report.head.digest.bytes)
    let part = unsafe arena.new(Wallet__V1__VerifyReport.self, wallet__v1__verify_report__init)
    unsafe part.pointee.head = unsafe head
    unsafe part.pointee.rows = report.rows
    unsafe part.pointee.wallets = report.wallets
    unsafe part.pointee.keys = report.keys
    unsafe part.pointee.findings = report.findings
    unsafe part.pointee.findings_told = report.findingsTold
    unsafe part.pointee.integrity_checked = report.integritySkippedBecause == nil ? 1 : 0
    unsafe part.pointee.integrity_skipped_because = unsafe arena.text(report.integritySkippedBecause ?? "")
    unsafe part.pointee.micros = report.microseconds
    unsafe part.pointee.commit_seq = report.head.seq
    let message = unsafe arena.new(Wallet__V1__VerifyEvent.self, wallet__v1__verify_event__init)
    unsafe message.pointee.event_case = WALLET__V1__VERIFY_EVENT__EVENT_REPORT
    unsafe message.pointee.report = unsafe part
    return unsafe frame(message)
  }
}
