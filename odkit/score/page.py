"""The report as a web page: one file with nothing from elsewhere, for reading, printing and sending on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from odkit import __version__, messages
from odkit.model import CriterionResult, DrawnRow, DrawnSheet, Outcome, Score, column_letters
from odkit.score.findings import Finding, causes, counts, counts_columns, findings, others, place_of
from odkit.score.words import RULES_VERSION, format_name, next_step, reasons

TEMPLATES = Path(__file__).with_name("templates")
STYLES = ("report.css", "page.css")
TOP = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnCell:
    """A cell as the page shows it; `marks` are the numbers of the findings that point at it."""

    text: str
    marks: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowView:
    """A drawn row, named as addresses name it."""

    name: str
    role: str
    cells: tuple[DrawnCell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetView:
    """A drawn sheet; None among the rows stands for rows that are left out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[RowView | None, ...]
    size: tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One file's report: plain values in one language, no HTML."""

    score: Score
    level: str
    stars: str
    format: str
    format_level: str
    capped: bool
    counts_columns: bool
    next: str
    steps: tuple[tuple[str, str, str], ...]
    findings: tuple[Finding, ...]
    sheets: tuple[SheetView, ...]
    folded: tuple[tuple[str, list[tuple[str, str]]], ...]


def html_report(scores: Sequence[Score], lang: str) -> str:
    """A whole page for one or many scores. The same scores give the same text."""
    style = Markup("".join((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLES))  # noqa: S704 - ours
    return _environment().get_template("report.html").render(_context(scores, lang) | {"style": style})


def html_fragment(score: Score, lang: str) -> str:
    """The report of one score for a page that has its own frame; its style is `report_style`."""
    context = _context([score], lang)
    module = _environment().get_template("parts.html").make_module(context)
    return str(getattr(module, "report")(context["views"][0], "f1-"))  # noqa: B009 - a macro has no type


def report_style() -> str:
    """The style sheet of `html_fragment`."""
    return (TEMPLATES / "report.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _context(scores: Sequence[Score], lang: str) -> dict[str, Any]:
    def say(name: str, /, **details: object) -> str:
        return messages.text(f"report.{name}", lang, {key: str(value) for key, value in details.items()})

    return {
        "lang": lang,
        "say": say,
        "place_of": place_of,
        "views": [view_of(score, lang) for score in scores],
        "counts": counts(scores),
        "causes": causes(scores, lang),
        "version": __version__,
        "rules": RULES_VERSION,
    }


def view_of(score: Score, lang: str) -> View:
    """What a page shows of a score."""
    found = findings(score, lang)
    numbers = {item.id: item.number for item in found}
    folded = [Outcome.PASS, Outcome.UNDETERMINED, Outcome.NOT_APPLICABLE]
    words = [(messages.text(f"report.outcome-{item}", lang), others(score, item, lang)) for item in folded]
    return View(
        score=score,
        level="?" if score.level is None else str(score.level),
        stars="★" * (score.level or 0) + "☆" * (TOP - (score.level or 0)),
        format=format_name(score.format, lang),
        format_level="?" if score.format_level is None else str(score.format_level),
        capped=score.level is not None and score.level < (score.format_level or 0),
        counts_columns=counts_columns(score),
        next=next_step(score, lang),
        steps=tuple(
            (_kind(step), messages.text(f"report.step-{_kind(step)}", lang), text)
            for step, text in zip(score.steps, reasons(score, lang), strict=True)
        ),
        findings=tuple(found),
        sheets=tuple(_sheet(sheet, numbers, lang) for sheet in score.sheets if sheet.rows),
        folded=tuple((word, items) for word, items in words if items),
    )


def _kind(step: CriterionResult) -> str:
    """How a stage stands: its outcome, or ``later`` where a stage below it comes first."""
    return "later" if step.id == "below" else step.outcome.value


def _sheet(sheet: DrawnSheet, numbers: Mapping[str, int], lang: str) -> SheetView:
    names = tuple(column_letters(column) if sheet.letters else f"C{column}" for column in sheet.columns)
    title = sheet.name or messages.text("report.text-file", lang)
    return SheetView(title=title, columns=names, rows=tuple(_rows(sheet, numbers)), size=sheet.size)


def _rows(sheet: DrawnSheet, numbers: Mapping[str, int]) -> Iterator[RowView | None]:
    before = 0
    for row in sheet.rows:
        if row.number > before + 1:
            yield None
        before = row.number
        name = str(row.number) if sheet.letters else f"R{row.number}"
        yield RowView(name=name, role=row.role, cells=tuple(_cells(sheet, row, numbers)))
    if before < sheet.size[0]:
        yield None


def _cells(sheet: DrawnSheet, row: DrawnRow, numbers: Mapping[str, int]) -> Iterator[DrawnCell]:
    for column, text in zip(sheet.columns, row.cells, strict=True):
        marks = sheet.marks.get((row.number, column), ())
        yield DrawnCell(text=text, marks=tuple(numbers[id_] for id_ in marks if id_ in numbers))
