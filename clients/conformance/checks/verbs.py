"""Every verb against the real server, and what it gives."""

from __future__ import annotations

import hashlib
from typing import Any

from kit.case import Case, behaviour
from kit.failure import equal, expect

R = "conformance"


def _figures(result: dict[str, Any]) -> tuple[str, str, str]:
    return result["balance"], result["held"], result["available"]


@behaviour("verbs", "OpenWallet, Credit, Debit, GetBalance, GetWallet, CloseWallet")
def wallets(t: Case) -> None:
    client = t.client(t.server.address)
    owner = t.owner()
    address = {"owner_id": owner, "currency": "USD", "name": "travel"}
    opened = client.ok("OpenWallet", {"wallet": address, "reason": R})
    equal(opened["transaction"]["kind"], "OPEN", "the kind of an OpenWallet's row")
    equal((opened["version"], *_figures(opened)), ("1", "0", "0", "0"), "version, balance, held, available of a new wallet")
    credited = client.ok("Credit", {"wallet": address, "amount": "2000", "reason": R, "reference": "ref-1"})
    equal((credited["version"], *_figures(credited)), ("2", "2000", "0", "2000"), "the figures after a credit")
    equal((credited["currency"], credited["exponent"]), ("USD", 2), "currency and exponent")
    metadata = [{"key": "order", "value": "17"}]
    debit = {"wallet": address, "amount": "450", "reason": R, "metadata": metadata, "note": "für Ä", "expected_version": "2"}
    debited = client.ok("Debit", debit)
    row = debited["transaction"]
    equal((row["kind"], row["amount"], row["reason"], row["note"]), ("DEBIT", "-450", R, "für Ä"), "a debit's row")
    equal(row["metadata"], metadata, "a debit's metadata")
    expect(int(row["created_at_micros"]) > 10**15, "the time of a row isn't in microseconds")
    equal(int(debited["commit_seq"]), int(row["id"]), "the place of a debit")
    by_id = {"id": row["wallet_id"]}
    balance = client.ok("GetBalance", {"wallet": by_id})
    equal((balance["version"], *_figures(balance)), ("3", "1550", "0", "1550"), "the figures of GetBalance")
    wallet = client.ok("GetWallet", {"wallet": address})["wallet"]
    equal((wallet["owner_id"], wallet["name"], wallet["status"]), (owner, "travel", "OPEN"), "owner, name, status")
    client.ok("Debit", {"wallet": by_id, "amount": "1550", "reason": R})
    closed = client.ok("CloseWallet", {"wallet": by_id, "reason": R})
    equal(closed["transaction"]["kind"], "CLOSE", "the kind of a CloseWallet's row")
    equal(client.ok("GetWallet", {"wallet": by_id})["wallet"]["status"], "CLOSED", "the status of a closed wallet")


@behaviour("verbs", "Hold, Capture, Release, Refund, Transfer")
def moves(t: Case) -> None:
    client = t.client(t.server.address)
    wallet, other = t.wallet(client, 5000), t.wallet(client)
    held = client.ok("Hold", {"wallet": wallet, "amount": "1000", "timeout_millis": "60000", "reason": R})
    equal(_figures(held), ("5000", "1000", "4000"), "the figures after a hold")
    hold = held["transaction"]["hold_id"]
    equal(hold, held["transaction"]["id"], "the id of a hold")
    captured = client.ok("Capture", {"hold_id": hold, "amount": "300", "reason": R})
    equal(_figures(captured), ("4700", "700", "4000"), "the figures after a capture of a part")
    released = client.ok("Release", {"hold_id": hold, "reason": R})
    equal(_figures(released), ("4700", "0", "4700"), "the figures after a release")
    second = client.ok("Hold", {"wallet": wallet, "amount": "700", "timeout_millis": "60000", "reason": R})
    final = client.ok("Capture", {"hold_id": second["transaction"]["hold_id"], "reason": R})
    equal(_figures(final), ("4000", "0", "4000"), "the figures after a capture without an amount")
    part = client.ok("Refund", {"transaction_id": captured["transaction"]["id"], "amount": "100", "reason": R})
    equal((part["balance"], part["transaction"]["kind"]), ("4100", "REFUND"), "balance and kind of a refund")
    rest = client.ok("Refund", {"transaction_id": captured["transaction"]["id"], "reason": R})
    equal(rest["transaction"]["amount"], "200", "the amount of a refund of the rest")
    moved = client.ok("Transfer", {"wallet": wallet, "to": other, "amount": "1500", "reason": R})
    equal(_figures(moved["source"]), ("2800", "0", "2800"), "the source's figures after a transfer")
    equal(moved["source"]["transaction"]["kind"], "TRANSFER_OUT", "the kind of the source's row")
    destination = moved["destination"]
    equal((destination["kind"], destination["balance"]), ("TRANSFER_IN", "1500"), "kind and balance of the destination's row")
    equal(moved["commit_seq"], destination["id"], "the place of a transfer")
    expect(moved.get("key"), "a transfer's result has no key")


@behaviour("verbs", "Freeze, Unfreeze, SetLimits, ExplainBalance")
def stops(t: Case) -> None:
    client = t.client(t.server.address)
    wallet = t.wallet(client, 1000)
    client.ok("Freeze", {"wallet": wallet, "scope": "DEBIT", "reason": R})
    client.rejected("Debit", {"wallet": wallet, "amount": "1", "reason": R}, "WALLET_FROZEN")
    explained = client.ok("ExplainBalance", {"wallet": wallet})
    equal(explained["freezes"][0]["scope"], "DEBIT", "the scope of the freeze in an explanation")
    client.ok("Unfreeze", {"wallet": wallet, "scope": "ALL", "reason": R})
    limits = {"overdraft_limit": "500", "max_amount": "1200", "day": {"amount": "5000", "count": "9"}}
    limited = client.ok("SetLimits", {"wallet": wallet, "limits": limits, "reason": R})
    equal(limited["available"], "1500", "what is available with an overdraft")
    client.ok("Debit", {"wallet": wallet, "amount": "1200", "reason": R})
    explained = client.ok("ExplainBalance", {"wallet": wallet, "last_changes": 2})
    equal((explained["equal"], explained["wallet"]["balance"]), (True, "-200"), "equal and balance of an explanation")
    equal(explained["limits"]["day"]["count"], "9", "the day's count in an explanation")
    equal(len(explained["last_changes"]), 2, "the number of last changes")
    sums = {one["kind"]: one["amount"] for one in explained["sums"]}
    equal((sums["CREDIT"], sums["DEBIT"]), ("1000", "-1200"), "the sums of credits and debits")
    uses = {one["kind"]: one["used"] for one in explained["limit_uses"]}
    equal(uses.get("DAY_AMOUNT"), "1200", "what is used of the day's amount")


@behaviour("verbs", "GetBalanceAt, ListTransactions, ListWallets, ListRefusals: pages and filters")
def reads(t: Case) -> None:
    client = t.client(t.server.address)
    wallet = t.wallet(client)
    amounts = [str(100 * n) for n in range(1, 8)]
    for amount in amounts:
        last = client.ok("Credit", {"wallet": wallet, "amount": amount, "reason": R})
    at = client.ok("GetBalanceAt", {"wallet": wallet, "version": "3"})
    equal((at["balance"], at["version"]), ("300", "3"), "balance and version at version 3")
    stored = last["transaction"]["created_at_micros"]
    at = client.ok("GetBalanceAt", {"wallet": wallet, "time_micros": stored})
    equal((at["balance"], at["transaction_id"]), (last["balance"], last["transaction"]["id"]), "balance and row at that row's time")
    client.error("GetBalanceAt", {"wallet": wallet, "time_micros": str(2**62)}, "rejected", "invalid")
    found: list[str] = []
    cursor, pages = "", 0
    while True:
        args = {"wallet": wallet, "page_size": 3, "oldest_first": True, "filter": {"kinds": ["CREDIT"]}}
        page = client.ok("ListTransactions", {**args, "cursor": cursor} if cursor else args)
        found += [row["amount"] for row in page["transactions"]]
        pages, cursor = pages + 1, page["next_cursor"]
        if not cursor:
            break
    equal((found, pages >= 3), (amounts, True), "the amounts of all pages, of which there are at least 3")
    large = {"wallet": wallet, "filter": {"min_amount": "500", "max_amount": "600"}}
    rows = client.ok("ListTransactions", large)["transactions"]
    equal([row["amount"] for row in rows], ["600", "500"], "the amounts from 500 to 600, newest first")
    client.ok("OpenWallet", {"wallet": {**wallet, "currency": "JPY"}, "reason": R})
    listed = client.ok("ListWallets", {"owner_id": wallet["owner_id"]})["wallets"]
    equal([(one["currency"], one["exponent"]) for one in listed], [("USD", 2), ("JPY", 0)], "the owner's wallets")
    client.rejected("Debit", {"wallet": wallet, "amount": "99999", "reason": R}, "INSUFFICIENT_FUNDS")
    refusals = client.ok("ListRefusals", {"wallet": wallet, "reasons": ["INSUFFICIENT_FUNDS"]})["refusals"]
    equal(len(refusals), 1, "the number of refusals")
    equal(refusals[0]["error"]["detail"]["requested"], "99999", "what the refused debit requested")


@behaviour("verbs", "Batch: item by item, and all or nothing")
def batches(t: Case) -> None:
    client = t.client(t.server.address)
    wallet, other = t.wallet(client, 1000), t.wallet(client)
    items: list[dict[str, Any]] = [
        {"debit": {"wallet": wallet, "amount": "400", "reason": R}},
        {"debit": {"wallet": wallet, "amount": "700", "reason": R}},
        {"transfer": {"wallet": wallet, "to": other, "amount": "100", "reason": R}},
    ]
    done = client.ok("Batch", {"items": items, "full_results": True})
    first, second, third = done["results"]
    equal((first["ok"]["balance"], first["ok"]["wallet_version"]), ("600", "3"), "balance and version after the first item")
    equal(first["ok"]["transaction"]["kind"], "DEBIT", "the kind of the first item's row")
    equal(second["error"]["reason"], "INSUFFICIENT_FUNDS", "the reason of the second item")
    equal(second["error"]["detail"]["shortfall"], "100", "the shortfall of the second item")
    equal(third["ok"]["balance"], "500", "the balance after the third item")
    keys = {one[name].get("key") for one in done["results"] for name in one}
    expect(None not in keys and len(keys) == 3, f"the items' keys are {keys}")
    aborted = client.rejected("Batch", {"items": items, "atomic": True}, "BATCH_ABORTED")
    equal((aborted["index"], aborted["cause"]["reason"]), (1, "INSUFFICIENT_FUNDS"), "index and cause of BATCH_ABORTED")
    equal(aborted["cause"]["detail"]["requested"], "700", "what the item requested")
    atomic = {"items": [items[0]], "atomic": True, "idempotency_key": f"conformance-batch-{t.owner()}"}
    equal(client.ok("Batch", atomic)["results"][0]["ok"]["balance"], "100", "the balance after an atomic batch")
    again = client.ok("Batch", atomic)
    equal((again["replayed"], again["results"][0]["ok"]["balance"]), (True, "100"), "an atomic batch, again")


@behaviour("verbs", "RegisterCurrency, AddCounterAccount, TrialBalance")
def administration(t: Case) -> None:
    client = t.client(t.server.address)
    code, account = f"C-{t.number()}", f"a-{t.number()}"
    registered = client.ok("RegisterCurrency", {"code": code, "exponent": 3, "reason": R})
    row = registered["row"]
    equal((row["subject"], row["exponent"], registered["replayed"]), (code, 3, False), "a registration")
    added = client.ok("AddCounterAccount", {"name": account, "reason": R})
    equal(added["row"]["subject"], account, "the subject of a counter-account's row")
    wallet = t.wallet(client, currency=code)
    client.ok("Credit", {"wallet": wallet, "amount": "1024", "reason": R, "counter_account": account})
    total = client.ok("TrialBalance", {"currency": code})
    currency = total["currencies"][0]
    equal((currency["wallets_total"], currency["exponent"]), ("1024", 3), "the total of wallets, and the exponent")
    equal(currency["counter_accounts"], [{"name": account, "total": "-1024"}], "what stands against them")
    expect(account in total["counter_accounts"], "the new counter-account isn't among all")


@behaviour("verbs", "Ping, GetServerInfo, GetSchema")
def server(t: Case) -> None:
    client = t.client(t.server.address)
    expect(int(client.ok("Ping")["server_time_micros"]) > 10**15, "the server's time isn't in microseconds")
    info = client.ok("GetServerInfo")
    equal((info["mutations_available"], info["epoch"]), (True, 1), "mutations_available and epoch")
    equal(info["limits"]["requests_in_flight_max"], 1024, "the limit of requests in flight")
    schema = client.ok("GetSchema")
    digest = hashlib.sha256(bytes.fromhex(schema["file_descriptor_set"])).hexdigest()
    equal((schema["digest"], info["schema_digest"]), (digest, digest), "the digests of the schema")
    theirs = t.ledger(t.server.address).server_info()
    equal(info["ledger_id"], theirs.ledger_id, "the ledger's id")


@behaviour("verbs", "amounts beyond 2^53 pass unharmed")
def large(t: Case) -> None:
    client = t.client(t.server.address)
    code = f"L-{t.number()}"  # of its own, for the sum of all wallets of a currency has to fit, too
    client.ok("RegisterCurrency", {"code": code, "exponent": 18, "reason": R})
    wallet = t.wallet(client, currency=code)
    amount = 2**63 - 1
    done = client.ok("Credit", {"wallet": wallet, "amount": str(amount), "reason": R})
    equal((done["balance"], done["transaction"]["amount"]), (str(amount), str(amount)), "the largest amount")
    taken = client.ok("Debit", {"wallet": wallet, "amount": str(2**53 + 1), "reason": R})
    equal(taken["balance"], str(amount - 2**53 - 1), "the balance after a debit of 2^53 + 1")
    client.rejected("Credit", {"wallet": wallet, "amount": str(amount), "reason": R}, "AMOUNT_OVERFLOW")


@behaviour("verbs", "a Unix socket")
def unix_socket(t: Case) -> None:
    path = t.folder() / "s"
    server = t.new_server("--listen", f"unix:{path}")
    expect(server.address, "the server listens")
    expect("commit_seq" in t.client(f"unix:{path}").ok("Ping"), "Ping over a Unix socket has no commit_seq")
