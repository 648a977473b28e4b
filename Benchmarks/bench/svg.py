"""A chart of the rows: bars of the ratio to its target, readable on light and on dark pages."""

from __future__ import annotations

from html import escape

from bench.report import figure
from bench.results import MEASURED

_LABEL, _BAR, _FIGURES = 190, 360, 290
_LINE, _TOP = 24, 56
_SHOWN_MAX = 2.0

_STYLE = """
text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 14px; font-weight: 600 } .faint { fill: #59636e }
.met { fill: #2da44e } .short { fill: #cf222e } .record { fill: #8c959f } .suspect { opacity: .45 }
.axis { stroke: #59636e; stroke-dasharray: 3 3 } .none { stroke: #8c959f; stroke-dasharray: 2 4 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .faint { fill: #9198a1 }
  .met { fill: #3fb950 } .short { fill: #f85149 } .record { fill: #6e7681 }
  .axis { stroke: #9198a1 } .none { stroke: #6e7681 }
}
"""


def chart(entries: list[dict], subtitle: str) -> str:
    width, height = _LABEL + _BAR + _FIGURES, _TOP + _LINE * len(entries) + 34
    target_x = _LABEL + _BAR / _SHOWN_MAX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-label="walletd beside its peers">',
        f"<style>{_STYLE}</style>",
        '<text class="title" x="8" y="20">walletd beside its peers: ratio to the target</text>',
        f'<text class="faint" x="8" y="38">{escape(subtitle)}</text>',
    ]
    for index, one in enumerate(entries):
        parts += _row(one, _TOP + _LINE * index)
    bottom = _TOP + _LINE * len(entries)
    parts += [
        f'<line class="axis" x1="{target_x:g}" y1="{_TOP - 6}" x2="{target_x:g}" y2="{bottom}"/>',
        f'<text class="faint" x="{target_x:g}" y="{bottom + 16}" text-anchor="middle">target</text>',
        f'<text class="faint" x="8" y="{bottom + 16}">gray: for the record, beside 1</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _row(one: dict, y: int) -> list[str]:
    name = f'<text x="{_LABEL - 10}" y="{y + 14}" text-anchor="end">{escape(one["row"])}</text>'
    ratio, target = one.get("ratio"), one.get("target")
    figures_x = _LABEL + _BAR + 12
    if one.get("status") not in MEASURED or ratio is None:
        return [
            name,
            f'<line class="none" x1="{_LABEL}" y1="{y + 10}" x2="{_LABEL + _BAR}" y2="{y + 10}"/>',
            f'<text class="faint" x="{figures_x}" y="{y + 14}">{escape(one.get("status", ""))}</text>',
        ]
    share = ratio / (target or 1)
    kind = "record" if target is None else "met" if ratio >= target else "short"
    kind += " suspect" if one["status"] == "suspect" else ""
    length = max(1.0, min(share, _SHOWN_MAX) / _SHOWN_MAX * _BAR)
    unit = one.get("unit", "")
    said = f"{ratio:.2f}" + (f" of {target:g}" if target is not None else "")
    said += f": {figure(one.get('ours'), unit)} to {figure(one.get('peer'), unit)}"
    bar = f'<rect class="{kind}" x="{_LABEL}" y="{y + 2}" width="{length:.1f}" height="16" rx="2"/>'
    if share > _SHOWN_MAX:
        tip = _LABEL + _BAR
        bar += f'<path class="{kind}" d="M{tip} {y + 2} l8 8 l-8 8 z"/>'
    return [name, bar, f'<text x="{figures_x}" y="{y + 14}">{escape(said)}</text>']
