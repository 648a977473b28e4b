import Foundation
import TestSupport
import WalletWire

/// What the recorder wrote down, in its one order.
struct RecorderLog {
  enum Entry {
    case logWritten(offset: Int, bytes: ArraySlice<UInt8>)
    case syncBegins(descriptor: Int)
    case syncEnded(descriptor: Int, succeeded: Bool)
    case sendBegins(descriptor: Int, bytes: ArraySlice<UInt8>)
    case sendEnded(descriptor: Int, count: Int)
    case closed(descriptor: Int)
  }

  private(set) var entries: [Entry] = []

  private static let headerByteCount = 32

  init(_ path: String) throws {
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    var index = 0
    while index + Self.headerByteCount <= bytes.count {
      let number = { (offset: Int, count: Int) in
        bytes[index + offset..<index + offset + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
      let descriptor = Int(number(4, 4))
      let (offset, result, length) = (Int(number(8, 8)), Int(Int64(bitPattern: number(16, 8))), Int(number(24, 8)))
      let content = bytes[index + Self.headerByteCount..<index + Self.headerByteCount + length]
      switch number(0, 4) {
      case 1: entries.append(.logWritten(offset: offset, bytes: content))
      case 2: entries.append(.syncBegins(descriptor: descriptor))
      case 3: entries.append(.syncEnded(descriptor: descriptor, succeeded: result == 0))
      case 4: entries.append(.sendBegins(descriptor: descriptor, bytes: content))
      case 5: entries.append(.sendEnded(descriptor: descriptor, count: result))
      case 6: entries.append(.closed(descriptor: descriptor))
      default: throw TestFailure("a record of kind \(number(0, 4))")
      }
      index += Self.headerByteCount + length
    }
  }
}

/// The order that promise 1 asks for: the commit that holds a row was in the log, a sync of the log began after that,
/// and it had succeeded before the answer was given to the socket.
struct SyncOrder {
  /// OK answers to mutations, and answers that are a remembered refusal.
  private(set) var answers = 0
  private(set) var syncs = 0
  /// Pages written to the log.
  private(set) var pages = 0
  /// How often the log was begun anew after a checkpoint.
  private(set) var restarts = 0
  private(set) var problems: [String] = []

  private static let frameHeaderByteCount = 24

  /// Place of the commit frame, by the key of a row of that commit.
  private var commits: [[UInt8]: Int] = [:]
  private var completedSyncs: [(began: Int, ended: Int)] = []

  /// - Parameter sent: What the clients know: a refusal's frame says its place in the journal, and not its key.
  init(_ log: RecorderLog, of sent: LoadLog) {
    var keysOfRefusals: [Int64: String] = [:]
    for (attempt, answer) in sent.answered {
      if case .refused(let error) = answer { keysOfRefusals[error.commitSeq] = attempt.key }
    }
    let keys = sent.answered.map(\.attempt.key) + sent.unanswered.map(\.key)
    readCommits(log, keys: Set(keys.map(Self.bytes)))
    readSyncs(log)
    readAnswers(log, keysOfRefusals)
  }

  /// A UUID as it is stored.
  private static func bytes(_ key: String) -> [UInt8] {
    let digits = Array(key.utf8.filter { $0 != UInt8(ascii: "-") })
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
    }
  }

  /// SQLite writes a frame as a header of 24 bytes and a page. The header of a commit's last frame says the size of the
  /// database; until that page is written no reader, and no recovery, sees the commit.
  private mutating func readCommits(_ log: RecorderLog, keys: Set<[UInt8]>) {
    let search = KeySearch(keys)
    var waiting: [[UInt8]] = []
    var isLastOfCommit = false
    var isBegun = false
    for (place, entry) in log.entries.enumerated() {
      guard case .logWritten(let offset, let bytes) = entry else { continue }
      if offset == 0 {
        if isBegun { restarts += 1 }
        isBegun = true
      } else if bytes.count == Self.frameHeaderByteCount {
        isLastOfCommit = bytes[(bytes.startIndex + 4)..<(bytes.startIndex + 8)].contains { $0 != 0 }
      } else {
        pages += 1
        waiting += search.keys(in: bytes).filter { commits[$0] == nil }
        guard isLastOfCommit else { continue }
        for key in waiting { commits[key] = place }
        waiting = []
        isLastOfCommit = false
      }
    }
  }

  private mutating func readSyncs(_ log: RecorderLog) {
    // A checkpoint beside the commits syncs the log too, on a descriptor of its own.
    var began: [Int: Int] = [:]
    for (place, entry) in log.entries.enumerated() {
      switch entry {
      case .syncBegins(let descriptor): began[descriptor] = place
      case .syncEnded(let descriptor, let succeeded):
        if succeeded, let began = began[descriptor] { completedSyncs.append((began, place)) }
        began[descriptor] = nil
      default: continue
      }
    }
    syncs = completedSyncs.count
  }

  private mutating func readAnswers(_ log: RecorderLog, _ keysOfRefusals: [Int64: String]) {
    var streams: [Int: [UInt8]] = [:]
    var sending: [Int: (place: Int, bytes: ArraySlice<UInt8>)] = [:]
    /// Where the frame began that isn't whole yet.
    var frameBegan: [Int: Int] = [:]
    for (place, entry) in log.entries.enumerated() {
      switch entry {
      case .sendBegins(let descriptor, let bytes): sending[descriptor] = (place, bytes)
      case .sendEnded(let descriptor, let count):
        guard count > 0, let sent = sending[descriptor] else { continue }
        let isRest = !(streams[descriptor] ?? []).isEmpty
        var began = isRest ? frameBegan[descriptor] ?? sent.place : sent.place
        var stream = (streams[descriptor] ?? []) + sent.bytes.prefix(count)
        while let frame = takeFrame(&stream) {
          judge(frame, sentAt: began, keysOfRefusals)
          began = sent.place
        }
        streams[descriptor] = stream
        frameBegan[descriptor] = began
      case .closed(let descriptor):
        streams[descriptor] = nil
        sending[descriptor] = nil
      default: continue
      }
    }
  }

  private mutating func takeFrame(_ stream: inout [UInt8]) -> TestReply? {
    do throws(FrameError) {
      guard let slice = try FrameParser.frame(in: stream.span, from: 0, frameBytesMax: 8 << 20) else { return nil }
      let reply = TestReply(header: slice.header, payload: Array(stream[slice.payload]))
      stream.removeFirst(slice.end)
      return reply
    } catch {
      problems.append("the server sent what is no frame: \(error)")
      stream = []
      return nil
    }
  }

  private mutating func judge(_ reply: TestReply, sentAt sent: Int, _ keysOfRefusals: [Int64: String]) {
    guard reply.header.type == .response else { return }
    do throws(TestFailure) {
      let key = reply.isOK ? try reply.mutation().transaction.key : keysOfRefusals[try reply.error().commitSeq]
      // Reads have no key; failures that aren't remembered have no row.
      guard let key, !key.isEmpty else { return }
      answers += 1
      guard let committed = commits[Self.bytes(key)] else {
        return problems.append("\(key) was answered at \(sent) and no commit with it was ever in the log")
      }
      let isSynced = completedSyncs.contains { $0.began > committed && $0.ended < sent }
      if !isSynced { problems.append("\(key): in the log at \(committed), answered at \(sent), no sync between") }
    } catch {
      problems.append("\(error)")
    }
  }
}

/// Finds any of many keys of 16 bytes in a page, by their first two bytes: a search for each would take for ever.
private struct KeySearch {
  private var byPrefix: [[[UInt8]]] = Array(repeating: [], count: 1 << 16)

  init(_ keys: Set<[UInt8]>) {
    for key in keys { byPrefix[Int(key[0]) << 8 | Int(key[1])].append(key) }
  }

  func keys(in page: ArraySlice<UInt8>) -> [[UInt8]] {
    var found: [[UInt8]] = []
    unsafe page.withUnsafeBufferPointer { page in
      var window = 0
      for index in 0..<page.count {
        window = unsafe (window & 0xFF) << 8 | Int(page[index])
        for key in byPrefix[window] where index > 0 {
          if unsafe page[(index - 1)...].starts(with: key) { found.append(key) }
        }
      }
    }
    return found
  }
}
