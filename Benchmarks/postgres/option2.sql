-- The row lock of the UPDATE puts debits of one wallet in order; UNIQUE (wallet_id, wallet_version) would catch a lost update.
-- A comparison with a version that was read before would instead fail for all but one of the clients on a hot row.
\set id random(1, :rows)
\set amount random(1, 100)
\set nonce random(0, 281474976710655)
WITH moved AS (
  UPDATE wallets SET balance = balance - :amount, version = version + 1
  WHERE id = :id AND balance >= :amount
  RETURNING id, version, balance
)
INSERT INTO transactions (
  wallet_id, wallet_version, amount, balance, actor, source, reason, reference, correlation_id, idempotency_key)
SELECT id, version, -CAST(:amount AS bigint), balance, 'loopback', '127.0.0.1', 'bench.debit1', 'order-000017',
  'c0ffee00c0ffee00',
  to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint) || '-' || lpad(to_hex(CAST(:nonce AS bigint)), 12, '0')
FROM moved;
