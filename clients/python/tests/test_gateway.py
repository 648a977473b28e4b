"""The gateway for HTTP, called by `buf curl` with the schema of this repository: a Connect client that isn't ours."""

from __future__ import annotations

import base64
import json
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from server import ROOT, Server, find_binary

from walletd._proto import wallet_pb2

BUF = pathlib.Path(sys.executable).parent / "buf"
ALICE = {"ownerId": "alice", "currency": "USD"}
BOB = {"ownerId": "bob", "currency": "USD"}
CAROL = {"ownerId": "carol", "currency": "USD"}
DIGEST = base64.b64encode(bytes(range(32))).decode()
DONE = 0


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    binary = find_binary()
    if binary is None:
        pytest.fail("there is no walletd to test with: build it, or name it by WALLETD", pytrace=False)
    folder = tmp_path_factory.mktemp("gateway")
    options = ("--backup-dir", str(folder / "backups"))
    server = Server(binary, folder / "data", options, admin="127.0.0.1:0")
    try:
        yield server
    finally:
        server.stop()


class Answer:
    def __init__(self, code: int, output: str, errors: str) -> None:
        self.code, self.output, self.errors = code, output, errors

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What came, one message or the events of a stream."""
        decoder, rest, found = json.JSONDecoder(), self.output.strip(), []
        while rest:
            value, end = decoder.raw_decode(rest)
            found.append(value)
            rest = rest[end:].strip()
        return found

    @property
    def error(self) -> dict[str, Any]:
        return json.loads(self.errors[self.errors.index("{") :])


def call(gateway: Server, verb: str, request: dict[str, Any], *options: str) -> Answer:
    command = [BUF, "curl", "--schema", ROOT / "proto", "--protocol", "connect", "-d", json.dumps(request), *options]
    url = f"http://{gateway.admin_address}/wallet.v1.WalletService/{verb}"
    ended = subprocess.run([*command, url], capture_output=True, text=True, timeout=60)
    return Answer(ended.returncode, ended.stdout, ended.stderr)


def mutation(number: int, **fields: Any) -> dict[str, Any]:
    return {"idempotencyKey": f"gateway-{number:04}", "reason": "test", **fields}


# In this order, so that each finds what it is about.
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("Ping", {}),
    ("GetServerInfo", {}),
    ("GetSchema", {}),
    ("RegisterCurrency", mutation(1, code="POINTS", exponent=0)),
    ("AddCounterAccount", mutation(2, name="partners")),
    ("OpenWallet", mutation(3, wallet=ALICE)),
    ("OpenWallet", mutation(4, wallet=BOB)),
    ("Credit", mutation(5, wallet=ALICE, amount=1000)),
    ("Debit", mutation(6, wallet=ALICE, amount=100)),
    ("Transfer", mutation(7, wallet=ALICE, amount=50, to=BOB)),
    ("Hold", mutation(8, wallet=ALICE, amount=30, timeoutMillis=60000)),
    ("Capture", mutation(9, holdId=9, amount=10)),
    ("Release", mutation(10, holdId=9)),
    ("Refund", mutation(11, transactionId=6)),
    ("SetLimits", mutation(12, wallet=ALICE, limits={"maxAmount": 500})),
    ("Freeze", mutation(13, wallet=ALICE, scope="FREEZE_SCOPE_ALL")),
    ("Unfreeze", mutation(14, wallet=ALICE, scope="FREEZE_SCOPE_ALL")),
    ("Batch", {"items": [{"credit": mutation(15, wallet=BOB, amount=7)}]}),
    ("OpenWallet", mutation(16, wallet=CAROL)),
    ("CloseWallet", mutation(17, wallet=CAROL)),
    ("CreateToken", mutation(18, principal="shop", scopes=["read"], secretDigest=DIGEST)),
    ("RevokeToken", mutation(19, tokenId=19)),
    ("ListTokens", {}),
    ("GetWallet", {"wallet": ALICE}),
    ("ListWallets", {"ownerId": "alice"}),
    ("GetBalance", {"wallet": ALICE}),
    ("GetBalanceAt", {"wallet": ALICE, "version": 1}),
    ("ListTransactions", {"wallet": ALICE}),
    ("ExplainBalance", {"wallet": ALICE}),
    ("ListRefusals", {}),
    ("TrialBalance", {}),
    ("Verify", {}),
    ("Backup", {}),
    ("WatchTransactions", {"afterSeq": 0}),
]
ENDLESS = {"WatchTransactions"}


def test_every_verb(gateway: Server) -> None:
    service = wallet_pb2.DESCRIPTOR.services_by_name["WalletService"]
    called = {verb for verb, _ in REQUESTS}
    for verb, request in REQUESTS:
        if verb in ENDLESS:
            continue
        answer = call(gateway, verb, request)
        assert answer.code == DONE, f"{verb}: {answer.errors}"
        assert answer.messages
    assert called == {method.name for method in service.methods}, "each verb has an example here"


def test_balance_after_all(gateway: Server) -> None:
    message = call(gateway, "GetBalance", {"wallet": BOB}).messages[0]
    assert message["balance"] == "57"


def test_error_has_its_figures(gateway: Server) -> None:
    error = call(gateway, "Debit", mutation(100, wallet=BOB, amount=100000)).error
    assert error["code"] == "failed_precondition"
    assert error["message"].startswith("INSUFFICIENT_FUNDS: ")
    assert error["details"][0]["type"] == "wallet.v1.Error"
    assert error["details"][0]["debug"]["insufficientFunds"]["requested"] == "100000"


def test_verify_is_a_stream(gateway: Server) -> None:
    events = call(gateway, "Verify", {}).messages
    assert "report" in events[-1]
    assert int(events[-1]["report"].get("findings", 0)) == 0


def test_stream_that_is_refused(gateway: Server) -> None:
    error = call(gateway, "WatchTransactions", {"resumeToken": "00"}).error
    assert error["code"] in ("failed_precondition", "invalid_argument")


def test_watch_goes_on(gateway: Server) -> None:
    """Events come as they are committed, and the call ends when its client goes."""
    command = [BUF, "curl", "--schema", ROOT / "proto", "--protocol", "connect", "-d", '{"fromNow":true}']
    url = f"http://{gateway.admin_address}/wallet.v1.WalletService/WatchTransactions"
    watch = subprocess.Popen([*command, url], stdout=subprocess.PIPE, text=True)
    assert watch.stdout is not None
    try:
        lines = iter(watch.stdout)
        next(line for line in lines if "resumeToken" in line)
        assert call(gateway, "Credit", mutation(200, wallet=BOB, amount=1)).code == DONE
        assert next(line for line in lines if '"idempotencyKey"' in line).strip() == '"idempotencyKey": "gateway-0200",'
    finally:
        watch.kill()
        watch.wait()
