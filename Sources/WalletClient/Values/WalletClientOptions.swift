/// How a client connects, waits and tries again.
public struct WalletClientOptions: Sendable {
  /// The time that a call may take with everything in it: resolving the name, connecting, every attempt and the pauses
  /// between them. A call never outlasts it. 10 s unless set; a call may say otherwise.
  public var timeout: Duration = .seconds(10)

  /// Connections kept, from 1. Each carries up to 1,024 calls at once, so one is enough for most programs. Mutations
  /// that travel on one connection take effect in the order in which they were called.
  public var connections: Int = 1

  /// Attempts of one call, the first included, from 1. Failing to connect counts as an attempt.
  public var attemptsMax: Int = 6

  /// The pause before the second attempt; it doubles with each further one and is shortened at random by up to half.
  /// A server that says how long to wait is obeyed instead.
  public var backoff: Duration = .milliseconds(50)

  /// The longest pause between attempts.
  public var backoffMax: Duration = .seconds(1)

  /// The longest time to connect to one address, and then to be greeted by the server.
  public var connectTimeout: Duration = .seconds(5)

  /// After this time without a sign of life while calls wait, the server is asked for one; after it twice, the
  /// connection counts as lost.
  public var silenceMax: Duration = .seconds(5)

  /// Calls that may wait at once; one more fails at once with ``FailureCause/tooManyCalls(limit:)``.
  public var callsMax: Int = 65_536

  /// Bytes of events that wait for a stream's reader. The connection carries other calls too, so it is never left unread:
  /// a watch whose reader falls behind by more is taken up again from its token once the reader has caught up.
  public var streamBufferBytesMax: Int = 1 << 20

  /// How this program calls itself: at most 64 bytes of `[A-Za-z0-9._:@/-]`. The server stores it beside each row.
  public var clientName: String = "wallet-swift"

  /// The secret that says who this program is, if the server asks for one.
  public var token: String?

  /// A file with that secret on its one line, in place of ``token``. It is read at each connect, so a new secret needs no
  /// restart; others mustn't be able to read it.
  public var tokenFile: String?

  /// With it the client speaks TLS; `nil`: it doesn't. Files are read when the client is made.
  public var tls: WalletTLSOptions?

  /// When given, the server refuses the connection unless it serves this ledger.
  public var ledgerID: String?

  public init() {}
}
