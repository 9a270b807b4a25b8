"""The ministry's rules on values: 1-2, 1-3, 1-5, 1-10, 1-11, 1-13. The column is typed first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from heapq import merge

from odkit.model import CriterionResult, Evidence
from odkit.score.checks.columns import enough, is_sign, number_columns, quantities
from odkit.score.checks.result import down, found, shown
from odkit.score.facts import Cell, Column, Facts, Grid, Span, runs_down, spans
from odkit.score.values import (
    ALLOWED_SYMBOLS,
    BLANKS,
    SPACED,
    SPREAD,
    bare_number,
    gregorian,
    is_gregorian,
    is_number,
    is_pair,
    is_plain_number,
    is_with_words,
    marks_in,
    of_heading,
    padded,
    padded_heading,
    padded_name,
)

PERSON = re.compile(
    r"氏名|名前|姓名|代表|担当者|責任者|管理者|所有者|委員|議員|会長|理事|講師|医師|作者|著者|選手|候補"
)
"""Columns of people: a blank between family name and given name means something."""


def pairs(facts: Facts) -> CriterionResult:
    """Rule 1-2: one number a cell. Lists of words in remarks are not looked at."""
    return found("1-2", (item for grid in facts.grids for item in _pairs(grid)), facts)


def _pairs(grid: Grid) -> Iterator[Evidence]:
    for column in quantities(grid):
        several = column.texts(is_pair)
        if several and (column.numbers + column.count(several)) * 5 >= column.filled * 4:
            yield from down(grid, enough(grid.find(column, several), column.filled))


def numbers(facts: Facts) -> CriterionResult:
    """Rule 1-3: a quantity is a number, without 円, comma, △, and not stored as text."""
    return found("1-3", (item for grid in facts.grids for item in _numbers(grid)), facts)


def _numbers(grid: Grid) -> Iterator[Evidence]:
    texts = _stored_as_text(grid)
    for column in number_columns(grid):
        cells = grid.find(column, column.texts(_is_decorated))
        stored = texts.get(column.place)
        places = down(grid, enough(sorted({*cells, *stored}) if stored else cells, column.filled))
        yield from (replace(item, expected=bare_number(item.value, column.heading)) for item in places)


def _is_decorated(text: str) -> bool:
    return (is_number(text) and not is_plain_number(text)) or is_with_words(text)


def _stored_as_text(grid: Grid) -> Mapping[int, list[Cell]]:
    """The data cells of each column that hold a number as text; only a workbook has such."""
    found: dict[int, list[Cell]] = {}
    for cell in grid.stored_text:
        if cell[0] in grid.layout.data and is_number(grid.at(*cell).strip()):
            found.setdefault(cell[1], []).append(cell)
    return found


def symbols(facts: Facts) -> CriterionResult:
    """Rule 1-13: in a column of quantities only X (secret) and *** (no value) stand for a number."""
    return found("1-13", (item for grid in facts.grids for item in _symbols(grid)), facts)


def _symbols(grid: Grid) -> Iterator[Evidence]:
    for column in number_columns(grid):
        cells = grid.find(column, column.texts(_is_other_sign))
        yield from down(grid, enough(cells, column.filled), "***")


def _is_other_sign(text: str) -> bool:
    return is_sign(text) and text not in ALLOWED_SYMBOLS


def padding(facts: Facts) -> CriterionResult:
    """Rule 1-5: no blanks for looks, before, after, or between the characters of a word."""
    places = ((grid, place) for grid in facts.grids for place in _padded(grid))
    return found("1-5", (_padding_at(grid, place) for grid, place in places), facts)


def _padded(grid: Grid) -> Iterator[Span]:
    heads = [(row, column.place) for row in grid.layout.header for column in grid.columns]
    yield from spans(cell for cell in heads if _is_padded_heading(grid.at(*cell)))
    for column in grid.columns:
        if column.telling and column.once(_is_padded):
            rule = padded_name if _is_person(column.heading) else padded
            cells = grid.find(column, frozenset(filter(rule, column.telling)))
            yield from runs_down(enough(cells, len(grid.layout.data)))


def _is_padded(column: Column) -> bool:
    return any(map(padded, column.telling))


_is_padded_heading = of_heading(padded_heading)


@of_heading
def _is_person(heading: str) -> bool:
    return PERSON.search(re.sub(r"\s", "", heading)) is not None


def _padding_at(grid: Grid, place: Span) -> Evidence:
    text = grid.at(place.top, place.left)
    trimmed = text.strip(BLANKS + "\r\n")
    apart = SPREAD.fullmatch(trimmed) or SPACED.fullmatch(trimmed) or place.top in grid.layout.header
    expected = re.sub(r"\s+", "", trimmed) if apart else trimmed
    return Evidence(sheet=grid.sheet, range=grid.span(place), value=shown(text), expected=shown(expected))


def characters(facts: Facts) -> CriterionResult:
    """Rule 1-10: no characters that depend on the machine (① ㈱ ℡); letters of names (髙 﨑) are none."""
    return found("1-10", (item for grid in facts.grids for item in _characters(grid)), facts)


def _characters(grid: Grid) -> Iterator[Evidence]:
    marked = (column for column in grid.columns if column.telling and column.once(_has_marks))
    cells = merge(_marked_outside(grid), *map(_marked_in, marked))
    for (row, column), text in cells:
        for mark in marks_in(text):
            yield Evidence(sheet=grid.sheet, range=grid.place(row, column), value=mark, expected=_plain(mark))


def _has_marks(column: Column) -> bool:
    return bool(marks_in("".join(column.telling)))


@of_heading
def _is_marked(heading: str) -> bool:
    return bool(marks_in(heading))


def _marked_outside(grid: Grid) -> list[tuple[Cell, str]]:
    """The cells with such a character above the table, in its heading and below it."""
    rows = sorted({*grid.layout.titles, *grid.layout.header, *grid.layout.notes})
    marked = [row for row in rows if any(map(_is_marked, grid.rows[row - 1]))]
    return [
        ((row, place), text) for row in marked for place, text in enumerate(grid.rows[row - 1], 1) if marks_in(text)
    ]


def _marked_in(column: Column) -> Iterator[tuple[Cell, str]]:
    """Those in the data of a column, each with a text that has the same marks."""
    marked = {mark: text for text, mark in column.telling.items() if marks_in(text)}
    return (
        ((row, column.place), marked[mark])
        for row, mark in zip(column.rows, column.marks, strict=True)
        if mark in marked
    )


def _plain(mark: str) -> str:
    """How to write it with ordinary characters, where that is known: ㈱ -> (株)."""
    plain = unicodedata.normalize("NFKC", mark)
    return plain if plain != mark else ""


def eras(facts: Facts) -> CriterionResult:
    """Rule 1-11: an era year has the Gregorian year in its cell, or in a column or heading row beside it."""
    evidence = [item for grid in facts.grids for item in (*_era_headings(grid), *_era_columns(grid))]
    return found("1-11", evidence, facts)


def _era_headings(grid: Grid) -> Iterator[Evidence]:
    """Headings that are years (「平成30年」「令和元年」), without the Gregorian year in another heading row."""
    for row in grid.layout.header:
        for place, heading in enumerate(grid.layout.headings, 1):
            year = _year_in(grid.at(row, place))
            if year and not any(map(is_gregorian, heading.split("／"))):
                text = shown(grid.at(row, place))
                yield Evidence(sheet=grid.sheet, range=grid.place(row, place), value=text, expected=str(year))


@of_heading
def _year_in(heading: str) -> int | None:
    return gregorian(heading.strip())


def _era_columns(grid: Grid) -> Iterator[Evidence]:
    for column in (column for column in grid.columns if column.telling):
        for first, year in _era_only(grid, column):
            place = grid.place(column=column.place)
            yield Evidence(sheet=grid.sheet, range=place, value=shown(first), expected=str(year))


def _era_only(grid: Grid, column: Column) -> Iterator[tuple[str, int]]:
    """The first era year of a column of years, where no other column has the same years the Gregorian way."""
    dated = "年" in column.heading
    years = {text: year for text in column.telling if (year := gregorian(text.strip(), dated=dated))}
    if not years:
        return
    fitting = column.count(years) + column.share(is_gregorian) + column.count(column.texts(is_sign))
    if fitting * 5 < column.filled * 4:
        return
    cells = enough(grid.find(column, years.keys()), column.filled)
    first = next(iter(cells), None)
    others = [other.place for other in grid.columns if other.place != column.place]
    if first and not any(_has_years(grid, column, years, other) for other in others):
        text = grid.at(*first)
        yield text.strip(), gregorian(text.strip(), dated=dated) or 0


def _has_years(grid: Grid, column: Column, years: Mapping[str, int], other: int) -> bool:
    """The Gregorian years of a column stand in another one, row by row."""
    by_mark = {column.telling[text]: str(year) for text, year in years.items()}
    cells = zip(column.rows, column.marks, strict=True)
    return all(by_mark[mark] in grid.at(row, other) for row, mark in cells if mark in by_mark)
