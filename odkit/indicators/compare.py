"""Several years side by side: the same indicator by its number, and what changed about the indicator itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from odkit import messages
from odkit.errors import UsageError
from odkit.indicators.evaluation import Evaluation
from odkit.indicators.periods import year_name
from odkit.indicators.results import Result, one_line
from odkit.indicators.words import same_words
from odkit.model import Row

NEW, GONE, RENUMBERED = "new", "gone", "renumbered"
PARTS = ("name", "unit", "baseline", "interim", "target", "direction", "group")


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What changed about an indicator in `year`: `code` is one of PARTS, ``new``, ``gone`` or ``renumbered``."""

    year: int
    code: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One indicator over the years; `results` has None for a year without it."""

    key: str
    name: str
    results: tuple[Result | None, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """All indicators over `years`, in the order of their numbers."""

    years: tuple[int, ...]
    lines: tuple[Line, ...]


def compare(evaluations: Sequence[Evaluation]) -> Comparison:
    """Put years side by side, oldest first. Raises UsageError where two tables are of one year."""
    ordered = sorted(evaluations, key=lambda item: item.year)
    for earlier, later in pairwise(ordered):
        if earlier.year == later.year:
            year = year_name(later.year, "ja")
            raise UsageError("indicators.same-year", file=later.source, other=earlier.source, value=year)
    tables = [{item.entry.key: item for item in one.results} for one in ordered]
    years = tuple(one.year for one in ordered)
    keys = sorted({key for table in tables for key in table})
    return Comparison(years=years, lines=tuple(_line(key, tables, years) for key in keys))


def comparison_table(found: Comparison, lang: str) -> tuple[list[str], list[Row]]:
    """Headings and rows for people: number, name, value and mark of each year, notes."""
    headings = [messages.text(f"indicators.word-{name}", lang) for name in ("key", "name")]
    headings += [year_name(year, lang) for year in found.years]
    headings.append(messages.text("indicators.word-notes", lang))
    rows: list[Row] = [
        (
            line.key,
            one_line(line.name),
            *map(_cell, line.results),
            "; ".join(note_text(note, lang) for note in line.notes),
        )
        for line in found.lines
    ]
    return headings, rows


def note_text(note: Note, lang: str) -> str:
    """A note in words."""
    facts = {"year": year_name(note.year, lang), "before": note.before, "after": note.after}
    return messages.text(f"indicators.note-{note.code}", lang, facts)


def _cell(item: Result | None) -> str:
    if item is None:
        return "-"
    return " ".join(word for word in (one_line(item.entry.value), item.trend.value, item.outcome.value) if word)


def _line(key: str, tables: Sequence[Mapping[str, Result]], years: Sequence[int]) -> Line:
    results = tuple(table.get(key) for table in tables)
    name = next(item.entry.name for item in reversed(results) if item is not None)
    return Line(key=key, name=name, results=results, notes=tuple(_notes(key, tables, years)))


def _notes(key: str, tables: Sequence[Mapping[str, Result]], years: Sequence[int]) -> Iterator[Note]:
    for place in range(1, len(tables)):
        before, after, year = tables[place - 1].get(key), tables[place].get(key), years[place]
        if before and after:
            yield from _changes(before, after, year)
        elif after and not any(key in table for table in tables[:place]):
            yield Note(year=year, code=NEW)
            yield from _renumbered(after, tables[place - 1], tables[place], year)
        elif before:
            yield Note(year=year, code=GONE)


def _renumbered(item: Result, earlier: Mapping[str, Result], later: Mapping[str, Result], year: int) -> Iterator[Note]:
    """A number that is new while another, of the same name, is gone: the numbers should not have changed."""
    for key, other in earlier.items():
        if key not in later and same_words(other.entry.name) == same_words(item.entry.name):
            yield Note(year=year, code=RENUMBERED, before=key, after=item.entry.key)


def _changes(before: Result, after: Result, year: int) -> Iterator[Note]:
    for part in PARTS:
        was, now = _part(before, part), _part(after, part)
        if same_words(was) != same_words(now):
            yield Note(year=year, code=part, before=one_line(was), after=one_line(now))


def _part(item: Result, part: str) -> str:
    if part == "unit":
        return item.value.unit if item.value.number is not None else item.baseline.unit
    return item.direction if part == "direction" else str(getattr(item.entry, part))
