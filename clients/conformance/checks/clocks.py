"""Clocks that are wrong: of the server, and of the client where its runtime can be told another time."""

from __future__ import annotations

import time
import uuid

from kit.case import Case, behaviour
from kit.clock import shifted
from kit.driver import Client, Driver
from kit.failure import Inapplicable, equal, expect
from kit.fake import Peer

R = "conformance"
DAY = 24 * 3600


def _work(t: Case, client: Client) -> None:
    wallet = t.wallet(client, 1000)
    args = {"wallet": wallet, "amount": "100", "reason": R, "idempotency_key": f"conformance-{t.owner()}"}
    client.ok("Debit", args, timeout_millis=20_000)
    equal(client.ok("Debit", args)["replayed"], True, "replayed of the same key")
    held = client.ok("Hold", {"wallet": wallet, "amount": "50", "timeout_millis": "60000", "reason": R})
    client.ok("Capture", {"hold_id": held["transaction"]["hold_id"], "reason": R})
    short = client.ok("Hold", {"wallet": wallet, "amount": "50", "timeout_millis": "1", "reason": R})
    time.sleep(0.02)
    client.rejected("Capture", {"hold_id": short["transaction"]["hold_id"], "reason": R}, "HOLD_EXPIRED")
    calls = [client.begin("GetBalance", {"wallet": wallet}) for _ in range(10)]
    equal({call.ok()["balance"] for call in calls}, {"850"}, "the balances")


@behaviour("clocks", "a server whose clock is 3 days ahead, and one whose clock is 3 days behind")
def of_the_server(t: Case) -> None:
    for days in (3, -3):
        server = t.new_server(env=shifted(f"{days:+d}d"))
        client = t.client(server.address)
        off = int(client.ok("Ping")["server_time_micros"]) / 1e6 - time.time()
        expect(abs(off - days * DAY) < DAY / 2, f"the server's clock is off by {off:.0f} s, not by {days} days")
        _work(t, client)


@behaviour("clocks", "a client whose clock is 3 days ahead or behind: deadlines, keys and holds are right all the same")
def of_the_client(t: Case) -> None:
    for days in (3, -3):
        driver = t.new_driver(shifted(f"{days:+d}d"))
        off = _offset(driver)
        expect(abs(off - days * DAY) < DAY / 2, f"the time in a key is off by {off:.0f} s, not by {days} days")
        client = t.client(t.server.address, driver=driver)
        _work(t, client)
        _silent(t, driver)


def _offset(driver: Driver) -> float:
    """By how many seconds the driver's clock is off, as its keys have it."""
    key = driver.do("new_key", count=1)["keys"][0]
    off = (uuid.UUID(key).int >> 80) / 1000 - time.time()
    if abs(off) < DAY:
        raise Inapplicable("its runtime asks the kernel for the time, past libfaketime: only the server's clock is shifted")
    return off


def _silent(t: Case, driver: Driver) -> None:
    def deaf(peer: Peer) -> None:
        peer.hello()
        peer.ends()

    client = t.client(t.fake(deaf).address, driver=driver)
    began = time.monotonic()
    client.error("GetBalance", {"wallet": {"id": "7"}}, "deadline_exceeded", timeout_millis=500)
    expect(0.4 <= time.monotonic() - began < 30, "a deadline of 0.5 s came at another time")


@behaviour("clocks", "certificates are judged by the client's clock: from 3 days ahead ours has expired")
def of_certificates(t: Case) -> None:
    driver = t.new_driver(shifted("+3d"))
    _offset(driver)
    server = t.new_server(*t.certificates.of_server("server"))
    tls = {"ca_file": t.certificates.path("authority.pem")}
    client = t.client(server.address, driver=driver, tls=tls)
    client.error("OpenWallet", {"wallet": {"owner_id": t.owner(), "currency": "USD"}, "reason": R}, "unauthenticated")
