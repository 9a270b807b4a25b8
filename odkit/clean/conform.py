"""How a table stands to the recommended layout it follows, as it is and before any cleaning: what the score asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from odkit.clean.check import compile_check
from odkit.clean.headings import Names
from odkit.clean.recognise import recognise
from odkit.model import Conformance, Field
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


def conform(headings: Sequence[str], columns: Sequence[Mapping[str, int]], rows: int) -> Conformance | None:
    """Hold a table against the layout and version that its headings show; None where they show none.

    `columns` say how often each text stands in each column (empty cells left out), `rows` how many rows there are.
    """
    schema_id = recognise(headings)
    if not schema_id:
        return None
    schema = load_schema(schema_id)
    places = _places(Names(schema, {}, heading_aliases(schema.name)), headings)
    present = [field for field in schema.fields if field.name in places]
    lacking = [field for field in schema.fields if field.name not in places]
    faults = {places[field.name] + 1: _faults(field, columns[places[field.name]], rows) for field in present}
    cells = sum(max(_filled(columns[places[field.name]]), rows if field.required else 0) for field in present)
    wrong = sum(_count(text, columns[place - 1], rows) for place, texts in faults.items() for text in texts)
    return Conformance(
        standard=schema.id,
        title=schema.title,
        version=schema.version,
        missing=tuple(field.name for field in lacking if field.requirement == REQUIRED),
        absent=tuple(field.name for field in lacking if field.requirement == RECOMMENDED),
        fields={place + 1: name for name, place in places.items()},
        faults={place: texts for place, texts in faults.items() if texts},
        doubtful=frozenset(places[field.name] + 1 for field in present if field.basis != CERTAIN),
        doubtful_names=frozenset(field.name for field in schema.fields if field.basis != CERTAIN),
        cells=cells,
        fitting=cells - wrong,
    )


def _places(names: Names, headings: Sequence[str]) -> Mapping[str, int]:
    """Field -> place (from 0) of the heading with the strongest claim on it, among equals the first."""
    best: dict[str, tuple[int, int]] = {}
    for place, heading in enumerate(headings):
        claim = names.claim(heading)
        if claim is not None and claim.target:
            best[claim.target] = min(best.get(claim.target, (claim.rank, place)), (claim.rank, place))
    return {target: place for target, (_, place) in best.items()}


def _filled(column: Mapping[str, int]) -> int:
    return sum(column.values())


def _count(text: str, column: Mapping[str, int], rows: int) -> int:
    return column[text] if text else rows - _filled(column)


def _faults(field: Field, column: Mapping[str, int], rows: int) -> Mapping[str, str]:
    """The texts of a column that break its definition, and what it expects; once per text, however often it stands."""
    example = EXAMPLES.get(field.meaning) or EXAMPLES.get(field.type, "")
    check = compile_check(field)
    texts = [*column, *([""] if field.required and _filled(column) < rows else [])]
    return {
        text: (text and found[0][0] in SHAPES and example) or found[0][1]
        for text in texts
        if (found := check(text.strip()))
    }
