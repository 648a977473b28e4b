/// The answer to a ping.
public struct Pong: Sendable, Equatable {
  /// Microseconds since 1970 UTC.
  public var serverTimeMicros: Int64
  /// The last durable place of the journal.
  public var commitSeq: Int64
}

/// The server's schema.
public struct WalletSchema: Sendable, Equatable {
  /// A serialised `google.protobuf.FileDescriptorSet`.
  public var fileDescriptorSet: [UInt8]
  /// Its SHA-256.
  public var digest: [UInt8]
  public var commitSeq: Int64
}

/// What the server says about itself.
public struct ServerInfo: Sendable, Equatable {
  /// Program and version.
  public var serverName: String
  public var ledgerID: String
  /// Raised by each restore.
  public var epoch: UInt32
  public var head: JournalHead
  /// Microseconds since 1970 UTC.
  public var serverTimeMicros: Int64
  public var limits: ConnectionLimits
  public var schemaDigest: [UInt8]
  /// Engine and version.
  public var storage: String
  /// Microseconds since 1970 UTC.
  public var startedAtMicros: Int64
  public var mutationsAvailable: Bool
  public var mutationsUnavailableBecause: String
  public var commitSeq: Int64
  /// "release" or "debug"; empty where an older server doesn't say.
  public var build: String
}

/// The end of the journal. Whoever keeps it elsewhere can tell whether the journal before it was changed.
public struct JournalHead: Sendable, Equatable {
  public var seq: Int64
  /// SHA-256.
  public var digest: [UInt8]

  /// - Parameter digest: SHA-256, 32 bytes.
  public init(seq: Int64, digest: [UInt8]) {
    self.seq = seq
    self.digest = digest
  }
}

/// The limits of a connection, as the server sets them.
public struct ConnectionLimits: Sendable, Equatable {
  public var requestBytesMax: UInt32
  public var batchRequestBytesMax: UInt32
  public var responseBytesMax: UInt32
  public var requestsInFlightMax: UInt32
  public var idleTimeoutMillis: UInt32
  public var defaultDeadlineMillis: UInt32
}
