"""Who is there: TLS, certificates, tokens."""

from __future__ import annotations

import pathlib
import queue
import ssl
import time
from typing import Any

from kit.case import Case, behaviour
from kit.failure import equal, expect
from kit.fake import Peer, pb
from kit.server import first_token

R = "conformance"


def _tls(t: Case, ca: str = "authority", client: str = "", **more: str) -> dict[str, Any]:
    files = {"ca_file": t.certificates.path(f"{ca}.pem"), **more}
    if client:
        files["cert_file"], files["key_file"] = t.certificates.path(f"{client}.pem"), t.certificates.path(f"{client}.key")
    return {"tls": files}


@behaviour("identity", "TLS: calls and long answers, by name and by address")
def tls(t: Case) -> None:
    server = t.new_server(*t.certificates.of_server("server"))
    client = t.client(server.address, **_tls(t))
    wallet = t.wallet(client)
    items = [{"credit": {"wallet": wallet, "amount": "1", "reason": R}} for _ in range(500)]
    done = client.ok("Batch", {"items": items, "full_results": True})
    equal(done["results"][-1]["ok"]["balance"], "500", "the balance")
    calls = [client.begin("GetBalance", {"wallet": wallet}) for _ in range(50)]
    equal({call.ok()["balance"] for call in calls}, {"500"}, "the balances of 50 calls at once")
    named = t.client("localhost:" + server.address.split(":")[1], **_tls(t))
    named.ok("Ping")


def _untrusted(t: Case, address: str, **options: Any) -> None:
    began = time.monotonic()
    error = t.client(address, **options).error("OpenWallet", _opening(t), "unauthenticated", timeout_millis=20_000)
    expect(error.get("key"), "the error has no key")
    expect(time.monotonic() - began < 15, "it was waited for what can't come")


def _opening(t: Case) -> dict[str, Any]:
    return {"wallet": {"owner_id": t.owner(), "currency": "USD"}, "reason": R}


@behaviour("identity", "a certificate of another authority, or of another name: unauthenticated")
def untrusted(t: Case) -> None:
    server = t.new_server(*t.certificates.of_server("server"))
    _untrusted(t, server.address, **_tls(t, ca="stranger"))
    _untrusted(t, server.address, **_tls(t, server_name="ledger.example"))
    elsewhere = t.new_server(*t.certificates.of_server("elsewhere"))
    _untrusted(t, elsewhere.address, **_tls(t))
    t.client(elsewhere.address, **_tls(t, server_name="ledger.example")).ok("Ping")


@behaviour("identity", "an expired certificate: unauthenticated")
def expired(t: Case) -> None:
    server = t.new_server(*t.certificates.of_server("expired"))
    _untrusted(t, server.address, **_tls(t))


@behaviour("identity", "a client's certificate: shown it is let in; a stranger's or none is unauthenticated")
def client_certificate(t: Case) -> None:
    strict = ("--tls-client-ca", t.certificates.path("authority.pem"), "--tls-require-client-cert")
    server = t.new_server(*t.certificates.of_server("server"), *strict)
    t.client(server.address, **_tls(t, client="client")).ok("Ping")
    _untrusted(t, server.address, **_tls(t, client="intruder"))
    _untrusted(t, server.address, **_tls(t))


@behaviour("identity", "TLS where there is none, and none where there is TLS: a protocol error")
def mismatch(t: Case) -> None:
    t.client(t.server.address, **_tls(t)).error("OpenWallet", _opening(t), "protocol")
    server = t.new_server(*t.certificates.of_server("server"))
    t.client(server.address).error("OpenWallet", _opening(t), "protocol")


def _token_file(folder: pathlib.Path, name: str, token: str) -> dict[str, str]:
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(token + "\n")
    return {"token_file": str(path)}


@behaviour("identity", "who closes a connection with TLS says so: close_notify")
def goodbye(t: Case) -> None:
    said: queue.Queue[str] = queue.Queue()

    def script(peer: Peer) -> None:
        peer.hello()
        peer.ok(peer.request(), pb.GetBalanceResponse(balance=3))
        try:
            while peer.sock.recv(65536):
                pass
            said.put("close_notify")
        except OSError as error:
            said.put(f"{type(error).__name__} {error}")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(t.certificates.path("server.pem"), t.certificates.path("server.key"))
    client = t.client(t.fake(script, tls=context).address, **_tls(t))
    equal(client.ok("GetBalance", {"wallet": {"id": "7"}})["balance"], "3", "the balance")
    client.close().ok()
    equal(said.get(timeout=15), "close_notify", "what the server sees when the client is closed")


@behaviour("identity", "tokens: who has one is its principal; a wrong one, none and a revoked one are unauthenticated")
def tokens(t: Case) -> None:
    folder = t.folder()
    data = folder / "data"
    admin_token = first_token(data, "ops", "read,credit,debit,admin")
    server = t.new_server("--auth", "required", data=data)
    admin = t.client(server.address, **_token_file(folder, "admin", admin_token))
    wallet = t.wallet(admin, 500)
    created = admin.ok("CreateToken", {"principal": "shop", "scopes": ["read", "debit"], "reason": R})
    token = created.get("token") or ""
    expect(token.startswith(f"wlt_{created['row']['id']}_"), "CreateToken gives no token")
    listed = admin.ok("ListTokens", {"principal": "shop"})["tokens"]
    equal([one["scopes"] for one in listed], [["read", "debit"]], "the scopes of the listed token")
    shop_file = _token_file(folder, "shop", token)
    shop = t.client(server.address, **shop_file)
    equal(shop.ok("Debit", {"wallet": wallet, "amount": "1", "reason": R})["transaction"]["actor"], "shop", "the actor")
    denied = shop.rejected("Credit", {"wallet": wallet, "amount": "1", "reason": R}, "PERMISSION_DENIED")
    equal((denied["detail"]["scope"], denied["detail"]["rule"]), ("credit", "scope"), "scope and rule of the denial")
    wrong = token[:-8] + ("00000000" if token[-8:] != "00000000" else "11111111")
    for name, options in {"wrong": _token_file(folder, "wrong", wrong), "missing": {}}.items():
        error = t.client(server.address, **options).error("GetBalance", {"wallet": wallet}, "unauthenticated")
        equal(error.get("reason"), "UNAUTHENTICATED", f"the reason of a {name} token")
        expect(wrong not in error["message"] and wrong[10:] not in error["message"], "the message has the token in it")
    token_id = created["row"].get("token_id") or created["row"]["id"]
    admin.ok("RevokeToken", {"token_id": token_id, "reason": R})
    shop.error("GetBalance", {"wallet": wallet}, "unauthenticated", reason="UNAUTHENTICATED")
    # The file is read at each connect: a new token in it lets the same client in again.
    renewed = admin.ok("CreateToken", {"principal": "shop", "scopes": ["read"], "reason": R})["token"]
    pathlib.Path(shop_file["token_file"]).write_text(renewed + "\n")
    equal(shop.ok("GetBalance", {"wallet": wallet})["balance"], "499", "the balance, with the renewed token")


@behaviour("identity", "a token file that isn't there: an error of its own, within the deadline")
def no_token_file(t: Case) -> None:
    path = str(t.folder() / "none")
    connected = t.driver.start("connect", client="no-token", address=t.server.address, token_file=path).result()
    if "error" in connected:
        equal(connected["error"]["kind"], "invalid", "the kind of the error")
        return
    pending = t.driver.start("call", client="no-token", verb="Ping", args={}, timeout_millis=5000)
    pending.error("not_executed", "unauthenticated", "disconnected", "invalid")
