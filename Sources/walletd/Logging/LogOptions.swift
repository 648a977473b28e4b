import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import WalletServer

enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  /// JSON where systemd's journal takes the lines, text elsewhere.
  case auto
  case text
  case json

  var isJSON: Bool {
    switch self {
    case .auto: Self.journalTakes(ProcessInfo.processInfo.environment["JOURNAL_STREAM"])
    case .text: false
    case .json: true
    }
  }
}

extension LogFormat {
  /// - Parameter stream: What systemd says of the socket that it gave this process: device and inode. A descendant whose
  ///   standard error leads elsewhere has the variable too.
  static func journalTakes(_ stream: String?, standardError descriptor: Int32 = STDERR_FILENO) -> Bool {
    var status = stat()
    guard let stream, unsafe fstat(descriptor, &status) == 0 else { return false }
    return stream == "\(status.st_dev):\(status.st_ino)"
  }
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case debug, info, notice, warning, error, critical

  var level: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    case .critical: .critical
    }
  }
}

struct LogOptions: ParsableArguments {
  @Option(help: "Lines of the log: text, json, or auto (json where systemd's journal takes them).")
  var logFormat = LogFormat.auto

  @Option(help: "The least level that is logged.")
  var logLevel = LogLevel.info

  @Option(help: "Milliseconds after which a call that succeeded is logged as slow.")
  var slowMillis: Int64 = 250

  func validate() throws {
    try OptionRange.judge("slow-millis", slowMillis, 1, 3_600_000)
  }

  /// Lines are of this kind from here on.
  func begin() { Console.configure(isJSON: logFormat.isJSON, level: logLevel.level) }

  var calls: CallLogging {
    let least: CallRecord.Severity =
      logLevel.level <= .info ? .info : logLevel.level <= .warning ? .warning : .error
    return CallLogging(slowMicroseconds: slowMillis * 1000, severityMin: least, write: { CallLines.shared.add($0) })
  }
}
