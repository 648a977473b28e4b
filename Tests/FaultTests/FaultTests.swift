import Testing

/// What the server promises when the machine, or somebody, is against it. Each test has walletd processes of its own;
/// one test at a time, since they are about time and load.
@Suite(.serialized)
struct FaultTests {
  /// Of the clients of one test.
  let witness = Witness()
}
