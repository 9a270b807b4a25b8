"""What a run of the bench found: figures and ratios, as JSON of bench/results/ and as tables of docs/performance.md.

python bench/report.py     puts the newest results into docs/performance.md
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS, PAGE = ROOT / "bench" / "results", ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The median of one tool's runs: seconds, and MiB at most (0: not measured)."""

    suite: str
    work: str
    tool: str
    seconds: float
    mib: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """Two figures of one run, or one with a limit, beside the target: `sign` is ``≤`` or ``≥``."""

    suite: str
    work: str
    value: float
    sign: str
    target: float

    @property
    def holds(self) -> bool:
        """Whether the target is reached."""
        return self.value <= self.target if self.sign == "≤" else self.value >= self.target


@dataclass(frozen=True, kw_only=True)
class Results:
    """A whole run: its day, the machine, which suites were left out and why."""

    date: str
    machine: Mapping[str, str]
    figures: Sequence[Figure]
    ratios: Sequence[Ratio]
    left_out: Mapping[str, str] = field(default_factory=dict)


def save(results: Results, folder: Path = RESULTS) -> Path:
    """Write ``<date>.json``."""
    path = folder / f"{results.date}.json"
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps(asdict(results), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def load(path: Path) -> Results:
    """Read what `save` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    figures = [Figure(**item) for item in found.pop("figures")]
    ratios = [Ratio(**item) for item in found.pop("ratios")]
    return Results(figures=figures, ratios=ratios, **found)


def joined(before: Results, now: Results) -> Results:
    """Both, where they are of one day and machine; of a suite that both have, what `now` says. Else `now` alone."""
    if (before.date, before.machine) != (now.date, now.machine):
        return now
    suites = _suites(now)
    old = {suite for suite in _suites(before) if suite not in suites}
    return replace(
        now,
        figures=[*(item for item in before.figures if item.suite in old), *now.figures],
        ratios=[*(item for item in before.ratios if item.suite in old), *now.ratios],
        left_out={name: why for name, why in now.left_out.items() if name not in old},
    )


def _suites(results: Results) -> set[str]:
    return {item.suite for item in (*results.figures, *results.ratios)}


def newest(folder: Path = RESULTS) -> Path:
    """The latest results."""
    return max(folder.glob("*.json"))


def tables(results: Results) -> str:
    """The results in Markdown: the targets first, then all figures."""
    machine = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    parts = [f"{results.date}; {machine}.", table(RATIO_HEADINGS, map(ratio_cells, results.ratios))]
    for suite, figures in groupby(results.figures, key=lambda item: item.suite):
        parts += [f"### {suite}", table(FIGURE_HEADINGS, map(figure_cells, figures))]
    parts += [f"Left out: {name}: {why}." for name, why in results.left_out.items()]
    return "\n\n".join(parts) + "\n"


RATIO_HEADINGS = ("suite", "work", "ratio", "target", "")
FIGURE_HEADINGS = ("work", "tool", "seconds", "peak MiB")


def ratio_cells(item: Ratio) -> tuple[str, ...]:
    """A line of the first table."""
    held = "reached" if item.holds else "**missed**"
    return item.suite, item.work, f"{item.value:.3g}", f"{item.sign} {item.target:.3g}", held


def figure_cells(item: Figure) -> tuple[str, ...]:
    """A line of the others."""
    return item.work, item.tool, f"{item.seconds:.3g}", f"{item.mib:.0f}" if item.mib else ""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(_lines(headings, rows))


def _lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (headings, ["---"] * len(headings), *rows):
        yield f"| {' | '.join(cells)} |"


def shown(page: str, results: Results) -> str:
    """The page with the tables of these results between its marks."""
    pattern = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n{tables(results)}\n{END}", page)


if __name__ == "__main__":
    PAGE.write_text(shown(PAGE.read_text(encoding="utf-8"), load(newest())), encoding="utf-8", newline="\n")
