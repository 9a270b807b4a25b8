"""The ministry's rules on values: 1-2, 1-3, 1-5, 1-10, 1-11, 1-13. The column is typed first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from odkit.model import CriterionResult, Evidence
from odkit.score.checks.columns import enough, is_sign, number_columns, quantities
from odkit.score.checks.result import at_spans, found, shown
from odkit.score.facts import Cell, Column, Facts, Grid, Span, spans
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
    marks_in,
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
    evidence: list[Evidence] = []
    for grid in facts.grids:
        for column in quantities(grid):
            if (column.share(is_number) + column.share(is_pair)) * 5 >= column.filled * 4:
                cells = grid.find(column, column.texts(is_pair))
                evidence += at_spans(grid, enough(cells, column.filled))
    return found("1-2", evidence, facts)


def numbers(facts: Facts) -> CriterionResult:
    """Rule 1-3: a quantity is a number, without 円, comma, △, and not stored as text."""
    evidence: list[Evidence] = []
    for grid in facts.grids:
        for column in number_columns(grid):
            cells = grid.find(column, column.texts(lambda text: is_number(text) and not is_plain_number(text)))
            cells += _stored_as_text(grid, column)
            places = at_spans(grid, enough(sorted(set(cells)), column.filled))
            evidence += [replace(item, expected=bare_number(item.value)) for item in places]
    return found("1-3", evidence, facts)


def _stored_as_text(grid: Grid, column: Column) -> list[Cell]:
    if not grid.stored_text:
        return []
    return [cell for cell in grid.find(column, column.texts(is_number)) if cell in grid.stored_text]


def symbols(facts: Facts) -> CriterionResult:
    """Rule 1-13: in a column of quantities only X (secret) and *** (no value) stand for a number."""
    evidence: list[Evidence] = []
    for grid in facts.grids:
        for column in number_columns(grid):
            cells = grid.find(column, column.texts(lambda text: is_sign(text) and text not in ALLOWED_SYMBOLS))
            evidence += at_spans(grid, enough(cells, column.filled), "***")
    return found("1-13", evidence, facts)


def padding(facts: Facts) -> CriterionResult:
    """Rule 1-5: no blanks for looks, before, after, or between the characters of a word."""
    evidence: list[Evidence] = []
    for grid in facts.grids:
        heads = [(row, column.place) for row in grid.layout.header for column in grid.columns]
        places = spans(cell for cell in heads if padded_heading(grid.at(*cell)))
        for column in grid.columns:
            rule = padded_name if PERSON.search(re.sub(r"\s", "", column.heading)) else padded
            cells = grid.find(column, frozenset(filter(rule, column.counts)))
            places += spans(enough(cells, len(grid.layout.data)))
        evidence += [_padding_at(grid, place) for place in places]
    return found("1-5", evidence, facts)


def _padding_at(grid: Grid, place: Span) -> Evidence:
    text = grid.at(place.top, place.left)
    trimmed = text.strip(BLANKS + "\r\n")
    apart = SPREAD.fullmatch(trimmed) or SPACED.fullmatch(trimmed) or place.top in grid.layout.header
    expected = re.sub(r"\s+", "", trimmed) if apart else trimmed
    return Evidence(sheet=grid.sheet, range=grid.span(place), value=shown(text), expected=shown(expected))


def characters(facts: Facts) -> CriterionResult:
    """Rule 1-10: no characters that depend on the machine (① ㈱ ℡); letters of names (髙 﨑) are none."""
    evidence = [
        Evidence(sheet=grid.sheet, range=grid.place(row, column), value=mark, expected=_plain(mark))
        for grid in facts.grids
        for row, column in sorted(_marked(grid))
        for mark in marks_in(grid.at(row, column))
    ]
    return found("1-10", evidence, facts)


def _marked(grid: Grid) -> Iterator[Cell]:
    """The cells with such a character, above the table, in its heading and in its data."""
    for row in (*grid.layout.titles, *grid.layout.header, *grid.layout.notes):
        yield from ((row, column) for column, text in enumerate(grid.rows[row - 1], 1) if marks_in(text))
    for column in grid.columns:
        yield from grid.find(column, frozenset(filter(marks_in, column.counts)))


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
            year = gregorian(grid.at(row, place).strip())
            if year and not any(map(is_gregorian, heading.split("／"))):
                text = shown(grid.at(row, place))
                yield Evidence(sheet=grid.sheet, range=grid.place(row, place), value=text, expected=str(year))


def _era_columns(grid: Grid) -> Iterator[Evidence]:
    for column in grid.columns:
        for first, year in _era_only(grid, column):
            place = grid.place(column=column.place)
            yield Evidence(sheet=grid.sheet, range=place, value=shown(first), expected=str(year))


def _era_only(grid: Grid, column: Column) -> Iterator[tuple[str, int]]:
    """The first era year of a column of years, where no other column has the same years the Gregorian way."""
    dated = "年" in column.heading
    years = {text: year for text in column.counts if (year := gregorian(text.strip(), dated=dated))}
    fitting = sum(map(column.counts.__getitem__, years)) + column.share(is_gregorian) + column.share(is_sign)
    if not years or fitting * 5 < column.filled * 4:
        return
    cells = enough(grid.find(column, years.keys()), column.filled)
    wanted = [(row, str(years[grid.at(row, place)])) for row, place in cells]
    others = [other.place for other in grid.columns if other.place != column.place]
    if cells and not any(all(year in grid.at(row, place) for row, year in wanted) for place in others):
        first = grid.at(*cells[0])
        yield first.strip(), years[first]
