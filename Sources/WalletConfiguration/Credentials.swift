/// Files that systemd hands to a service (`LoadCredential=`): a value `credential:NAME` is the path of one.
struct Credentials: Sendable {
  struct Failure: Error {
    var message: String
  }

  private static let prefix = "credential:"
  private static let variable = "CREDENTIALS_DIRECTORY"

  private let folder: String?

  init(environment: [String: String]) {
    folder = environment[Self.variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  func resolve(_ value: String) throws(Failure) -> String {
    guard value.hasPrefix(Self.prefix) else { return value }
    let name = value.dropFirst(Self.prefix.count)
    guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
      throw Failure(message: "\(value): a credential has a name without \"/\"")
    }
    guard let folder else {
      throw Failure(
        message: "\(value): \(Self.variable) isn't set; the unit needs LoadCredential=\(name):/path/of/the/file")
    }
    return "\(folder)/\(name)"
  }
}
