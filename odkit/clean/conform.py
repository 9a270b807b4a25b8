"""How a table stands to the recommended layout it follows, as it is and before any cleaning: what the score asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from odkit.clean.check import compile_check, compile_checks, takes_all
from odkit.clean.names import Names
from odkit.clean.recognise import recognise
from odkit.model import Conformance, Field, TableSchema
from odkit.project import heading_aliases, load_schema

CERTAIN = "source"
"""The basis of a definition that was read in the standard itself; every other one is inferred."""
REQUIRED, RECOMMENDED = "◎", "○"
EXAMPLES = {
    "code_municipality": "123456",
    "time": "09:00",
    "date": "2026-04-01",
    "corporate_number": "1000020122033",
    "weekdays": "月火水木金",
    "postal_code": "272-0021",
    "phone": "047-334-1111",
    "url": "https://…",
    "latitude": "35.72",
    "longitude": "139.93",
    "number": "1234",
    "integer": "1234",
}
"""How values are written, by the meaning or type of their field: easier to follow than a pattern."""
SHAPES = frozenset({"clean.type", "clean.pattern"})
REMEMBERED = 64
"""Headings whose layout is kept: a source and its package are asked for several times, and many tables are alike."""

COLUMNS_REMEMBERED, MOST_KNOWN, LONGEST_KNOWN = 256, 500, 100
"""Fields whose checked texts are kept, texts of each, and their characters: a package has most texts of its source."""


def conform(headings: Sequence[str]) -> Layout | None:
    """The layout and version that headings show, to be held against their table; None where they show none."""
    return _layout(tuple(headings))


@lru_cache(REMEMBERED)
def _layout(headings: tuple[str, ...]) -> Layout | None:
    schema_id = recognise(headings)
    return Layout(load_schema(schema_id), headings) if schema_id else None


class Layout:
    """A recommended layout over the columns of one table; fulfils `Standard`."""

    def __init__(self, schema: TableSchema, headings: Sequence[str]) -> None:
        self._schema = schema
        self._places = _places(Names(schema, {}, heading_aliases(schema.name)), headings)
        self._fields = {self._places[field.name] + 1: field for field in schema.fields if field.name in self._places}
        lacking = [field for field in schema.fields if field.name not in self._places]
        self._missing = tuple(field.name for field in lacking if field.requirement == REQUIRED)
        self._absent = tuple(field.name for field in lacking if field.requirement == RECOMMENDED)
        self._names = {place: field.name for place, field in self._fields.items()}
        self._doubtful = frozenset(place for place, field in self._fields.items() if field.basis != CERTAIN)
        self._doubtful_names = frozenset(field.name for field in schema.fields if field.basis != CERTAIN)
        self._expected = {place: _expectations(field) for place, field in self._fields.items()}

    def expected(self, place: int, text: str) -> str:
        """What a text in column `place` should be instead: an example of a value, else the rule it breaks."""
        return self._expected[place][text] if place in self._expected else ""

    def wrong(self, place: int, texts: Iterable[str]) -> Mapping[str, str]:
        """The texts in column `place`, none of them blank, that should be something else, and what."""
        expected = self._expected.get(place)
        return {} if expected is None or expected.takes_all else expected.of(texts)

    def measure(
        self, columns: Sequence[Mapping[str, int]], rows: int, wrong: Sequence[Mapping[str, str] | None] = ()
    ) -> Conformance:
        """How many cells fit, which do not, and which columns are not there."""
        faults: dict[int, Mapping[str, str]] = {}
        cells = unfit = 0
        for place, field in self._fields.items():
            column = columns[place - 1]
            filled = sum(column.values())
            cells += max(filled, rows if field.required else 0)
            expected = self._expected[place]
            known = wrong[place - 1] if wrong else None
            found = dict(self.wrong(place, column) if known is None else known)
            if filled < rows and (lack := expected[""]):
                found[""] = lack
            if found:
                faults[place] = found
                unfit += sum(column[text] if text else rows - filled for text in found)
        return Conformance(
            standard=self._schema.id,
            title=self._schema.title,
            version=self._schema.version,
            missing=self._missing,
            absent=self._absent,
            fields=self._names,
            faults=faults,
            doubtful=self._doubtful,
            doubtful_names=self._doubtful_names,
            cells=cells,
            fitting=cells - unfit,
        )


class Expectations(dict[str, str]):
    """What the texts of one column should be instead, "" where they are right; texts met lately are kept.

    `takes_all`: its field takes any text, and nothing is asked but whether there is one.
    """

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._check, self._fit = compile_check(field), compile_checks(field)
        self._example = EXAMPLES.get(field.meaning) or EXAMPLES.get(field.type, "")
        self.takes_all = takes_all(field)

    def of(self, texts: Iterable[str]) -> dict[str, str]:
        """Those of the texts that should be something else, and what; new ones are mostly right, and seen at once."""
        texts = list(texts)
        new = [text for text in texts if text not in self]
        if not new or not self._fit(list(map(str.strip, new))):
            return {text: wanted for text in texts if (wanted := self[text])}
        wrong = {text: self[text] for text in filter(self.get, texts)}
        if len(self) + len(new) > MOST_KNOWN:
            self.clear()
        self.update((text, "") for text in new[:MOST_KNOWN] if len(text) <= LONGEST_KNOWN)
        return wrong

    def __missing__(self, text: str) -> str:
        found = self._check(text.strip())
        code, rule = found[0] if found else ("", "")
        wanted = (text and code in SHAPES and self._example) or rule
        if len(self) >= MOST_KNOWN:
            self.clear()
        if len(text) <= LONGEST_KNOWN:
            self[text] = wanted
        return wanted


@lru_cache(COLUMNS_REMEMBERED)
def _expectations(field: Field) -> Expectations:
    return Expectations(field)


def _places(names: Names, headings: Sequence[str]) -> Mapping[str, int]:
    """Field -> place (from 0) of the heading with the strongest claim on it, among equals the first."""
    best: dict[str, tuple[int, int]] = {}
    for place, heading in enumerate(headings):
        claim = names.claim(heading)
        if claim is not None and claim.target:
            best[claim.target] = min(best.get(claim.target, (claim.rank, place)), (claim.rank, place))
    return {target: place for target, (_, place) in best.items()}
