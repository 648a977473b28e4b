import WalletCore
import WalletWire

/// The golden bytes of proto/vectors, from which the first inputs are made.
package struct Vectors: Sendable {
  /// Bytes of frames, by name.
  private let frames: [String: [UInt8]]
  /// What clients send, by name.
  private let sessions: [String: [UInt8]]

  /// - Parameters:
  ///   - frames: The text of frames.json.
  ///   - sessions: The text of sessions.json.
  package init(frames: String, sessions: String) throws {
    self.frames = try Self.bytes(frames)
    self.sessions = try Self.bytes(sessions)
  }

  private static func bytes(_ text: String) throws -> [String: [UInt8]] {
    guard case .array(let vectors)? = try JSONParser.parse(text)["vectors"] else { throw Violation("no vectors") }
    var bytes: [String: [UInt8]] = [:]
    for vector in vectors {
      guard case .string(let name)? = vector["name"], case .string(let hex)? = vector["hex"] else { continue }
      bytes[name] = Hexadecimal.bytes(hex)
    }
    return bytes
  }

  /// All of it as the bytes of connections.
  func streams() throws -> [String: [UInt8]] {
    var streams: [String: [UInt8]] = [:]
    for (name, bytes) in frames { streams["frame-\(name)"] = [FramesMode.greets, 7] + bytes }
    for (name, bytes) in sessions where bytes.count <= 512 {
      streams["session-\(name)"] = [FramesMode.seals, 0] + bytes
    }
    return streams
  }

  /// Payloads of HELLO.
  func hellos() throws -> [String: [UInt8]] {
    var hellos: [String: [UInt8]] = [:]
    for (name, type, _, payload) in slices() where type == .hello { hellos["\(name)"] = [0] + payload }
    let token = TokenText(id: 7, secret: [UInt8](repeating: 0x5A, count: TokenText.secretByteCount)).text
    let kind: [UInt8] = [0x0A, UInt8(token.utf8.count)] + token.utf8
    hellos["token"] = [1, 0x0A, 1, 1, 0x1A, UInt8(kind.count)] + kind
    return hellos
  }

  /// Payloads of requests, behind the place of their method.
  func requests() throws -> [String: [UInt8]] {
    var requests: [String: [UInt8]] = [:]
    for (name, type, code, payload) in slices() where type == .request {
      guard let place = RequestMethods.all.firstIndex(where: { $0.number == code }) else { continue }
      requests["\(name)"] = [UInt8(place)] + payload
    }
    return requests
  }

  /// The JSON of requests, behind the place of their message.
  func documents() throws -> [String: [UInt8]] {
    var documents: [String: [UInt8]] = [:]
    for (name, type, code, payload) in slices() where type == .request {
      guard let method = RequestMethods.all.first(where: { $0.number == code }),
        let place = JSONMessages.all.firstIndex(where: { $0.name == method.request.name }),
        let text = try? ProtobufJSON.text(payload, as: method.request)
      else { continue }
      documents[name] = [UInt8(place)] + text.utf8
    }
    documents["strange"] = [0] + Array(#"{"a":[null,true,-1.5e+7,"\ud83d\ude00\n\/"],"":{}} "#.utf8)
    return documents
  }

  /// The same as calls of the gateway.
  func exchanges() throws -> [String: [UInt8]] {
    var exchanges: [String: [UInt8]] = [:]
    for (name, type, code, payload) in slices() where type == .request {
      guard let method = RequestMethods.all.first(where: { $0.number == code }),
        let text = try? ProtobufJSON.text(payload, as: method.request)
      else { continue }
      let type = method.isStream ? "application/connect+json" : "application/json"
      let head =
        "POST /wallet.v1.WalletService/\(method.name) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
        + "Authorization: Bearer wlt_7_00\r\nConnect-Timeout-Ms: 500\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
      exchanges[name] = [0] + Array((head + text).utf8)
    }
    exchanges["two"] =
      [1] + Array("GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /metrics HTTP/1.1\r\nConnection: close\r\n\r\n".utf8)
    exchanges["chunked"] =
      [2]
      + Array("POST /a?b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n".utf8)
    exchanges["continued"] =
      [3] + Array("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\nab".utf8)
    return exchanges
  }

  /// Cursors that the ledger itself gives, and tokens of a watch.
  func cursors() throws -> [String: [UInt8]] {
    var cursors: [String: [UInt8]] = ["none": [0, 0], "made-up": [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0x31]]
    let lists = try CursorLists()
    for list in UInt8(0)..<7 {
      let page = PageRequest(rowsMax: CursorLists.rowsMax, cursor: "")
      switch try lists.ledger.perform(lists.request(Int(list), page)) {
      case .transactions(_, let next, _, _, _), .wallets(_, let next, _), .refusals(_, let next, _),
        .tokens(_, let next, _):
        cursors["list-\(list)"] = [list, 0] + next.utf8
      default: continue
      }
    }
    cursors["watch"] = [7, 0] + WatchTokens(lists.ledger.description).token(at: 5).string.utf8
    return cursors
  }

  /// What rows of the journal say, behind its kind.
  func details() throws -> [String: [UInt8]] {
    let (name, limits) = (WalletName(owner: "u1", currency: "USD", name: "main"), WalletLimits())
    let terms = GrantTerms(
      principal: "shop", credential: .certificate(name: "cn"), scopes: ScopeSet([.read, .debit]),
      constraints: Constraints(currencies: ["USD", "EUR"], ownerPrefix: "u", amountMax: 5), expiresAt: 9)
    var details: [String: [UInt8]] = [
      "open": [0, 0] + OpenDetail(name: name, exponent: 2).encoded,
      "hold": [1, 0] + HoldDetail(timeout: 1_000_000, endsAt: Door.now).encoded,
      "expire": [2, 0] + ExpireDetail(endsAt: Door.now).encoded,
      "capture": [3, 0] + CaptureDetail(requested: 5, isFinal: true).encoded,
      "refund": [4, 0] + RefundDetail(requested: 5).encoded,
    ]
    let parameters: [Command.Parameters] = [
      .transfer(to: .name(name)), .transfer(to: .id(7, currency: "USD")), .hold(timeout: 5),
      .capture(holdID: 5, isFinal: false), .release(holdID: 5), .refund(seq: 5), .freeze(.debit, until: 5),
      .unfreeze(.all), .limits(limits), .currency(code: "ESIM-MB", exponent: 0), .counterAccount(name: "promo"),
      .grant(terms), .revocation(id: 5),
    ]
    for (index, parameters) in parameters.enumerated() { details["parameters-\(index)"] = [5, 0] + parameters.encoded }
    let figures = InsufficientFunds(
      requested: 5, available: 1, balance: 1, held: 0, overdraftLimit: 0, version: .max)
    let refusals: [Failure] = [
      Failure(.insufficientFunds, .insufficientFunds(figures)), Failure(.walletNotFound, .wallet(id: 0, name)),
      Failure(.currencyMismatch, .currency(wallet: "USD", request: "EUR")),
      Failure(.holdExpired, .hold(5, at: 1, remaining: 2)),
      Failure(.walletFrozen, .frozen(walletID: 1, Freeze(scope: .all, reason: "r", since: 1, until: 0))),
      Failure(.limitExceeded, .limit(.dayAmount, limit: 1, used: 2, windowEnd: 3)),
      Failure(.amountOverflow, .overflow(field: "balance")),
      Failure(
        .batchAborted, .batchAborted(index: 3, cause: Failure(.walletNotEmpty, .notEmpty(balance: 1, openHolds: 2)))),
    ]
    for (index, refusal) in refusals.enumerated() {
      guard let place = ErrorReason.allCases.firstIndex(of: refusal.reason) else { continue }
      details["refusal-\(index)"] = [7, UInt8(place)] + refusal.detail.encoded
    }
    return details
  }

  /// The frames of sessions.
  private func slices() -> [(name: String, type: FrameType, code: UInt16, payload: [UInt8])] {
    var slices: [(name: String, type: FrameType, code: UInt16, payload: [UInt8])] = []
    for (name, bytes) in sessions {
      var start = StreamReference.preface.count
      while let slice = try? FrameParser.frame(in: bytes.span, from: start, frameBytesMax: 1 << 20) {
        slices.append(("\(name)-\(slices.count)", slice.header.type, slice.header.code, Array(bytes[slice.payload])))
        start = slice.end
      }
    }
    return slices
  }
}
