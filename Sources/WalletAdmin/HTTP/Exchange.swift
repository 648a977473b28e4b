package import NIOCore

/// A request as it came, whole.
package struct HTTPRequest {
  package var method: String
  /// Without the query.
  package var path: String
  /// Names in lower case, in the order in which they came.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  /// The numeric address of the other side.
  package var peer: String

  /// The first one of a name, which is in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  package func headers(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}

package struct HTTPResponse {
  package var status: Int
  package var headers: [(name: String, value: String)] = []
  package var body: [UInt8] = []

  package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  static func text(_ status: Int, _ text: String, headers: [(name: String, value: String)] = []) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [("content-type", "text/plain; charset=utf-8")] + headers, body: Array(text.utf8))
  }
}

/// One request and the place for its answer: whole, or piece by piece. Confined to the event loop.
package final class Exchange {
  package let request: HTTPRequest
  package let eventLoop: any EventLoop
  /// `nil` once it was answered, or its connection has gone.
  private weak var handler: HTTPHandler?
  /// Called when the connection goes before the answer is whole.
  var whenGone: () -> Void = {}
  /// Called when more can be sent again.
  var whenWritable: () -> Void = {}

  init(_ request: HTTPRequest, _ eventLoop: any EventLoop, _ handler: HTTPHandler) {
    self.request = request
    self.eventLoop = eventLoop
    self.handler = handler
  }

  /// False: what is sent piles up.
  var isWritable: Bool { handler?.isWritable ?? false }

  package func answer(_ response: HTTPResponse) {
    let handler = release()
    handler?.answer(response)
  }

  /// The head of an answer whose length nobody knows.
  func begin(_ head: HTTPResponse) { handler?.begin(head) }

  func send(_ bytes: [UInt8]) { handler?.send(bytes) }

  func end() {
    let handler = release()
    handler?.end()
  }

  func gone() {
    if release() != nil { whenGone() }
  }

  /// Nobody refers to it in a circle any more.
  private func release() -> HTTPHandler? {
    defer {
      handler = nil
      whenWritable = {}
    }
    return handler
  }
}
