"""Small source tables and schemas, built in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from odkit.clean.table import known_facts
from odkit.clean.values import Facts
from odkit.model import Field, Line, Origin, Publisher, SourceTable, TableSchema

Build = Callable[..., SourceTable]


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
