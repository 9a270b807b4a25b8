"""A small dataset to package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from odkit.model import (
    Change,
    CleanTable,
    ColumnMatch,
    DatasetSpec,
    Issue,
    Licence,
    Origin,
    Publisher,
    Severity,
    SourceSpec,
    Where,
)
from odkit.project import load_schema

BASE_URI = "https://data.example.lg.jp/id/"
WIFI = load_schema("public_wireless_lan.v2")


def row(**cells: str) -> tuple[str, ...]:
    """A row of the Wi-Fi standard with the given cells filled."""
    return tuple(cells.get(name, "") for name in WIFI.names)


@pytest.fixture
def spec() -> DatasetSpec:
    """A dataset as it is declared."""
    return DatasetSpec(
        id="120006/public_wireless_lan",
        name="public_wireless_lan",
        title="公衆無線LAN",
        title_en="Public wireless LAN",
        description="県有施設のアクセスポイント",
        description_en="",
        publisher=Publisher(code="120006", name="120006", title="千葉県", title_en="Chiba Prefecture"),
        source=SourceSpec(path=Path("一覧.xlsx")),
        standard=WIFI.id,
        licence=Licence(
            id="CC-BY-4.0", title="表示 4.0", url="https://creativecommons.org/licenses/by/4.0/", open=True
        ),
        encoding="utf-8-sig",
        update_cycle="yearly",
        tags=("Wi-Fi",),
    )


@pytest.fixture
def cleaned() -> CleanTable:
    """Two rows, one change, one issue."""
    place = Where(file="一覧.xlsx", sheet="一覧", row=5, column=3, field="電話番号")
    return CleanTable(
        name="data",
        title="公衆無線LAN",
        schema=WIFI,
        rows=(
            row(
                全国地方公共団体コード="120006",
                名称="県庁, 本庁舎",
                緯度="35.6",
                経度="140.12",
                電話番号="043-223-2110",
            ),
            row(全国地方公共団体コード="120006", 名称='"森"の\n広場'),
        ),
        row_numbers=(5, 6),
        matches=tuple(ColumnMatch(name=name, heading=name, column=at) for at, name in enumerate(WIFI.names, 1)),
        origin=Origin(location="一覧.xlsx", sheet="一覧", media_type="application/x", sha256="0" * 64),
        changes=(Change(where=place, before="０４３－２２３－２１１０", after="043-223-2110", rule="half-width"),),
        issues=(
            Issue(
                code="clean.type",
                severity=Severity.WARNING,
                where=replace(place, row=6, field="名称"),
                value='"森"の\n広場',
                details={"expected": "number"},
            ),
        ),
    )
