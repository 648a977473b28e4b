/// The order of the journal against that of time: what began when something else had been answered stands behind it.
enum RealTime {
  /// A mutation or a read: between `start` and `end` it took its place.
  private struct Event {
    var place: Int64
    var start: Int64
    /// `Int64.max`: nobody knows when.
    var end: Int64
    var isRead: Bool
    var name: String
  }

  static func anomalies(
    _ journal: Journal, _ attempts: [String: [History.Call]], _ reads: [History.Call]
  ) -> [Anomaly] {
    var events = attempts.sorted { $0.key < $1.key }.compactMap { event(of: $0.key, $0.value, journal) }
    for read in reads {
      events.append(
        Event(place: read.seq, start: read.start, end: read.end ?? .max, isRead: true, name: "the \(read.told)"))
    }
    // The answers in the order of time, and up to each the last place that anybody had been told of.
    let ends = events.sorted { $0.end < $1.end }
    var index = 0
    var last: Event?
    var anomalies: [Anomaly] = []
    for event in events.sorted(by: { $0.start < $1.start }) {
      while index < ends.count, ends[index].end < event.start {
        if ends[index].place > last?.place ?? 0 { last = ends[index] }
        index += 1
      }
      guard let last, event.isRead ? event.place < last.place : event.place <= last.place else { continue }
      anomalies.append(
        Anomaly(
          .realTime,
          "\(event.name) was sent at \(event.start) and has place \(event.place); \(last.name) had place \(last.place) "
            + "and was answered at \(last.end)"))
    }
    return anomalies
  }

  /// It took place after its first attempt was sent, and before anybody was told of it.
  private static func event(of key: String, _ attempts: [History.Call], _ journal: Journal) -> Event? {
    guard let first = attempts.first else { return nil }
    let told = attempts.filter { $0.outcome == .done || $0.outcome == .refused }
    guard let place = told.first?.place ?? journal.rows(of: key).first?.seq else { return nil }
    let end = told.compactMap(\.end).min() ?? .max
    return Event(place: place, start: first.start, end: end, isRead: false, name: key)
  }
}
