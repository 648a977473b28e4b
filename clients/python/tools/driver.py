"""The conformance driver: operations as JSON lines in, results as JSON lines out (clients/conformance/DRIVER.md).

It does what it is told with the asyncio client's public methods, and no more.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from values import failure, plain, told
from verbs import STREAMS, VERBS

import walletd
from walletd import frames, money

LINE_BYTES_MAX = 64 << 20
FRAME_BYTES_MAX = 16 << 20


class Driver:
    """The clients by their names, and what is under way."""

    def __init__(self) -> None:
        self.clients: dict[str, walletd.AsyncClient] = {}
        self.tasks: dict[Any, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Reads to the end of standard input, and waits until all is answered."""
        reader = asyncio.StreamReader(limit=LINE_BYTES_MAX)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            operation = json.loads(line)
            ended = self.at_once(operation)
            if ended is not None:
                write({"id": operation["id"], **ended})
                continue
            identity = operation["id"]
            task = asyncio.ensure_future(self.answer(operation))
            self.tasks[identity] = task
            task.add_done_callback(lambda _, identity=identity: self.tasks.pop(identity, None))
        while self.tasks:
            await asyncio.wait(list(self.tasks.values()))
        for client in self.clients.values():
            await client.close()
        await asyncio.sleep(0)  # transports close in the next turn

    def at_once(self, operation: dict[str, Any]) -> dict[str, Any] | None:
        """The result of what waits for nothing; None for everything else."""
        act = getattr(self, "do_" + operation["op"], None)
        if act is None:
            return None
        try:
            return {"ok": act(operation)}
        except frames.FrameError as error:
            return {"error": {"kind": "protocol", "rule": error.rule, "message": str(error)}}
        except EOFError as error:
            return {"error": failure("protocol", str(error))}
        except Exception as error:
            return {"error": told(error)}

    def do_connect(self, operation: dict[str, Any]) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if "timeout_millis" in operation:
            options["timeout"] = operation["timeout_millis"] / 1000
        if "token_file" in operation:
            options["token_file"] = operation["token_file"]
        if "tls" in operation:
            options["tls"] = walletd.TLS(**operation["tls"])
        if "attempts_max" in operation:
            options["retry"] = walletd.RetryPolicy(attempts_max=operation["attempts_max"])
        self.clients[operation["client"]] = walletd.AsyncClient(operation["address"], **options)
        return {}

    def do_cancel(self, operation: dict[str, Any]) -> dict[str, Any]:
        task = self.tasks.get(operation["target"])
        if task is not None:
            task.cancel()
        return {}

    def do_money_parse(self, operation: dict[str, Any]) -> dict[str, Any]:
        return {"amount": str(money.parse(operation["text"], operation["exponent"]))}

    def do_money_format(self, operation: dict[str, Any]) -> dict[str, Any]:
        return {"text": money.format(int(operation["amount"]), operation["exponent"])}

    def do_new_key(self, operation: dict[str, Any]) -> dict[str, Any]:
        return {"keys": [walletd.new_key() for _ in range(operation["count"])]}

    def do_decode_frame(self, operation: dict[str, Any]) -> dict[str, Any]:
        deframer = frames.Deframer(FRAME_BYTES_MAX)
        deframer.feed(bytes.fromhex(operation["hex"]))
        frame = deframer.next()
        if frame is None:
            raise EOFError("it ends within a frame")
        return {**frame._asdict(), "type": int(frame.type), "payload": frame.payload.hex()}

    def do_encode_frame(self, operation: dict[str, Any]) -> dict[str, Any]:
        parts = {name: operation.get(name, 0) for name in ("flags", "code", "request_id", "millis")}
        payload = bytes.fromhex(operation.get("payload", ""))
        frame = frames.Frame(frames.FrameType(operation["type"]), payload, **parts)
        return {"hex": frames.encode(frame).hex()}

    async def answer(self, operation: dict[str, Any]) -> None:
        try:
            result = {"ok": await self.perform(operation)}
        except asyncio.CancelledError as error:
            known = error.__cause__
            result = {"error": told(known) if known else failure("cancelled", "it was cancelled")}
        except Exception as error:
            result = {"error": told(error)}
        write({"id": operation["id"], **result})

    async def perform(self, operation: dict[str, Any]) -> Any:
        client = self.clients.get(operation["client"])
        if client is None:
            raise ValueError(f"no client {operation['client']!r}")
        if operation["op"] == "close":
            await client.close()
            return {}
        verbs = {"call": VERBS, "stream": STREAMS}[operation["op"]]
        if operation["verb"] not in verbs:
            raise ValueError(f"no verb {operation['verb']!r}")
        options: dict[str, Any] = {}
        if "timeout_millis" in operation:
            options["timeout"] = operation["timeout_millis"] / 1000
        if operation.get("retry_of_unknown"):
            options["retry_of_unknown"] = True
        made = verbs[operation["verb"]](client, operation.get("args") or {}, options)
        if operation["op"] == "call":
            return plain(await made)
        return await self.stream(operation, made)

    async def stream(self, operation: dict[str, Any], events: Any) -> Any:
        limit, count = operation.get("limit", 0), 0
        try:
            async for event in events:
                name = type(event).__name__
                shown = plain(event)
                if not isinstance(event, walletd.WatchEvent):  # one of several: VerifyReport is `report`
                    shown = {name.removeprefix("Verify").removeprefix("Backup").lower(): shown}
                write({"id": operation["id"], "event": shown})
                count += 1
                if count == limit:
                    break
        finally:
            await events.aclose()
        return {}


def write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(Driver().run())
