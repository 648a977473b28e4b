"""One workload for all clients: each is driven through the same behaviours (DRIVER.md), and the table is printed.

    WALLETD=.build/debug/walletd python clients/conformance/conformance.py [--clients node,go] [--only TEXT] [--write]

The status is 0 when every behaviour of every client is there. Needs the Python client's package for its own connections.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import pathlib
import secrets
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(1, str(HERE.parent / "python"))

import checks  # noqa: E402, F401  makes the behaviours
from kit.case import BEHAVIOURS, Behaviour, Shared, run  # noqa: E402
from kit.certificates import Certificates  # noqa: E402
from kit.failure import Failure, Inapplicable, Unsupported  # noqa: E402
from kit.table import Outcome, as_markdown, as_text, write  # noqa: E402

LANGUAGES = ("python", "node", "go", "java", "c", "rust")


@dataclass
class Printer:
    """Lines of several clients at once, each whole."""

    lock: threading.Lock
    began: float

    def line(self, client: str, text: str) -> None:
        with self.lock:
            print(f"{time.monotonic() - self.began:6.1f} {client.partition('=')[0]:8} {text}", flush=True)


def driver_of(client: str) -> pathlib.Path:
    """That of a language, `LANGUAGE-FACE` where a client has a second one, or what is given as NAME=PATH."""
    _, given, path = client.partition("=")
    language, second, face = client.partition("-")
    return pathlib.Path(path) if given else HERE.parent / language / f"driver{second}{face}"


def all_there() -> list[str]:
    """The languages that have a folder, and the second faces of their clients."""
    there = [name for name in LANGUAGES if driver_of(name).parent.is_dir()]
    faces = [[path.name.removeprefix("driver-") for path in sorted(driver_of(name).parent.glob("driver-*"))] for name in there]
    return [one for name, more in zip(there, faces) for one in (name, *(f"{name}-{face}" for face in more))]


def judge(shared: Shared, row: Behaviour) -> Outcome:
    began = time.monotonic()
    try:
        run(shared, row.check)
        return Outcome("✓", "", time.monotonic() - began)
    except Inapplicable as reason:
        return Outcome("–", str(reason), time.monotonic() - began)
    except (Failure, Unsupported) as failure:
        return Outcome("✗", str(failure), time.monotonic() - began)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)
        line = next((f for f in reversed(where) if "checks" in f.filename), where[-1])
        text = f"{type(error).__name__} {error} at {pathlib.Path(line.filename).name}:{line.lineno}: {line.line}"
        return Outcome("✗", text, time.monotonic() - began)


def examine(
    client: str,
    rows: list[Behaviour],
    folder: pathlib.Path,
    seed: int,
    certificates: Certificates,
    printer: Printer,
    after: pathlib.Path | None = None,
) -> dict[str, Outcome]:
    """All behaviours of a client."""
    if after is not None:
        while not (after / f"{client.partition('-')[0]}.ended").exists():
            time.sleep(0.1)
    folder.mkdir()
    shared = Shared(driver_of(client), folder, seed, certificates)
    try:
        missing = absent(shared, client)
        if missing is not None:
            printer.line(client, f"✗ {missing}")
            return {row.name: Outcome("✗", missing, 0) for row in rows}
        outcomes = {}
        for row in rows:
            outcome = judge(shared, row)
            outcomes[row.name] = outcome
            said = f"\n{'':16} {outcome.text}" if outcome.text else ""
            printer.line(client, f"{outcome.mark} {row.group}: {row.name} ({outcome.seconds:.1f} s){said}")
        return outcomes
    finally:
        shared.close()


def absent(shared: Shared, client: str) -> str | None:
    """Why there is no driver; None when it works."""
    if not os.access(shared.command, os.X_OK):
        return f"there is no driver {shared.command}: make -C clients/{client.partition('-')[0]} driver"
    try:
        shared.driver().do("new_key", count=1)
    except (Failure, OSError) as failure:
        return f"its driver doesn't start (make -C clients/{client.partition('-')[0]} driver): {failure}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--clients", default=",".join(all_there()), help="with commas; NAME=PATH is a driver elsewhere (default: all that are there)"
    )
    parser.add_argument("--only", default="", help="behaviours with this text in their group or name")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 31), help="of the proxies")
    parser.add_argument(
        "--after", type=pathlib.Path, help="a folder: a client is examined when there is a file LANGUAGE.ended in it"
    )
    # A check waits for most of its time.
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="clients at a time")
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md and docs/CLIENTS.md")
    given = parser.parse_args()
    clients = given.clients.split(",")
    rows = [row for row in BEHAVIOURS if given.only in f"{row.group}: {row.name}"]
    if given.write and given.only:
        parser.error("--write is for the whole table")
    print(f"{len(rows)} behaviours of {', '.join(clients)}; --seed {given.seed}", flush=True)
    printer = Printer(threading.Lock(), time.monotonic())
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        root = pathlib.Path(scratch)
        certificates = Certificates(root / "certificates")
        # Those that wait for their turn take no place.
        with concurrent.futures.ThreadPoolExecutor(len(clients) if given.after else given.jobs) as pool:
            parts = [
                pool.submit(examine, client, rows, root / str(number), given.seed, certificates, printer, given.after)
                for number, client in enumerate(clients)
            ]
            table = {client.partition("=")[0]: part.result() for client, part in zip(clients, parts)}
    print("\n" + as_text(rows, table), flush=True)
    if given.write:
        write(as_markdown(rows, table), HERE)
    failed = sum(outcome.mark == "✗" for column in table.values() for outcome in column.values())
    if failed:
        print(f"{failed} of {len(rows) * len(clients)} failed; again with --seed {given.seed}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
