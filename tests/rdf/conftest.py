"""A publisher, its dataset, and a package around a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from odkit.model import CleanTable, ColumnMatch, DatasetSpec, Licence, Origin, Package, Publisher, Row, SourceSpec
from odkit.project import load_schema

MakePackage = Callable[[str, Sequence[Row]], Package]


@pytest.fixture(scope="session")
def spec() -> DatasetSpec:
    return DatasetSpec(
        id="122033/wifi",
        name="wifi",
        title="公衆無線LAN",
        title_en="Public wireless LAN",
        description="",
        description_en="",
        publisher=Publisher(
            code="122033",
            name="ichikawa",
            title="市川市",
            title_en="Ichikawa City",
            homepage="https://www.city.ichikawa.lg.jp/",
        ),
        source=SourceSpec(path=Path("wifi.csv")),
        standard="public_wireless_lan",
        licence=Licence(
            id="CC-BY-4.0", title="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", open=True
        ),
        encoding="utf-8-sig",
        update_cycle="yearly",
    )


@pytest.fixture
def make_package(spec: DatasetSpec, tmp_path: Path) -> MakePackage:
    def make(schema_id: str, rows: Sequence[Row]) -> Package:
        schema = load_schema(schema_id)
        width = max(map(len, rows), default=0)
        names = [*schema.names, *(f"列{number}" for number in range(len(schema.names), width))]
        table = CleanTable(
            name="data",
            title="一覧",
            schema=schema,
            rows=rows,
            row_numbers=range(2, len(rows) + 2),
            matches=tuple(ColumnMatch(name=name, how="exact") for name in names),
            origin=Origin(location="wifi.csv"),
        )
        return Package(spec=spec, folder=tmp_path, descriptor={}, resources=(), tables=(table,))

    return make
