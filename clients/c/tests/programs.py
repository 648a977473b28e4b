"""Tests the programs that the package comes with: samples, driver, README, and what the library shows."""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading

from server import HERE, PROGRAM, Server

failures = []


def check(what, condition, *more):
    print("ok" if condition else "FAILED", what)
    if not condition:
        failures.append(what)
        print(*more, file=sys.stderr)


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, **options)


SAMPLES = {
    "shortest": "2000\n",
    "basic": "7.70 EUR\nINSUFFICIENT_FUNDS short of 4230\n3 DEBIT -1230 770\n2 CREDIT 2000 2000\n1 OPEN 0 0\n",
    "retry": "20 orders are paid, left are 80.00 EUR\n",
    "hold": "Japan 5 GB: held 1250\nJapan 5 GB: paid, available 1750\n"
    "Atlantis 1 GB: held 1250\nAtlantis 1 GB: released, available 1750\n",
    "batch": "0 balance 0\n1 balance 0\n2 balance 1000\n3 INSUFFICIENT_FUNDS\nBATCH_ABORTED by item 1 for INSUFFICIENT_FUNDS\n",
    "poll": "paid 2500\n",
}


def cutting_proxy(address, bytes_max):
    """A proxy that cuts each connection when so many bytes of the server's have passed. Returns its address."""
    host, port = address.rsplit(":", 1)
    listener = socket.create_server(("127.0.0.1", 0))

    def pass_on(source, target, left):
        try:
            while left > 0 and (data := source.recv(min(left, 65536))):
                target.sendall(data)
                left -= len(data)
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept():
        while True:
            client, _ = listener.accept()
            server = socket.create_connection((host, int(port)))
            for parts in ((client, server, sys.maxsize), (server, client, bytes_max)):
                threading.Thread(target=pass_on, args=parts, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return "127.0.0.1:%d" % listener.getsockname()[1]


def samples():
    for name, wanted in SAMPLES.items():
        with Server() as server:
            done = run(HERE / "build/samples" / name, server.address)
            check(f"sample {name}", done.returncode == 0 and done.stdout == wanted, done.stdout, done.stderr)
    with Server() as server:
        done = run(HERE / "build/samples/retry", cutting_proxy(server.address, 1500))
        check("sample retry over a connection that is cut", done.stdout == SAMPLES["retry"], done.stdout, done.stderr)
    with Server() as server:
        run(HERE / "build/samples/basic", server.address)
        program = [HERE / "build/samples/watch", server.address]
        watch = subprocess.Popen([str(word) for word in program], stdout=subprocess.PIPE, text=True)
        first = watch.stdout.readline()
        done = run(HERE / "build/samples/hold", server.address)
        rows = [watch.stdout.readline() for _ in range(6)]
        watch.kill()
        watch.communicate()
        told = [row for row in rows if not row.startswith("token ")]
        check("sample watch", first.startswith("token ") and told[:2] == ["OPEN 0 to 0\n", "CREDIT 0 to 3000\n"], first, rows)
    secure()


def secure():
    """With a certificate of openssl's, and a token of the ledger's."""
    with tempfile.TemporaryDirectory() as folder:
        made = run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                   f"{folder}/server.key", "-out", f"{folder}/server.pem", "-subj", "/CN=server", "-addext",
                   "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:TRUE")
        os.chmod(f"{folder}/server.key", 0o600)
        data = f"{folder}/ledger"
        run(PROGRAM, "init", "--data", data)
        token = run(PROGRAM, "token", "create", "--data", data, "--principal", "till", "--scopes", "read")
        path = pathlib.Path(folder, "token")
        path.touch(mode=0o600)
        path.write_text(token.stdout)
        options = ["--auth", "required", "--tls-cert", f"{folder}/server.pem", "--tls-key", f"{folder}/server.key"]
        with Server(*options, data=data) as server:
            done = run(HERE / "build/samples/secure", server.address, f"{folder}/server.pem", path)
            check("sample secure", done.returncode == 0 and done.stdout.startswith("served by walletd"), made.stderr,
                  token.stderr, done.stdout, done.stderr)
            path.write_text("wlt_1_" + "0" * 64)
            done = run(HERE / "build/samples/secure", server.address, f"{folder}/server.pem", path)
            check("sample secure with a wrong token", done.returncode == 1 and "does not accept" in done.stderr, done.stderr)


# ---------------------------------------------------------------- driver

WALLET = {"owner_id": "u-1", "currency": "USD"}


def call(name, verb, **args):
    more = {"retry_of_unknown": True} if args.pop("again", False) else {}
    return {"id": name, "op": "call", "client": "c", "verb": verb, "args": args, **more}


def operations(address):
    item = {"wallet": WALLET, "amount": "1", "reason": "test"}
    batch = [{"credit": item}, {"debit": item}]
    return [
        {"id": "connect", "op": "connect", "client": "c", "address": address},
        call("open", "OpenWallet", wallet=WALLET, reason="test"),
        call("credit", "Credit", wallet=WALLET, amount="2000", reason="test", metadata=[{"key": "a", "value": "b"}]),
        call("debit", "Debit", wallet=WALLET, amount="450", reason="test", idempotency_key="my-key-0001"),
        call("again", "Debit", wallet=WALLET, amount="450", reason="test", idempotency_key="my-key-0001", again=True),
        call("short", "Debit", wallet=WALLET, amount="9000", reason="test"),
        call("beyond", "Debit", wallet=WALLET, amount="9223372036854775808", reason="test"),
        call("unheard", "Debit", wallet=WALLET, colour="red"),
        call("nul", "Debit", wallet=WALLET, amount="1", reason="te\0st"),
        call("freeze", "Freeze", wallet=WALLET, scope="DEBIT", until_micros="4102444800000000", reason="test"),
        call("frozen", "Debit", wallet=WALLET, amount="1", reason="test"),
        call("limits", "SetLimits", wallet=WALLET, limits={"max_amount": "5", "day": {"amount": "9", "count": "2"}}, reason="test"),
        call("explain", "ExplainBalance", wallet=WALLET),
        call("batch", "Batch", items=batch),
        call("aborted", "Batch", atomic=True, items=batch),
        call("balance", "GetBalance", wallet=WALLET),
        call("wallet", "GetWallet", wallet=WALLET),
        call("then", "GetBalanceAt", wallet=WALLET, version="2"),
        call("rows", "ListTransactions", wallet=WALLET, oldest_first=True, page_size=2, filter={"kinds": ["DEBIT", "CREDIT"]}),
        call("refusals", "ListRefusals", reasons=["INSUFFICIENT_FUNDS"]),
        call("info", "GetServerInfo"),
        call("token", "CreateToken", principal="p", scopes=["read"], reason="test"),
        {"id": "watch", "op": "stream", "client": "c", "verb": "WatchTransactions", "args": {"after_seq": "0"}, "limit": 3},
        {"id": "verify", "op": "stream", "client": "c", "verb": "Verify", "args": {"skip_integrity_check": True}},
        {"id": "parse", "op": "money_parse", "text": "12.30", "exponent": 2},
        {"id": "bad", "op": "money_parse", "text": "1e3", "exponent": 2},
        {"id": "format", "op": "money_format", "amount": "-1", "exponent": 2},
        {"id": "keys", "op": "new_key", "count": 2},
        {"id": "decode", "op": "decode_frame", "hex": "00000018060000000000000700000000f68500000000000000000000"},
        {"id": "encode", "op": "encode_frame", "type": 6, "flags": 0, "code": 0, "request_id": 7, "millis": 0, "payload": "00" * 8},
        {"id": "broken", "op": "decode_frame", "hex": "00000018060000000000000700000000000000000000000000000000"},
        {"id": "close", "op": "close", "client": "c"},
        call("closed", "Ping"),
    ]


WANTED = """
connect ok {} | open ok.version "1" | credit ok.balance "2000" | credit ok.transaction.metadata.0.key "a" | credit ok.exponent 2
debit ok.key "my-key-0001" | debit ok.transaction.kind "DEBIT" | debit ok.transaction.amount "-450" | debit ok.replayed false
again ok.replayed true | short error.kind "rejected" | short error.reason "INSUFFICIENT_FUNDS" | short error.detail.shortfall "7450"
beyond error.kind "invalid" | unheard error.kind "invalid" | nul error.kind "invalid" | frozen error.detail.scope "DEBIT"
frozen error.detail.until_micros "4102444800000000" | explain ok.limits.day.count "2" | batch ok.results.0.ok.balance "1551"
batch ok.results.1.error.reason "WALLET_FROZEN" | aborted error.reason "BATCH_ABORTED" | aborted error.index 1
aborted error.cause.reason "WALLET_FROZEN" | balance ok.balance "1551" | wallet ok.wallet.owner_id "u-1" | wallet ok.owner_id "u-1"
then ok.balance "2000" | rows ok.transactions.1.kind "DEBIT" | refusals ok.refusals.0.error.detail.requested "9000"
info ok.mutations_available true | info ok.limits.default_deadline_millis 10000 | watch ok {} | verify ok {}
parse ok.amount "1230" | bad error.kind "invalid" | format ok.text "-0.01" | decode ok.request_id 7
decode ok.payload "0000000000000000" | encode ok.hex "00000018060000000000000700000000f68500000000000000000000"
broken error.rule "checksum" | closed error.kind "disconnected"
"""


def at(value, path):
    for name in path.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def ask(driver, line):
    """Gives a line to the driver, and waits for its result. Returns the result, and the events before it."""
    driver.stdin.write(json.dumps(line) + "\n")
    driver.stdin.flush()
    events = []
    while True:
        answer = json.loads(driver.stdout.readline())
        if answer["id"] != line["id"]:
            raise SystemExit(f"{answer} is no answer to {line}")
        if "event" not in answer:
            return answer, events
        events.append(answer["event"])


def driver():
    with Server() as server:
        program = subprocess.Popen([str(HERE / "driver")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        results, events = {}, {}
        for line in operations(server.address):
            results[line["id"]], events[line["id"]] = ask(program, line)
        for one in re.split(r"[|\n]", WANTED.strip()):
            name, path, wanted = one.split(maxsplit=2)
            try:
                got = at(results[name], path)
            except (KeyError, IndexError, TypeError):
                got = results[name]
            check(f"driver: {name} {path}", got == json.loads(wanted), got)
        check("driver: token", re.fullmatch(r"wlt_\d+_[0-9a-f]{64}", results["token"]["ok"].get("token", "")), results["token"])
        check("driver: events of a watch", [event.get("transaction", {}).get("kind") for event in events["watch"]] == [None, "OPEN", "CREDIT"], events["watch"])
        check("driver: report", events["verify"][-1]["report"]["findings"] == "0", events["verify"])
        # Concurrently, and cancelled.
        ask(program, {"id": "connect", "op": "connect", "client": "d", "address": server.address})
        program.stdin.write(json.dumps({"id": "s", "op": "stream", "client": "d", "verb": "WatchTransactions", "args": {}}) + "\n")
        for number in range(50):
            program.stdin.write(json.dumps({"id": number, "op": "call", "client": "d", "verb": "Ping", "args": {}}) + "\n")
        program.stdin.flush()
        seen = {}
        while len([name for name in seen if name != "s"]) < 50 or "s" not in seen:
            answer = json.loads(program.stdout.readline())
            seen[answer["id"]] = answer
        check("driver: fifty at once", all("ok" in seen[number] for number in range(50)))
        program.stdin.write(json.dumps({"id": "x", "op": "cancel", "target": "s"}) + "\n")
        program.stdin.close()
        rest = [json.loads(line) for line in program.stdout]
        check("driver: cancelled", {"id": "x", "ok": {}} in rest and any(one.get("error", {}).get("kind") == "cancelled" for one in rest), rest)
        check("driver: ends well", program.wait(30) == 0)


# ---------------------------------------------------------------- the rest


def readme():
    """Its code is that of the samples, line by line."""
    text = (HERE / "README.md").read_text()
    sources = {path.name: path.read_text() for path in (HERE / "samples").glob("*.c")}
    blocks = re.findall(r"\[samples/(\w+\.c)\]\(samples/\w+\.c\)[^\n]*\n\n```c\n(.*?)```", text, re.S)
    check("README has the samples", len(blocks) >= 6 and text.count("```c\n") == len(blocks), len(blocks))
    for name, code in blocks:
        check(f"README: {name} is the sample's", code.strip() in sources[name], code)
    outputs = re.findall(r"It prints:\n\n```text\n(.*?)```", text, re.S)
    for output in outputs:
        check("README: what a sample prints", output in SAMPLES.values(), output)


def library():
    shown = run("nm", "-D", "--defined-only", HERE / "build/libwalletd.so").stdout.split()
    names = {name for name in shown if re.match(r"[a-z_]\w+", name) and len(name) > 1}
    check("the library shows its functions alone", names and all(name.startswith(("walletd_", "WALLETD_")) for name in names), names)
    defined = run("nm", "--defined-only", "--extern-only", HERE / "build/libwalletd.a").stdout
    check("and so does the archive", not re.search(r" T (wd_|wallet__)", defined), defined)
    declared = set(re.findall(r"\b(walletd_\w+)\(", "".join((HERE / "include" / name).read_text() for name in ("walletd.h", "walletd_verbs.h"))))
    declared -= {"walletd_done", "walletd_ready"}  # types of callbacks
    functions = {name.split("@")[0] for name in names if name.startswith("walletd_")}
    check("every function of the header is there", declared - functions == set(), declared - functions)
    check("and every one that is there is in the header", functions - declared == set(), functions - declared)
    dynamic = run("readelf", "-d", HERE / "build/libwalletd.so").stdout
    check("it has a SONAME", "[libwalletd.so.0]" in dynamic, dynamic)
    for language, compiler in (("c", "cc"), ("c++", "c++")):
        source = "#include <walletd.h>\nint main(void) { return walletd_version() == 0; }\n"
        flags = ["-x", language, "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", f"-I{HERE}/include", "-"]
        done = run(compiler, *flags, input=source)
        check(f"the header is {language}", done.returncode == 0, done.stderr)


samples()
driver()
readme()
library()
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
