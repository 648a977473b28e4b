import unittest
from unittest.mock import patch

from bench.measures import tail, tail_beside
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


def runs(*tails: float) -> list[Sample]:
    return [Sample(1, {"p50": 500.0, "p999": millis * 1000}) for millis in tails]
