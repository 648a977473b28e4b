import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from bench.load import Load, sample
from bench.measures import slow_calls
from bench.measures.disk import stopped_at
from bench.peers.postgres import parse_pgbench
from bench.peers.redis import parse_benchmark
from bench.references import Reference
from bench.sample import Failed
from bench.settings import BUILT, Usage, parse
from bench.workbench import make

PGBENCH = """pgbench (15.18 (Debian 15.18-0+deb12u1))
transaction type: option2.sql
scaling factor: 1
query mode: prepared
number of clients: 64
number of threads: 2
maximum number of tries: 1
duration: 3 s
number of transactions actually processed: 60693
number of failed transactions: 0 (0.000%)
latency average = 3.147 ms
initial connection time = 61.302 ms
tps = 20336.912345 (without initial connection time)
"""


class PeersTools(unittest.TestCase):
    def test_pgbench(self):
        self.assertEqual(parse_pgbench(PGBENCH), (20336.912345, 60693, 3147.0))

    def test_pgbench_with_failures_or_without_figures(self):
        with self.assertRaisesRegex(Failed, "12 transactions failed"):
            parse_pgbench(PGBENCH.replace("failed transactions: 0", "failed transactions: 12"))
        with self.assertRaisesRegex(Failed, "no figures"):
            parse_pgbench("pgbench: error: connection refused")

    def test_redis_benchmark(self):
        output = (
            "WARNING: Could not fetch server CONFIG\n"
            '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"\n'
            '"DECRBY check:__rand_int__ 7","154320.98","0.3","0.1","0.3","0.5","0.6","2.1"\n'
        )
        self.assertEqual(parse_benchmark(output), 154320.98)
        with self.assertRaises(ValueError):
            parse_benchmark("Could not connect")


class Walletbench(unittest.TestCase):
    def test_a_result(self):
        output = (
            '{"passed": true, "operations_per_second": 21000.5, "latency_micros": {"p50": 2, "p999": 9.5, "x": "y"}, '
            '"server_cpu_micros_per_operation": 7.25, "build_mode": "release"}'
        )
        found = sample(output, 3)
        self.assertEqual((found.per_second, found.cpu_micros, found.seconds), (21000.5, 7.25, 3))
        self.assertEqual(found.latency_micros, {"p50": 2, "p999": 9.5})

    def test_wrong_balances_are_no_result(self):
        with self.assertRaisesRegex(Failed, "check"):
            sample('{"passed": false, "operations_per_second": 1, "check": {"wrong": 3}}', 1)
        with self.assertRaisesRegex(Failed, "debug"):
            sample('{"passed": true, "build_mode": "debug", "operations_per_second": 1}', 1)
        with self.assertRaisesRegex(Failed, "no JSON"):
            sample("walletbench: can't connect", 1)

    def test_options(self):
        self.assertEqual(
            Load(connections=8, in_flight=128, wallets=10).options(),
            ["--connections", "8", "--workload", "debit", "--wallets", "10", "--in-flight", "128"],
        )
        self.assertEqual(
            Load(in_flight=None, rate=5000, distribution="hot", batch=8189, owner_prefix="p").options()[6:],
            [
                "--distribution",
                "hot",
                "--batch",
                "8189",
                "--batch-mode",
                "items",
                "--rate",
                "5000",
                "--owner-prefix",
                "p",
            ],
        )

    def test_stalls_are_those_of_the_server(self):
        machine = {"stalls": {"server": [], "machine": [{"at_micros": 1, "length_micros": 90_000}]}}
        self.assertEqual(slow_calls.stalls(machine), [])
        stalls = slow_calls.stalls(
            {"stalls": {"server": [{"at_micros": 1000, "length_micros": 42_500}], "measured_from_micros": 5000}}
        )
        self.assertEqual(stalls, [slow_calls.Stall(6000, 48_500)])
        self.assertEqual(stalls[0].millis, 42.5)

    def test_a_stall_is_the_disks_as_far_as_its_calls_cover_it(self):
        stall = slow_calls.Stall(100_000, 140_000)
        calls = [slow_calls.Call(90_000, 110_000, "fdatasync of a"), slow_calls.Call(105_000, 120_000, "pwrite of b")]
        self.assertEqual(stall.share(calls), 0.5)
        self.assertEqual(stall.share([slow_calls.Call(0, 99_000, "fsync of a")]), 0)
        self.assertEqual(
            slow_calls.describe([stall], calls, 0, 200_000),
            "1 stall over 20 ms (40 ms, 50% of it in calls of the disk); "
            "2 calls of the disk took 5 ms or more, 0.03 s in all, the longest 20 ms (fdatasync of a)",
        )
        self.assertEqual(
            slow_calls.describe([], calls, 150_000, 200_000), "no stall over 20 ms; no call of the disk took 5 ms"
        )

    def test_slow_calls_are_read_as_the_library_writes_them(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "slow"
            self.assertEqual(slow_calls.read(path), [])
            make("syncdelay")
            environment = os.environ | {
                "LD_PRELOAD": str(BUILT / "syncdelay/syncdelay.so"),
                "SYNC_DELAY_MICROS": "20000",
                "SLOW_CALLS": str(path),
                "SLOW_CALL_MICROS": "10000",
            }
            data = Path(folder) / "with a space"
            program = "import os, sys; f = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY); os.write(f, b'x'); os.fdatasync(f)"
            subprocess.run([sys.executable, "-c", program, data], env=environment, check=True)
            (call,) = slow_calls.read(path)
            self.assertEqual(call.name, "fdatasync of with a space")
            self.assertGreaterEqual(call.ended - call.began, 20_000)

    def test_where_the_journal_ends(self):
        self.assertEqual(stopped_at("walletd: draining\nwalletd: stopped at seq 812, digest 00ff"), 812)
        with self.assertRaises(Failed):
            stopped_at("walletd: draining")


class References(unittest.TestCase):
    def test_half_to_twice(self):
        reference = Reference(100, 200, "x")
        self.assertIsNone(reference.suspicion(50))
        self.assertIsNone(reference.suspicion(400))
        self.assertIn("under half", reference.suspicion(49))
        self.assertIn("over twice", reference.suspicion(401))


class Environment(unittest.TestCase):
    def test_defaults(self):
        settings = parse({})
        self.assertEqual((settings.pairs, settings.seconds, settings.sync_delays, settings.rows), (7, 3, [0], []))

    def test_everything(self):
        settings = parse(
            {
                "ROWS": "redis, grpc-8x128",
                "QUICK": "1",
                "PAIRS": "5",
                "SECONDS_PER_RUN": "2",
                "SYNC_DELAY_MS": "0,1,5",
                "FILL": "1000",
                "PINNING": "wide",
            }
        )
        self.assertEqual(settings.rows, ["redis", "grpc-8x128"])
        self.assertEqual((settings.quick, settings.pairs, settings.seconds), (True, 5, 2))
        self.assertEqual((settings.sync_delays, settings.fill, settings.pinning), ([0, 1, 5], 1000, "wide"))

    def test_what_cannot_be(self):
        for environment in (
            {"PAIRS": "x"},
            {"PAIRS": "0"},
            {"SYNC_DELAY_MS": "2"},
            {"SYNC_DELAY_MS": "a"},
            {"PINNING": "no"},
        ):
            with self.assertRaises(Usage, msg=str(environment)):
                parse(environment)
