"""The checker finds faults: each is put into the Python client, and the behaviour that it breaks has to fail.

    python -m unittest discover -s clients/conformance/tests -t clients/conformance
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parent / "conformance.py"

# A fault, and the behaviour that shows it.
FAULTS = {
    "says_not_executed": "connections that are cut",
    "forgets_unknown": "a NOT_EXECUTED that comes after",
    "a_key_for_each_attempt": "all attempts of a call",
    "amounts_as_floats": "amounts beyond 2^53",
    "no_budget": "a budget",
    "no_waits": "with growing waits",
    "no_details": "every reason has its kind",
    "watches_from_the_start": "a watch goes on by itself after cuts",
    "rounds_money": "money",
    "believes_nobody": "an expired certificate",
}


def conformance(fault: str, only: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), "--clients", f"faulty={HERE / 'faulty'}", "--only", only, "--seed", "7"]
    environment = {**os.environ, "PYTHON": sys.executable, "FAULT": fault}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


class CheckerTests(unittest.TestCase):
    def test_each_fault_is_found(self) -> None:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            runs = {fault: pool.submit(conformance, fault, only) for fault, only in FAULTS.items()}
        for fault, only in FAULTS.items():
            with self.subTest(fault):
                done = runs[fault].result()
                self.assertEqual(done.returncode, 1, f"{fault} isn't found by {only!r}: {done.stdout}{done.stderr}")
                self.assertIn("1 of 1 failed", done.stdout)

    def test_without_a_fault_nothing_is_found(self) -> None:
        done = conformance("", "without a server")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_driver_that_is_missing_fails(self) -> None:
        command = [sys.executable, str(PROGRAM), "--clients", "none=/nonexistent/driver", "--only", "money"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("there is no driver", done.stdout)


if __name__ == "__main__":
    unittest.main()
