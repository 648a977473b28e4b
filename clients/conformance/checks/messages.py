"""What goes out and what comes back, field by field, against a scripted server."""

from __future__ import annotations

import re
from typing import Any

from kit.case import Case, behaviour
from kit.failure import Failure, equal, expect
from kit.fake import LAST, FrameType, Peer, pb
from kit.schema import Filler, covers, same, shown

SERVICE = pb.DESCRIPTOR.services_by_name["WalletService"]
STREAMS = ("WatchTransactions", "Verify", "Backup")
KEYED = "idempotency_key"

# Of a request: fields that are left empty, since they change what a call is.
_LEFT = ("dry_run",)


def number(verb: str) -> int:
    """A verb's number on the wire."""
    words = re.findall(r"[A-Z][a-z]*", verb)
    return pb.Method.Value("METHOD_" + "_".join(words).upper())


def request_of(verb: str, filler: Filler) -> Any:
    made = getattr(pb, SERVICE.methods_by_name[verb].input_type.name)()
    if verb == "Batch":
        made.full_results = True
        for field in pb.BatchItem.DESCRIPTOR.fields:
            filler.fill(getattr(made.items.add(), field.name), leave=_LEFT)
    elif verb == "CreateToken":
        filler.fill(made, leave=(*_LEFT, "secret_digest", "unix_user", "scopes", "currencies"))
        made.certificate_name = "shop.example"
        made.scopes.extend(["read", "debit"])
        made.currencies.extend(["USD", "EUR"])
    else:
        filler.fill(made, leave=_LEFT)
    return made


def response_of(verb: str, filler: Filler) -> Any:
    made = getattr(pb, SERVICE.methods_by_name[verb].output_type.name)()
    if verb == "Batch":
        made.commit_seq = 2**53 + 1
        for index in range(len(pb.BatchItem.DESCRIPTOR.fields)):
            result = made.results.add()
            if index % 3 == 1:
                filler.error(result.error)
            else:
                filler.fill(result, leave=("error",))
        return made
    return filler.fill(made)


def result_of(verb: str, request: Any, response: Any) -> dict[str, Any]:
    """What the driver has to give for it."""
    result = shown(response)
    if KEYED in request.DESCRIPTOR.fields_by_name and verb != "Batch":
        result["key"] = request.idempotency_key
    if verb == "Batch":
        pairs = zip(request.items, response.results)
        result["results"] = [_item(item, one) for item, one in pairs]
    if verb == "ListRefusals":
        for one, row in zip(result["refusals"], response.refusals):
            one["error"] = _refusal(row.error)
    if verb == "Transfer":
        result["source"]["commit_seq"] = result["commit_seq"] = str(response.commit_seq)
    return result


def _item(item: Any, result: Any) -> dict[str, Any]:
    key = getattr(item, item.WhichOneof("mutation")).idempotency_key
    if result.HasField("error"):
        return {"error": {**_refusal(result.error), "key": key}}
    return {"ok": {**shown(result), "key": key}}


def _refusal(error: Any) -> dict[str, Any]:
    figures = shown(error.insufficient_funds)
    place = str(error.commit_seq)
    return {"kind": "rejected", "reason": "INSUFFICIENT_FUNDS", "detail": figures, "commit_seq": place}


@behaviour("messages", "every verb: each field of the request goes out, each of the response comes back")
def each_field(t: Case) -> None:
    filler = Filler()
    verbs = [method.name for method in SERVICE.methods if method.name not in STREAMS]
    requests = {verb: request_of(verb, filler) for verb in verbs}
    responses = {verb: response_of(verb, filler) for verb in verbs}
    # A transfer's source has the transfer's place.
    responses["Transfer"].source.commit_seq = responses["Transfer"].commit_seq
    by_number = {number(verb): verb for verb in verbs}
    sent: dict[str, Any] = {}

    def script(peer: Peer) -> None:
        peer.hello()
        while True:
            request = peer.request()
            verb = by_number[request.code]
            sent[verb] = type(requests[verb]).FromString(request.payload)
            peer.ok(request, responses[verb])

    client = t.client(t.fake(script).address, attempts_max=1)
    wrong = []
    for verb in verbs:
        try:
            result = client.ok(verb, shown(requests[verb]))
            expect(verb in sent, f"{verb} was never sent")
            same(sent[verb], requests[verb], f"the request of {verb}")
            covers(result, result_of(verb, requests[verb], responses[verb]), verb)
        except Failure as failure:
            wrong.append(str(failure))
    if wrong:
        raise Failure(f"{len(wrong)} of {len(verbs)} verbs: " + " | ".join(wrong[:4]))


@behaviour("messages", "every stream: each field of the request goes out, each of an event comes back")
def each_event(t: Case) -> None:
    filler = Filler()
    watch, verify = request_of("WatchTransactions", filler), request_of("Verify", filler)
    watched = [filler.fill(pb.WatchEvent()) for _ in range(3)]
    verified = [pb.VerifyEvent(), pb.VerifyEvent(), pb.VerifyEvent()]
    for event, name in zip(verified, ("progress", "finding", "report")):
        filler.fill(getattr(event, name))

    def script(peer: Peer) -> None:
        peer.hello()
        while True:
            request = peer.request()
            watches = request.code == number("WatchTransactions")
            kind = pb.WatchTransactionsRequest if watches else pb.VerifyRequest
            same(kind.FromString(request.payload), watch if watches else verify, "the request of a stream")
            events = watched if watches else verified
            for event in events:
                last = event is verified[-1]
                peer.send(FrameType.EVENT, event, request_id=request.request_id, flags=LAST if last else 0)
            if watches:
                cancel = peer.frame(FrameType.CANCEL)
                equal(cancel.request_id, request.request_id, "the id of the CANCEL of a watch that is left")
                peer.fail(request, "CANCELLED")
            else:
                peer.ok(request)

    client = t.client(t.fake(script).address, attempts_max=1)
    for verb, request, events, limit in (
        ("WatchTransactions", watch, watched, {"limit": 3}),
        ("Verify", verify, verified, {}),
    ):
        stream = client.stream(verb, shown(request), **limit)
        for index, event in enumerate(events):
            covers(stream.event(), shown(event), f"event {index} of {verb}")
        expect(stream.event() is None, f"{verb} has more events than were sent")
        if verb == "Verify":
            stream.ok()
        elif "ok" not in stream.result():
            stream.error("cancelled")


@behaviour("messages", "a dry run says so, and is shown as one")
def dry_run(t: Case) -> None:
    client = t.client(t.server.address)
    wallet = t.wallet(client, 1000)
    args = {"wallet": wallet, "amount": "300", "reason": "conformance", "dry_run": True}
    tried = client.ok("Debit", args)
    equal((tried["dry_run"], tried["balance"]), (True, "700"), "dry_run and balance of a dry run")
    client.rejected("Debit", {**args, "amount": "1001"}, "INSUFFICIENT_FUNDS")
    equal(client.ok("GetBalance", {"wallet": wallet})["balance"], "1000", "the balance after a dry run")
    items = [{"debit": {"wallet": wallet, "amount": "100", "reason": "conformance"}}]
    batch = client.ok("Batch", {"items": items, "dry_run": True})
    equal((batch["dry_run"], batch["results"][0]["ok"]["balance"]), (True, "900"), "dry_run and balance of a batch")
    equal(client.ok("GetBalance", {"wallet": wallet})["balance"], "1000", "the balance after a batch that was tried")


@behaviour("messages", "trace ids: a correlation id is passed on as it is")
def trace_id(t: Case) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        equal(pb.DebitRequest.FromString(request.payload).correlation_id, trace, "the correlation id of a debit")
        peer.ok(request, pb.MutationResponse(transaction=pb.Transaction(correlation_id=trace)))
        peer.ends()

    fake = t.fake(script)
    args = {"wallet": {"id": "7"}, "amount": "1", "reason": "conformance", "correlation_id": trace}
    t.client(fake.address).ok("Debit", args)
    client = t.client(t.server.address)
    wallet = t.wallet(client, 10)
    done = client.ok("Debit", {**args, "wallet": wallet})
    row = next(t.ledger(t.server.address).transactions(_ref(wallet)))
    equal((str(row.id), row.correlation_id), (done["transaction"]["id"], trace), "id and correlation id of the row")


def _ref(wallet: dict[str, Any]) -> Any:
    import walletd

    return walletd.WalletRef(owner=wallet["owner_id"], currency=wallet["currency"])


@behaviour("messages", "HELLO: version 1 and the client's name")
def hello(t: Case) -> None:
    def script(peer: Peer) -> None:
        told = peer.hello()
        expect(re.fullmatch(r"[A-Za-z0-9._:@/-]{1,64}", told.client_name), f"client_name is {told.client_name!r}")
        expect(not told.credentials.token, "a token is sent that nobody gave")
        peer.ok(peer.request(), pb.PingResponse(commit_seq=5))
        peer.ends()

    equal(t.client(t.fake(script).address).ok("Ping")["commit_seq"], "5", "commit_seq of Ping")


@behaviour("messages", "a newer server: unknown fields, enums and reasons don't break a client")
def newer(t: Case) -> None:
    unknown = bytes.fromhex("f83f01")  # field 1023, varint 1

    def script(peer: Peer) -> None:
        peer.hello()
        request = peer.request()
        row = pb.Transaction(id=3, kind=99, amount=-5)  # type: ignore[arg-type]
        peer.ok(request, pb.MutationResponse(transaction=row, balance=7).SerializeToString() + unknown)
        request = peer.request()
        error = pb.Error(reason=999, message="of tomorrow")  # type: ignore[arg-type]
        peer.send(FrameType.RESPONSE, error, request_id=request.request_id, code=9, flags=2)
        peer.ends()

    client = t.client(t.fake(script).address, attempts_max=1)
    args = {"wallet": {"id": "7"}, "amount": "1", "reason": "conformance"}
    done = client.ok("Debit", args)
    equal((done["balance"], done["transaction"]["amount"]), ("7", "-5"), "balance and amount beside a kind of tomorrow")
    client.error("Debit", args, "rejected")
