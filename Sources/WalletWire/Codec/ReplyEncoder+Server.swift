import CProtobufC
import CWalletProto
package import WalletCore

/// What a server says about itself.
package struct ServerDescription: Sendable {
  package var name: String
  package var ledger: LedgerDescription
  package var limits: AnnouncedLimits
  package var startedAt: Int64
  package var build: String

  package init(
    name: String, ledger: LedgerDescription, limits: AnnouncedLimits, startedAt: Int64,
    build: String = BuildMode.ofThisProgram
  ) {
    self.name = name
    self.build = build
    self.ledger = ledger
    self.limits = limits
    self.startedAt = startedAt
  }
}

/// The limits that a client must know.
package struct AnnouncedLimits: Sendable {
  package var requestBytesMax: UInt32
  package var batchRequestBytesMax: UInt32
  package var responseBytesMax: UInt32
  package var requestsInFlightMax: UInt32
  package var idleTimeoutMilliseconds: UInt32
  package var defaultDeadlineMilliseconds: UInt32

  package init(
    requestBytesMax: UInt32, batchRequestBytesMax: UInt32, responseBytesMax: UInt32, requestsInFlightMax: UInt32,
    idleTimeoutMilliseconds: UInt32, defaultDeadlineMilliseconds: UInt32
  ) {
    self.requestBytesMax = requestBytesMax
    self.batchRequestBytesMax = batchRequestBytesMax
    self.responseBytesMax = responseBytesMax
    self.requestsInFlightMax = requestsInFlightMax
    self.idleTimeoutMilliseconds = idleTimeoutMilliseconds
    self.defaultDeadlineMilliseconds = defaultDeadlineMilliseconds
  }
}

extension ReplyEncoder {
  package func appendHelloAck(
    _ server: ServerDescription, _ access: Access, time: Int64, schemaDigest: [UInt8], into output: inout [UInt8]
  ) {
    defer { arena.reset() }
    let message = unsafe arena.new(Wallet__V1__HelloAck.self, wallet__v1__hello_ack__init)
    unsafe message.pointee.version = 1
    unsafe message.pointee.server_name = unsafe arena.text(server.name)
    unsafe message.pointee.principal = unsafe arena.text(access.principal)
    unsafe (message.pointee.n_scopes, message.pointee.scopes) = texts(access.scopes.scopes.map { Text($0.name) })
    unsafe message.pointee.limits = unsafe limits(server.limits)
    unsafe message.pointee.server_time_micros = time
    unsafe message.pointee.schema_digest = unsafe arena.bytes(schemaDigest)
    unsafe message.pointee.ledger_id = unsafe arena.text(server.ledger.ledgerID)
    unsafe message.pointee.epoch = server.ledger.epoch
    output.appendFrame(FrameHeader(type: .helloAck)) { unsafe $0.appendPacked(message) }
  }

  package func appendGoAway(_ text: String, into output: inout [UInt8]) {
    defer { arena.reset() }
    let message = unsafe arena.new(Wallet__V1__GoAway.self, wallet__v1__go_away__init)
    unsafe message.pointee.message = unsafe arena.text(text)
    output.appendFrame(FrameHeader(type: .goAway)) { unsafe $0.appendPacked(message) }
  }

  package func appendPing(time: Int64, commitSeq: Int64, requestID: UInt32, into output: inout [UInt8]) {
    defer { arena.reset() }
    let message = unsafe arena.new(Wallet__V1__PingResponse.self, wallet__v1__ping_response__init)
    unsafe message.pointee.server_time_micros = time
    unsafe message.pointee.commit_seq = commitSeq
    unsafe append(message, requestID, into: &output)
  }

  package func appendSchema(digest: [UInt8], commitSeq: Int64, requestID: UInt32, into output: inout [UInt8]) {
    defer { arena.reset() }
    let message = unsafe arena.new(Wallet__V1__GetSchemaResponse.self, wallet__v1__get_schema_response__init)
    unsafe message.pointee.file_descriptor_set = unsafe arena.bytes(WireSchema.fileDescriptorSet)
    unsafe message.pointee.digest = unsafe arena.bytes(digest)
    unsafe message.pointee.commit_seq = commitSeq
    unsafe append(message, requestID, into: &output)
  }

  package func appendServerInfo(
    _ server: ServerDescription, head: JournalHead, mutationsUnavailableBecause: String?, time: Int64,
    schemaDigest: [UInt8], requestID: UInt32, into output: inout [UInt8]
  ) {
    defer { arena.reset() }
    let headMessage = unsafe arena.new(Wallet__V1__JournalHead.self, wallet__v1__journal_head__init)
    unsafe headMessage.pointee.seq = head.seq
    unsafe headMessage.pointee.digest = unsafe arena.bytes(head.digest)
    let message = unsafe arena.new(Wallet__V1__GetServerInfoResponse.self, wallet__v1__get_server_info_response__init)
    unsafe message.pointee.server_name = unsafe arena.text(server.name)
    unsafe message.pointee.ledger_id = unsafe arena.text(server.ledger.ledgerID)
    unsafe message.pointee.epoch = server.ledger.epoch
    unsafe message.pointee.head = unsafe headMessage
    unsafe message.pointee.server_time_micros = time
    unsafe message.pointee.limits = unsafe limits(server.limits)
    unsafe message.pointee.schema_digest = unsafe arena.bytes(schemaDigest)
    unsafe message.pointee.storage = unsafe arena.text(server.ledger.storage)
    unsafe message.pointee.started_at_micros = server.startedAt
    unsafe message.pointee.mutations_available = mutationsUnavailableBecause == nil ? 1 : 0
    unsafe message.pointee.mutations_unavailable_because = unsafe arena.text(mutationsUnavailableBecause ?? "")
    unsafe message.pointee.commit_seq = head.seq
    unsafe message.pointee.build = unsafe arena.text(server.build)
    unsafe append(message, requestID, into: &output)
  }

  private func limits(_ limits: AnnouncedLimits) -> UnsafeMutablePointer<Wallet__V1__Limits> {
    let message = unsafe arena.new(Wallet__V1__Limits.self, wallet__v1__limits__init)
    unsafe message.pointee.request_bytes_max = limits.requestBytesMax
    unsafe message.pointee.batch_request_bytes_max = limits.batchRequestBytesMax
    unsafe message.pointee.response_bytes_max = limits.responseBytesMax
    unsafe message.pointee.requests_in_flight_max = limits.requestsInFlightMax
    unsafe message.pointee.idle_timeout_millis = limits.idleTimeoutMilliseconds
    unsafe message.pointee.default_deadline_millis = limits.defaultDeadlineMilliseconds
    return unsafe message
  }
}

/// How a program was built: figures of a debug build say nothing about its speed.
package enum BuildMode {
  #if DEBUG
    package static let ofThisProgram = "debug"
  #else
    package static let ofThisProgram = "release"
  #endif
}

/// The schema that both sides were built with.
package enum WireSchema {
  /// A serialised google.protobuf.FileDescriptorSet.
  package static let fileDescriptorSet: [UInt8] = unsafe [UInt8](
    UnsafeBufferPointer(start: wallet_schema_pointer(), count: wallet_schema_length))
}
