/// What stopped a test from going on: of the machine, or a reply that no server may give.
package struct TestFailure: Error, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}
