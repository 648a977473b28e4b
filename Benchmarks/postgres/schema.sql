-- Both options side by side. fillfactor leaves room for updates that stay on their page (HOT), which suits PostgreSQL best.

-- Option 1: a balance column in the table of users.
CREATE TABLE users (
  id bigint PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0)
) WITH (fillfactor = 50);

-- Option 2: wallets, and an immutable row for each change.
CREATE TABLE wallets (
  id bigint PRIMARY KEY,
  owner_id text NOT NULL,
  currency text NOT NULL,
  balance bigint NOT NULL CHECK (balance >= 0),
  version bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE transactions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  wallet_id bigint NOT NULL,
  wallet_version bigint NOT NULL,
  amount bigint NOT NULL,
  balance bigint NOT NULL,
  actor text NOT NULL,
  source text NOT NULL,
  reason text NOT NULL,
  reference text NOT NULL,
  correlation_id text NOT NULL,
  idempotency_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (idempotency_key),
  UNIQUE (wallet_id, wallet_version)
);

INSERT INTO users SELECT id, 1000000000000 FROM generate_series(1, :rows) AS id;
INSERT INTO wallets SELECT id, 'owner-' || id, 'USD', 1000000000000, 0 FROM generate_series(1, :rows) AS id;
VACUUM ANALYZE;
CHECKPOINT;
