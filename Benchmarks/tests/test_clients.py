import json
import stat
import tempfile
import unittest
from pathlib import Path

from bench import results
from bench.machine import pinnings
from bench.measures import clients as alone
from bench.outcome import Outcome
from bench.pairs import Compared
from bench.peers import clients
from bench.report import cells, remarks
from bench.rows import ROWS
from bench.runner import summarize
from bench.sample import Failed, Missing, Sample
from bench.settings import ROOT, Settings
from bench.side import Side

FIGURES = {"verb": "GetBalance", "connections": 1, "in_flight": 64, "calls_per_second": 6400.5}
MEDIAN = {"p50_micros": 10_000.0, "p99_micros": 20_000.5}
SHARED = pinnings()["shared"]


class FakeSide(Side):
    name = "a client"

    def __init__(self, figures):
        self.figures, self.stopped = iter(figures), False

    def start(self, bench):
        pass

    def measure(self, seconds, warm_up, pinning):
        return Sample(per_second=next(self.figures), latency_micros={"p50": 2_000.0, "p99": 3_000.0})

    def check(self, pinning):
        return "Debit 5/s"

    def stop(self):
        self.stopped = True


class Figures(unittest.TestCase):
    def test_of_a_load(self):
        sample = clients.figures(json.dumps({**FIGURES, **MEDIAN}), "python")
        self.assertEqual((sample.per_second, sample.latency_micros), (6400.5, {"p50": 10_000.0, "p99": 20_000.5}))

    def test_none_or_others(self):
        for output in ("", "Traceback", "[]", json.dumps(FIGURES), json.dumps({**FIGURES, **MEDIAN, "in_flight": 1})):
            with self.assertRaisesRegex(Failed, "the load of go", msg=output):
                clients.figures(output, "go")
        with self.assertRaisesRegex(Failed, "something else"):
            clients.figures(json.dumps({**FIGURES, **MEDIAN, "calls_per_second": 0}), "go")

    def test_a_load_is_run_with_its_seconds_and_a_warm_up(self):
        with tempfile.TemporaryDirectory() as folder:
            load = Path(folder) / "load"
            text = json.dumps({**FIGURES, **MEDIAN})
            load.write_text(f'#!/bin/sh\n[ "$*" = "here Debit 64 3 1" ] && echo \'{text}\' || echo "$*"\n')
            load.chmod(stat.S_IRWXU)
            sample = clients.loaded([load, "here", "Debit", 64], 1 << 22, 3, clients.warmed("go", 0), SHARED)
            self.assertEqual((sample.per_second, sample.seconds), (6400.5, 3))


class Building(unittest.TestCase):
    def test_a_client_that_is_not_there(self):
        with self.assertRaisesRegex(Missing, "clients/cobol isn't there"):
            clients.build("cobol")

    def test_a_toolchain_that_is_not_there_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "clients/lisp").mkdir(parents=True)
            (root / "clients/lisp/Makefile").write_text("load:\n\t@echo 'clients/lisp needs sbcl' >&2; exit 1\n")
            before, clients.ROOT = clients.ROOT, root
            try:
                with self.assertRaisesRegex(Missing, "clients/lisp needs sbcl"):
                    clients.build("lisp")
            finally:
                clients.ROOT = before


class Rows(unittest.TestCase):
    def test_every_client_has_one(self):
        loads = {f"client-{path.parent.name}{path.name.removeprefix('load')}" for path in ROOT.glob("clients/*/load*")}
        self.assertEqual({row.id for row in ROWS if row.id.startswith("client-")}, loads)

    def test_medians_are_said(self):
        row = next(row for row in ROWS if row.id == "client-python")
        ours, peer = (
            Sample(per_second=rate, latency_micros={"p50": p50}) for rate, p50 in ((8.0, 4_000), (4.0, 9_000))
        )
        outcome = summarize(Compared([ours], [peer]), row)
        self.assertEqual((outcome.ratio.median, outcome.notes), (2, ["median 4.00 ms, the peer's 9.00 ms"]))

    def test_without_a_peer_there_is_a_figure_and_no_ratio(self):
        side = FakeSide([1.0, 3.0, 2.0])
        outcome = alone.measured(side, None, Settings(pairs=3, pinning="shared"), "nobody has one")
        self.assertTrue(side.stopped)
        row = next(row for row in ROWS if row.id == "client-node")
        entry = results.entry(row, outcome, "2026-01-02", "a machine", 0)
        self.assertEqual((entry["ours"], entry["peer"], entry["ratio"], entry["target"]), (2.0, None, None, None))
        self.assertEqual(cells(entry)[1:], ("2/s", "–", "–", "–", "for the record"))
        self.assertIn("no peer: nobody has one; median 2.00 ms; Debit 5/s", remarks(entry, "2026-01-02"))

    def test_a_missing_one_is_in_the_table(self):
        row = next(row for row in ROWS if row.id == "client-swift")
        entry = results.entry(row, Outcome(status="missing", notes=["missing: no swift"]), "2026-01-02", "a machine", 0)
        self.assertEqual(results.verdict(entry), "missing")
