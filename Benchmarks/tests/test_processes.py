import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from bench import machine, processes, wire
from bench.processes import Program
from bench.sample import Failed, Missing
from bench.settings import BENCHMARKS, ROOT


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


class Programs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"

    def test_start_wait_pin_and_stop(self):
        program = Program(
            ["sh", "-c", "echo listening on here; sleep 60"], self.log, cpus=[min(os.sched_getaffinity(0))]
        )
        self.assertEqual(program.wait_for(r"listening on (\S+)")[1], "here")
        pids = processes.tree(program.pid)
        processes.pin(program.pid, os.sched_getaffinity(0))
        self.assertEqual(os.sched_getaffinity(program.pid), os.sched_getaffinity(0))
        self.assertGreater(processes.resident_bytes(program.pid), 0)
        program.stop()
        self.assertFalse(is_running(program.pid))
        for pid in pids[1:]:
            os.kill(pid, signal.SIGKILL)

    def test_one_that_does_not_listen_to_reason(self):
        program = Program(["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.05; done"], self.log)
        program.wait_for("up")
        program.stop(0.1)
        self.assertFalse(is_running(program.pid))

    def test_what_ends_early_or_is_not_there(self):
        with self.assertRaisesRegex(Failed, "no such table"):
            Program(["sh", "-c", "echo no such table; exit 3"], self.log).wait_for("ready", 5)
        with self.assertRaisesRegex(Missing, "isn't there"):
            Program(["/nonexistent/redis-server"], self.log)
        with self.assertRaisesRegex(Failed, "ended with 3"):
            processes.run(["sh", "-c", "exit 3"])
        with self.assertRaisesRegex(Failed, "within 0.1 s"):
            processes.run(["sleep", "9"], timeout=0.1)

    def test_children_end_with_a_bench_that_is_killed_or_asked_to_end(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            code = (
                "import sys, time; from pathlib import Path; from bench import processes;"
                "processes.stop_on_exit();"
                f"program = processes.Program(['sleep', '60'], Path({str(self.log)!r}));"
                "print(program.pid, flush=True); time.sleep(60)"
            )
            bench = subprocess.Popen(
                [sys.executable, "-c", code],
                cwd=BENCHMARKS,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            child = int(bench.stdout.readline())
            bench.send_signal(number)
            bench.communicate()
            deadline = time.monotonic() + 5
            while is_running(child) and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertFalse(is_running(child), number)

    def test_cpu_time_is_counted(self):
        before = processes.ended_children_seconds()
        processes.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.1: pass"])
        self.assertGreaterEqual(processes.ended_children_seconds() - before, 0.09)


class Cores(unittest.TestCase):
    def test_ways_to_share_them(self):
        ways = machine.pinnings([0, 1, 2, 3])
        self.assertEqual((ways["apart"].server, ways["apart"].load), ({0, 1}, {2, 3}))
        self.assertEqual((ways["wide"].server, ways["wide"].load), ({0, 1, 2, 3}, {2, 3}))
        self.assertEqual(list(machine.pinnings([0])), ["shared"])

    def test_page_cache(self):
        with tempfile.NamedTemporaryFile(dir=BENCHMARKS) as file:
            file.write(bytes(100_000))
            file.flush()
            self.assertEqual(machine.cached_share(Path(file.name)), 1.0)


class SyncDelay(unittest.TestCase):
    def test_each_sync_takes_longer_by_what_is_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder) / "syncdelay.so"
            try:
                source = BENCHMARKS / "syncdelay/syncdelay.c"
                processes.run(
                    ["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-o", library, source, "-ldl"]
                )
            except Missing as error:
                self.skipTest(str(error))
            code = (
                "import os, time\n"
                f"file = os.open({folder!r} + '/data', os.O_CREAT | os.O_WRONLY)\n"
                "for sync in (os.fsync, os.fdatasync):\n"
                "    begun = time.monotonic(); sync(file); print(time.monotonic() - begun)\n"
                "try: os.fsync(999)\n"
                "except OSError as error: print(error.errno)\n"
            )
            environment = {"LD_PRELOAD": str(library), "SYNC_DELAY_MICROS": "30000"}
            fsync, fdatasync, number = processes.run([sys.executable, "-c", code], env=environment).split()
        self.assertGreaterEqual(float(fsync), 0.03)
        self.assertGreaterEqual(float(fdatasync), 0.03)
        self.assertEqual(number, "9")


class Wire(unittest.TestCase):
    def test_bodies(self):
        self.assertEqual(wire.message({1: 300, 2: "ab", 3: b"\x01"}), b"\x08\xac\x02\x12\x02ab\x1a\x01\x01")
        body = wire.message({1: wire.message({9: 7}), 5: 3, 9: 1_000_000})
        self.assertEqual(
            (wire.number_field(body, 9), wire.number_field(body, 5), wire.number_field(body, 4)), (1_000_000, 3, 0)
        )

    def test_frames_are_those_of_the_vectors(self):
        vectors = json.loads((ROOT / "proto/vectors/frames.json").read_text())["vectors"]
        for name in ("ping", "hello", "cancel"):
            vector = next(one for one in vectors if one["name"] == name)
            [one] = vector["frames"]
            made = wire.frame(one["type"], one["code"], one["request_id"], bytes.fromhex(one["payload"]))
            self.assertEqual(made.hex(), vector["hex"], name)
