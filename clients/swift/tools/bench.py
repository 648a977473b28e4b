"""Calls per second on one connection, and their latencies: SECONDS (5) for each row."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

from server import server

LOAD = pathlib.Path(__file__).resolve().parent.parent / "load"
SECONDS = os.environ.get("SECONDS", "5")

with server() as address:
    for verb, in_flight in (("GetBalance", 64), ("GetBalance", 1), ("Debit", 64), ("Debit", 1)):
        shape = [verb, str(in_flight), SECONDS, "1"]
        one = json.loads(subprocess.run([LOAD, address, *shape], check=True, capture_output=True, text=True).stdout)
        print(
            f"{verb:10} × {in_flight:<3} {one['calls_per_second']:8.0f} calls/s   median {one['p50_micros'] / 1000:6.2f} ms"
            f"   99 % {one['p99_micros'] / 1000:7.2f} ms"
        )
