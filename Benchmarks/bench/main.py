"""Runs the rows that are asked for, prints the table, and keeps the results."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import time

from bench import machine, processes, report, results, svg
from bench.outcome import Outcome
from bench.rows import ROWS, Row, selected
from bench.runner import run_row
from bench.settings import Settings, Usage, parse
from bench.workbench import Workbench

_BAD_USAGE = 64


def main() -> int:
    try:
        settings = parse(os.environ)
        rows = selected(ROWS, settings.rows)
    except Usage as error:
        print(f"bench: {error}", file=sys.stderr)
        return _BAD_USAGE
    processes.stop_on_exit()
    begun = time.monotonic()
    settings.scratch.mkdir(parents=True, exist_ok=True)
    sweep(settings)
    run = Run(settings)
    say(run.machine)
    say(f"{settings.pairs} pairs of {settings.seconds} s, load of the machine before: {os.getloadavg()[0]:.2f}")
    try:
        for delay in settings.sync_delays:
            for row in rows:
                run.take(row, delay)
    except KeyboardInterrupt:
        say("bench: interrupted; what was measured is kept")
        return 130
    finally:
        processes.stop_all()
        run.finish(rows)
        say(f"{time.monotonic() - begun:.0f} s; results in {settings.results}")
    return 0


def say(text: str) -> None:
    print(text, flush=True)


def sweep(settings: Settings) -> None:
    """Takes away what a run that was killed left behind; the large ledgers stay."""
    for path in settings.scratch.iterdir():
        if path.name != "kept":
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


class Run:
    """One call of the bench: results are saved after each row."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.machine = machine.describe(settings.scratch)
        self.today = datetime.date.today().isoformat()
        self.path = settings.results / "latest.json"
        self.entries = results.load(self.path)

    def take(self, row: Row, delay: int) -> None:
        if delay and not row.syncs:
            return
        row = row.delayed(delay)
        before = next((one for one in self.entries if one["row"] == row.id), None)
        begun = time.monotonic()
        if self.skips(row):
            outcome = Outcome(status="not run", notes=[report.never_run(row)["note"]])
        else:
            outcome = run_row(Workbench(self.settings, delay), row, before)
        one = results.entry(row, outcome, self.today, self.machine, delay)
        self.entries = results.merge(self.entries, [one])
        results.save(self.path, self.entries)
        took = time.monotonic() - begun
        say(f"  {'  '.join(report.cells(one))}  [{took:.0f} s]{'  ' + one['note'] if one['note'] else ''}")

    def skips(self, row: Row) -> bool:
        """Rows that take long run when they are named."""
        settings = self.settings
        return not settings.names_rows and (row.big and not settings.full or row.slow and settings.quick)

    def finish(self, rows: list[Row]) -> None:
        """The table of this run's rows, and page and chart of all."""
        known = {one["row"]: one for one in self.entries}
        asked = [row.delayed(delay) for delay in self.settings.sync_delays for row in rows if row.syncs or delay == 0]
        say("\n" + report.table([known.get(row.id) or report.never_run(row) for row in asked], self.today) + "\n")
        everything = [known.get(row.id) or report.never_run(row) for row in ROWS]
        everything += [one for one in self.entries if "@" in one["row"]]
        results.write(self.settings.results / "latest.md", report.markdown(everything, ROWS))
        results.write(self.settings.results / "latest.svg", svg.chart(everything, f"{self.today}, {self.machine}"))
