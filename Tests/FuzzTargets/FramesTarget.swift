import WalletWire

extension FuzzTarget {
  /// The bytes of a connection, from its first one on. They mean what proto/WIRE.md says, however they are cut.
  package static let frames = FuzzTarget("frames", bytesMax: 4096, seeds: { try $0.streams() }) { bytes in
    var input = Input(bytes)
    let mode = input.byte()
    var slices = Slices(input.byte())
    var stream = Array(input.rest)
    if mode & FramesMode.greets != 0 { stream = StreamReference.preface + FramesMode.hello + stream }
    if mode & FramesMode.seals != 0 { stream = StreamReference.sealed(stream) }

    let whole = Door()
    let outcome = try whole.outcome(of: [stream])
    let pieces = slices.cut(stream)
    if pieces.count > 1 {
      let cut = Door()
      try demand(
        try isSame(cut.outcome(of: pieces), outcome), "another outcome in \(pieces.count) pieces")
      try cut.end()
    }
    try compare(outcome, stream)
    try whole.end()
  }

  /// Which limit a frame that is too long for all of them is told depends on whether its method has arrived.
  private static func isSame(_ one: Door.Outcome, _ other: Door.Outcome) throws -> Bool {
    if one == other { return true }
    let (frames, others) = (try ServerFrames(one.sent).frames, try ServerFrames(other.sent).frames)
    guard one.isClosed, other.isClosed, frames.count == others.count, let last = frames.last?.message["frameLimit"],
      let otherLast = others.last?.message["frameLimit"], last["limit"] != otherLast["limit"]
    else { return false }
    return zip(frames.dropLast(), others.dropLast()).allSatisfy {
      $0.header == $1.header && $0.message == $1.message
    }
  }

  private static func compare(_ outcome: Door.Outcome, _ stream: [UInt8]) throws {
    let sent = try ServerFrames(outcome.sent).frames
    let isWelcome = sent.first?.header.type == .helloAck
    let reference = StreamReference(stream, isWelcome: isWelcome)
    var (answers, pongs): ([UInt32: Int], Int) = ([:], 0)
    for (index, frame) in sent.enumerated() {
      switch frame.header.type {
      case .helloAck: try demand(index == 0, "HELLO_ACK isn't first")
      case .connectionError:
        try demand(index == sent.count - 1, "something follows CONNECTION_ERROR")
        try demand(outcome.isClosed, "the connection isn't closed after CONNECTION_ERROR")
        _ = try frame.message.demandError()
      case .response:
        answers[frame.header.requestID, default: 0] += 1
        if frame.header.code != 0 { _ = try frame.message.demandError() }
      default: pongs += 1
      }
    }
    let requests = reference.frames.filter { $0.type == 3 }.map(\.id)
    let asked = requests.reduce(into: [UInt32: Int]()) { $0[$1, default: 0] += 1 }
    try demand(
      answers.allSatisfy { asked[$0.key, default: 0] >= $0.value }, "\(answers) are answered, and asked were \(asked)")
    // Two requests of one id may come where the first was answered between them, and may not where it wasn't.
    let mayClash = asked.contains { $0.value > 1 }
    if reference.isBroken || !mayClash {
      try demand(
        outcome.isClosed == reference.isBroken, "closed: \(outcome.isClosed); it must be: \(reference.isBroken)")
    }
    guard !outcome.isClosed else { return }
    try demand(answers == asked, "\(answers) are answered, and asked were \(asked)")
    try demand(pongs == reference.frames.count { $0.type == 6 }, "\(pongs) PONGs")
  }
}

/// Bits of the first byte.
enum FramesMode {
  /// Frames get right checksums.
  static let seals: UInt8 = 1
  /// A preface and a HELLO stand before the rest.
  static let greets: UInt8 = 2

  /// version 1
  static let hello = StreamReference.frame(type: 1, [0x0A, 0x01, 0x01])
}
