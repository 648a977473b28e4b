import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

from bench import report, results, svg
from bench.outcome import Outcome
from bench.pairs import spread
from bench.rows import ROWS


def measured(row="ceiling-64x1", ratio=1.0, status="measured", date="2026-01-02", **more):
    row = next(one for one in ROWS if one.id == row)
    outcome = Outcome(ours=90_000, peer=100_000, ratio=spread([ratio, ratio / 2, ratio * 2]), status=status, **more)
    return results.entry(row, outcome, date, "a machine", 0)


def missing(row="ceiling-64x1", date="2026-01-03"):
    return results.entry(
        next(one for one in ROWS if one.id == row),
        Outcome(status="missing", notes=["missing: no gcc"]),
        date,
        "a machine",
        0,
    )


class Merging(unittest.TestCase):
    def test_only_the_rows_of_the_run_change(self):
        before = [measured("ceiling-64x1", 0.5), measured("redis-get-64x1", 0.7)]
        after = results.merge(before, [measured("ceiling-64x1", 0.9)])
        self.assertEqual(
            [(one["row"], one["ratio"]) for one in after], [("ceiling-64x1", 0.9), ("redis-get-64x1", 0.7)]
        )

    def test_what_was_measured_stays_when_it_cannot_be_measured_again(self):
        after = results.merge([measured(ratio=0.5)], [missing()])
        self.assertEqual((after[0]["ratio"], after[0]["status"], after[0]["date"]), (0.5, "measured", "2026-01-02"))
        self.assertIn("no gcc", after[0]["since"])
        self.assertIn("of before", results.verdict(after[0]))
        again = results.merge(after, [measured(ratio=0.6)])
        self.assertNotIn("since", again[0])

    def test_a_missing_row_is_an_entry(self):
        self.assertEqual(results.merge([], [missing()])[0]["status"], "missing")

    def test_order_is_that_of_the_table_and_delays_come_last(self):
        late = {**measured("ceiling-64x1"), "row": "ceiling-64x1@1ms"}
        after = results.merge([late, measured("grpc-8x128")], [measured("ceiling-64x1")])
        self.assertEqual([one["row"] for one in after], ["ceiling-64x1", "grpc-8x128", "ceiling-64x1@1ms"])

    def test_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "results/latest.json"
            self.assertEqual(results.load(path), [])
            results.save(path, [measured(), missing("grpc-8x128")])
            self.assertEqual([one["row"] for one in results.load(path)], ["ceiling-64x1", "grpc-8x128"])
            self.assertLessEqual({"row", "ours", "peer", "ratio", "target"}, set(results.load(path)[0]))


class Verdicts(unittest.TestCase):
    def test_words(self):
        self.assertEqual(results.verdict(measured(ratio=0.9)), "met")
        self.assertEqual(results.verdict(measured(ratio=0.89)), "short")
        self.assertEqual(results.verdict(measured(ratio=0.89, status="suspect")), "short, suspect")
        self.assertEqual(results.verdict(measured("grpc-64x1")), "for the record")
        self.assertEqual(results.verdict(missing()), "missing")


class Printing(unittest.TestCase):
    entries = [measured(ratio=0.95, notes=["a note"]), missing("grpc-8x128"), report.never_run(ROWS[-1])]

    def test_table(self):
        text = report.table(self.entries, "2026-01-03")
        self.assertIn("0.95 (0.47–1.90)", text)
        self.assertIn("a note; of 2026-01-02", text)
        self.assertIn("missing: no gcc", text)
        self.assertIn("not run", text)

    def test_page(self):
        text = report.markdown(self.entries, ROWS)
        self.assertIn("| `ceiling-64x1` |", text)
        self.assertIn("2026-01-02: a machine.", text)
        self.assertEqual(len(text.splitlines()), 2 + 3 + 2)

    def test_figures(self):
        self.assertEqual(report.figure(123456.7, "operations/s"), "123,457/s")
        self.assertEqual(report.figure(4.123, "ms"), "4.12 ms")
        self.assertEqual(report.figure(None, "ms"), "–")

    def test_chart_is_well_formed_and_names_every_row(self):
        text = svg.chart([*self.entries, measured("redis-get-64x1", 9.0)], "a <machine> & more")
        root = xml.etree.ElementTree.fromstring(text)
        words = " ".join(element.text or "" for element in root.iter())
        for name in ("ceiling-64x1", "grpc-8x128", ROWS[-1].id, "a <machine> & more"):
            self.assertIn(name, words)
