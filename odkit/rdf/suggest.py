"""Advice for columns that no mapping speaks of: a line for vocab/mapping/, from what the column's values mean.

Nothing is mapped by it. A person who agrees pastes the line into a mapping.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from io import StringIO

from odkit.model import CleanTable, Issue, Severity, Where
from odkit.project import INFERRED, data_file, read_csv
from odkit.rdf.mapping import find_mapping
from odkit.rdf.notation import parse_path
from odkit.rdf.ontology import TermError, imi

_PLACE, _ANYTHING = "ic:施設型", "ic:事物型"
_PLACED = frozenset({"address", "latitude", "longitude"})
_ROW = "{行}"
_DESCRIBED = '{行}>ic:記述{ic:種別="%s"}>ic:説明'
"""Where a column goes that means nothing in particular."""
_NO_PLACE = "コア語彙に項目がない"
_IN_A_NAME = str.maketrans('"\\{}[]>', "　　　　　　　")


def own_columns(table: CleanTable) -> tuple[str, ...]:
    """The columns of a table that its publisher added: those beside its standard, all where it follows none."""
    if table.schema.id == INFERRED:
        return tuple(match.name for match in table.matches)
    mapped = find_mapping(table.schema.id)
    return tuple(match.name for match in table.matches if mapped and match.name not in {*table.schema.names})


def suggest_mapping(table: CleanTable, meanings: Mapping[str, str]) -> tuple[Issue, ...]:
    """A note for each column of the publisher's own, with the line that would map it.

    `meanings` are those of the columns that the schema says nothing of; a column without one gets a description.
    """
    known = {field.name: field.meaning for field in table.schema.fields} | dict(meanings)
    mapping = find_mapping(table.schema.id)
    root = mapping.root if mapping else _PLACE if _PLACED & set(known.values()) else _ANYTHING
    where = Where(file=table.origin.location, sheet=table.origin.sheet)
    return tuple(
        Issue(
            code="rdf.suggestion",
            severity=Severity.NOTE,
            where=where,
            details={"column": name, "line": suggested_line(name, known.get(name, ""), root)},
        )
        for name in own_columns(table)
    )


def suggested_line(column: str, meaning: str, root: str) -> str:
    """A line of a mapping whose rows are of the class `root`: one that the vocabulary allows."""
    path, extras = _suggestions().get(meaning, ("", ""))
    wanted = (path, _DESCRIBED % column.translate(_IN_A_NAME))
    allowed = (item for item in (text.replace(_ROW, root) for text in wanted if text) if _is_allowed(item))
    found = next(allowed, "")
    made = StringIO()
    csv.writer(made, lineterminator="").writerow([column, found, "", extras, "" if found else _NO_PLACE])
    return made.getvalue()


def _is_allowed(path: str) -> bool:
    try:
        imi().check(parse_path(path))
    except TermError:
        return False
    return True


@cache
def _suggestions() -> Mapping[str, tuple[str, str]]:
    rows = read_csv(data_file("vocab", "context", "suggestions.csv"))
    return {row["meaning"]: (row["構造化項目名"], row["追加"]) for row in rows}
