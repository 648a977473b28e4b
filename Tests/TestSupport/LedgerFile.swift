internal import Foundation

/// What the file of a ledger must satisfy, by plain SQL. The server must not be running.
package enum LedgerFile {
  /// How far the projections of a ledger are that a process has left behind.
  package struct Projections: Sendable {
    package var watermark: Int64
    package var head: Int64
    /// Entries of rows above the watermark are there.
    package var isHalfWritten: Bool
  }

  /// Looked up in a copy: SQLite would write the log back when it closes the file.
  package static func projections(_ data: String) throws -> Projections {
    let copy = try ScratchFolder("look")
    for name in ["ledger.db", "ledger.db-wal"] where FileManager.default.fileExists(atPath: "\(data)/\(name)") {
      try FileManager.default.copyItem(atPath: "\(data)/\(name)", toPath: "\(copy.path)/\(name)")
    }
    let file = try SQLiteFile("\(copy.path)/ledger.db", mayWrite: true)
    let number = { (sql: String) throws(TestFailure) in Int64(try file.value(sql)) ?? -1 }
    return Projections(
      watermark: try number("SELECT min(seq) FROM projections"),
      head: try number(
        """
        SELECT max(
          (SELECT coalesce(max(seq), 0) FROM transactions), (SELECT coalesce(max(seq), 0) FROM refusals),
          (SELECT coalesce(max(seq), 0) FROM administration))
        """),
      isHalfWritten: try number(
        """
        SELECT EXISTS (SELECT 1 FROM idempotency, projections AS p WHERE p.name = 'ledger' AND idempotency.seq > p.seq)
          OR EXISTS (SELECT 1 FROM wallets, projections AS p WHERE p.name = 'wallets' AND last_seq > p.seq AND version > 1)
        """) == 1)
  }

  package static func problems(_ data: String, vfs: String? = nil) throws -> [String] {
    let file = try SQLiteFile("\(data)/ledger.db", vfs: vfs)
    let checks: [(name: String, sql: String)] = [
      ("integrity", "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
      (
        "a currency that doesn't sum to zero",
        """
        SELECT currency, sum(amount >> 32), sum(amount & 4294967295) FROM (
          SELECT currency, balance AS amount FROM wallets UNION ALL SELECT currency, total FROM counter_totals)
        GROUP BY currency
        -- In halves: balances at the border of 64 bits have a sum beyond it on the way.
        HAVING sum(amount >> 32) + (sum(amount & 4294967295) >> 32) <> 0
          OR sum(amount & 4294967295) & 4294967295 <> 0
        """
      ),
      (
        "totals of wallets that aren't their balances",
        """
        \(halves) SELECT currency, total, high FROM wallet_totals FULL JOIN halves USING (currency)
        WHERE coalesce(total, 0) >> 32 <> coalesce(high, 0) OR coalesce(total, 0) & 4294967295 <> coalesce(low, 0)
        """
      ),
      (
        "currencies or counter-accounts that aren't those of the rows",
        """
        SELECT code, registered_seq FROM currencies
        WHERE registered_seq <> 0 AND registered_seq NOT IN (
          SELECT seq FROM administration WHERE verb = 512 AND instr(detail, CAST(code AS BLOB)) > 0)
        UNION ALL SELECT name, added_seq FROM counter_accounts
        WHERE added_seq <> 0 AND added_seq NOT IN (
          SELECT seq FROM administration WHERE verb = 513 AND instr(detail, CAST(name AS BLOB)) > 0)
        UNION ALL SELECT verb, seq FROM administration WHERE verb IN (512, 513)
          AND seq NOT IN (SELECT registered_seq FROM currencies UNION SELECT added_seq FROM counter_accounts)
        """
      ),
      (
        "keys that differ from those of the rows, where a batch's leads to its first item",
        """
        WITH rows AS (
          SELECT seq, idempotency_key AS key, instr(idempotency_key, char(31)) AS separator FROM transactions
          WHERE idempotency_key IS NOT NULL
          UNION ALL SELECT seq, idempotency_key, 0 FROM refusals
          UNION ALL SELECT seq, idempotency_key, 0 FROM administration
        ), indexed AS (
          SELECT seq, key FROM rows
          WHERE typeof(key) = 'blob' AND length(key) = 16 OR typeof(key) = 'text' AND separator = 0
          UNION ALL SELECT seq, substr(key, 1, 16) FROM rows WHERE typeof(key) = 'blob' AND substr(key, 17) = x'00000000'
          UNION ALL SELECT seq, substr(key, 1, separator - 1) FROM rows
          WHERE typeof(key) = 'text' AND separator > 0 AND substr(key, separator + 1) = '0'
        )
        SELECT 'lacks', hex(key), seq FROM (SELECT key, seq FROM indexed EXCEPT SELECT key, seq FROM idempotency)
        UNION ALL SELECT 'has', hex(key), seq FROM (SELECT key, seq FROM idempotency EXCEPT SELECT key, seq FROM indexed)
        UNION ALL SELECT 'twice', hex(key), count(*) FROM idempotency GROUP BY key HAVING count(*) > 1
        """
      ),
      (
        "a wallet that isn't the fold of its rows",
        """
        SELECT wallet_id, version, balance, held FROM wallets w
        LEFT JOIN (
          SELECT wallet_id, count(*) AS rows, sum(amount) AS sum, sum(held_change) AS reserved, max(seq) AS seq
          FROM transactions GROUP BY wallet_id)
          AS fold USING (wallet_id)
        WHERE version IS NOT fold.rows OR balance IS NOT fold.sum OR held IS NOT fold.reserved
          OR last_seq IS NOT fold.seq OR balance - held + overdraft_limit < 0
        """
      ),
      (
        "a hold that isn't the fold of its rows",
        """
        SELECT hold_id, remaining, captured FROM (
          SELECT coalesce(holds.hold_id, fold.hold_id) AS hold_id, remaining, captured, amount,
            fold.reserved, fold.taken, fold.made, holds.wallet_id = fold.wallet_id AS same,
            (state = 1) = (remaining > 0) AS sound
          FROM holds FULL JOIN (
            SELECT hold_id, min(wallet_id) AS wallet_id, sum(held_change) AS reserved, -sum(amount) AS taken,
              max(held_change) AS made
            FROM transactions WHERE hold_id IS NOT NULL GROUP BY hold_id)
            AS fold USING (hold_id))
        WHERE remaining IS NOT reserved OR captured IS NOT taken OR amount IS NOT made OR NOT same OR NOT sound
        """
      ),
      (
        "a wallet whose open holds aren't what it holds",
        """
        SELECT wallet_id, held, sum(remaining) FROM wallets LEFT JOIN holds USING (wallet_id)
        GROUP BY wallet_id HAVING held <> coalesce(sum(remaining), 0)
        UNION ALL SELECT wallet_id, open_holds, count(hold_id) FROM wallet_controls
        LEFT JOIN (SELECT wallet_id, hold_id FROM holds WHERE state = 1) USING (wallet_id)
        GROUP BY wallet_id HAVING open_holds <> count(hold_id)
        """
      ),
      (
        "refunds that aren't those of the rows, or more than was taken",
        """
        SELECT original_seq, refunded FROM refunds
        LEFT JOIN (SELECT related_seq AS original_seq, sum(amount) AS sum FROM transactions WHERE kind = 10 GROUP BY 1)
          USING (original_seq)
        WHERE refunded IS NOT sum OR refunded > (SELECT -amount FROM transactions WHERE seq = original_seq)
        UNION ALL SELECT related_seq, amount FROM transactions
        WHERE kind = 10 AND related_seq NOT IN (SELECT original_seq FROM refunds)
        """
      ),
      (
        "a transfer whose sides don't name each other",
        """
        SELECT out.seq, out.related_seq FROM transactions AS out LEFT JOIN transactions AS other
          ON other.seq = out.related_seq AND other.related_seq = out.seq AND other.kind = 5
            AND other.amount = -out.amount AND other.wallet_id = out.counter_wallet_id
            AND other.counter_wallet_id = out.wallet_id AND other.created_at = out.created_at
        WHERE out.kind = 4 AND other.seq IS NULL
        """
      ),
      (
        "transactions of a wallet that is missing",
        "SELECT seq FROM transactions WHERE wallet_id NOT IN (SELECT wallet_id FROM wallets)"
      ),
      (
        "a row that doesn't name the one before it",
        """
        SELECT seq FROM (
          SELECT seq, previous_seq, lag(seq) OVER (PARTITION BY wallet_id ORDER BY version) AS before FROM transactions)
        WHERE previous_seq IS NOT before
        """
      ),
      (
        "indexes of versions and references that lack rows or have others",
        """
        SELECT wallet_id, version, seq FROM transactions WHERE version % 64 = 0
        EXCEPT SELECT wallet_id, version, seq FROM version_index
        UNION ALL SELECT 0, seq, 0 FROM reference_rows WHERE seq NOT IN (
          SELECT seq FROM transactions WHERE reference IS NOT NULL)
        UNION ALL SELECT 0, 0, seq FROM transactions WHERE reference IS NOT NULL AND seq NOT IN (
          SELECT seq FROM reference_rows)
        """
      ),
      (
        "a view that differs from the tables below it",
        """
        SELECT wallet_id, balance, version, last_seq FROM wallet_balances
        EXCEPT SELECT wallet_id, balance, version, last_seq FROM wallets
        UNION ALL SELECT currency, counter_account, total, 0 FROM counter_account_totals
        EXCEPT SELECT currency, counter_account, total, 0 FROM counter_totals
        EXCEPT SELECT wallet_id, balance, version, last_seq FROM wallets
        """
      ),
      (
        "projections that trail after the end",
        """
        SELECT seq FROM projections WHERE seq <> (SELECT max(seq) FROM (
          SELECT max(seq) AS seq FROM transactions UNION ALL SELECT max(seq) FROM refusals
          UNION ALL SELECT max(seq) FROM administration))
        """
      ),
      (
        "a journal with holes",
        """
        SELECT count(*), min(seq), max(seq) FROM (
          SELECT seq FROM transactions UNION ALL SELECT seq FROM refusals UNION ALL SELECT seq FROM administration)
        HAVING count(*) <> coalesce(max(seq), 0) OR min(seq) <> 1 OR count(DISTINCT seq) <> count(*)
        """
      ),
      (
        "time that goes back",
        """
        SELECT seq FROM (
          SELECT seq, created_at, lag(created_at) OVER (ORDER BY seq) AS before
          FROM (
            SELECT seq, created_at FROM transactions UNION ALL SELECT seq, created_at FROM refusals
            UNION ALL SELECT seq, created_at FROM administration))
        WHERE created_at < before
        """
      ),
    ]
    let found = try checks.flatMap { check in
      try file.rows(check.sql).prefix(5).map { "\(check.name): \($0.joined(separator: ", "))" }
    }
    return try found + trialBalance(file)
  }

  /// Sums of balances, which may leave 64 bits on the way.
  private static let halves = """
    WITH sums AS (
      SELECT currency, sum(balance >> 32) AS high, sum(balance & 4294967295) AS low FROM wallets GROUP BY currency
    ), halves AS (SELECT currency, high + (low >> 32) AS high, low & 4294967295 AS low FROM sums)
    """

  /// The view sums in 64 bits: with totals at their border it has no answer, and says so.
  private static func trialBalance(_ file: SQLiteFile) throws(TestFailure) -> [String] {
    do {
      return try file.rows(
        """
        \(halves) SELECT currency, wallets, difference FROM trial_balance LEFT JOIN halves USING (currency)
        WHERE difference <> 0 OR wallets >> 32 IS NOT coalesce(high, 0) OR wallets & 4294967295 IS NOT coalesce(low, 0)
        """
      ).map { "a trial balance with a difference: \($0.joined(separator: ", "))" }
    } catch {
      let totals = try file.rows("SELECT total FROM counter_totals").compactMap { $0.first.flatMap { Double($0) } }
      let largest = totals.map(\.magnitude).max() ?? 0
      guard error.description.hasSuffix(": integer overflow"), largest > 0x1p61 else { throw error }
      print("the view trial_balance leaves 64 bits: counter-accounts have up to \(largest)")
      return []
    }
  }
}
