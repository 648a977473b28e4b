import TestSupport
import WalletCore

@testable import WalletStore

/// What is asked: commands of every kind, of new keys and old ones, mostly such as can be carried out.
extension RandomRun {
  func anyCommand() -> Command {
    if !model.keys.isEmpty, draw(0..<100) < 25 { return oldCommand() }
    if draw(0..<100) < 1 + 12 / (1 + model.accounts.count / 10) { return command(.openWallet, newName()) }
    if draw(0..<100) < 35 { return specialCommand() }
    if draw(0..<100) == 0 { return administration() }
    var command = command(draw(0..<5) < 3 ? .credit : .debit, anyReference(), amount: Int64(draw(1..<500)))
    switch draw(0..<40) {
    case 0: command.expectedVersion = Int64(draw(1..<60))
    case 1: command.expectedVersion = model.account(command.wallet)?.version ?? 7
    case 2: command.counterAccount = model.counterAccounts.sorted { $0.string < $1.string }[draw(0..<5)]
    case 3: command.counterAccount = "nobody"
    case 4: command.violation = .invalidArgument("amount", "must be positive")
    case 5: command.amount = 1 << 40
    case 6: command.wallet = .name(name(draw(0..<20), currency: "XXQ"))
    case 7: command = self.command(.openWallet, .name(model.accounts.randomElement(using: &generator)?.name ?? name(0)))
    default: break
    }
    // Rows that the feed has no columns for.
    if draw(0..<6) == 0 { command.audit.note = Text("note \(draw(0..<9))") }
    if draw(0..<3) > 0 { command.audit.reference = Text("o-\(draw(0..<3000))") }
    if draw(0..<200) == 0 {
      command.origin = Origin(actor: "local", source: "127.0.0.1", clientName: Text("c\(draw(0..<50))"))
    }
    return command
  }

  /// Mostly of what isn't there yet.
  func administration() -> Command {
    var made = command(draw(0..<2) == 0 ? .registerCurrency : .addCounterAccount, .none)
    let number = draw(0..<40)
    made.parameters =
      made.verb == .registerCurrency
      ? .currency(code: number == 0 ? "USD" : Text("OWN-\(number)"), exponent: UInt32(number % 5))
      : .counterAccount(name: number == 0 ? "sales" : Text("own.\(number)"))
    return made
  }

  /// Holds and what becomes of them, transfers, refunds, freezes, limits and closings.
  func specialCommand() -> Command {
    let amount = Int64(draw(1..<300))
    var (verb, parameters, asked): (Verb, Command.Parameters, Int64)
    switch draw(0..<100) {
    case 0..<25: (verb, parameters, asked) = (.hold, .hold(timeout: Int64(draw(1..<9_000)) * 1_000), amount)
    case 25..<45:
      let isAll = draw(0..<3) == 0
      (verb, parameters, asked) = (
        .capture, .capture(holdID: anyHold(), isFinal: draw(0..<3) == 0), isAll ? 0 : amount
      )
    case 45..<55: (verb, parameters, asked) = (.release, .release(holdID: anyHold()), 0)
    case 55..<70: (verb, parameters, asked) = (.refund, .refund(seq: anyRow()), draw(0..<3) == 0 ? 0 : amount)
    case 70..<88: (verb, parameters, asked) = (.transfer, .transfer(to: anyReference()), amount)
    case 88..<91: (verb, parameters, asked) = (.freeze, .freeze(anyScope(), until: anyEnd()), 0)
    case 91..<95: (verb, parameters, asked) = (.unfreeze, .unfreeze(anyScope()), 0)
    case 95..<99: (verb, parameters, asked) = (.setLimits, .limits(anyLimits()), 0)
    default: (verb, parameters, asked) = (.closeWallet, .none, 0)
    }
    var command = command(verb, verb.namesWallet ? anyReference() : .none, amount: asked)
    command.parameters = parameters
    if draw(0..<20) == 0 { command.expectedVersion = model.subject(command)?.version ?? 3 }
    if draw(0..<40) == 0 { command.expectedVersion = Int64(draw(1..<60)) }
    if draw(0..<3) == 0 { command.audit.reference = Text("o-\(draw(0..<3000))") }
    return command
  }

  /// Mostly one that is open.
  func anyHold() -> Int64 {
    let open = model.holds.filter { $0.value.ended == nil }.keys.sorted()
    if !open.isEmpty, draw(0..<4) > 0 { return open[draw(0..<open.count)] }
    let all = model.holds.keys.sorted()
    return all.isEmpty || draw(0..<5) == 0 ? Int64(draw(1..<9_999)) : all[draw(0..<all.count)]
  }

  /// Mostly one that can be refunded.
  func anyRow() -> Int64 {
    let all = model.refundable.keys.sorted()
    return all.isEmpty || draw(0..<8) == 0 ? Int64(draw(1..<9_999)) : all[draw(0..<all.count)]
  }

  func anyScope() -> FreezeScope { FreezeScope.allCases[draw(0..<3)] }

  func anyEnd() -> Int64 { draw(0..<4) == 0 ? 0 : ledger.wall + Int64(draw(1..<4_000)) * 1_000 }

  func anyLimits() -> WalletLimits {
    var limits = WalletLimits()
    if draw(0..<2) == 0 { limits.overdraft = Int64(draw(0..<500)) }
    if draw(0..<4) == 0 { limits.balanceMax = Int64(draw(500..<9_000)) }
    if draw(0..<3) == 0 { limits.amountMax = Int64(draw(100..<600)) }
    if draw(0..<2) == 0 { limits.day = WindowLimit(amount: Int64(draw(0..<3_000)), count: Int64(draw(0..<20))) }
    if draw(0..<3) == 0 { limits.week = WindowLimit(amount: Int64(draw(0..<6_000)), count: 0) }
    if draw(0..<3) == 0 { limits.month = WindowLimit(amount: Int64(draw(0..<9_000)), count: Int64(draw(0..<60))) }
    return limits
  }

  /// A key of any age, with its request or another one.
  func oldCommand() -> Command {
    // Half of them of the last rows, which lie in memory.
    let recent = draw(0..<2) == 0 ? min(model.keys.count, 80) : model.keys.count
    let key = model.keys[model.keys.count - 1 - draw(0..<recent)]
    guard var command = model.results[key]?.command else { preconditionFailure("a key without a result") }
    switch draw(0..<10) {
    case 0: command.amount += 1
    case 1: if command.verb.namesWallet { command.wallet = anyReference() }
    case 2: command.audit.reference = "another"
    case 3: command.verb = command.verb == .credit ? .debit : .credit
    case 4: command.expectedVersion = 9_999
    default: break
    }
    return command
  }

  func itemByItem() -> BatchCommand {
    BatchCommand(
      mode: .itemByItem,
      items: (0..<draw(1..<30)).map { _ in
        draw(0..<20) == 0 ? .malformed(.invalidArgument("items", "unreadable")) : .command(anyCommand())
      })
  }

  func allOrNothing() -> BatchCommand {
    if !batches.isEmpty, draw(0..<3) == 0 { return batches[draw(0..<batches.count)].command }
    let commands = (0..<draw(1..<25)).map { _ in
      var command: Command
      repeat {
        command = anyCommand()
      } while model.results[command.key] != nil || command.verb.isAdministration
      // Most are to be carried out.
      if command.verb == .debit, draw(0..<3) > 0 { command.verb = .credit }
      return command
    }
    return LedgerFixture.atomic(newKey(), commands)
  }

  func command(_ verb: Verb, _ wallet: WalletReference, amount: Int64 = 0) -> Command {
    Command(
      verb: verb, key: newKey(), wallet: wallet, amount: amount, audit: Command.Audit(reason: "test"),
      origin: Origin(actor: "local", source: "127.0.0.1", clientName: "tests"))
  }

  /// New, of every kind: in order of time, random, far ahead, and words.
  func newKey() -> IdempotencyKey {
    nextKey += 1
    switch draw(0..<10) {
    case 0: return .text(Text("key-of-words-\(nextKey)"))
    case 1, 2: return .uuid(high: generator.next(), low: nextKey)
    case 3: return TestKeys.ordered(milliseconds: 1_900_000_000_000 + nextKey, &generator)
    default: return TestKeys.ordered(milliseconds: 1_700_000_000_000 + nextKey / 4, &generator)
    }
  }

  func name(_ number: Int, currency: Text = "USD") -> WalletName {
    WalletName(owner: Text("owner-\(number % 9)"), currency: currency, name: Text("w-\(number)"))
  }

  func newName() -> WalletReference {
    let own = model.currencies.sorted { $0.string < $1.string }
    let currency = draw(0..<4) == 0 ? own[draw(0..<own.count)] : ["USD", "EUR", "JPY"][draw(0..<3)]
    return .name(name(model.accounts.count + draw(0..<3), currency: currency))
  }

  func anyReference() -> WalletReference {
    // A few wallets are busier than others.
    guard !model.accounts.isEmpty, draw(0..<30) > 0 else {
      return draw(0..<2) == 0 ? .id(Int64(draw(1..<99_999)), currency: "") : .name(name(draw(0..<200)))
    }
    let account = model.accounts[min(draw(0..<model.accounts.count), draw(0..<model.accounts.count))]
    switch draw(0..<8) {
    case 0: return .id(account.id, currency: account.name.currency)
    case 1: return .id(account.id, currency: account.name.currency == "USD" ? "EUR" : "USD")
    case 2..<5: return .id(account.id, currency: "")
    default: return .name(account.name)
    }
  }
}
