/// Who asks, as the connection knows it. Callers can't choose it.
///
/// One object for all requests of a connection: handing it on is one reference.
public struct Origin: Hashable, Sendable {
  @usableFromInline
  final class Storage: Sendable {
    @usableFromInline let actor: Text
    @usableFromInline let source: Text
    @usableFromInline let clientName: Text
    @usableFromInline let access: Access
    @usableFromInline let isUnlimited: Bool

    init(_ actor: Text, _ source: Text, _ clientName: Text, _ access: Access) {
      self.actor = actor
      self.source = source
      self.clientName = clientName
      self.access = access
      isUnlimited = access.isUnlimited
    }
  }

  @usableFromInline let storage: Storage

  /// Of a row that is written already, or by the server itself.
  public init(actor: Text, source: Text, clientName: Text) {
    storage = Storage(actor, source, clientName, .local)
  }

  /// Of a caller: its principal is the actor.
  public init(_ access: Access, source: Text, clientName: Text) {
    storage = Storage(access.principal, source, clientName, access)
  }

  /// The identity of the connection; `local` where there is no authentication.
  @inlinable
  @inline(__always)
  public var actor: Text { storage.actor }
  /// The caller's address.
  @inlinable
  @inline(__always)
  public var source: Text { storage.source }
  /// What the client calls itself.
  @inlinable
  @inline(__always)
  public var clientName: Text { storage.clientName }

  /// What the caller may do. It is no part of what rows say.
  @inlinable
  @inline(__always)
  public var access: Access { storage.access }

  /// The caller may do everything: nothing has to be looked at.
  @inlinable
  @inline(__always)
  public var isUnlimited: Bool { storage.isUnlimited }

  /// Who writes rows that nobody asked for.
  public static let system = Origin(actor: "system", source: "", clientName: "")

  public static func == (left: Origin, right: Origin) -> Bool {
    left.storage === right.storage
      || left.actor == right.actor && left.source == right.source && left.clientName == right.clientName
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(actor)
    hasher.combine(source)
    hasher.combine(clientName)
  }
}
