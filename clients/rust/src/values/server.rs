use super::{answers, FromWire, JournalHead};

answers! {
    /// The answer to a ping.
    Pong from PingResponse {
        /// The server's clock.
        server_time_micros: i64,
        /// The last durable place of the journal.
        commit_seq: i64,
    }
    /// The messages that the server speaks.
    Schema from GetSchemaResponse {
        /// A `google.protobuf.FileDescriptorSet`.
        file_descriptor_set: Vec<u8>,
        /// Its SHA-256.
        digest: Vec<u8>,
        /// The last durable place of the journal.
        commit_seq: i64,
    }
    /// Who the server is, how far its journal is, and whether it takes mutations.
    ServerInfo from GetServerInfoResponse {
        /// Program and version.
        server_name: String,
        /// Made once for each ledger.
        ledger_id: String,
        /// Raised by each restore.
        epoch: u32,
        /// The journal's newest row.
        head: JournalHead,
        /// The server's clock.
        server_time_micros: i64,
        /// Those of this connection.
        limits: ServerLimits,
        /// SHA-256 of what `get_schema` answers.
        schema_digest: Vec<u8>,
        /// Engine and version.
        storage: String,
        /// When the server started.
        started_at_micros: i64,
        /// Whether mutations are taken now.
        mutations_available: bool,
        /// Why not.
        mutations_unavailable_because: String,
        /// The last durable place of the journal.
        commit_seq: i64,
        /// "release" or "debug"; a debug build is many times slower.
        build: String,
    }
    /// The limits of a connection.
    ServerLimits from Limits {
        /// Bytes of a request.
        request_bytes_max: u32,
        /// Bytes of a batch.
        batch_request_bytes_max: u32,
        /// Bytes of a response.
        response_bytes_max: u32,
        /// Calls at a time.
        requests_in_flight_max: u32,
        /// How long it may lie idle.
        idle_timeout_millis: u32,
        /// That of a request that names none.
        default_deadline_millis: u32,
    }
}
