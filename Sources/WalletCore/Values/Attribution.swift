/// Who asked for a row of the journal, why, and under which key.
///
/// Of a command's row it is the command itself: handing a row on copies no texts. `@unchecked Sendable`: commands are a
/// kind of it, so it isn't final; whatever it has is constant.
package class Attribution: Equatable, @unchecked Sendable {
  /// `nil` for rows that no request asked for.
  package final let key: IdempotencyKey?
  package final let audit: Command.Audit
  package final let origin: Origin
  /// It has nothing but what nearly every request has: a key of a client's own, reason, reference and correlation id.
  package final let isPlain: Bool

  package init(key: IdempotencyKey?, audit: Command.Audit, origin: Origin) {
    self.key = key
    self.audit = audit
    self.origin = origin
    var isItem = false
    if case .item = key { isItem = true }
    isPlain =
      !isItem && audit.occurredAt == 0 && audit.onBehalfOf.isEmpty && audit.note.isEmpty && audit.metadata.isEmpty
  }

  package static func == (left: Attribution, right: Attribution) -> Bool {
    left === right || left.key == right.key && left.audit == right.audit && left.origin == right.origin
  }
}
