"""What the environment asks for, and where things are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent
BUILT = BENCHMARKS / ".build"
FILL = 50_000_000
SYNC_DELAYS = (0, 1, 5)


class Usage(Exception):
    """The environment asks for what can't be."""


@dataclass
class Settings:
    rows: list[str] = field(default_factory=list)
    """Ids of rows or how they begin; empty: all but the big ones."""
    quick: bool = False
    full: bool = False
    pairs: int = 7
    seconds: int = 3
    warm_up: int = 1
    sync_delays: list[int] = field(default_factory=lambda: [0])
    fill: int = FILL
    wallets: int = 100_000
    pinning: str | None = None
    """A way to share the cores, for both sides; without it the best is tried out."""
    tail_seconds: int = 60
    programs: Path = ROOT / ".build/release"
    scratch: Path = BENCHMARKS / ".scratch"
    results: Path = BENCHMARKS / "results"

    @property
    def names_rows(self) -> bool:
        return bool(self.rows)


def parse(environment: Mapping[str, str]) -> Settings:
    def flag(name: str) -> bool:
        return environment.get(name, "") not in ("", "0", "no")

    def number(name: str, default: int, least: int = 1) -> int:
        text = environment.get(name, "")
        if not text:
            return default
        try:
            value = int(text)
        except ValueError:
            raise Usage(f"{name} must be a whole number, not {text!r}") from None
        if value < least:
            raise Usage(f"{name} must be at least {least}, not {value}")
        return value

    def words(name: str) -> list[str]:
        return [word.strip() for word in environment.get(name, "").split(",") if word.strip()]

    quick, full = flag("QUICK"), flag("FULL")
    settings = Settings(rows=words("ROWS"), quick=quick, full=full)
    settings.pairs = number("PAIRS", 2 if quick else 7)
    settings.seconds = number("SECONDS_PER_RUN", 1 if quick else 3)
    settings.warm_up = 0 if quick else 1
    settings.fill = number("FILL", settings.fill)
    settings.wallets = 10_000 if quick else settings.wallets
    settings.tail_seconds = number("TAIL_SECONDS", 5 if quick else 600 if full or settings.rows else 60)
    settings.pinning = environment.get("PINNING") or None
    if settings.pinning not in (None, "apart", "shared", "wide"):
        raise Usage(f"PINNING must be apart, shared or wide, not {settings.pinning!r}")
    if environment.get("PROGRAMS"):
        settings.programs = Path(environment["PROGRAMS"]).resolve()
    if environment.get("RESULTS"):
        settings.results = Path(environment["RESULTS"]).resolve()
    try:
        settings.sync_delays = [int(word) for word in words("SYNC_DELAY_MS")] or [0]
    except ValueError:
        raise Usage(f"SYNC_DELAY_MS must be some of 0, 1, 5, not {environment['SYNC_DELAY_MS']!r}") from None
    unknown = [delay for delay in settings.sync_delays if delay not in SYNC_DELAYS]
    if unknown:
        raise Usage(f"SYNC_DELAY_MS must be some of 0, 1, 5, not {unknown[0]}")
    return settings
