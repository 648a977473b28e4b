import CProtobufC
import CWalletProto
import Testing
import WalletCore

@testable import WalletWire

@Suite("Backups on the wire")
struct BackupStreamTests {
  private func decode(_ payload: [UInt8]) throws -> BackupRequest? {
    let decoder = RequestDecoder(budget: 1 << 20, batchBudget: 32 << 20)
    let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "")
    let request = try decoder.decode(method: Verb.backup.rawValue, payload: payload.span, origin: origin)
    if case .stream(.backup(let backup)) = request { return backup }
    return nil
  }

  @Test("a backup is whole unless it is asked for what is new")
  func requests() throws {
    #expect(try decode([]) == BackupRequest(isIncremental: false))
    #expect(try decode(Wire.field(1, 1)) == BackupRequest(isIncremental: true))
    #expect(try decode(Wire.field(1, 0) + Wire.field(99, "ignored")) == BackupRequest(isIncremental: false))
    #expect(throws: Failure.self) { _ = try decode([0xFF]) }
  }

  @Test("events are written by hand as protobuf-c would pack them", arguments: [UInt64(1), 2, 3, 4, 5])
  func events(_ seed: UInt64) {
    var values = RandomValues(seed: seed)
    let report = BackupReport(
      file: values.text().string,
      head: JournalHead(seq: values.integer(), digest: ShortBytes(values.text().utf8.bytes)),
      epoch: UInt32(truncatingIfNeeded: values.integer()), bytes: values.integer(),
      sha256: ShortBytes(values.text().utf8.bytes), baseSeq: values.flag() ? values.integer() : nil,
      rows: values.integer(), isOld: values.flag(), microseconds: values.integer())
    #expect(frame(.backup(report)) == packed(report))
    let (stage, done, total) = (values.text().string, values.integer(), values.integer())
    #expect(frame(.progress(stage: stage, done: done, total: total)) == packed(stage, done, total))
  }

  private func frame(_ event: StreamEvent) -> [UInt8] {
    var output: [UInt8] = []
    ReplyEncoder().append(event, isLast: true, requestID: 7, into: &output)
    return output
  }

  private func packed(_ report: BackupReport) -> [UInt8] {
    let arena = MessageArena(budget: 1 << 20)
    let head = unsafe arena.new(Wallet__V1__JournalHead.self, wallet__v1__journal_head__init)
    unsafe head.pointee.seq = report.head.seq
    unsafe head.pointee.digest = arena.bytes(report.head.digest.bytes)
    let part = unsafe arena.new(Wallet__V1__BackupReport.self, wallet__v1__backup_report__init)
    unsafe part.pointee.file = arena.text(Text(report.file))
    unsafe part.pointee.head = unsafe head
    unsafe part.pointee.epoch = report.epoch
    unsafe part.pointee.bytes = report.bytes
    unsafe part.pointee.sha256 = arena.bytes(report.sha256.bytes)
    unsafe part.pointee.incremental = report.baseSeq == nil ? 0 : 1
    unsafe part.pointee.base_seq = report.baseSeq ?? 0
    unsafe part.pointee.rows = report.rows
    unsafe part.pointee.old = report.isOld ? 1 : 0
    unsafe part.pointee.micros = report.microseconds
    unsafe part.pointee.commit_seq = report.head.seq
    let message = unsafe arena.new(Wallet__V1__BackupEvent.self, wallet__v1__backup_event__init)
    unsafe message.pointee.event_case = WALLET__V1__BACKUP_EVENT__EVENT_REPORT
    unsafe message.pointee.report = unsafe part
    return unsafe framed(message)
  }

  private func packed(_ stage: String, _ done: Int64, _ total: Int64) -> [UInt8] {
    let arena = MessageArena(budget: 1 << 20)
    let part = unsafe arena.new(Wallet__V1__BackupProgress.self, wallet__v1__backup_progress__init)
    unsafe part.pointee.stage = arena.text(Text(stage))
    unsafe part.pointee.done = done
    unsafe part.pointee.total = total
    let message = unsafe arena.new(Wallet__V1__BackupEvent.self, wallet__v1__backup_event__init)
    unsafe message.pointee.event_case = WALLET__V1__BACKUP_EVENT__EVENT_PROGRESS
    unsafe message.pointee.progress = unsafe part
    return unsafe framed(message)
  }

  private func framed<Message>(_ message: UnsafeMutablePointer<Message>) -> [UInt8] {
    var output: [UInt8] = []
    output.appendFrame(FrameHeader(type: .event, flags: .last, requestID: 7)) { unsafe $0.appendPacked(message) }
    return output
  }
}
