"""A server that dies, or leaves, under load."""

from __future__ import annotations

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.load import Load


@behaviour("restarts", "kill -9 under load, twice: no acknowledged debit is lost, none is there twice")
def killed(t: Case) -> None:
    server = t.new_server()
    load = Load.prepare(t.client(server.address), "killed")

    def again() -> None:
        server.kill()
        server.start()

    load.run(500, 48, {120: again, 300: again})
    load.check(t.ledger(server.address))


@behaviour("restarts", "an unknown outcome of before a restart is answered to its key afterwards")
def answered_later(t: Case) -> None:
    server = t.new_server()
    proxy = t.proxy(server.address)
    client = t.client(proxy.address, attempts_max=1)
    wallet = t.wallet(client, 1000)
    args = {"wallet": wallet, "amount": "100", "reason": "load", "idempotency_key": "conformance-answered-later"}
    # The server carries it out; the answer doesn't come through.
    proxy.hold_back()
    error = client.error("Debit", args, "outcome_unknown", timeout_millis=1500)
    equal(error["key"], args["idempotency_key"], "the key of the unknown outcome")
    row = next(t.ledger(server.address).transactions(_ref(wallet)))
    equal(row.idempotency_key, error["key"], "the key of the ledger's newest row")
    server.kill()
    proxy.cut()
    proxy.flow()
    server.start()
    again = t.client(server.address).ok("Debit", args, retry_of_unknown=True)
    equal((again["replayed"], again["transaction"]["id"]), (True, str(row.id)), "replayed, and the row's id")
    equal(again["balance"], "900", "the balance")


def _ref(wallet: dict[str, str]) -> object:
    import walletd

    return walletd.WalletRef(owner=wallet["owner_id"], currency=wallet["currency"])


@behaviour("restarts", "SIGTERM under load, and the server again: each debit is there once, none is given up")
def terminated(t: Case) -> None:
    server = t.new_server()
    load = Load.prepare(t.client(server.address), "terminated")

    def again() -> None:
        server.terminate()
        server.wait()
        server.start()

    load.run(500, 48, {120: again, 300: again})
    load.check(t.ledger(server.address))
    expect(load.refusals + load.unknowns < 500, "nothing went through")
