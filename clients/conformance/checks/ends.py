"""Nothing is left behind."""

from __future__ import annotations

import os
import time
from typing import Any

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.fake import Peer, nobody

R = "conformance"
BALANCE: dict[str, Any] = {"wallet": {"id": "7"}}
SETTLE_SECONDS = 20


def _descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def _threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))


@behaviour("ends", "the driver ends with 0 when its input does, with connections still open")
def ends(t: Case) -> None:
    driver = t.new_driver()
    client = t.client(t.server.address, driver=driver)
    wallet = t.wallet(client, 100)
    calls = [client.begin("Debit", {"wallet": wallet, "amount": "1", "reason": R}) for _ in range(20)]
    stream = client.stream("WatchTransactions", {"after_seq": "0"}, limit=2)
    status = driver.finish()
    for call in calls:
        call.ok()
    stream.ok()
    equal(status, 0, "the driver's status")


@behaviour("ends", "no descriptor and no thread is left of clients that were closed, or that met nobody")
def leaks(t: Case) -> None:
    driver = t.new_driver()

    def round_of_clients(count: int) -> None:
        away = nobody()
        quiet = t.fake(_hello_only)
        for _ in range(count):
            for address, kinds in (
                (t.server.address, ()),
                (away, ("disconnected", "deadline_exceeded")),
                (quiet.address, ("deadline_exceeded",)),
            ):
                name = f"leak-{t.number()}"
                driver.do("connect", client=name, address=address, attempts_max=1)
                call = driver.start("call", client=name, verb="GetServerInfo", args={}, timeout_millis=80 if kinds else 9000)
                call.error(*kinds) if kinds else call.ok()
                driver.do("close", client=name)

    round_of_clients(6)  # what a runtime makes once
    descriptors, threads = _descriptors(driver.pid), _threads(driver.pid)
    round_of_clients(20)
    give_up_at = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < give_up_at and (_descriptors(driver.pid) > descriptors + 5 or _threads(driver.pid) > threads + 8):
        time.sleep(0.1)
    after, left = _descriptors(driver.pid), _threads(driver.pid)
    expect(after <= descriptors + 5, f"{after} descriptors are open after 60 more clients, {descriptors} were before them")
    expect(left <= threads + 8, f"{left} threads are there after 60 more clients, {threads} were before them")


def _hello_only(peer: Peer) -> None:
    peer.hello()
    peer.ends()
