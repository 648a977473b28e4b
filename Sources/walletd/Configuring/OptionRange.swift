import ArgumentParser

/// Options are judged one after another: the range of one may rest on others, which must be sound by then.
enum OptionRange {
  static func judge<Number: BinaryInteger>(
    _ name: String, _ value: Number, _ lower: Number, _ upper: Number, _ why: String = ""
  ) throws {
    guard value < lower || value > upper else { return }
    let reason = why.isEmpty ? "" : " (\(why))"
    throw ValidationError("--\(name) must be \(lower) to \(upper)\(reason), not \(value)")
  }
}
