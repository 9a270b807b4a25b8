"""Tables in the DataStore of a real CKAN: types of the schema, codes as text, Japanese labels, whole after a fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from odkit.errors import PortalError
from odkit.model import Package, Score
from odkit.push import Portal, Rules, apply_plan, connect, make_plan
from odkit.push.convert import Table
from odkit.push.datastore import LONGEST_NAME, column_ids, fitting_types

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site
    from tests.push.faults.conftest import Line

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
LONG = "とても長い列の名前は63バイトを超えるとデータベースで切られる"
HEADER = f"ID,名称,緯度,年月日,台数,{LONG}\r\n"
ROWS = '011002,県庁,35.6051234,2024-04-01,3,あ\r\n011003,"支所, ""南""",,,不明,\r\n'
TYPES = ("string", "string", "number", "date", "integer", "string")


def tabular(factory: Factory, rows: str = ROWS) -> Package:
    """A package whose table has a schema."""
    columns = HEADER.strip().split(",")
    fields = [
        {"name": name, "title": name, "type": kind, "description": f"{name}の説明"}
        for name, kind in zip(columns, TYPES, strict=True)
    ]
    entry = {"name": "data", "path": "data.csv", "encoding": "utf-8-sig", "schema": {"fields": fields}}
    descriptor = {"resources": [entry]}
    content = {"data": ("\ufeff" + HEADER + rows).encode(), "datapackage": json.dumps(descriptor).encode()}
    package = factory.package(content)
    first, *others = package.resources
    return replace(package, resources=(replace(first, rows=rows.count("\r\n")), *others))


def loaded(portal: Portal, package: Package) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The table's resource, and what the public reads in its DataStore: fields and rows."""
    shown = portal.show(package.spec.portal_name) or {}
    resources = shown["resources"]
    assert isinstance(resources, list)
    found = portal.read("datastore_search", {"resource_id": resources[0]["id"], "sort": "_id"}, subject="")
    return found, resources


@pytest.mark.ckan
@pytest.mark.parametrize("site", ["real"], indirect=True)
def test_a_table_is_loaded_with_our_types_and_labels(site: Site, factory: Factory) -> None:
    package = tabular(factory)
    with site.open(datastore=True) as portal:
        plan = make_plan(package, LEVEL_5, portal)
        apply_plan(plan, portal, package.folder)
        found, resources = loaded(portal, package)
        assert make_plan(package, LEVEL_5, portal).action == "unchanged"
        types = {item["id"]: item["type"] for item in found["fields"]}
        info = {item["id"]: item.get("info", {}) for item in found["fields"]}
        assert [item.key for _, item in plan.tables] == ["data"]
        assert (types["ID"], types["緯度"], types["年月日"], types["台数"]) == ("text", "numeric", "date", "text")
        assert info["名称"] == {"label": "名称", "notes": "名称の説明"}
        assert LONG in {item.get("label") for item in info.values()}
        assert [row["ID"] for row in found["records"]] == ["011002", "011003"]
        assert [row["名称"] for row in found["records"]] == ["県庁", '支所, "南"']
        assert [str(row["緯度"]) for row in found["records"]] == ["35.6051234", "None"]
        assert [row["台数"] for row in found["records"]] == ["3", "不明"]
        assert resources[0]["datastore_active"] is True
        changed = tabular(factory, ROWS + "011004,新,,,1,\r\n")
        apply_plan(make_plan(changed, LEVEL_5, portal), portal, changed.folder)
        assert [row["ID"] for row in loaded(portal, changed)[0]["records"]] == ["011002", "011003", "011004"]


@pytest.mark.ckan
@pytest.mark.parametrize("site", ["real"], indirect=True)
def test_a_table_is_whole_after_a_fault_at_every_call(
    site: Site, factory: Factory, line: Line, points: Callable[[str, int], None]
) -> None:
    package = tabular(factory)
    with site.open(datastore=True) as portal:
        apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)
    rules = Rules(datastore=True, attempts=1)
    call, needed = 0, 1
    while call < needed:
        call += 1
        changed = tabular(factory, ROWS + f"01{call:04d},新,,,1,\r\n")
        with connect(line.url, site.token, rules=rules) as portal:
            line.fail(call, "reset-after")
            try:
                apply_plan(make_plan(changed, LEVEL_5, portal), portal, changed.folder)
                needed = len(line.calls)
                line.mend()
            except PortalError:
                needed = call + 1
                line.mend()
                apply_plan(make_plan(changed, LEVEL_5, portal), portal, changed.folder)
            assert [row["ID"] for row in loaded(portal, changed)[0]["records"]] == ["011002", "011003", f"01{call:04d}"]
            assert make_plan(changed, LEVEL_5, portal).action == "unchanged"
    points("reset-after, DataStore", call)
    assert call > 8


@pytest.mark.ckan
@pytest.mark.parametrize("site", ["real"], indirect=True)
def test_previews_are_made_where_the_portal_makes_them(site: Site, factory: Factory) -> None:
    package = tabular(factory)
    with site.open(datastore=True) as portal:
        if not any(name.endswith("_view") for name in portal.extensions()):
            pytest.skip("this CKAN has no plugin for previews")
        apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)
        resources = (portal.show(package.spec.portal_name) or {})["resources"]
        assert isinstance(resources, list)
        views = [portal.read("resource_view_list", {"id": item["id"]}, subject="") for item in resources]
    assert [item["view_type"] for item in views[0]] == ["datatables_view"]


def test_without_a_datastore_nothing_is_loaded(site: Site, factory: Factory) -> None:
    package = tabular(factory)
    with site.open(datastore=True) as portal:
        plan = make_plan(package, LEVEL_5, portal)
        assert bool(plan.tables) == ("datastore" in portal.extensions())


def table(tmp_path: Path, text: str, *columns: tuple[str, str]) -> Table:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return Table(name="t", title="", path=path, encoding="utf-8", columns=columns)


def test_names_that_postgresql_takes(tmp_path: Path) -> None:
    names = ("ID", "_hidden", '"', "", LONG + "甲", LONG + "乙")
    made = column_ids(table(tmp_path, "", *((name, "string") for name in names)))
    assert made[:4] == ["ID", "hidden", "column", "column-2"]
    assert len(set(made)) == len(names)
    assert all(len(name.encode()) <= LONGEST_NAME for name in made)


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("integer", "1|2|", "bigint"),
        ("integer", "1|1.5", "text"),
        ("number", "1|1.5|-0.1", "numeric"),
        ("number", "1|約3", "text"),
        ("date", "2024-04-01|", "date"),
        ("date", "令和6年", "text"),
        ("boolean", "true|false", "bool"),
        ("boolean", "有", "text"),
        ("string", "1", "text"),
        ("year", "2024", "text"),
    ],
)
def test_a_type_that_a_value_does_not_fit_is_not_claimed(tmp_path: Path, kind: str, cells: str, expected: str) -> None:
    text = "\n".join(["x,y", *(f"{cell},-" for cell in cells.split("|"))]) + "\n"
    assert fitting_types(table(tmp_path, text, ("x", kind), ("y", "string"))) == [expected, "text"]
