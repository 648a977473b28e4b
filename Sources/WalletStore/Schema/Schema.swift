/// The tables of a ledger, and how a file of an older version becomes one of this version.
enum Schema {
  /// `application_id` of the file: "WLTD".
  static let applicationID: Int64 = 0x574C_5444

  /// Steps from version 0 on. Each runs in a transaction of its own; their order and texts never change.
  static let migrations: [String] = [version1, version2, version3, version4, version5]

  /// Every wallet with its last committed row.
  ///
  /// - Parameter watermark: Of `projections`: rows above it are looked at.
  private static func walletBalances(above watermark: String) -> String {
    """
    CREATE VIEW wallet_balances AS
      SELECT
        wallet.wallet_id, wallet.owner_id, wallet.currency, wallet.name, wallet.exponent, wallet.status,
        coalesce(newest.balance, wallet.balance) AS balance,
        coalesce(newest.held, wallet.held) AS held,
        coalesce(newest.overdraft_limit, wallet.overdraft_limit) AS overdraft_limit,
        coalesce(newest.version, wallet.version) AS version,
        wallet.created_at,
        coalesce(newest.created_at, wallet.updated_at) AS updated_at,
        coalesce(newest.seq, wallet.last_seq) AS last_seq
      FROM wallets AS wallet
      LEFT JOIN (
        SELECT wallet_id, max(seq) AS seq, balance, held, overdraft_limit, version, created_at
        FROM transactions
        WHERE seq > (SELECT seq FROM projections WHERE name = '\(watermark)')
        GROUP BY wallet_id
      ) AS newest ON newest.wallet_id = wallet.wallet_id AND newest.seq > wallet.last_seq;
    """
  }

  private static let version5 = """
    -- Rows of wallets follow the journal further behind than all else, up to a watermark of their own.
    INSERT INTO projections (name, seq) SELECT 'wallets', seq FROM projections WHERE name = 'ledger';
    DROP VIEW wallet_balances;
    \(walletBalances(above: "wallets"))
    """

  private static let version4 = """
    -- Who may come in: what each CreateToken granted, and when it was revoked. Written with the commits of those rows.
    CREATE TABLE tokens (
      token_id INTEGER PRIMARY KEY, -- the row of `administration` that made it
      principal TEXT NOT NULL,
      terms BLOB NOT NULL, -- as in that row
      created_at INTEGER NOT NULL,
      revoked_seq INTEGER NOT NULL DEFAULT 0, -- the row that revoked it; 0: none did
      revoked_at INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX live_tokens ON tokens (token_id) WHERE revoked_seq = 0;
    """

  private static let version3 = """
    -- The third table of the journal: what administrators did. A row changes no wallet.
    CREATE TABLE administration (
      seq INTEGER PRIMARY KEY,
      format INTEGER NOT NULL,
      lane INTEGER NOT NULL,
      verb INTEGER NOT NULL,
      origin_id INTEGER NOT NULL,
      on_behalf_of TEXT,
      reason TEXT,
      note TEXT,
      reference TEXT,
      idempotency_key ANY NOT NULL,
      request_digest BLOB NOT NULL,
      correlation_id TEXT,
      metadata TEXT,
      occurred_at INTEGER,
      created_at INTEGER NOT NULL,
      detail BLOB,
      digest BLOB NOT NULL
    ) STRICT;
    CREATE VIEW administration_by_origin AS
      SELECT row.*, origin.actor, origin.source, origin.client_name
      FROM administration AS row JOIN origins AS origin USING (origin_id);
    CREATE TRIGGER administration_no_update BEFORE UPDATE ON administration
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER administration_no_delete BEFORE DELETE ON administration
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER administration_no_replace BEFORE INSERT ON administration
      WHEN EXISTS (SELECT 1 FROM administration WHERE seq = NEW.seq)
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;

    -- The row of `administration` that brought them; 0: every ledger has them. Written with the commit of that row.
    ALTER TABLE currencies ADD COLUMN registered_seq INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE counter_accounts ADD COLUMN added_seq INTEGER NOT NULL DEFAULT 0;

    -- The balances of all wallets of a currency, kept on their own: with its counter_totals they sum to zero.
    CREATE TABLE wallet_totals (
      currency TEXT PRIMARY KEY,
      total INTEGER NOT NULL,
      seq INTEGER NOT NULL -- the last row in it
    ) STRICT, WITHOUT ROWID;
    INSERT INTO wallet_totals (currency, total, seq)
      SELECT currency, sum(balance), (
        SELECT max(seq) FROM (SELECT max(seq) AS seq FROM transactions UNION ALL SELECT max(seq) FROM refusals))
      FROM wallet_balances GROUP BY currency;

    -- Each currency's totals with every committed row. The difference is 0.
    CREATE VIEW trial_balance AS
      SELECT currency, sum(wallets) AS wallets, sum(counter_accounts) AS counter_accounts,
        sum(wallets) + sum(counter_accounts) AS difference
      FROM (
        SELECT currency, total AS wallets, 0 AS counter_accounts FROM wallet_totals
        UNION ALL
        SELECT wallet.currency, row.amount, 0
        FROM transactions AS row
        JOIN wallets AS wallet USING (wallet_id)
        LEFT JOIN wallet_totals AS written ON written.currency = wallet.currency
        WHERE row.seq > (SELECT seq FROM projections WHERE name = 'ledger')
          AND row.amount <> 0 AND row.seq > coalesce(written.seq, 0)
        UNION ALL
        SELECT currency, 0, total FROM counter_account_totals
      )
      GROUP BY currency;
    """

  private static let version2 = """
    -- What the request asked for beyond a wallet and an amount.
    ALTER TABLE refusals ADD COLUMN parameters BLOB;
    DROP VIEW refusals_by_origin;
    CREATE VIEW refusals_by_origin AS
      SELECT row.*, origin.actor, origin.source, origin.client_name
      FROM refusals AS row JOIN origins AS origin USING (origin_id);

    -- ------------------------------------------------------------------ projections that don't trail
    --
    -- Written with the commit of the rows that change them, and only for wallets that have any of it.

    -- A hold's id is the seq of its row.
    CREATE TABLE holds (
      hold_id INTEGER PRIMARY KEY,
      wallet_id INTEGER NOT NULL,
      amount INTEGER NOT NULL,
      captured INTEGER NOT NULL,
      remaining INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL,
      state INTEGER NOT NULL, -- 1 open, 2 captured, 3 released, 4 expired
      ended_at INTEGER NOT NULL,
      CHECK (remaining >= 0 AND captured >= 0 AND captured + remaining <= amount)
    ) STRICT;
    CREATE INDEX open_holds ON holds (wallet_id, ends_at, hold_id) WHERE state = 1;

    -- Freezes (scope 1 debit, 2 credit, 3 all), limits, and what was used of the windows that begin at *_start.
    CREATE TABLE wallet_controls (
      wallet_id INTEGER PRIMARY KEY,
      open_holds INTEGER NOT NULL,
      debit_freeze_scope INTEGER, debit_freeze_reason TEXT, debit_freeze_since INTEGER, debit_freeze_until INTEGER,
      credit_freeze_scope INTEGER, credit_freeze_reason TEXT, credit_freeze_since INTEGER, credit_freeze_until INTEGER,
      overdraft INTEGER NOT NULL, balance_max INTEGER NOT NULL, amount_max INTEGER NOT NULL,
      day_amount INTEGER NOT NULL, day_count INTEGER NOT NULL,
      week_amount INTEGER NOT NULL, week_count INTEGER NOT NULL,
      month_amount INTEGER NOT NULL, month_count INTEGER NOT NULL,
      day_start INTEGER NOT NULL, day_used INTEGER NOT NULL, day_used_count INTEGER NOT NULL,
      week_start INTEGER NOT NULL, week_used INTEGER NOT NULL, week_used_count INTEGER NOT NULL,
      month_start INTEGER NOT NULL, month_used INTEGER NOT NULL, month_used_count INTEGER NOT NULL
    ) STRICT;

    -- What was refunded of a debit or capture in all.
    CREATE TABLE refunds (
      original_seq INTEGER PRIMARY KEY,
      refunded INTEGER NOT NULL
    ) STRICT;
    """

  private static let version1 = """
    CREATE TABLE meta (
      key TEXT PRIMARY KEY,
      value ANY NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE currencies (
      code TEXT PRIMARY KEY,
      exponent INTEGER NOT NULL CHECK (exponent BETWEEN 0 AND 18)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE counter_accounts (
      name TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID;

    -- ------------------------------------------------------------------ the journal
    --
    -- A transaction row is the commit record: nothing else has to be written for a mutation to be durable.

    -- Who wrote rows, from where, through which program: each combination once.
    CREATE TABLE origins (
      origin_id INTEGER PRIMARY KEY,
      actor TEXT NOT NULL,
      source TEXT NOT NULL,
      client_name TEXT NOT NULL,
      UNIQUE (actor, source, client_name)
    ) STRICT;

    CREATE TABLE transactions (
      seq INTEGER PRIMARY KEY,
      format INTEGER NOT NULL,
      lane INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      wallet_id INTEGER NOT NULL,
      version INTEGER NOT NULL,
      amount INTEGER NOT NULL,
      held_change INTEGER NOT NULL,
      balance INTEGER NOT NULL,
      held INTEGER NOT NULL,
      overdraft_limit INTEGER NOT NULL,
      counter_account TEXT,
      counter_wallet_id INTEGER,
      hold_id INTEGER,
      related_seq INTEGER,
      previous_seq INTEGER, -- the wallet's row before this one: its history, newest first
      origin_id INTEGER NOT NULL,
      on_behalf_of TEXT,
      reason TEXT,
      note TEXT,
      reference TEXT,
      idempotency_key ANY,
      request_digest BLOB,
      correlation_id TEXT,
      metadata TEXT,
      occurred_at INTEGER,
      created_at INTEGER NOT NULL,
      detail BLOB,
      digest BLOB NOT NULL
    ) STRICT;

    CREATE TABLE refusals (
      seq INTEGER PRIMARY KEY,
      format INTEGER NOT NULL,
      lane INTEGER NOT NULL,
      verb INTEGER NOT NULL,
      reason_code INTEGER NOT NULL,
      wallet_id INTEGER,
      given_wallet_id INTEGER,
      owner_id TEXT,
      currency TEXT,
      name TEXT,
      amount INTEGER NOT NULL,
      counter_account TEXT,
      origin_id INTEGER NOT NULL,
      on_behalf_of TEXT,
      reason TEXT,
      note TEXT,
      reference TEXT,
      idempotency_key ANY NOT NULL,
      request_digest BLOB NOT NULL,
      correlation_id TEXT,
      metadata TEXT,
      occurred_at INTEGER,
      created_at INTEGER NOT NULL,
      figures BLOB NOT NULL,
      digest BLOB NOT NULL
    ) STRICT;

    -- ------------------------------------------------------------------ projections
    --
    -- They follow the journal in sorted, bounded steps and can be made from it. `projections` says up to which seq each
    -- surely has everything; single rows may be newer. Only a wallet's opening is written with its commit.

    CREATE TABLE projections (
      name TEXT PRIMARY KEY,
      seq INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO projections (name, seq) VALUES ('ledger', 0);

    -- A wallet row is the fold of its transactions up to last_seq. The view `wallet_balances` is exact.
    CREATE TABLE wallets (
      wallet_id INTEGER PRIMARY KEY,
      owner_id TEXT NOT NULL,
      currency TEXT NOT NULL,
      name TEXT NOT NULL,
      exponent INTEGER NOT NULL,
      status INTEGER NOT NULL,
      balance INTEGER NOT NULL,
      held INTEGER NOT NULL,
      overdraft_limit INTEGER NOT NULL,
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      updated_by TEXT NOT NULL,
      last_seq INTEGER NOT NULL,
      UNIQUE (owner_id, currency, name),
      CHECK (held >= 0 AND balance - held + overdraft_limit >= 0)
    ) STRICT;

    -- Where each key has its first result, a transaction or a refusal. UUIDs lie sorted in segments: an entry is 16 bytes
    -- of key and 6 of seq, most significant byte first; a key belongs to the segment with the last fence not above it.
    CREATE TABLE key_segments (
      segment INTEGER PRIMARY KEY,
      entries BLOB NOT NULL
    ) STRICT;
    CREATE TABLE key_fences (
      first_key BLOB PRIMARY KEY,
      segment INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- All other keys.
    CREATE TABLE other_keys (
      key ANY PRIMARY KEY,
      seq INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Each 64th row of a wallet, so that its history can be entered in the middle: from there previous_seq leads on.
    CREATE TABLE version_index (
      wallet_id INTEGER NOT NULL,
      version INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (wallet_id, version)
    ) STRICT, WITHOUT ROWID;

    -- Rows by a hash (FNV-1a, 32 bits) of their reference, in runs of one stretch of rows each, so that writing random
    -- references touches no old page. An entry is 4 bytes of hash and 4 of the distance from the run's first row, `run`.
    -- A search asks each run and compares the row's own reference.
    CREATE TABLE reference_index (
      run INTEGER NOT NULL,
      first_hash INTEGER NOT NULL, -- of a piece, above the distance of its first row
      entries BLOB NOT NULL,
      PRIMARY KEY (run, first_hash)
    ) STRICT;

    -- What stands against the wallets: with the balances of a currency's wallets its totals sum to zero.
    CREATE TABLE counter_totals (
      currency TEXT NOT NULL,
      counter_account TEXT NOT NULL,
      total INTEGER NOT NULL,
      seq INTEGER NOT NULL, -- the last row in it
      PRIMARY KEY (currency, counter_account)
    ) STRICT, WITHOUT ROWID;

    -- ------------------------------------------------------------------ for people

    -- Every wallet with its last committed row.
    \(walletBalances(above: "ledger"))

    -- What stands against the wallets, with every committed row.
    CREATE VIEW counter_account_totals AS
      SELECT currency, counter_account, sum(total) AS total
      FROM (
        SELECT currency, counter_account, total FROM counter_totals
        UNION ALL
        SELECT wallet.currency, row.counter_account, -row.amount
        FROM transactions AS row
        JOIN wallets AS wallet USING (wallet_id)
        LEFT JOIN counter_totals AS written
          ON written.currency = wallet.currency AND written.counter_account = row.counter_account
        WHERE row.seq > (SELECT seq FROM projections WHERE name = 'ledger')
          AND row.counter_account IS NOT NULL AND row.seq > coalesce(written.seq, 0)
      )
      GROUP BY currency, counter_account;

    -- Keys and the rows of their first results, as far as they are written.
    CREATE VIEW idempotency AS
      WITH RECURSIVE place(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM place WHERE number < 183),
        entry(key, digits) AS (
          SELECT substr(entries, 22 * number + 1, 16), hex(substr(entries, 22 * number + 17, 6))
          FROM key_segments JOIN place ON 22 * number < length(entries))
      SELECT key,
        (instr('123456789ABCDEF', substr(digits, 1, 1)) << 44)
         | (instr('123456789ABCDEF', substr(digits, 2, 1)) << 40)
         | (instr('123456789ABCDEF', substr(digits, 3, 1)) << 36)
         | (instr('123456789ABCDEF', substr(digits, 4, 1)) << 32)
         | (instr('123456789ABCDEF', substr(digits, 5, 1)) << 28)
         | (instr('123456789ABCDEF', substr(digits, 6, 1)) << 24)
         | (instr('123456789ABCDEF', substr(digits, 7, 1)) << 20)
         | (instr('123456789ABCDEF', substr(digits, 8, 1)) << 16)
         | (instr('123456789ABCDEF', substr(digits, 9, 1)) << 12)
         | (instr('123456789ABCDEF', substr(digits, 10, 1)) << 8)
         | (instr('123456789ABCDEF', substr(digits, 11, 1)) << 4)
         | (instr('123456789ABCDEF', substr(digits, 12, 1)) << 0) AS seq
      FROM entry
      UNION ALL SELECT key, seq FROM other_keys;

    -- Hashes of references and their rows, as far as they are written.
    CREATE VIEW reference_rows AS
      WITH RECURSIVE place(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM place WHERE number < 499),
        entry(run, hash, digits) AS (
          SELECT run, substr(entries, 8 * number + 1, 4), hex(substr(entries, 8 * number + 5, 4))
          FROM reference_index JOIN place ON 8 * number < length(entries))
      SELECT hash,
        run + ((instr('123456789ABCDEF', substr(digits, 1, 1)) << 28)
         | (instr('123456789ABCDEF', substr(digits, 2, 1)) << 24)
         | (instr('123456789ABCDEF', substr(digits, 3, 1)) << 20)
         | (instr('123456789ABCDEF', substr(digits, 4, 1)) << 16)
         | (instr('123456789ABCDEF', substr(digits, 5, 1)) << 12)
         | (instr('123456789ABCDEF', substr(digits, 6, 1)) << 8)
         | (instr('123456789ABCDEF', substr(digits, 7, 1)) << 4)
         | (instr('123456789ABCDEF', substr(digits, 8, 1)) << 0)) AS seq
      FROM entry;

    -- Rows with who wrote them.
    CREATE VIEW transactions_by_origin AS
      SELECT row.*, origin.actor, origin.source, origin.client_name
      FROM transactions AS row JOIN origins AS origin USING (origin_id);
    CREATE VIEW refusals_by_origin AS
      SELECT row.*, origin.actor, origin.source, origin.client_name
      FROM refusals AS row JOIN origins AS origin USING (origin_id);

    -- ------------------------------------------------------------------ nothing in the journal ever changes

    CREATE TRIGGER transactions_no_update BEFORE UPDATE ON transactions
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER transactions_no_delete BEFORE DELETE ON transactions
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER transactions_no_replace BEFORE INSERT ON transactions
      WHEN EXISTS (SELECT 1 FROM transactions WHERE seq = NEW.seq)
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER refusals_no_update BEFORE UPDATE ON refusals
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER refusals_no_delete BEFORE DELETE ON refusals
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER refusals_no_replace BEFORE INSERT ON refusals
      WHEN EXISTS (SELECT 1 FROM refusals WHERE seq = NEW.seq)
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER origins_no_update BEFORE UPDATE ON origins
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER origins_no_delete BEFORE DELETE ON origins
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER origins_no_replace BEFORE INSERT ON origins
      WHEN EXISTS (SELECT 1 FROM origins WHERE origin_id = NEW.origin_id)
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    """
}
