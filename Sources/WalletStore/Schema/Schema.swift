/// The tables of a ledger, and how a file of an older version becomes one of this version.
enum Schema {
  /// `application_id` of the file: "WLTD".
  static let applicationID: Int64 = 0x574C_5444

  /// Steps from version 0 on. Each runs in a transaction of its own; their order and texts never change.
  static let migrations: [String] = [version1]

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

    -- What stands against the wallets: with the balances of a currency's wallets its totals sum to zero.
    CREATE TABLE counter_totals (
      currency TEXT NOT NULL,
      counter_account TEXT NOT NULL,
      total INTEGER NOT NULL,
      PRIMARY KEY (currency, counter_account)
    ) STRICT, WITHOUT ROWID;

    -- A wallet row is the fold of its transactions; the row named by last_seq must agree with it.
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
      actor TEXT NOT NULL,
      on_behalf_of TEXT,
      reason TEXT,
      note TEXT,
      reference TEXT,
      idempotency_key ANY,
      request_digest BLOB,
      correlation_id TEXT,
      source TEXT,
      client_name TEXT,
      metadata TEXT,
      occurred_at INTEGER,
      created_at INTEGER NOT NULL,
      detail BLOB,
      digest BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX transactions_by_wallet ON transactions (wallet_id, version);

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
      actor TEXT NOT NULL,
      on_behalf_of TEXT,
      reason TEXT,
      note TEXT,
      reference TEXT,
      idempotency_key ANY NOT NULL,
      request_digest BLOB NOT NULL,
      correlation_id TEXT,
      source TEXT,
      client_name TEXT,
      metadata TEXT,
      occurred_at INTEGER,
      created_at INTEGER NOT NULL,
      figures BLOB NOT NULL,
      digest BLOB NOT NULL
    ) STRICT;

    -- Where each key has its first result: a transaction or a refusal.
    CREATE TABLE idempotency (
      key ANY PRIMARY KEY,
      seq INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER transactions_no_update BEFORE UPDATE ON transactions
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER transactions_no_delete BEFORE DELETE ON transactions
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER transactions_no_replace BEFORE INSERT ON transactions
      WHEN EXISTS (SELECT 1 FROM transactions WHERE seq = NEW.seq)
        OR EXISTS (SELECT 1 FROM transactions WHERE wallet_id = NEW.wallet_id AND version = NEW.version)
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER refusals_no_update BEFORE UPDATE ON refusals
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER refusals_no_delete BEFORE DELETE ON refusals
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    CREATE TRIGGER refusals_no_replace BEFORE INSERT ON refusals
      WHEN EXISTS (SELECT 1 FROM refusals WHERE seq = NEW.seq)
      BEGIN SELECT RAISE(ABORT, 'journal rows are immutable'); END;
    """
}
