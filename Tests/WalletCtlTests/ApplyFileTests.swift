import Testing
import WalletClient

@testable import walletctl

@Suite struct ApplyFileTests {
  static let header = "verb,owner,currency,amount,reason,reference\n"

  func file(_ text: String) throws -> ApplyFile { try ApplyFile(Array(text.utf8)) }

  @Test func theHeaderIsChecked() throws {
    #expect(throws: ApplyFile.Failure(text: "unknown column 'amuont'")) {
      try file("verb,owner,currency,amuont,reason\n")
    }
    #expect(throws: ApplyFile.Failure(text: "the column 'reason' is missing")) {
      try file("verb,owner,currency,amount\n")
    }
    #expect(throws: ApplyFile.Failure(text: "the column 'verb' comes twice")) {
      try file("verb,verb,owner,currency,amount,reason\n")
    }
    #expect(throws: ApplyFile.Failure.self) { try file("") }
    #expect(try file(Self.header).rows.isEmpty)
  }

  @Test func keysAreStable() throws {
    // Golden: a change of the derivation would apply files a second time.
    let rows = try file(Self.header + "credit,u1,USD,12.30,top.up,r1\n").rows
    #expect(rows[0].key == Self.golden)
  }
  static let golden = "bc7ab557-659c-8239-8c0e-9fc78c85045d"

  @Test func keysFollowContentAndOccurrence() throws {
    let text = "credit,u1,USD,12.30,top.up,r1\ncredit,u1,USD,12.30,top.up,r1\ncredit,u1,USD,12.31,top.up,r1\n"
    let first = try file(Self.header + text).rows.map(\.key)
    #expect(Set(first).count == 3)
    #expect(try file(Self.header + text).rows.map(\.key) == first)
    // Another order of columns and rows, optional columns left empty and another way to write the amount change nothing.
    let other = try file(
      "reference,note,reason,amount,currency,owner,name,verb\nr1,,top.up,12.31,USD,u1,main,credit\n"
        + "r1,,top.up,012.3,USD,u1,,credit\nr1,,top.up,12.300,USD,u1,,credit\n"
    ).rows.map(\.key)
    #expect(Set(other) == Set(first))
    for key in first {
      #expect(key.count == 36)
      #expect(Array(key)[14] == "8")
    }
  }

  @Test func ownKeysAreKept() throws {
    let rows = try file("verb,owner,currency,amount,reason,key\ncredit,u1,USD,1,x,my-key-0001\n").rows
    #expect(rows[0].key == "my-key-0001")
  }

  @Test func amountsAreOne() {
    for (text, canonical) in [
      ("12.30", "12.3"), ("12", "12"), ("012.0", "12"), ("0.50", "0.5"), ("00.5", "0.5"), ("100", "100"), ("0", "0"),
      ("1e3", "1e3"), ("1.", "1."), ("", ""), ("-1.0", "-1.0"), ("1.2.0", "1.2.0"),
    ] {
      #expect(RowKey.canonicalAmount(text) == canonical)
    }
  }

  @Test func shortRowsAreNotGuessed() throws {
    let rows = try file(Self.header + "credit,u1,USD,1\ncredit,u1,USD,1,x,,,\n").rows
    #expect(rows[0].localRule?.field == "row")
    #expect(rows[1].localRule?.field == "row")
  }

  @Test func chainsFollowWallets() throws {
    let chains = try file(
      Self.header + "open,a,USD,,,\nopen,b,USD,,,\ncredit,a,USD,1,x,\ncredit,a,EUR,1,x,\ncredit,b,USD,1,x,\n"
    ).chains
    #expect(chains == [[0, 2], [1, 4], [3]])
  }

  @Test func theRefusedFileCanBeApplied() throws {
    let original = try file(Self.header + "debit,u1,USD,5,x,\"a, \"\"b\"\"\"\ncredit,u1,USD,5,x,\n")
    let refusal = RowRefusal(code: "INSUFFICIENT_FUNDS", message: "no, really", detail: "requested=5.00")
    let text = try #require(RefusedFile.text(original, [.refused(refusal), .applied]))
    let again = try file(text)
    #expect(again.rows.count == 1)
    #expect(again.rows[0]["reference"] == "a, \"b\"")
    #expect(again.rows[0].key == RowKey.next(after: original.rows[0].key))
    #expect(again.rows[0].key != original.rows[0].key)
    #expect(text.hasPrefix("verb,owner,currency,amount,reason,reference,key,code,message,detail,line\n"))
    #expect(RefusedFile.text(original, [.applied, .replayed]) == nil)
    #expect(RefusedFile.path(of: "a/purchases.csv") == "a/purchases.refused.csv")
  }
}
