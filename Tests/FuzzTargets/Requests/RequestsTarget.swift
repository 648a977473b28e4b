import WalletCore
import WalletWire

extension FuzzTarget {
  /// A method and the payload of its request.
  ///
  /// What is read by hand is what protobuf-c reads; the gateway's JSON of a request is the same request; a mutation has no
  /// field that nobody knows and keeps within the bounds of its fields; whatever is refused names a field.
  package static let requests = FuzzTarget("requests", bytesMax: 4096, seeds: { try $0.requests() }) { bytes in
    var input = Input(bytes)
    let method = RequestMethods.method(input.byte())
    try RequestCheck(method: method, payload: Array(input.rest)).run()
  }
}

enum RequestMethods {
  static let all = SchemaRegistry.wallet.methods.sorted { $0.number < $1.number }

  static func method(_ choice: UInt8) -> MethodSchema { all[Int(choice) % all.count] }
}

struct RequestCheck {
  private let method: MethodSchema
  private let payload: [UInt8]
  /// Those of a server.
  private let decoder = RequestDecoder(budget: 16 << 20, batchBudget: 32 << 20)

  init(method: MethodSchema, payload: [UInt8]) {
    self.method = method
    self.payload = payload
  }

  private static let origin = Origin(actor: "local", source: "127.0.0.1", clientName: "fuzz")
  /// `dry_run`, or an unknown field, with the value that it has when it is left out: nothing that is read by hand.
  private static let unordinary: [UInt8] = [0x68, 0x00]
  private static let readByHand: Set<UInt16> = Set([Verb.debit, .credit, .batch, .getBalance].map(\.rawValue))

  private enum Reading {
    case request(ServerRequest)
    case refusal(Failure)
  }

  private func read(_ payload: [UInt8]) -> Reading { read(payload, decoder) }

  private func read(_ payload: [UInt8], _ decoder: RequestDecoder) -> Reading {
    do throws(Failure) {
      return .request(try decoder.decode(method: method.number, payload: payload.span, origin: Self.origin))
    } catch {
      return .refusal(error)
    }
  }

  func run() throws {
    let reading = read(payload)
    if Self.readByHand.contains(method.number) {
      try demand(Self.areSame(reading, read(Self.unordinary + payload)), "protobuf-c reads another request")
      try checkPosting(reading)
    }
    try checkBudget(reading)
    switch reading {
    case .refusal(let failure): try check(failure)
    case .request(let request):
      try checkJSON(request)
      if method.isMutation { try check(request) }
    }
  }

  /// The way that most requests go.
  private func checkPosting(_ reading: Reading) throws {
    guard let verb = Verb(rawValue: method.number), verb == .debit || verb == .credit else { return }
    var requests: [LedgerRequest] = []
    var posted: Reading?
    do throws(Failure) {
      guard try decoder.appendPosting(verb, payload.span, Self.origin, to: &requests) else {
        throw Failure(.internal)
      }
      switch requests.first {
      case .mutation(let command)?: posted = .request(.mutation(command))
      case .dryRun(let dryRun)?: posted = .request(.dryRun(dryRun))
      default: break
      }
    } catch {
      posted = .refusal(error)
    }
    try demand(posted.map { Self.areSame($0, reading) } == true, "appended is another request")
  }

  /// With little memory there is the same answer, or that there is too little.
  private func checkBudget(_ reading: Reading) throws {
    let little = read(payload, RequestDecoder(budget: 2048, batchBudget: 4096))
    if case .refusal(let failure) = little, failure.isUnreadable { return }
    try demand(Self.areSame(reading, little), "with little memory it is another request")
  }

  private static func areSame(_ one: Reading, _ other: Reading) -> Bool {
    switch (one, other) {
    case (.request(let one), .request(let other)): one.isSame(as: other)
    case (.refusal(let one), .refusal(let other)): one == other
    default: false
    }
  }

  // MARK: What is refused

  private func check(_ failure: Failure) throws {
    switch failure.detail {
    case .invalidArgument(let field, let rule):
      try demand(failure.reason == .invalidArgument && !rule.isEmpty, "\(failure)")
      if failure.isUnreadable { return }
      let first = field.prefix { $0 != "." && $0 != "[" }
      let isNumber = !first.isEmpty && first.allSatisfy { $0.isASCII && $0.isNumber }
      let isOneof = ["credential", "start"].contains(first)
      try demand(
        isNumber || isOneof || method.request.fields.contains { $0.name == first },
        "\(method.name) has no field \(field): \(rule)")
    case .unimplemented(let number, _): try demand(number == method.number, "\(failure)")
    default: throw Violation("\(failure) isn't an answer to what can't be read")
    }
  }

  // MARK: What is accepted

  /// What the gateway would make of it.
  private func checkJSON(_ request: ServerRequest) throws {
    if request.hasMalformedItem { return }
    let text: String
    do throws(ProtobufJSON.Failure) { text = try ProtobufJSON.text(payload, as: method.request) } catch {
      // protobuf-c takes a truth value of any type on the wire, and fields of number 0, which reads ignore as any unknown one.
      let isIgnored = !method.isMutation && UnknownFields.first(in: payload[...], of: method.request) != nil
      return try demand(isIgnored || UnknownFields.isTruth(error.field, of: method.request), "no JSON: \(error)")
    }
    let bytes = try ProtobufJSON.bytes(text, as: method.request)
    guard case .request(let other) = read(bytes) else { throw Violation("refused as JSON: \(text)") }
    try demand(request.isSame(as: other), "another request as JSON: \(text)")
    // What a message is written as doesn't change any more.
    try demand(try ProtobufJSON.text(bytes, as: method.request) == text, "another text the second time: \(text)")
  }

  private func check(_ request: ServerRequest) throws {
    if !request.hasMalformedItem, let unknown = UnknownFields.first(in: payload[...], of: method.request) {
      throw Violation("a mutation with the unknown field \(unknown) is accepted")
    }
    for command in request.commands where command.violation == nil {
      try CommandBounds(command).check()
      let encoded = command.parameters.encoded
      try demand(Command.Parameters(encoded: encoded) == command.parameters, "stored as other parameters: \(encoded)")
    }
  }
}

extension Failure {
  /// Nothing of the request could be read, so there is no field to name.
  fileprivate var isUnreadable: Bool {
    guard case .invalidArgument("", let rule) = detail else { return false }
    return rule.hasPrefix("the body is not a message of this method")
  }
}
