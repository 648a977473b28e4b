import WalletCore
import WalletWire

/// A failure as the Connect protocol tells it (connectrpc.com/docs/protocol).
package struct ConnectError: Error {
  var code: Code
  var message: String
  /// A wallet.v1.Error as bytes; empty: there is none.
  var detail: [UInt8] = []
  var headers: [(name: String, value: String)] = []

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// By gRPC's numbers.
  enum Code: UInt16 {
    case canceled = 1
    case unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied, resourceExhausted,
      failedPrecondition, aborted, outOfRange, unimplemented, `internal`, unavailable, dataLoss, unauthenticated

    var name: String {
      switch self {
      case .canceled: "canceled"
      case .unknown: "unknown"
      case .invalidArgument: "invalid_argument"
      case .deadlineExceeded: "deadline_exceeded"
      case .notFound: "not_found"
      case .alreadyExists: "already_exists"
      case .permissionDenied: "permission_denied"
      case .resourceExhausted: "resource_exhausted"
      case .failedPrecondition: "failed_precondition"
      case .aborted: "aborted"
      case .outOfRange: "out_of_range"
      case .unimplemented: "unimplemented"
      case .internal: "internal"
      case .unavailable: "unavailable"
      case .dataLoss: "data_loss"
      case .unauthenticated: "unauthenticated"
      }
    }

    var httpStatus: Int {
      switch self {
      case .canceled: 499
      case .invalidArgument, .failedPrecondition, .outOfRange: 400
      case .unauthenticated: 401
      case .permissionDenied: 403
      case .notFound: 404
      case .alreadyExists, .aborted: 409
      case .resourceExhausted: 429
      case .unimplemented: 501
      case .unavailable: 503
      case .deadlineExceeded: 504
      case .unknown, .internal, .dataLoss: 500
      }
    }
  }

  /// What the server answered a request with, or said before it closed the connection.
  ///
  /// - Parameters:
  ///   - status: gRPC's number; `nil`: that of the error's reason.
  ///   - payload: A wallet.v1.Error.
  init(status: UInt16?, payload: [UInt8], flags: FrameFlags = [], retryAfterMilliseconds: UInt32 = 0) {
    let error = Self.value(payload)
    var reason: ErrorReason?
    if case .string(let name)? = error?["reason"] {
      reason = ErrorReason.allCases.first { "ERROR_REASON_\($0.name)" == name }
    }
    code = (status ?? reason?.status).flatMap { Code(rawValue: $0) } ?? .unknown
    if case .string(let text)? = error?["message"] { message = text } else { message = "no message" }
    if let reason { message = "\(reason.name): \(message)" }
    detail = payload
    headers = WalletHeaders.of(flags)
    if retryAfterMilliseconds > 0 {
      headers.append(("retry-after", "\((UInt64(retryAfterMilliseconds) + 999) / 1000)"))
      headers.append((WalletHeaders.retryAfter, "\(retryAfterMilliseconds)"))
    }
  }

  private static func value(_ payload: [UInt8]) -> JSONValue? {
    guard let schema = SchemaRegistry.wallet.message("wallet.v1.Error") else { return nil }
    do { return try ProtobufJSON.value(payload[...], as: schema, includeDefaults: false) } catch { return nil }
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      JSONValue.Member("code", .string(code.name)), JSONValue.Member("message", .string(message)),
    ]
    if !detail.isEmpty {
      var text = Base64.text(detail)
      while text.hasSuffix("=") { text.removeLast() }
      var entry: [JSONValue.Member] = [
        JSONValue.Member("type", .string("wallet.v1.Error")), JSONValue.Member("value", .string(text)),
      ]
      if let debug = Self.value(detail) { entry.append(JSONValue.Member("debug", debug)) }
      members.append(JSONValue.Member("details", .array([.object(entry)])))
    }
    return .object(members)
  }

  var response: HTTPResponse {
    HTTPResponse(
      status: code.httpStatus, headers: [("content-type", "application/json")] + headers, body: Array(json.text.utf8))
  }
}

extension ConnectError {
  /// A stream that ends before it begins: its errors stand in its last message, whatever they are.
  var streamResponse: HTTPResponse {
    HTTPResponse(
      status: 200, headers: [("content-type", "application/connect+json")], body: Envelope.end(self))
  }
}

/// What a frame's header says and HTTP has no word for.
enum WalletHeaders {
  static let retryAfter = "walletd-retry-after-ms"

  static func of(_ flags: FrameFlags) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if flags.contains(.notExecuted) { headers.append(("walletd-not-executed", "true")) }
    if flags.contains(.replayed) { headers.append(("walletd-replayed", "true")) }
    return headers
  }
}
