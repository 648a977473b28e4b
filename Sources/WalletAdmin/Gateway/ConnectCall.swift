import WalletCore
package import WalletWire

/// A call as an HTTP request asks for it, with everything checked that the wire doesn't check.
package struct ConnectCall {
  package enum Codec: String {
    case json, proto
  }

  package var method: MethodSchema
  package var codec: Codec
  /// 0: the server's default.
  package var deadlineMilliseconds: UInt32 = 0
  /// Empty: none.
  package var token: String
  /// The request as protobuf.
  package var payload: [UInt8]

  /// Why a request is refused before it is a call.
  package enum Refusal: Error {
    case plain(HTTPResponse)
    case connect(ConnectError, isStream: Bool)

    package var response: HTTPResponse {
      switch self {
      case .plain(let response): response
      case .connect(let error, let isStream): isStream ? error.streamResponse : error.response
      }
    }
  }

  /// - Throws: `Refusal`.
  package init(_ request: HTTPRequest, limits: AdminLimits) throws(Refusal) {
    let name = String(request.path.dropFirst(Gateway.pathPrefix.count))
    guard let method = SchemaRegistry.wallet.methods.first(where: { $0.name == name }) else {
      throw .plain(.text(404, "no method \(name)\n"))
    }
    guard request.method == "POST" else {
      throw .plain(.text(405, "\(name) takes POST\n", headers: [("allow", "POST")]))
    }
    self.method = method
    codec = try Self.codec(request, method)
    do throws(ConnectError) {
      if request.header("origin") != nil {
        throw ConnectError(.permissionDenied, "pages of the web may not call this port (the request has an Origin)")
      }
      if let version = request.header("connect-protocol-version"), version != "1" {
        throw ConnectError(.invalidArgument, "Connect-Protocol-Version must be 1, not \(version)")
      }
      let encoding = request.header(method.isStream ? "connect-content-encoding" : "content-encoding") ?? "identity"
      guard encoding == "identity" else {
        throw ConnectError(.unimplemented, "compressed requests aren't taken (Content-Encoding: \(encoding))")
      }
      deadlineMilliseconds = try Self.deadline(request)
      token = try Self.token(request, limits)
      let body = method.isStream ? try Envelope.only(in: request.body) : request.body
      payload = try Self.payload(body, codec, method, traceparent: request.header("traceparent"))
    } catch {
      throw .connect(error, isStream: method.isStream)
    }
  }

  /// Only these types: a page of the web can't send one of them elsewhere without asking first.
  private static func codec(_ request: HTTPRequest, _ method: MethodSchema) throws(Refusal) -> Codec {
    let prefix = method.isStream ? "application/connect+" : "application/"
    let type = (request.header("content-type") ?? "").lowercased().split(separator: ";").first.map(String.init) ?? ""
    if type.hasPrefix(prefix), let codec = Codec(rawValue: String(type.dropFirst(prefix.count))) { return codec }
    let types = "\(prefix)json, \(prefix)proto"
    throw .plain(.text(415, "\(method.name) takes \(types)\n", headers: [("accept-post", types)]))
  }

  private static func deadline(_ request: HTTPRequest) throws(ConnectError) -> UInt32 {
    guard let text = request.header("connect-timeout-ms") else { return 0 }
    guard text.utf8.count <= 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = UInt64(text) else {
      throw ConnectError(.invalidArgument, "Connect-Timeout-Ms must be a number of at most 10 digits")
    }
    // 0 milliseconds have passed already; on the wire 0 would be the default.
    guard value > 0 else { throw ConnectError(.deadlineExceeded, "Connect-Timeout-Ms is 0") }
    return UInt32(clamping: value)
  }

  private static func token(_ request: HTTPRequest, _ limits: AdminLimits) throws(ConnectError) -> String {
    let given = request.headers("authorization")
    guard let value = given.first else { return "" }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard given.count == 1, parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw ConnectError(.unauthenticated, "Authorization must be Bearer and a token")
    }
    let token = parts[1].drop { $0 == " " }
    guard token.utf8.count <= limits.credentialBytesMax else {
      throw ConnectError(.unauthenticated, "the token is longer than any")
    }
    return String(token)
  }

  private static func payload(
    _ body: [UInt8], _ codec: Codec, _ method: MethodSchema, traceparent: String?
  ) throws(ConnectError) -> [UInt8] {
    guard codec == .json else { return body }
    do {
      var value = body.isEmpty ? JSONValue.object([]) : try JSONParser.parse(body)
      if let traceparent { value = adding(traceparent, to: value, method) }
      return try ProtobufJSON.bytes(value, as: method.request)
    } catch let error as JSONParser.Failure {
      throw ConnectError(.invalidArgument, "the body isn't JSON: \(error.rule), at byte \(error.position)")
    } catch {
      throw ConnectError(.invalidArgument, "\(error)")
    }
  }

  /// A trace that the caller tells of in a header becomes the correlation id of a mutation that has none: it is stored, and
  /// no part of what makes a request the same.
  private static func adding(_ traceparent: String, to value: JSONValue, _ method: MethodSchema) -> JSONValue {
    guard case .object(let members) = value, TraceContext.isValid(traceparent),
      method.request.fields.contains(where: { $0.name == "correlation_id" }),
      value["correlationId"] == nil, value["correlation_id"] == nil
    else { return value }
    return .object(members + [JSONValue.Member("correlationId", .string(traceparent))])
  }
}

/// Messages of a stream: a byte of flags, the length, the message.
enum Envelope {
  static let endOfStream: UInt8 = 2
  private static let headerBytes = 5

  static func wrap(_ message: [UInt8], flags: UInt8 = 0) -> [UInt8] {
    let length = UInt32(message.count)
    return [flags] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
  }

  /// The last message of an answer; also of one that has no other.
  static func end(_ error: ConnectError?) -> [UInt8] {
    let end = JSONValue.object(error.map { [JSONValue.Member("error", $0.json)] } ?? [])
    return wrap(Array(end.text.utf8), flags: endOfStream)
  }

  /// The one message that the request of a server's stream consists of.
  static func only(in body: [UInt8]) throws(ConnectError) -> [UInt8] {
    guard body.count >= headerBytes, body[0] == 0,
      body[1..<headerBytes].reduce(0, { $0 << 8 | Int($1) }) == body.count - headerBytes
    else { throw ConnectError(.invalidArgument, "the body must be one envelope, which isn't compressed") }
    return Array(body[headerBytes...])
  }
}
