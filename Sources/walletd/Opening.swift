import Dispatch
import Glibc
import Logging
import Synchronization
import WalletCore
import WalletStore
import WalletSystem

/// Opens a data folder, or says what is wrong with it and ends the process.
enum Opening {
  static func open(_ path: String, _ settings: StoreSettings) -> LedgerStore {
    do {
      let folder = try DataFolder(path: path, files: SystemFiles())
      let checkpoints = DispatchQueue(label: "walletd.checkpoints", qos: .utility)
      return try LedgerStore.open(
        folder, settings: settings, time: SystemTime(), random: SystemRandom(),
        inBackground: { work in checkpoints.async(execute: work) })
    } catch let failure as DataFolder.Failure {
      switch failure {
      case .inUse: Console.end(.inUse, "\(path) is in use by another walletd (its lock file is held)")
      case .notEmpty(let found):
        Console.end(.notALedger, "\(path) isn't a walletd data folder: it has \"\(found)\" and no ledger.db")
      case .system(let error):
        let advice = error.number == SystemError.readOnlyFileSystem ? " (the file system is read-only)" : ""
        Console.end(.cannotCreate, "the data folder \(path) can't be used: \(error)\(advice)")
      }
    } catch let error as LedgerFileError {
      Console.end(.notALedger, "\(path)/ledger.db can't be served: \(error.message)")
    } catch let fault as LedgerFault {
      Console.end(fault, during: "opening \(path)")
    } catch {
      Console.end(.storage, "opening \(path): \(error)")
    }
  }

  /// For benchmarks, in a folder that nobody needs any more.
  static func openBalanceColumn(_ path: String, _ settings: StoreSettings) -> BalanceColumn {
    do {
      return try BalanceColumn(DataFolder(path: path, files: SystemFiles()), settings: settings)
    } catch {
      Console.end(.storage, "opening \(path): \(error)")
    }
  }

  static func close(_ ledger: any Ledger) {
    do throws(LedgerFault) { try ledger.close() } catch { Console.end(error, during: "closing") }
  }
}

extension LedgerFileError {
  var message: String {
    switch self {
    case .notALedger(let why): "it isn't a ledger of walletd: \(why)"
    case .newer(let found, let known):
      "its schema version is \(found); this walletd knows versions up to \(known). Use the newer walletd that wrote it"
    case .setting(let name, let expected, let found):
      "SQLite took \(found) for \(name), where \(expected) is needed"
        + (name == "journal_mode" ? ". Is the file system read-only?" : "")
    }
  }
}

/// Standard error, line by line, and the end of the process.
enum Console {
  /// What a command says at a terminal, until `serve` has read what its operator wants.
  private static let logger = Mutex(logger(isJSON: false, level: .info))

  private static func logger(isJSON: Bool, level: Logger.Level) -> Logger {
    Logger(label: "walletd") { _ in LineHandler(isJSON: isJSON, level: level) }
  }

  static func configure(isJSON: Bool, level: Logger.Level) {
    let configured = logger(isJSON: isJSON, level: level)
    logger.withLock { $0 = configured }
  }

  static func say(_ line: String, level: Logger.Level = .info, fields: Logger.Metadata = [:]) {
    logger.withLock { $0 }.log(level: level, "\(line)", metadata: fields.isEmpty ? nil : fields)
  }

  /// In place of the line that was shown before, on a terminal.
  static func show(_ line: String) {
    var text = "\r\u{1B}[K\(line)"
    text.withUTF8 { bytes in _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }

  static func end(_ status: ExitStatus, _ line: String) -> Never {
    if status == .usage, let problem = Configuring.attribute(line) {
      say("\(problem)")
      exit(ExitStatus.configuration.rawValue)
    }
    CallLines.shared.flush()
    say(line, level: status == .done ? .info : .critical)
    exit(status.rawValue)
  }

  static func end(_ fault: LedgerFault, during activity: String) -> Never {
    switch fault.kind {
    case .inconsistent: end(.notALedger, "\(activity): the ledger contradicts itself: \(fault.message)")
    case .storage: end(.storage, "\(activity): \(fault.message)")
    case .commitOutcomeUnknown:
      end(
        .storage,
        "\(activity): \(fault.message). Whether the last requests are on disk is not known, so they weren't answered; "
          + "their callers learn it by repeating them with the same keys after a restart")
    }
  }
}
