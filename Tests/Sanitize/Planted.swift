// What the sanitizers must report, and what they mustn't: `planted CASE`. It proves that they see anything as scripts/sanitize.sh
// builds and runs programs; no part of the product.

import Dispatch
import Glibc
import Synchronization

/// Two threads that are there at once, and of whose order nothing but what the case does says anything: they wait for one another
/// by relaxed atomics, which give no order.
private func atOnce(_ first: @escaping @Sendable () -> Void, _ second: @escaping @Sendable () -> Void) {
  let group = DispatchGroup()
  let there = Atomic(0)
  for (label, work) in [("first", first), ("second", second)] {
    DispatchQueue(label: label).async(group: group) {
      there.add(1, ordering: .relaxed)
      while there.load(ordering: .relaxed) < 2 {}
      work()
    }
  }
  group.wait()
}

/// Runs the work in a task each, and waits for all.
private func inTasks(_ works: [@Sendable () async -> Void]) {
  let group = DispatchGroup()
  for work in works {
    group.enter()
    Task {
      await work()
      group.leave()
    }
  }
  group.wait()
}

/// Made by another thread, which has resumed the task before it can wait.
private func resumedAtOnce() async -> Cell {
  await withCheckedContinuation { continuation in
    let isResumed = Atomic(false)
    DispatchQueue(label: "resumes").async {
      let cell = Cell()
      cell.value = 1
      continuation.resume(returning: cell)
      isResumed.store(true, ordering: .relaxed)
    }
    while !isResumed.load(ordering: .relaxed) {}
  }
}

private final class Cell: Sendable {
  nonisolated(unsafe) var value = 0
}

private final class Guarded: Sendable {
  let mutex = Mutex(0)
  nonisolated(unsafe) var beside = 0
}

private final class Held: Sendable {
  private nonisolated(unsafe) var closure: (() -> Void)?

  init(_ closure: @escaping () -> Void) { self.closure = closure }

  func useUp() {
    closure?()
    closure = nil
  }
}

private enum Lazy {
  static let numbers = Cell()
}

private func referWeakly(to cell: Cell) {
  weak var reference = cell
  precondition(reference != nil)
}

private let rounds = 20_000

private let cases: [String: @Sendable () -> Void] = [
  // To be reported by the thread sanitizer.
  "race": {
    let cell = Cell()
    atOnce({ cell.value += 1 }, { cell.value += 1 })
  },
  "race-array": {
    nonisolated(unsafe) var numbers = [0]
    atOnce({ numbers[0] += 1 }, { numbers[0] += 1 })
  },
  // Both lock, but one of them changes what the lock is there for without it.
  "race-beside-mutex": {
    let guarded = Guarded()
    atOnce(
      { for _ in 0..<rounds { guarded.mutex.withLock { _ in guarded.beside += 1 } } },
      {
        for _ in 0..<rounds {
          guarded.mutex.withLock { $0 += 1 }
          guarded.beside += 1
        }
      })
  },
  // Owners come and go meanwhile, which orders none of what they do.
  "race-beside-owners": {
    let cell = Cell()
    let work: @Sendable () -> Void = {
      for _ in 0..<rounds {
        let owner = Unmanaged.passRetained(cell)
        cell.value += 1
        owner.release()
      }
    }
    atOnce(work, work)
  },
  "race-beside-lazy": {
    let work: @Sendable () -> Void = { for _ in 0..<rounds { Lazy.numbers.value += 1 } }
    atOnce(work, work)
  },
  "race-beside-continuations": {
    let cell = Cell()
    let work: @Sendable () async -> Void = {
      for _ in 0..<100 {
        _ = await resumedAtOnce()
        cell.value += 1
      }
    }
    inTasks([work, work])
  },
  // One frees, or fills by a call of the system's library, what the other still writes.
  "race-free": {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
    let address = UInt(bitPattern: bytes)
    bytes.initialize(repeating: 0, count: 16)
    atOnce(
      { UnsafeMutablePointer<UInt8>(bitPattern: address)?.pointee = 1 },
      {
        usleep(100_000)
        UnsafeMutablePointer<UInt8>(bitPattern: address)?.deallocate()
      })
  },
  "race-fill": {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
    let address = UInt(bitPattern: bytes)
    bytes.initialize(repeating: 0, count: 16)
    atOnce(
      { UnsafeMutablePointer<UInt8>(bitPattern: address)?.pointee = 1 },
      { _ = UnsafeMutableRawPointer(bitPattern: address).map { memset($0, 2, 16) } })
    bytes.deallocate()
  },

  // To be left alone by the thread sanitizer.
  "mutex": {
    let guarded = Guarded()
    let work: @Sendable () -> Void = {
      for _ in 0..<rounds { guarded.mutex.withLock { _ in guarded.beside += 1 } }
    }
    atOnce(work, work)
    precondition(guarded.beside == 2 * rounds)
  },
  "owners": {
    for _ in 0..<rounds / 100 {
      // Two owners each: the last of them frees it, whichever that is.
      let owners = (0..<100).map { _ in Unmanaged.passRetained(Cell()).retain() }
      let work: @Sendable () -> Void = {
        for owner in owners {
          precondition(owner.takeUnretainedValue().value == 0)
          owner.release()
        }
      }
      atOnce(work, work)
    }
  },
  // Two owners of a closure and of what it has captured, and the blocks that Dispatch makes of work.
  "closures": {
    for _ in 0..<20 {
      var pairs: ([Held], [Held]) = ([], [])
      for number in 0..<100 {
        var captured = number
        let closure = { if captured < 0 { captured += 1 } }
        pairs.0.append(Held(closure))
        pairs.1.append(Held(closure))
      }
      let (first, second) = pairs
      pairs = ([], [])
      atOnce({ for held in first { held.useUp() } }, { for held in second { held.useUp() } })
    }
  },
  // Made by the one, used by the other long after.
  "lazy": {
    atOnce(
      { precondition(Lazy.numbers.value == 0) },
      {
        usleep(100_000)
        precondition(Lazy.numbers.value == 0)
      })
  },
  "continuations": {
    inTasks([
      {
        for _ in 0..<100 {
          let cell = await resumedAtOnce()
          precondition(cell.value == 1)
        }
      }
    ])
  },
  "queues": {
    let cell = Cell()
    let done = DispatchSemaphore(value: 0)
    let queue = DispatchQueue(label: "queue")
    for _ in 0..<200 {
      cell.value += 1
      queue.async {
        cell.value += 1
        done.signal()
      }
      done.wait()
    }
    queue.sync { precondition(cell.value == 400) }
  },

  // To be reported by the address sanitizer.
  "overflow": {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
    bytes.initialize(repeating: 0, count: 16)
    bytes[Int(getpid() > 0 ? 16 : 0)] = 1
    bytes.deallocate()
  },
  "freed": {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
    bytes.initialize(repeating: 0, count: 16)
    bytes.deallocate()
    exit(Int32(bytes[3]))
  },
  "freed-object": {
    let object = Unmanaged.passRetained(Cell())
    object.release()
    object._withUnsafeGuaranteedRef { exit(Int32($0.value)) }
  },
  "leak": { for _ in 0..<100 { _ = Unmanaged.passRetained(Cell()) } },
  "leak-referred": {
    for _ in 0..<100 {
      let cell = Unmanaged.passRetained(Cell())
      cell._withUnsafeGuaranteedRef(referWeakly)
    }
  },
  // To be left alone by both.
  "nothing": {},
]

@main
enum Planted {
  static func main() {
    guard CommandLine.arguments.count == 2, let run = cases[CommandLine.arguments[1]] else {
      print(cases.keys.sorted().joined(separator: "\n"))
      exit(64)
    }
    run()
  }
}
