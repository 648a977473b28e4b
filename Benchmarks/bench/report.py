"""The table, for a terminal and for a page."""

from __future__ import annotations

from bench.results import MEASURED, verdict
from bench.rows import Row

_HEADERS = ("row", "ours", "peer", "ratio (spread)", "target", "verdict")


def figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit.endswith("/s"):
        return f"{value:,.0f}/s"
    return f"{value:,.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"


def ratio(one: dict) -> str:
    if one.get("ratio") is None:
        return "–"
    spread = one.get("spread") or {}
    text = f"{one['ratio']:.2f}"
    if spread and spread["minimum"] != spread["maximum"]:
        text += f" ({spread['minimum']:.2f}–{spread['maximum']:.2f})"
    return text


def cells(one: dict) -> tuple[str, ...]:
    target = one.get("target")
    return (
        one["row"],
        figure(one.get("ours"), one.get("unit", "")),
        figure(one.get("peer"), one.get("unit", "")),
        ratio(one),
        "–" if target is None else f"{target:g}",
        verdict(one),
    )


def never_run(row: Row) -> dict:
    """A row that has no result yet is in the table all the same."""
    return {
        "row": row.id,
        "ours": None,
        "peer": None,
        "ratio": None,
        "target": row.target,
        "unit": row.unit,
        "status": "not run",
        "note": "needs the large ledger: name the row, or FULL=1" if row.big else "name the row" if row.slow else "",
    }


def table(entries: list[dict], today: str) -> str:
    """For a terminal, notes below."""
    lines = [_HEADERS, *(cells(one) for one in entries)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADERS))]
    text = []
    for line in lines:
        padded = [
            word.rjust(width) if 0 < column < 5 else word.ljust(width)
            for column, (word, width) in enumerate(zip(line, widths, strict=True))
        ]
        text.append("  ".join(padded).rstrip())
    text.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"  {one['row']}: {note}" for one in entries if (note := remarks(one, today))]
    return "\n".join(text + ([""] + notes if notes else []))


def remarks(one: dict, today: str) -> str:
    parts = [one.get("note") or ""]
    if one.get("status") in MEASURED and one.get("date", today) != today:
        parts.append(f"of {one['date']}")
    if one.get("since"):
        parts.append(f"not measured again, {one['since']}")
    cpu = one.get("cpu_micros_per_operation") or {}
    known = [f"{name} {cpu[name]:g}" for name in ("ours", "peer") if cpu.get(name) is not None]
    if known:
        parts.append(f"server CPU µs/operation: {', '.join(known)}")
    return "; ".join(part for part in parts if part)


def markdown(entries: list[dict], rows: list[Row]) -> str:
    """For a page: each row with its sentence, grouped by the machine and the day it was measured on."""
    sentences = {row.id: row.measures for row in rows}
    lines = [
        "| row | what | ours | peer | ratio (spread) | target | verdict |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for one in entries:
        name, _, delay = one["row"].partition("@")
        what = sentences.get(name, "") + (f" Syncs {delay} slower." if delay else "")
        row, ours, peer, text, target, word = cells(one)
        lines.append(f"| `{row}` | {what} | {ours} | {peer} | {text} | {target} | {word} |")
    measured = sorted({(one["date"], one["machine"]) for one in entries if one.get("status") in MEASURED})
    lines += ["", *(f"{date}: {machine}." for date, machine in measured)]
    return "\n".join(lines) + "\n"
