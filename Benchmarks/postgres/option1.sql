\set id random(1, :rows)
\set amount random(1, 100)
UPDATE users SET balance = balance - :amount WHERE id = :id AND balance >= :amount;
