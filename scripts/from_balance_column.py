#!/usr/bin/env python3
"""Makes files for `walletctl apply` of a balance column and of a log of purchases.

  from_balance_column.py opening --database legacy.db --currency USD > opening.csv
  from_balance_column.py purchases --log purchases.csv --currency USD > purchases-apply.csv

`opening` reads the users' ids and balances from a SQLite file, which it never writes. Each usable row becomes an `open` and,
unless the balance is zero, a `credit` of it against the counter-account `opening`. Rows that can't be carried over exactly
(no number, negative, finer than the currency, beyond int64) are listed on standard error, and none is guessed at.

`purchases` makes a `debit` of each row of a CSV log, in its order.
"""
import argparse
import csv
import decimal
import sqlite3
import sys

COLUMNS = ["verb", "owner", "currency", "amount", "reason", "reference", "counter_account"]


def minor_units_text(value, exponent):
    """The value as decimal text with `exponent` digits, or a sentence that says why it can't be had exactly."""
    if value is None:
        return None, "is NULL"
    if isinstance(value, str):
        return None, f"is the text {value!r}, not a number"
    # A double is carried over as the shortest decimal that means it: what the table's users see.
    amount = decimal.Decimal(repr(value))
    if not amount.is_finite():
        return None, f"is {value!r}"
    if amount < 0:
        return None, f"is negative: {value!r}"
    scaled = amount.scaleb(exponent)
    if scaled != scaled.to_integral_value():
        return None, f"has more than {exponent} digits after the point: {value!r}"
    if scaled > 2**63 - 1:
        return None, f"is beyond 64-bit minor units: {value!r}"
    return f"{amount:.{exponent}f}", None


def opening(options, output):
    database = sqlite3.connect(f"file:{options.database}?mode=ro&immutable=1", uri=True)
    names = [options.id_column, options.balance_column, options.table]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    usable = total = unusable = 0
    for user, balance in database.execute("SELECT {0}, {1} FROM {2} ORDER BY {0}".format(*quoted)):
        text, why = minor_units_text(balance, options.exponent)
        if why:
            unusable += 1
            print(f"unusable: user {user}: balance {why}", file=sys.stderr)
            continue
        usable += 1
        total += decimal.Decimal(text)
        output.writerow(["open", user, options.currency, "", "wallet.open", "", ""])
        if decimal.Decimal(text):
            output.writerow(["credit", user, options.currency, text, "opening.balance", f"user-{user}", "opening"])
    print(f"{usable} users, {total} {options.currency} in all, {unusable} unusable", file=sys.stderr)


def purchases(options, output):
    with open(options.log, newline="") as log:
        for row in csv.DictReader(log):
            output.writerow(["debit", row[options.user_column], options.currency, row[options.amount_column],
                             options.reason, row[options.reference_column], ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("opening")
    command.add_argument("--database", required=True)
    command.add_argument("--table", default="users")
    command.add_argument("--id-column", default="id")
    command.add_argument("--balance-column", default="balance")
    command.set_defaults(run=opening)
    command = commands.add_parser("purchases")
    command.add_argument("--log", required=True)
    command.add_argument("--user-column", default="user_id")
    command.add_argument("--amount-column", default="amount_usd")
    command.add_argument("--reference-column", default="order_id")
    command.add_argument("--reason", default="purchase")
    command.set_defaults(run=purchases)
    for command in commands.choices.values():
        command.add_argument("--currency", default="USD")
        command.add_argument("--exponent", type=int, default=2, help="digits after the point")
    options = parser.parse_args()
    output = csv.writer(sys.stdout, lineterminator="\n")
    output.writerow(COLUMNS)
    options.run(options, output)


if __name__ == "__main__":
    main()
