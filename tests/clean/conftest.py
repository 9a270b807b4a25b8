"""Small source tables and schemas, built in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from odkit.clean.table import known_facts
from odkit.clean.values import Facts
from odkit.model import CleanTable, Field, Line, Origin, Publisher, SourceTable, TableSchema

Build = Callable[..., SourceTable]
Account = Callable[[SourceTable, CleanTable], None]
NOT_PUBLISHED = ("clean.left-out", "clean.empty-column", "clean.joined-column")


@pytest.fixture(scope="session")
def source() -> Build:
    """Build a source table of a sheet whose first heading stands in column B, row 3."""

    def build(
        headings: Sequence[str], *rows: Sequence[str], merged: tuple[str, ...] = (), notes: tuple[str, ...] = ()
    ) -> SourceTable:
        return SourceTable(
            origin=Origin(location="一覧.xlsx", sheet="表"),
            headings=tuple(headings),
            rows=tuple(map(tuple, rows)),
            row_numbers=tuple(range(4, 4 + len(rows))),
            header_rows=(3,),
            first_column=2,
            merged=merged,
            notes=tuple(Line(row=90 + number, cells=(text,)) for number, text in enumerate(notes)),
        )

    return build


@pytest.fixture(scope="session")
def schema() -> Callable[..., TableSchema]:
    """Build a schema from fields."""

    def build(*fields: Field, key: tuple[str, ...] = ()) -> TableSchema:
        return TableSchema(
            id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=fields, primary_key=key
        )

    return build


@pytest.fixture(scope="session")
def ichikawa() -> Publisher:
    """市川市 as a publisher; its five-digit code can be read in two ways."""
    return Publisher(code="122033", name="ichikawa", title="市川市", title_en="Ichikawa City")


@pytest.fixture(scope="session")
def facts(ichikawa: Publisher) -> Facts:
    """The vocabulary, with 市川市 as the publisher."""
    return known_facts(ichikawa)


@pytest.fixture(scope="session")
def account() -> Account:
    """Check that every source cell is published as it was, changed by the ledger's steps, or reported."""
    return check_account


def check_account(source: SourceTable, table: CleanTable) -> None:
    """Follow each published cell back to its source cell, and each source column to where it went."""
    steps: dict[tuple[int | None, str], list[tuple[str, str]]] = {}
    for change in table.changes:
        steps.setdefault((change.where.row, change.where.field), []).append((change.before, change.after))
    assert len(table.rows) == len(source.rows)
    for index, row in enumerate(table.rows):
        for match, value in zip(table.matches, row, strict=True):
            current = "" if match.column is None else source.rows[index][match.column - source.first_column]
            for before, after in steps.pop((source.row_numbers[index], match.name), []):
                assert before == current != after
                current = after
            assert current == value
    assert not steps
    published = [match.column for match in table.matches if match.column]
    omitted = [issue.where.column for issue in table.issues if issue.code in NOT_PUBLISHED and issue.where.column]
    width = len(source.headings)
    assert sorted([*published, *omitted]) == list(range(source.first_column, source.first_column + width))
