import Testing

@testable import WalletBenchKit

struct RESPParserTests {
  private typealias Value = RESPParser.Value

  private func value(_ text: String, from start: Int = 0) throws -> Value? {
    let bytes = Array(text.utf8)
    return try RESPParser.value(in: bytes.span, from: start)
  }

  @Test func valuesOfEachForm() throws {
    #expect(try value("+OK\r\n") == Value(form: .simple, payload: 1..<3, end: 5))
    #expect(try value("-ERR no\r\n") == Value(form: .error, payload: 1..<7, end: 9))
    #expect(try value(":-12\r\n") == Value(form: .integer, payload: 1..<4, end: 6))
    #expect(try value("$2\r\n17\r\n") == Value(form: .bulk, payload: 4..<6, end: 8))
    #expect(try value("$4\r\n\r\n\r\n\r\n") == Value(form: .bulk, payload: 4..<8, end: 10))
    #expect(try value("$0\r\n\r\n") == Value(form: .bulk, payload: 4..<4, end: 6))
    #expect(try value("$-1\r\n") == Value(form: .null, payload: 5..<5, end: 5))
  }

  /// However a stream is cut, the same values come out of it, and none before it is whole.
  @Test func everySplitOfAStream() throws {
    let stream = Array(
      "+OK\r\n:123\r\n$3\r\n-45\r\n-OOM full\r\n$-1\r\n:0\r\n$6\r\n\r\n+OK\r\r\n:9223372036854775807\r\n".utf8)
    var whole: [Value] = []
    while let value = try RESPParser.value(in: stream.span, from: whole.last?.end ?? 0) { whole.append(value) }
    #expect(whole.count == 8)
    #expect(whole.last?.end == stream.count)
    for cut in 0...stream.count {
      var found: [Value] = []
      let prefix = Array(stream[..<cut])
      while let value = try RESPParser.value(in: prefix.span, from: found.last?.end ?? 0) { found.append(value) }
      #expect(found == whole.filter { $0.end <= cut })
    }
  }

  @Test(arguments: [
    "*1\r\n", "x\r\n", "_\r\n", ":\r\n", ":-\r\n", ":1 \r\n", ":+1\r\n", ":12a\r\n", ":9223372036854775808\r\n",
    "+a\rb\r\n",
    "$\r\n", "$-2\r\n", "$1048577\r\n", "$1\r\nab\r\n", "$1\r\na\rx", "$x\r\n",
  ])
  func whatIsNoValue(text: String) {
    #expect(throws: RESPParser.Malformed.self) { try value(text) }
  }

  @Test func integersAreExact() {
    for number in [Int64.min, -1, 0, 9, 10, .max] {
      let digits = Array(String(number).utf8)
      #expect(RESPParser.integer(digits.span, 0..<digits.count) == number)
    }
    let tooLow = Array("-9223372036854775809".utf8)
    #expect(RESPParser.integer(tooLow.span, 0..<tooLow.count) == nil)
  }

  @Test func endlessLinesAreRefused() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "+"), count: RESPParser.lineBytesMax + 3)
    #expect(throws: RESPParser.Malformed.self) { try RESPParser.value(in: bytes.span, from: 0) }
  }
}

struct RESPTests {
  private let wire = RESP(server: "")

  private func encoded(_ operation: Operation) -> String {
    var output: [UInt8] = Array("x".utf8)
    wire.append(operation, requestID: 1, BatchPool(), to: &output)
    return String(decoding: output.dropFirst(), as: UTF8.self)
  }

  @Test func commands() {
    #expect(
      encoded(Operation(kind: .debit, wallet: 0, amount: 7)) == "*3\r\n$6\r\nDECRBY\r\n$8\r\nwallet:0\r\n$1\r\n7\r\n")
    #expect(
      encoded(Operation(kind: .credit, wallet: 99_999, amount: 100))
        == "*3\r\n$6\r\nINCRBY\r\n$12\r\nwallet:99999\r\n$3\r\n100\r\n")
    #expect(encoded(Operation(kind: .balance, wallet: 10)) == "*2\r\n$3\r\nGET\r\n$9\r\nwallet:10\r\n")
    #expect(
      encoded(Operation(kind: .open, wallet: 1_234_567, amount: .max))
        == "*3\r\n$3\r\nSET\r\n$14\r\nwallet:1234567\r\n$19\r\n9223372036854775807\r\n")
  }

  private func reply(_ kind: Operation.Kind, _ text: String) throws -> Reply? {
    let bytes = Array(text.utf8)
    let message = try #require(try wire.message(in: bytes.span, from: 0))
    return wire.reply(to: Operation(kind: kind, wallet: 3, walletID: 3), message, bytes.span)
  }

  @Test func onlyTheFormOfTheCommandAnswersIt() throws {
    #expect(try reply(.debit, ":-5\r\n")?.balance == -5)
    #expect(try reply(.balance, "$2\r\n42\r\n") == Reply(walletID: 3, balance: 42))
    #expect(try reply(.open, "+OK\r\n") != nil)
    #expect(try reply(.debit, "+OK\r\n") == nil)
    #expect(try reply(.debit, "$1\r\n5\r\n") == nil)
    #expect(try reply(.balance, ":5\r\n") == nil)
    #expect(try reply(.balance, "$2\r\n4x\r\n") == nil)
    #expect(try reply(.open, ":1\r\n") == nil)
  }

  @Test func refusalsSayTheirCode() throws {
    for (text, code) in [("-OOM command not allowed\r\n", "OOM"), ("-ERR\r\n", "ERR"), ("$-1\r\n", "NIL")] {
      let bytes = Array(text.utf8)
      let message = try #require(try wire.message(in: bytes.span, from: 0))
      #expect(message.kind == .refusal && message.isNotExecuted)
      #expect(wire.refusal(message, bytes.span)?.name == code)
    }
  }

  @Test func theVersionIsReadOutOfINFO() throws {
    let text = "# Server\r\nredis_version:7.0.15\r\nos:Linux\r\n"
    #expect(try wire.serverName(Array("$\(text.utf8.count)\r\n\(text)\r\n".utf8)) == "redis/7.0.15")
    #expect(try wire.serverName(Array("$\(text.utf8.count)\r\n\(text)".utf8)) == nil)
    for other in ["-NOAUTH Authentication required.\r\n", "+OK\r\n", "HTTP/1.1 400 Bad Request\r\n"] {
      #expect(throws: BenchFailure.self) { try wire.serverName(Array(other.utf8)) }
    }
  }
}

struct ConnectionTests {
  /// Answers in order find their operations by turn; those with ids find them in any order.
  @Test func slotsGoRoundInACircle() {
    let connection = Connection(token: 0, depth: 3)
    var asked = 0
    var answered = 0
    for round in 1...20 {
      while connection.outstanding < (round % 3) + 1 {
        _ = connection.keep(Operation(kind: .balance, wallet: asked))
        asked += 1
      }
      while connection.outstanding > round % 2 {
        #expect(connection.take(0)?.wallet == answered)
        answered += 1
      }
    }
    #expect(answered > 20)
  }

  @Test func idsAreOfWhatIsInFlight() {
    let connection = Connection(token: 0, depth: 3)
    let ids = (0..<3).map { connection.keep(Operation(kind: .balance, wallet: $0)) }
    #expect(Set(ids) == [1, 2, 3])
    #expect(connection.take(ids[1])?.wallet == 1)
    #expect(connection.take(ids[1]) == nil)
    #expect(connection.take(4) == nil)
    let next = connection.keep(Operation(kind: .balance, wallet: 3))
    #expect(next == ids[1])
    #expect(Set(connection.lost().map(\.wallet)) == [0, 2, 3])
    #expect(connection.outstanding == 0)
    #expect(connection.take(0) == nil)
  }
}
