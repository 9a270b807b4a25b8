"""What readers would lose by a push is told old → new, and stops it until a person says that it is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from odkit.errors import PortalRefused
from odkit.model import Package, Score
from odkit.push import apply_plan, describe, make_plan
from odkit.push.losses import lost, tables
from odkit.push.plan import NOTHING

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())


def descriptor(columns: str, rows: int, name: str = "data") -> dict[str, Any]:
    fields = [{"name": column} for column in columns.split()]
    return {"resources": [{"name": name, "schema": {"fields": fields}, "odkit:rows": rows}]}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (descriptor("a b", 100), descriptor("a b", 100), ()),
        (descriptor("a b", 100), descriptor("b a", 100), ()),
        (descriptor("a b", 100), descriptor("a b c", 500), ()),
        (descriptor("a b c", 9), descriptor("a x c", 9), ("data: b → x",)),
        (descriptor("a b c", 9), descriptor("a c", 9), ("data: b → –",)),
        (descriptor("a b", 9), descriptor("x y", 9), ("data: a → x", "data: b → y")),
        (descriptor("a", 100), descriptor("a", 90), ()),
        (descriptor("a", 100), descriptor("a", 89), ("data: 100 → 89 (行 / rows)",)),
        (descriptor("a", 1), descriptor("a", 0), ("data: 1 → 0 (行 / rows)",)),
        (descriptor("a", 0), descriptor("a", 0), ()),
        (descriptor("a", 100), descriptor("z", 1, "other"), ()),
        ({}, descriptor("a", 1), ()),
        ({"resources": "x"}, descriptor("a", 1), ()),
        ({"resources": [1, {"schema": {"fields": 3}}]}, descriptor("a", 1), ()),
    ],
)
def test_losses(factory: Factory, before: dict[str, Any], after: dict[str, Any], told: tuple[str, ...]) -> None:
    package = replace(factory.package(), descriptor=after)
    assert lost(package, before, NOTHING, ()) == told


def test_ledgers_may_shrink() -> None:
    made = {"resources": [{**descriptor("a", 9)["resources"][0], "odkit:schema": "changes.v1"}]}
    assert tables(made) == {}


def fewer(factory: Factory) -> Package:
    """What ``odkit package`` without ``odkit rdf`` leaves."""
    return factory.package({key: data for key, data in factory.content.items() if key != "data-rdf"})


def test_a_file_is_not_taken_away_in_silence(site: Site, factory: Factory) -> None:
    with site.open() as portal:
        package = factory.package()
        apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)
        before, count = portal.show(package.spec.portal_name), len(site.recorder.writes)
        less = fewer(factory)
        plan = make_plan(less, LEVEL_5, portal)
        assert plan.losses == ("data.ttl → –",)
        words = describe(plan, "ja")
        assert "  利用者が失うもの: data.ttl → –" in words
        assert any("止まります" in line and "--accept-schema-change" in line for line in words)
        with pytest.raises(PortalRefused) as caught:
            apply_plan(plan, portal, less.folder)
        assert (caught.value.code, caught.value.details["losses"]) == ("push.losses", "data.ttl → –")
        assert portal.show(package.spec.portal_name) == before
        assert len(site.recorder.writes) == count
    with site.open(accept_changes=True) as portal:
        meant = make_plan(less, LEVEL_5, portal)
        apply_plan(meant, portal, less.folder)
        shown = portal.show(package.spec.portal_name) or {}
        assert not any("--accept-schema-change" in line for line in describe(meant, "ja"))
        assert make_plan(less, LEVEL_5, portal).action == "unchanged"
    extras = shown["extras"]
    assert isinstance(extras, list)
    assert {"key": "odkit_change_note", "value": "data.ttl → –"} in extras
