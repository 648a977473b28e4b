import WalletSystem

extension RESP {
  private static let versionLine = "redis_version:"

  /// INFO, which only a Redis answers with its version.
  func greet(_ channel: Channel, deadline: Int64, _ time: any TimeSource) throws(BenchFailure) -> Peer {
    let request = Array("*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n".utf8)
    // A new socket's buffer has room for it.
    guard channel.send(request, from: 0) == request.count else { throw isNotRedis("it closed") }
    var conversation = Conversation(channel: channel, deadline: deadline, time: time)
    while true {
      guard try conversation.receive() else {
        throw conversation.isSilent
          ? .unreachable("\(server) takes connections and says nothing for 10 s")
          : isNotRedis("it closed the connection")
      }
      if let name = try serverName(conversation.input) { return Peer(name: name) }
    }
  }

  /// `nil` until the answer is whole.
  func serverName(_ input: [UInt8]) throws(BenchFailure) -> String? {
    let value: RESPParser.Value?
    do throws(RESPParser.Malformed) {
      value = try RESPParser.value(in: input.span, from: 0)
    } catch {
      throw isNotRedis(error.rule)
    }
    guard let value else { return nil }
    let text = String(decoding: input[value.payload], as: UTF8.self)
    if value.form == .error { throw .unreachable("\(server) refuses INFO: \(text)") }
    let lines = text.split { $0.isNewline }
    guard value.form == .bulk, let line = lines.first(where: { $0.hasPrefix(Self.versionLine) }) else {
      throw isNotRedis("it answers INFO without a version")
    }
    return "redis/\(line.dropFirst(Self.versionLine.count))"
  }

  private func isNotRedis(_ why: String) -> BenchFailure { .unreachable("\(server) isn't a Redis: \(why)") }
}
