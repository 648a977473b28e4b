"""The table of clients and behaviours, for a terminal and as Markdown."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .case import Behaviour

BEGIN, END = "<!-- conformance -->", "<!-- end of conformance -->"


@dataclass(frozen=True)
class Outcome:
    """What came of a check: ✓, ✗, or – where a client can't be put to it, and why."""

    mark: str
    text: str
    seconds: float


Table = Mapping[str, Mapping[str, Outcome]]


def as_text(rows: Sequence[Behaviour], table: Table) -> str:
    width = max((len(f"{row.group}: {row.name}") for row in rows), default=0)
    lines = [" " * width + "".join(f" {client:>10}" for client in table)]
    for row in rows:
        marks = "".join(f" {column[row.name].mark:>10}" for column in table.values())
        lines.append(f"{f'{row.group}: {row.name}':{width}}{marks}")
    passed = (sum(one.mark == "✓" for one in column.values()) for column in table.values())
    lines.append(" " * width + "".join(f" {count:>10}" for count in passed))
    return "\n".join(lines)


def as_markdown(rows: Sequence[Behaviour], table: Table) -> str:
    lines = ["| behaviour | " + " | ".join(table) + " |", "| --- |" + " :-: |" * len(table)]
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines.append(f"| **{group}** |" + " |" * len(table))
        marks = " | ".join(column[row.name].mark for column in table.values())
        lines.append(f"| {row.name} | {marks} |")
    notes: dict[str, list[str]] = {}
    for client, column in table.items():
        for row in rows:
            if column[row.name].mark == "–":
                notes.setdefault(column[row.name].text, []).append(client)
    for text, clients in notes.items():
        names = ", ".join(dict.fromkeys(clients))
        lines.append(f"\n–: of {names}, {text}.")
    return "\n".join(lines) + "\n"


def write(markdown: str, here: pathlib.Path) -> None:
    """Into RESULTS.md, and into the page of the clients between its marks."""
    head = "# Clients and behaviours\n\nWritten by `make conformance WRITE=--write`; ✗ is a behaviour that isn't there.\n\n"
    (here / "RESULTS.md").write_text(head + markdown)
    page = here.parents[1] / "docs/CLIENTS.md"
    text = page.read_text()
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    page.write_text(f"{before}{BEGIN}\n\n{markdown}\n{END}{after}")
