import WalletSystem

extension Gather {
  /// Takes requests out, up to a weight. Of each connection as much as of any other, as long as it has so much; then of those
  /// who have more. Each connection's requests keep their order, whatever is left stays in its own, and whoever waits longest is
  /// always taken: so nobody waits for what somebody else has queued by the thousand.
  ///
  /// - Parameter table: Memory to count in, by the slots of sockets. All 0, and left so.
  mutating func takeFairly(weightMax: Int, _ table: inout [Int]) -> Gather {
    var connections = 0
    for ticket in tickets where !ticket.isEmpty {
      let slot = Int(ticket.socket.slot)
      while table.count <= slot { table.append(0) }
      if table[slot] == 0 { connections += 1 }
      table[slot] = 1
    }
    for ticket in tickets where !ticket.isEmpty { table[Int(ticket.socket.slot)] = 0 }

    var isTaken = Array(repeating: false, count: tickets.count)
    var weight = 0
    let share = max(1, weightMax / max(1, connections))
    let first = choose(&isTaken, &weight, weightMax: weightMax, share: share, &table)
    let second = weight < weightMax ? choose(&isTaken, &weight, weightMax: weightMax, share: .max, &table) : []
    return remove(first + second, isTaken)
  }

  /// - Returns: Whose turn it is, in their order.
  private func choose(
    _ isTaken: inout [Bool], _ weight: inout Int, weightMax: Int, share: Int, _ table: inout [Int]
  ) -> [Int] {
    var chosen: [Int] = []
    for index in tickets.indices where !isTaken[index] && !tickets[index].isEmpty {
      if weight >= weightMax { break }
      let ticket = tickets[index]
      let slot = Int(ticket.socket.slot)
      // One that has to wait keeps all behind it waiting: the order of a connection is its own.
      if table[slot] == .max { continue }
      // What is heavier than a share, or a gather, goes alone.
      guard table[slot] == 0 || table[slot] + ticket.weight <= share, weight == 0 || weight + ticket.weight <= weightMax
      else {
        table[slot] = .max
        continue
      }
      table[slot] += ticket.weight
      weight += ticket.weight
      isTaken[index] = true
      chosen.append(index)
    }
    for ticket in tickets where !ticket.isEmpty { table[Int(ticket.socket.slot)] = 0 }
    return chosen
  }

  /// Moves the chosen ones out, and the others together; emptied places go.
  private mutating func remove(_ chosen: [Int], _ isTaken: [Bool]) -> Gather {
    var taken = Gather()
    for index in chosen {
      var request = Request.placeholder
      swap(&request, &requests[index])
      taken.append(tickets[index], request)
    }
    var end = 0
    for index in tickets.indices where !isTaken[index] && !tickets[index].isEmpty {
      if index != end {
        tickets[end] = tickets[index]
        // Moved: `swapAt` would copy them, and count references.
        var request = Request.placeholder
        swap(&request, &requests[index])
        swap(&request, &requests[end])
      }
      end += 1
    }
    tickets.removeLast(tickets.count - end)
    requests.removeLast(requests.count - end)
    return taken
  }
}
