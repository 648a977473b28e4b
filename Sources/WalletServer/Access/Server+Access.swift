import WalletCore
import WalletSystem
import WalletWire

/// Who is let in, and what happens to those who aren't.
extension Server {
  /// Makes the connection a principal's.
  ///
  /// - Throws: Why it isn't let in; the connection closes.
  func authenticate(_ connection: Connection, _ hello: ClientHello) throws(Failure) {
    do throws(AccessDenial) {
      let access = try authentication.access(
        token: hello.token, transport.identity(of: connection.socket), now: time.wallMicroseconds)
      connection.admit(access, clientName: hello.clientName)
    } catch {
      let origin = Origin(Access.none, source: Text(connection.peer), clientName: hello.clientName)
      audit(DeniedCall(.hello, origin: origin, error))
      throw error.failure
    }
  }

  /// Has an audit row written of a call that nobody waits for the answer of. When the queues are full there is none:
  /// whoever knocks mustn't take the place of those who are in.
  func audit(_ call: DeniedCall) {
    guard queuedRequests < limits.queuedRequestsMax else { return }
    queuedRequests += 1
    let ticket = Ticket(
      socket: .nobody, requestID: 0, verb: call.verb, deadline: now + limits.defaultDeadlineMilliseconds * 1000,
      receivedAt: now, byteCount: 0)
    gathered.append(ticket, .denied(call))
  }

  /// A row of the ledger has changed who may come in. Called before its answer leaves.
  func adopt(_ row: AdministrationRow) {
    guard case .revocation(let id) = Command.Parameters(encoded: row.detail) else { return }
    for connection in connections where connection.origin.access.grantID == id && !connection.isGreeting {
      fail(connection, AccessDenial(.credentialRevoked).failure)
    }
  }

  /// Puts out whoever's time is over. Called a few times a second.
  func endExpired() {
    let now = time.wallMicroseconds
    for connection in connections
    where !connection.isGreeting && !connection.isClosing && connection.origin.access.isExpired(at: now) {
      fail(connection, AccessDenial(.credentialExpired).failure)
    }
  }

  // MARK: Requests

  /// Why the caller may not ask for this at all; what it is about may deny it later.
  @inline(__always)
  func denial(of method: UInt16, _ connection: Connection) -> (verb: Verb, denial: AccessDenial)? {
    if connection.origin.isUnlimited { return nil }
    guard let verb = Verb(rawValue: method), let denial = connection.origin.access.denial(of: verb) else { return nil }
    return (verb, denial)
  }

  /// Answers through the ledger's queue, which may write a row. What was asked is told there as far as it can be read.
  func deny(
    _ denied: (verb: Verb, denial: AccessDenial), _ header: FrameHeader, _ payload: Span<UInt8>,
    _ connection: Connection
  ) {
    var call = DeniedCall(denied.verb, origin: connection.origin, denied.denial)
    do throws(Failure) {
      switch try decoder.decode(method: header.code, payload: payload, origin: connection.origin) {
      case .mutation(let command), .dryRun(.mutation(let command)):
        if command.violation == nil { call = DeniedCall(command, denied.denial) }
      case .getWallet(let wallet), .getBalance(let wallet): call.address = wallet
      default: break
      }
    } catch {
      // It is denied whatever it says.
    }
    // Counted as the ticket of one is when it comes back.
    if denied.verb == .explainBalance { explanations += 1 }
    enqueue(.denied(call), denied.verb, header, payload.count, connection)
  }

  /// A read as it goes to the ledger: with its caller, where the caller is kept to some wallets.
  func guarded(_ read: consuming LedgerRequest, _ verb: Verb, _ connection: Connection) -> LedgerRequest {
    if connection.origin.isUnlimited || !connection.origin.access.constraints.restrictsWallets { return read }
    return .guarded(read, verb, connection.origin)
  }
}

extension SocketID {
  /// No connection has it.
  static let nobody = SocketID(slot: .max, generation: .max)
}
