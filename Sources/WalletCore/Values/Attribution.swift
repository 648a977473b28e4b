/// Who asked for a row of the journal, why, and under which key.
///
/// Of a command's row it is the command itself: handing a row on copies no texts. `@unchecked Sendable`: commands are a
/// kind of it, so it isn't final; whatever it has is constant.
public class Attribution: Equatable, @unchecked Sendable {
  /// `nil` for rows that no request asked for.
  public final let key: IdempotencyKey?
  /// The key where it is a UUID, as nearly all are: asking for it copies no key.
  public final let uuid: (high: UInt64, low: UInt64)?
  public final let audit: Command.Audit
  public final let origin: Origin
  /// It has nothing but what nearly every request has: a key of a client's own, reason, reference and correlation id.
  public final let isPlain: Bool

  public init(key: IdempotencyKey?, audit: Command.Audit, origin: Origin) {
    self.key = key
    self.audit = audit
    self.origin = origin
    var uuid: (high: UInt64, low: UInt64)?
    var isItem = false
    switch key {
    case .uuid(let high, let low): uuid = (high, low)
    case .item: isItem = true
    case nil, .text: break
    }
    self.uuid = uuid
    isPlain =
      !isItem && audit.occurredAt == 0 && audit.onBehalfOf.isEmpty && audit.note.isEmpty && audit.metadata.isEmpty
  }

  public static func == (left: Attribution, right: Attribution) -> Bool {
    left === right || left.key == right.key && left.audit == right.audit && left.origin == right.origin
  }
}
