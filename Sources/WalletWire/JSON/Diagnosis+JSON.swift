package import WalletCore

extension Diagnosis {
  /// For programs.
  package var json: JSONValue {
    .object([
      JSONValue.Member("state", .string(worst.name)),
      JSONValue.Member(
        "checks",
        .array(
          lines.map { line in
            .object([
              JSONValue.Member("check", .string(line.check)), JSONValue.Member("state", .string(line.state.name)),
              JSONValue.Member("found", .string(line.found)), JSONValue.Member("advice", .string(line.advice)),
            ])
          })),
    ])
  }
}
