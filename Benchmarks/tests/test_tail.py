import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import patch

from bench.machine import sync_stalls
from bench.measures import after_stall, tail, tail_beside
from bench.measures.slow_calls import Call
from bench.pairs import Compared
from bench.sample import Sample
from bench.settings import Settings


class Beside(unittest.TestCase):
    def test_a_shorter_tail_than_the_peers_is_a_ratio_over_one(self):
        outcome = tail_beside.compare(Compared(ours=runs(4, 6, 2), peer=runs(8, 3, 6)))
        self.assertEqual((outcome.ours, outcome.peer), (4, 6))
        self.assertEqual((outcome.ratio.minimum, outcome.ratio.median, outcome.ratio.maximum), (0.5, 2, 3))
        self.assertEqual(outcome.extra["pairs"], 3)

    def test_it_says_how_many_runs_kept_the_bound(self):
        outcome = tail_beside.compare(Compared(ours=runs(5, 5.1, 2), peer=runs(8, 3, 6)))
        self.assertIn("within 5 ms in 2 of 3 runs, the peer's in 1", outcome.notes[0])

    def test_stalls_of_both_are_counted(self):
        ours, peer = runs(4, 6), runs(8, 3)
        ours[1].raw = {"stalls": {"measured_from_micros": 0, "server": [{"at_micros": 5, "length_micros": 25_000}]}}
        outcome = tail_beside.compare(Compared(ours, peer))
        self.assertIn("stalls over 20 ms: 1, the peer's 0", outcome.notes[1])

    def test_seconds_are_told_apart_by_what_the_host_took(self):
        sample = Sample(1, raw={"stalls": {"measured_from_micros": 10_000_000}})
        sample.raw["latency_micros_by_second"] = [{"p999": 1000}, {"p999": 20_000}, {"p999": 3000}, {"p999": 90_000}]

        class Stolen:
            @staticmethod
            def share_between(since, until):
                return {10: 0.0, 11: 0.02, 12: 0.0, 13: 0.021}[since] if until == since + 1 else None

        tails = tail.seconds_by_theft([sample, sample], Stolen())
        self.assertEqual(tails, {"nothing": [1, 3, 1, 3], "up to 2 %": [20, 20], "more": [90, 90]})
        self.assertEqual(tail.medians(tails | {"more": []}), {"nothing": 2, "up to 2 %": 20})
        self.assertEqual(tail.by_second([1, 3, 6]), "2 of 3 within 5 ms, the median one 3.0, the worst 6")
        self.assertEqual(tail.by_second([]), "none")

    def test_the_rate_comes_from_walletd_alone(self):
        sides = []

        class FakeServed:
            def __init__(self, server, load):
                self.server, self.load = server, load
                sides.append(self)

            @classmethod
            def running(cls, _bench, server, load):
                return cls(server, load)

            def start(self, bench):
                self.state = "started"

            def stop(self):
                self.state = "stopped"

            def measure(self, seconds, warm_up, pinning):
                peer = self.server is server
                self.runs = [*getattr(self, "runs", []), seconds]
                tails = {"p50": 500.0, "p999": 9000.0 if peer else 3000.0}
                raw = {"stalls": {"measured_from_micros": 0}, "latency_micros_by_second": [tails]}
                return Sample(90 if peer else 20, tails, raw=raw)

        server = object()
        with patch.object(tail, "Served", FakeServed), patch.object(tail_beside, "Served", FakeServed):
            bench = type("Bench", (), {"settings": Settings(pairs=3, pinning="shared", tail_seconds=200)})
            outcome = tail_beside.beside(lambda: server)(bench, None)
        self.assertEqual((outcome.ours, outcome.peer, outcome.ratio.median), (3, 9, 3))
        self.assertEqual(outcome.notes[0], "10/s of a peak of 20/s (64 × 1), runs of 10 s")
        self.assertEqual([side.load.rate for side in sides], [None, None, 10, 10])
        self.assertEqual([side.runs for side in sides[2:]], [[10] * 3, [10] * 3])
        self.assertEqual([side.state for side in sides[:2]], ["stopped", "stopped"])


class AfterStall(unittest.TestCase):
    @staticmethod
    def sample(*stalls: tuple[int, int]) -> Sample:
        listed = [{"at_micros": at, "length_micros": length} for at, length in stalls]
        return Sample(1, {"max": 1_080_000}, raw={"stalls": {"measured_from_micros": 1_000_000, "server": listed}})

    def test_only_silences_that_are_not_the_disks_count(self):
        calls = [Call(3_000_000, 4_000_500, "fdatasync of x"), Call(8_000_000, 9_000_500, "fdatasync of x")]
        calls += [Call(9_100_000, 9_115_000, "fdatasync of x"), Call(9_200_000, 9_209_000, "fdatasync of x")]
        silences = [(2_000_000, 1_001_000), (7_000_000, 1_002_000), (8_100_000, 25_000), (8_200_000, 21_000)]
        outcome = after_stall.judge(self.sample(*silences), calls)
        self.assertEqual((outcome.ours, outcome.peer, round(outcome.ratio.median, 3)), (21, 20, 0.952))
        self.assertEqual(outcome.extra, {"own_silences": 1, "standstills": 2})
        self.assertIn("behind 2 standstills of 1000 ms 1 silences over 20 ms of the server's own, 21 ms", outcome.notes[0])
        self.assertIn("80 ms after", outcome.notes[1])

    def test_without_any_it_is_the_bound(self):
        outcome = after_stall.judge(self.sample((2_000_000, 1_001_000)), [Call(3_000_000, 4_000_500, "fdatasync of x")])
        self.assertEqual((outcome.ours, outcome.ratio.median, outcome.extra["own_silences"]), (20, 1, 0))


class DiskAlone(unittest.TestCase):
    def test_it_is_asked_no_more_often_than_it_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            syncs, slow, longest = sync_stalls(Path(folder), 0.2, 50, 1e9)
            self.assertLess(time.monotonic() - begun, 5)
        self.assertLessEqual(syncs, 10)
        self.assertGreater(syncs, 0)
        self.assertEqual(slow, 0)
        self.assertGreater(longest, 0)


def runs(*tails: float) -> list[Sample]:
    return [Sample(1, {"p50": 500.0, "p999": millis * 1000}) for millis in tails]
