import unittest

from bench import rows
from bench.outcome import Outcome
from bench.references import Reference
from bench.rows import ROWS, Row, selected
from bench.runner import run_row
from bench.sample import Failed, Missing, Sample
from bench.settings import ROOT, Settings, Usage
from bench.side import Side


class FakeSide(Side):
    """Answers with given figures and notes what is done to it."""

    def __init__(self, name, figures, calls, error=None):
        self.name, self.figures, self.calls, self.error = name, iter(figures), calls, error

    def start(self, bench):
        self.calls.append(f"start {self.name}")
        if self.error:
            raise self.error

    def measure(self, seconds, warm_up, pinning):
        figure = next(self.figures)
        if isinstance(figure, Exception):
            raise figure
        return Sample(per_second=figure, cpu_micros=2.0, foreign_cpu=0.5 if figure == 50 else 0.0)

    def stop(self):
        self.calls.append(f"stop {self.name}")


class FakeBench:
    def __init__(self):
        self.settings = Settings(pairs=3, pinning="shared")

    def clean(self):
        pass


def run(ours, peer, ours_error=None, peer_error=None, **more):
    calls = []
    row = Row(
        "row",
        "What.",
        "ours",
        "peer",
        sides=lambda _: (FakeSide("ours", ours, calls, ours_error), FakeSide("peer", peer, calls, peer_error)),
        **more,
    )
    return run_row(FakeBench(), row), calls


class Running(unittest.TestCase):
    def test_pairs(self):
        outcome, calls = run([100, 200, 300], [100, 100, 100])
        self.assertEqual((outcome.status, outcome.ours, outcome.peer, outcome.ratio.median), ("measured", 200, 100, 2))
        self.assertEqual(outcome.extra["pairs"], 3)
        self.assertEqual(outcome.extra["cpu_micros_per_operation"], {"ours": 2.0, "peer": 2.0})
        self.assertEqual(calls, ["start peer", "start ours", "stop ours", "stop peer"])

    def test_missing_peer_is_an_outcome_and_all_is_stopped(self):
        outcome, calls = run([1] * 3, [1] * 3, peer_error=Missing("redis-server isn't installed"))
        self.assertEqual(outcome.status, "missing")
        self.assertIn("redis-server isn't installed", outcome.notes[0])
        self.assertEqual(calls[-2:], ["stop ours", "stop peer"])

    def test_failure_in_the_middle(self):
        outcome, calls = run([1, Failed("wrong balances"), 1], [1] * 3)
        self.assertEqual(outcome.status, "failed")
        self.assertEqual(calls[-2:], ["stop ours", "stop peer"])

    def test_far_from_its_reference(self):
        outcome, _ = run([10] * 3, [10] * 3, reference=Reference(100, 100, "elsewhere"))
        self.assertEqual(outcome.status, "suspect")
        self.assertEqual(outcome.ratio.median, 1)

    def test_others_on_the_machine_are_said(self):
        outcome, _ = run([50] * 3, [10] * 3)
        self.assertIn("others took up to 50%", " ".join(outcome.notes))

    def test_optional_row(self):
        outcome, calls = run([], [], not_built="optional")
        self.assertEqual((outcome.status, calls), ("not built", []))

    def test_bounds(self):
        outcome = Outcome.bound(300, [150, 100, 600])
        self.assertEqual((outcome.ours, outcome.peer, outcome.ratio.median, outcome.ratio.minimum), (150, 300, 2, 0.5))


class Table(unittest.TestCase):
    def test_every_row_has_a_way_to_be_run_and_a_sentence(self):
        self.assertEqual(len({row.id for row in ROWS}), len(ROWS))
        for row in ROWS:
            self.assertEqual(sum(map(bool, (row.sides, row.measure, row.not_built))), 1, row.id)
            self.assertTrue(row.measures.endswith("."), row.id)
            self.assertNotIn("@", row.id)

    def test_every_row_is_documented(self):
        page = (ROOT / "docs/BENCHMARKS.md").read_text()
        for row in ROWS:
            self.assertIn(f"`{row.id}`", page)

    def test_selection_by_beginning(self):
        self.assertEqual([row.id for row in selected(ROWS, ["grpc-8", "restart"])], ["grpc-8x128", "restart-50m"])
        self.assertEqual(len(selected(ROWS, [])), len(ROWS))
        self.assertEqual([row.id for row in selected(ROWS, ["ceiling-64x1"])], ["ceiling-64x1"])
        with self.assertRaisesRegex(Usage, "ROWS: no row is called nothing, restart-5m; there are: ceiling-64x1, "):
            selected(ROWS, ["nothing", "restart-50m", "restart-5m"])

    def test_a_quick_look_leaves_out_what_has_to_be_built_and_what_compares_settings(self):
        for row in ROWS:
            is_left_out = row.id.startswith(("client-", "in-place", "linger", "memory", "debit-p999-"))
            self.assertEqual(row.slow, is_left_out, row.id)

    def test_slower_syncs(self):
        row = next(row for row in ROWS if row.id == "ceiling-64x1")
        self.assertEqual(
            (row.delayed(0).id, row.delayed(1).id, row.delayed(5).id), (row.id, f"{row.id}@1ms", f"{row.id}@5ms")
        )
        self.assertEqual((row.delayed(1).target, row.delayed(5).target), (row.target, None))

    def test_sides_are_made_for_each_shape(self):
        for row in rows.ROWS:
            if row.sides:
                self.assertEqual(len(row.sides(Settings())), 2, row.id)
