"""The results file: one entry for each row, kept over runs that measured other rows."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bench.outcome import Outcome
from bench.pairs import significant
from bench.rows import ROWS, Row

MEASURED = ("measured", "suspect")


def entry(row: Row, outcome: Outcome, date: str, machine: str, sync_delay_ms: int) -> dict:
    """Larger is always better: of a bound, the ratio is bound to measure and the target 1."""
    ratio = outcome.ratio
    return {
        "row": row.id,
        "ours": _figure(outcome.ours),
        "peer": _figure(outcome.peer),
        "ratio": _figure(ratio.median if ratio else None),
        "target": row.target,
        "unit": row.unit,
        "status": outcome.status,
        "spread": ratio.json() if ratio else None,
        "sync_delay_ms": sync_delay_ms,
        "date": date,
        "machine": machine,
        "note": "; ".join(outcome.notes),
        **outcome.extra,
    }


def _figure(value: float | None) -> float | None:
    return None if value is None else significant(value, 6)


def load(path: Path) -> list[dict]:
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        return []
    return [one for one in found if isinstance(one, dict) and "row" in one]


def merge(before: list[dict], new: list[dict]) -> list[dict]:
    """New entries replace those of their rows, but nothing measured gives way to something that wasn't."""
    merged = {one["row"]: one for one in before}
    for one in new:
        old = merged.get(one["row"])
        if one["status"] not in MEASURED and old and old.get("status") in MEASURED:
            merged[one["row"]] = {**old, "since": f"{one['date']}: {one['note']}"}
        else:
            merged[one["row"]] = one
    return sorted(merged.values(), key=lambda one: place(one["row"]))


def place(row: str) -> tuple:
    """By delay, then as in the table; unknown rows last."""
    name, _, delay = row.partition("@")
    known = {one.id: index for index, one in enumerate(ROWS)}
    return (int(delay.removesuffix("ms") or 0), known.get(name, len(known)), row)


def save(path: Path, entries: list[dict]) -> None:
    """Whole or not at all."""
    write(path, "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in entries) + "\n]\n")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(path.suffix + ".new")
    temporary.write_text(text)
    os.replace(temporary, path)


def verdict(one: dict) -> str:
    status = one.get("status", "measured")
    if status not in MEASURED:
        return status
    if one.get("target") is None:
        word = "for the record"
    else:
        word = "met" if one["ratio"] >= one["target"] else "short"
    word += ", suspect" if status == "suspect" else ""
    return f"{word}, of before" if one.get("since") else word
