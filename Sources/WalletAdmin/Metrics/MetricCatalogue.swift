import WalletCore
import WalletServer

/// Every metric of `/metrics`. The table in docs/OPERATING.md is made of this list.
package enum MetricCatalogue {
  package static let all: [Metric] = calls + connections + queues + ledger + files + operations + process

  private static let calls: [Metric] = [
    Metric(
      .counter, "walletd_requests_total",
      "Requests that were answered, by verb and code (OK, or the reason of docs/ERRORS.md)",
      labels: ["verb", "code"]
    ) { status in
      status.server.answers.map { Metric.Sample(labels: [$0.verb, $0.code], value: .count($0.count)) }
    },
    Metric(
      .histogram, "walletd_request_duration_seconds",
      "From the receipt of a request to its reply, by verb; without streams", labels: ["verb"]
    ) { status in
      status.server.durations.map { Metric.Sample(labels: [$0.verb], value: .histogram($0.1, .microseconds)) }
    },
    Metric(
      .counter, "walletd_refusals_total",
      "Refusals that were recorded in the journal, by reason; items of batches count each",
      labels: ["reason"]
    ) { status in
      ErrorReason.allCases.filter { status.ledger.refusals[Int($0.rawValue)] > 0 }.map {
        Metric.Sample(labels: [$0.name], value: .count(status.ledger.refusals[Int($0.rawValue)]))
      }
    },
    // These two stand there from the start: an alert on a counter that begins with its first error misses that one.
    Metric(.counter, "walletd_denied_calls_total", "Requests that were answered PERMISSION_DENIED") { status in
      .count(answers("PERMISSION_DENIED", status))
    },
    Metric(.counter, "walletd_internal_errors_total", "Requests that were answered INTERNAL: a bug each") { status in
      .count(answers("INTERNAL", status))
    },
  ]

  private static func answers(_ code: String, _ status: AdminStatus) -> UInt64 {
    status.server.answers.filter { $0.code == code }.reduce(0) { $0 + $1.count }
  }

  private static let connections: [Metric] = [
    Metric(.gauge, "walletd_connections", "Connections, those without HELLO among them") { status in
      .integer(Int64(status.server.connections))
    },
    Metric(.gauge, "walletd_greeting_connections", "Connections that haven't said HELLO yet") { status in
      .integer(Int64(status.server.greetingConnections))
    },
    Metric(.counter, "walletd_connections_accepted_total", "Connections that were accepted") { status in
      .count(status.server.connectionsAccepted)
    },
    Metric(
      .counter, "walletd_connections_ended_total",
      "Connections that have ended, by reason: \(ConnectionEnd.allCases.map(\.label).joined(separator: ", "))",
      labels: ["reason"]
    ) { status in
      status.server.connectionsEnded.map { Metric.Sample(labels: [$0.0.label], value: .count($0.1)) }
    },
    Metric(.counter, "walletd_received_bytes_total", "Bytes that were read from connections") { status in
      .count(status.server.bytesIn)
    },
    Metric(.counter, "walletd_sent_bytes_total", "Bytes that were written to connections") { status in
      .count(status.server.bytesOut)
    },
    Metric(.gauge, "walletd_streams", "Streams that are under way, by kind: watch, verify", labels: ["kind"]) {
      status in
      [
        Metric.Sample(labels: ["watch"], value: .integer(Int64(status.server.watches))),
        Metric.Sample(labels: ["verify"], value: .integer(Int64(status.server.verifications))),
      ]
    },
  ]

  private static let queues: [Metric] = [
    Metric(.gauge, "walletd_queued_requests", "Requests that were read and aren't answered yet") { status in
      .integer(Int64(status.server.queuedRequests))
    },
    Metric(.gauge, "walletd_queued_bytes", "What those requests take, as the limit on them counts") { status in
      .integer(Int64(status.server.queuedBytes))
    },
    Metric(.gauge, "walletd_output_bytes", "Bytes of replies and events that connections haven't taken yet") { status in
      .integer(Int64(status.server.outputBytes))
    },
  ]

  private static let ledger: [Metric] = [
    Metric(
      .histogram, "walletd_commit_duration_seconds",
      "COMMIT alone: the writes to the log and the sync that makes them durable"
    ) { status in
      .histogram(status.ledger.commits, .microseconds)
    },
    Metric(
      .histogram, "walletd_commit_requests",
      "Requests that shared a commit, reads among them; a batch counts as one"
    ) { status in
      .histogram(status.ledger.requestsPerCommit, .one)
    },
    Metric(.histogram, "walletd_commit_rows", "Rows of the journal in a commit") { status in
      .histogram(status.ledger.rowsPerCommit, .one)
    },
    Metric(
      .counter, "walletd_commits_rolled_back_total", "Commits that came to nothing: their callers were told UNAVAILABLE"
    ) {
      status in .count(status.ledger.commitsRolledBack)
    },
    Metric(.gauge, "walletd_head_seq", "The last durable row of the journal") { status in
      .integer(status.ledger.head.seq)
    },
    Metric(.gauge, "walletd_mutations_available", "1, or 0 when mutations would be refused: /readyz says why") {
      status in
      .integer(status.ledger.unavailableBecause == nil ? 1 : 0)
    },
    Metric(.gauge, "walletd_clock_trusted", "1, or 0 when the wall clock can't be believed and mutations wait") {
      status in
      .integer(status.ledger.clockIsTrusted ? 1 : 0)
    },
    Metric(.gauge, "walletd_last_stored_timestamp_seconds", "The time of the newest row, by the wall clock") { status in
      status.ledger.lastStoredAt == 0 ? nil : .time(status.ledger.lastStoredAt)
    },
    Metric(
      .gauge, "walletd_projection_lag_rows",
      "Rows of the journal that wallets, keys and indexes on disk don't show yet; a start makes up for them"
    ) { status in
      .integer(Int64(status.ledger.projectionLag))
    },
    Metric(.gauge, "walletd_cache_wallets", "Wallets in memory") { status in
      .integer(Int64(status.ledger.cachedWallets))
    },
    Metric(.gauge, "walletd_cache_wallets_max", "Wallets that memory is kept for (--cache-wallets)") { status in
      .integer(Int64(status.ledger.cachedWalletsMax))
    },
    Metric(.counter, "walletd_cache_hits_total", "Wallets of gathers that were found in memory") { status in
      .count(status.ledger.cacheLookups - min(status.ledger.cacheMisses, status.ledger.cacheLookups))
    },
    Metric(.counter, "walletd_cache_misses_total", "Wallets of gathers that were looked for in the file") { status in
      .count(status.ledger.cacheMisses)
    },
    Metric(.counter, "walletd_cache_evictions_total", "Wallets that had to go from memory for others") { status in
      .count(status.ledger.cacheEvictions)
    },
  ]

  private static let files: [Metric] = [
    Metric(.gauge, "walletd_log_bytes", "What the log (WAL) holds that may not be in the database file yet") { status in
      .integer(Int64(status.ledger.logBytes))
    },
    Metric(.counter, "walletd_checkpoints_total", "Passes that moved the log into the database file") { status in
      .count(status.ledger.checkpoints)
    },
    Metric(.counter, "walletd_checkpoint_failures_total", "Passes that failed: the log keeps everything, and grows") {
      status in
      .count(status.ledger.checkpointFailures)
    },
    Metric(.gauge, "walletd_disk_free_bytes", "Free space of the disk that the ledger is on") { status in
      status.ledger.freeDiskBytes.map { .integer($0) }
    },
  ]

  private static let operations: [Metric] = [
    Metric(
      .gauge, "walletd_last_backup_timestamp_seconds", "When the newest backup was taken; missing where none is known"
    ) { status in
      status.notices.backup.map { .time($0.at) }
    },
    Metric(.gauge, "walletd_last_backup_seq", "The last row that the newest backup has") { status in
      status.notices.backup.map { .integer($0.seq) }
    },
    Metric(.gauge, "walletd_last_backup_bytes", "The size of the newest backup") { status in
      status.notices.backup.map { .integer($0.bytes) }
    },
    Metric(.counter, "walletd_backup_failures_total", "Backups that failed since the start") { status in
      .count(status.notices.backupsFailed)
    },
    Metric(
      .gauge, "walletd_last_verify_timestamp_seconds",
      "When a verification last ended; missing where none has since the start"
    ) { status in
      status.notices.verify.map { .time($0.at) }
    },
    Metric(.gauge, "walletd_last_verify_seq", "The last row that it verified") { status in
      status.notices.verify.map { .integer($0.seq) }
    },
    Metric(
      .gauge, "walletd_last_verify_findings",
      "What it found: anything but 0 means that the ledger was changed from outside"
    ) { status in
      status.notices.verify.map { .integer($0.findings) }
    },
  ]

  private static let process: [Metric] = [
    Metric(
      .gauge, "walletd_build_info", "1; the version and the kind of build are in its labels",
      labels: ["version", "build"]
    ) {
      status in
      let version = status.server.name.split(separator: "/").last.map(String.init) ?? ""
      return [Metric.Sample(labels: [version, status.server.build], value: .integer(1))]
    },
    Metric(.gauge, "walletd_start_timestamp_seconds", "When the server started") { status in
      .time(status.server.startedAt)
    },
    Metric(.gauge, "walletd_uptime_seconds", "How long ago that was") { status in
      .time(max(0, status.now - status.server.startedAt))
    },
    Metric(.gauge, "walletd_draining", "1 while the server is leaving") { status in
      .integer(status.server.isDraining ? 1 : 0)
    },
    Metric(.counter, "walletd_processor_seconds_total", "Processor time that the process has used") { status in
      status.process.processorMicroseconds.map { .time($0) }
    },
    Metric(.gauge, "walletd_resident_memory_bytes", "Memory of the process that is in use") { status in
      status.process.residentBytes.map { .integer($0) }
    },
    Metric(.gauge, "walletd_open_descriptors", "Descriptors that the process has open") { status in
      status.process.descriptors.map { .integer(Int64($0)) }
    },
    Metric(.gauge, "walletd_descriptors_max", "Descriptors that it may have open") { status in
      status.process.descriptorsMax.map { .integer(Int64($0)) }
    },
  ]
}
