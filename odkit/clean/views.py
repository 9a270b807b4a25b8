"""A cleaned table's rows, changes and issues, as sequences that are read from the source and the account when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar, overload

from odkit.clean.draft import CHUNK, Draft
from odkit.clean.ledger import Afters, Doubted, Ledger
from odkit.model import Change, Issue, Row, Severity, Where, column_batches

T = TypeVar("T")

FEW_ROWS, FEW = 20_000, 500
"""Rows, and changes or issues, up to which a sequence is a plain tuple."""


class View(Sequence[T]):
    """A sequence that is made anew each time it is gone through; `chunk` gives the items of one chunk."""

    def __init__(self, length: int, chunks: Callable[[], Iterator[Sequence[T]]]) -> None:
        self._length = length
        self._chunks = chunks

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._chunks())

    def batches(self) -> Iterator[Sequence[T]]:
        """The items, many at a time."""
        return self._chunks()

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._length)
            if step > 0:
                return list(islice(self, start, stop, step))
            return [self[place] for place in range(start, stop, step)]
        return next(islice(self, range(self._length)[index], None))


def view(length: int, chunks: Callable[[], Iterator[Sequence[T]]], few: int) -> Sequence[T]:
    """The items as a tuple where they are `few`, else as a `View`."""
    made = View(length, chunks)
    return tuple(made) if length <= few else made


def changes(draft: Draft, ledger: Ledger) -> Sequence[Change]:
    """The account of all edits, row by row; edits of the same cell in the order in which they were made."""
    where = _Places(draft)

    def chunks() -> Iterator[list[Change]]:
        for number in range(ledger.chunks):
            yield [
                Change(where=where(number, at, place), before=before, after=after, rule=rule, note=note)
                for at, place, before, after, rule, note in ledger.edits(number)
            ]

    return view(ledger.edit_count, chunks, FEW)


def issues(draft: Draft, ledger: Ledger, before: Sequence[Issue]) -> Sequence[Issue]:
    """The issues of the whole table, and after them those of single cells, row by row."""
    where = _Places(draft)

    def chunks() -> Iterator[Sequence[Issue]]:
        yield before
        for number in range(ledger.chunks):
            yield [_issue(where, number, doubt) for doubt in ledger.doubts(number)]

    return view(len(before) + ledger.doubt_count, chunks, FEW)


def rows(draft: Draft, ledger: Ledger) -> Sequence[Row]:
    """The table row by row: the source's cells in the places of their columns, with the edits made."""
    if ledger.chunks == 1 and draft.columns:
        # All of it is still at hand.
        return tuple(zip(*(column.values for column in draft.columns), strict=True))
    source, places = draft.source.rows, [column.source for column in draft.columns]

    def chunks() -> Iterator[Sequence[Row]]:
        for number, (height, cells) in enumerate(column_batches(source, CHUNK)):
            yield _laid_out(height, cells, places, ledger.afters(number))

    return view(len(source), chunks, FEW_ROWS)


def _laid_out(
    height: int, cells: Sequence[Sequence[str]], places: Sequence[int | None], afters: Iterable[Afters]
) -> Sequence[Row]:
    if not places:
        return [()] * height
    blank = ("",) * height
    columns: list[Sequence[str]] = [blank if place is None else cells[place] for place in places]
    for place, rows_edited, values in afters:
        edited = columns[place] = list(columns[place])
        for at, value in zip(rows_edited, values, strict=True):
            edited[at] = value
    return list(zip(*columns, strict=True))


class _Places:
    """Names the cells of a table."""

    def __init__(self, draft: Draft) -> None:
        self._origin = draft.source.origin
        self._numbers = draft.source.row_numbers
        self._matches = [column.match for column in draft.columns]

    def __call__(self, chunk: int, at: int, place: int) -> Where:
        match, row = self._matches[place], self._numbers[chunk * CHUNK + at]
        origin = self._origin
        return Where(file=origin.location, sheet=origin.sheet, row=row, column=match.column, field=match.name)


def _issue(where: _Places, chunk: int, doubt: Doubted) -> Issue:
    place, severity = where(chunk, doubt.at, doubt.place), Severity(doubt.severity)
    return Issue(code=doubt.code, severity=severity, where=place, value=doubt.value, details=doubt.details)
