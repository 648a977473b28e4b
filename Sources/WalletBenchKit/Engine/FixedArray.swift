/// Elements of a fixed number that belong to one owner. Unlike an array that is a class's property it costs neither a check
/// for exclusive access nor one for other owners each time: both would be paid several times for each operation.
@safe
final class FixedArray<Element: BitwiseCopyable> {
  private let elements: UnsafeMutableBufferPointer<Element>

  init(repeating element: Element, count: Int) {
    unsafe elements = .allocate(capacity: count)
    unsafe elements.initialize(repeating: element)
  }

  deinit { unsafe elements.deallocate() }

  var count: Int { unsafe elements.count }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "there is no element \(index)")
      return unsafe elements[index]
    }
    set {
      precondition(index >= 0 && index < count, "there is no element \(index)")
      unsafe elements[index] = newValue
    }
  }
}
